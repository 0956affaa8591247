from django.apps import AppConfig


class Lookups(AppConfig):
    name = "snerydder.casework.lookups"
