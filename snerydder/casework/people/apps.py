from django.apps import AppConfig


class People(AppConfig):
    name = "snerydder.casework.people"
