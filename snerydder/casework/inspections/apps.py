from django.apps import AppConfig


class Inspections(AppConfig):
    name = "snerydder.casework.inspections"
