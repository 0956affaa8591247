from django.apps import AppConfig


class Contacts(AppConfig):
    name = "snerydder.casework.contacts"
