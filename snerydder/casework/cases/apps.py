from django.apps import AppConfig


class Cases(AppConfig):
    name = "snerydder.casework.cases"
