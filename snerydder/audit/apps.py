from django.apps import AppConfig


class Audit(AppConfig):
    name = "snerydder.audit"
    default_auto_field = "django.db.models.BigAutoField"
