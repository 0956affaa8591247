from django.apps import AppConfig


class Files(AppConfig):
    name = "snerydder.exchange.csv"
    label = "exchange_csv"
