from django.apps import AppConfig


class Checks(AppConfig):
    name = "snerydder.casework.checks"
