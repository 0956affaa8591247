from django.urls import path

from snerydder.casework.surveys import views

app_name = "surveys"
urlpatterns = [
    path("spoergeskemaer/", views.overview, name="overview"),
    path("spoergeskemaer/spoerg/", views.ask, name="ask"),
    path("spoergeskemaer/sag/<uuid:pk>/", views.answer, name="answer"),
    path("din-hjaelp/<str:code>/", views.citizen, name="citizen"),
]
