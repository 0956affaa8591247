from django.urls import path

from snerydder.exchange.research import views

app_name = "research"
urlpatterns = [
    path("", views.packages, name="packages"),
    path("ny/", views.ask, name="ask"),
    path("faelles/<uuid:pk>/", views.open_study, name="open_study"),
    path("<uuid:pk>/", views.package, name="package"),
    path("<uuid:pk>/udlever/", views.let_out, name="let_out"),
    path("<uuid:pk>/pakke.zip", views.zip_file, name="zip"),
    path("<uuid:pk>/noeglefil/", views.keys, name="keys"),
    path("<uuid:pk>/undersoegelse/", views.study, name="study"),
    path("<uuid:pk>/spoergeskema/", views.survey_list, name="survey_list"),
    path("<uuid:pk>/svar/", views.fetch_answers, name="fetch_answers"),
    path("svar/<uuid:pk>/", views.answers, name="answers"),
    path("svar/<uuid:pk>/brug/", views.use_answers, name="use_answers"),
    path("svar/<uuid:pk>/traek-tilbage/", views.withdraw_answers, name="withdraw_answers"),
]
