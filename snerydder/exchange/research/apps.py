from django.apps import AppConfig


class Research(AppConfig):
    name = "snerydder.exchange.research"
    label = "exchange_research"
