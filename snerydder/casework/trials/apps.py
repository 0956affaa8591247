from django.apps import AppConfig


class Trials(AppConfig):
    name = "snerydder.casework.trials"
