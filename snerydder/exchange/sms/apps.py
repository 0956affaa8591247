from django.apps import AppConfig


class Sms(AppConfig):
    name = "snerydder.exchange.sms"
    label = "exchange_sms"
