from django.apps import AppConfig


class Invoices(AppConfig):
    name = "snerydder.exchange.invoices"
    label = "exchange_invoices"
