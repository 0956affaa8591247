from django.apps import AppConfig


class Payments(AppConfig):
    name = "snerydder.casework.payments"
    default_auto_field = "django.db.models.BigAutoField"
