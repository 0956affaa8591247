from django.urls import path

from snerydder.desks import views

app_name = "desks"
urlpatterns = [
    path("", views.home, name="home"),
    path("sager/", views.cases, name="cases"),
]
