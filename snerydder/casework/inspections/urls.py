from django.urls import path

from snerydder.casework.inspections import round_views, views

app_name = "inspections"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("ny/", views.new, name="new"),
    path("runder/ny/", round_views.call, name="call"),
    path("runder/deltag/", round_views.join, name="join"),
    path("stikproever/<uuid:pk>/svarfil/", round_views.send, name="send"),
    path("stikproever/<uuid:pk>/svar/", round_views.receive, name="receive"),
    path("proev-efter/", views.verifier, name="verifier"),
    path("proev-efter/<str:program>/", views.verifier_file, name="verifier_file"),
    path("stikproever/<uuid:pk>/", views.sample, name="sample"),
    path("stikproever/<uuid:pk>/liste/", views.list_file, name="list_file"),
    path("stikproever/<uuid:pk>/tal/", views.number, name="number"),
    path("stikproever/<uuid:pk>/slet-tal/", views.wipe, name="wipe"),
    path("stikproever/<uuid:pk>/opgiv/", views.give_up, name="give_up"),
    path("stikproever/<uuid:pk>/forretningsgange/", views.part_one, name="part_one"),
    path("stikproever/<uuid:pk>/fund/", views.find, name="find"),
    path("stikproever/<uuid:pk>/afslut/", views.close, name="close"),
    path("stikproever/<uuid:pk>/rapport/<str:paper>/", views.report, name="report"),
    path("sager/<uuid:pk>/", views.room, name="room"),
    path("fund/<uuid:pk>/tiltag/", views.plan, name="plan"),
    path("tiltag/", views.measures, name="measures"),
    path("tiltag/<uuid:pk>/gjort/", views.done, name="done"),
    path("tiltag/<uuid:pk>/eftersyn/", views.check, name="check"),
    path("forretningsgange/", views.procedures, name="procedures"),
    path("forretningsgange/<str:procedure>/", views.procedure, name="procedure"),
    path("forretningsgange/<str:procedure>/sager/", views.unfollowed, name="unfollowed"),
]
