from django.urls import path

from snerydder.casework.trials import enrolling, following, views

app_name = "trials"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("ny/", views.new, name="new"),
    path("fil/", views.import_file, name="import_file"),
    path("deltag/", views.join, name="join"),
    path("proev-efter/", views.verifier, name="verifier"),
    path("proev-efter/<str:file>/", views.verifier_file, name="verifier_file"),
    path("afvigelser/", following.departures, name="departures"),
    path("afvigelser/se-efter/", following.look, name="look"),
    path("<uuid:pk>/", views.trial, name="trial"),
    path("<uuid:pk>/ret/", views.edit, name="edit"),
    path("<uuid:pk>/fil/", views.protocol_file, name="protocol_file"),
    path("<uuid:pk>/faelles/", views.joint_file, name="joint_file"),
    path("<uuid:pk>/laas/", views.lock, name="lock"),
    path("<uuid:pk>/aendring/", views.amend, name="amend"),
    path("<uuid:pk>/loefte/", views.promise, name="promise"),
    path("<uuid:pk>/tal/", views.number, name="number"),
    path("<uuid:pk>/slet-tal/", views.wipe, name="wipe"),
    path("<uuid:pk>/forsegl/", views.seal, name="seal"),
    path("<uuid:pk>/slut/", views.end, name="end"),
    path("<uuid:pk>/liste/", views.list_file, name="list_file"),
    path("<uuid:pk>/borgere/", enrolling.citizens, name="citizens"),
    path("<int:trial>/sager/<uuid:pk>/", enrolling.screen, name="screen"),
    path("afklaringer/<uuid:pk>/", enrolling.draw, name="draw"),
    path("deltagere/<uuid:pk>/", enrolling.person, name="person"),
    path("deltagere/<uuid:pk>/kvittering/", enrolling.receipt, name="receipt"),
    path("deltagere/<uuid:pk>/tilbud/", enrolling.offer, name="offer"),
    path("deltagere/<uuid:pk>/svar/", enrolling.answer, name="answer"),
    path("deltagere/<uuid:pk>/afvigelse/", enrolling.depart, name="depart"),
]
