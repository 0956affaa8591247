from django.apps import AppConfig


class Grants(AppConfig):
    name = "snerydder.casework.grants"
