from django.urls import path

from snerydder.desks import views
from snerydder.desks.delivery import views as delivery

app_name = "desks"
urlpatterns = [
    path("", views.home, name="home"),
    path("i-dag/", views.mentor, name="mentor"),
    path("venter/", views.caseworker_desk, name="caseworker"),
    path("overblik/", views.coordinator_desk, name="coordinator"),
    path("overblik/<uuid:pk>/", views.coordinator_mentor, name="coordinator_mentor"),
    path("ledelse/", views.leader_desk, name="leader"),
    path("kontroller/", views.checks_desk, name="checks"),
    path("oekonomi/", views.payer_desk, name="payer"),
    path("revision/", views.auditor_desk, name="auditor"),
    path("tal/", views.evaluator_desk, name="evaluator"),
    path("som-aftalt/", delivery.overview, name="delivery"),
    path("som-aftalt/hjaelp/", delivery.given_help, name="delivery_help"),
    path("som-aftalt/hjaelp/liste/", delivery.behind_help, name="delivery_help_list"),
    path("som-aftalt/vejen/", delivery.way, name="delivery_way"),
    path("som-aftalt/vejen/liste/", delivery.behind_way, name="delivery_way_list"),
    path("som-aftalt/forsoeg/<uuid:pk>/", delivery.trial, name="delivery_trial"),
    path("som-aftalt/liste/", delivery.behind, name="delivery_list"),
    path("sager/", views.cases, name="cases"),
    path("sager/<uuid:pk>/", views.case, name="case"),
    path("sager/<uuid:pk>/mentor/", views.citizen_view, name="citizen_view"),
]
