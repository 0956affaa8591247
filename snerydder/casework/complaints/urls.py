from django.urls import path

from snerydder.casework.complaints import views

app_name = "complaints"
urlpatterns = [
    path("breve/<uuid:pk>/klage/", views.register, name="register"),
    path("klager/<uuid:pk>/genvurder/", views.reassess, name="reassess"),
    path("klager/<uuid:pk>/ankestyrelsen/", views.appeal, name="appeal"),
]
