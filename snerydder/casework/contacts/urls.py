from django.urls import path

from snerydder.casework.contacts import views

app_name = "contacts"
urlpatterns = [
    path("kontakt/ny/", views.new, name="new"),
    path("kontakt/kladde/<uuid:entry>/", views.draft, name="draft"),
    path("kontakt/kladde/<uuid:entry>/kasser/", views.drop_draft, name="drop_draft"),
    path("kontakter/", views.mine, name="mine"),
    path("kontakter/<uuid:pk>/ret/", views.correct, name="correct"),
    path("kontakter/<uuid:pk>/slet/", views.withdraw, name="withdraw"),
    path("indtastninger/<uuid:entry>/fortryd/", views.undo, name="undo"),
    path("indtastninger/<uuid:entry>/gendan/", views.restore, name="restore"),
]
