from django.urls import path

from snerydder.casework.checks import views

app_name = "checks"
urlpatterns = [path("sager/<uuid:pk>/kontroller/", views.check_again, name="check_again")]
