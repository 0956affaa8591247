from django.apps import AppConfig


class Questions(AppConfig):
    name = "snerydder.casework.questions"
