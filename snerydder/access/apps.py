from django.apps import AppConfig


class Access(AppConfig):
    name = "snerydder.access"
