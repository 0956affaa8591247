from django.apps import AppConfig


class Surveys(AppConfig):
    name = "snerydder.casework.surveys"
