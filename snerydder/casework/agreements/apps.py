from django.apps import AppConfig


class Agreements(AppConfig):
    name = "snerydder.casework.agreements"
