from django.apps import AppConfig


class Desks(AppConfig):
    name = "snerydder.desks"
