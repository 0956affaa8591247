from django.apps import AppConfig


class Evaluation(AppConfig):
    name = "snerydder.evaluation"
    label = "evaluation"
