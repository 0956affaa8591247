from django.urls import path

from snerydder.casework.questions import views

app_name = "questions"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<uuid:pk>/", views.question, name="question"),
    path("<uuid:pk>/svar/", views.answer, name="answer"),
    path("<uuid:pk>/leder/", views.pass_on, name="pass_on"),
    path("<uuid:pk>/afslut/", views.close, name="close"),
    path("<uuid:pk>/genaabn/", views.reopen, name="reopen"),
]
