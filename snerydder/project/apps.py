from django.apps import AppConfig


class Project(AppConfig):
    name = "snerydder.project"

    def ready(self) -> None:
        from snerydder.project import checks  # noqa: F401  # registers them
