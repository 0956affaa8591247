from django.urls import path

from snerydder.casework.grants import views

app_name = "grants"
urlpatterns = [
    path("sager/<uuid:pk>/bevilling/", views.grant, name="grant"),
    path("sager/<uuid:pk>/afslag/", views.refuse, name="refuse"),
    path("bevillinger/<uuid:pk>/kasser/", views.discard, name="discard"),
    path("bevillinger/<uuid:pk>/fortryd/", views.undo_decide, name="undo_decide"),
    path("bevillinger/<uuid:pk>/annuller/", views.annul, name="annul"),
    path("bevillinger/<uuid:pk>/stop/", views.stop, name="stop"),
    path("bevillinger/<uuid:pk>/stop/fortryd/", views.undo_stop, name="undo_stop"),
    path("breve/<uuid:pk>.pdf", views.letter, name="letter"),
    path("breve/<uuid:pk>/fortryd/", views.undo_refusal, name="undo_refusal"),
    path("breve/<uuid:pk>/kommet-frem/", views.deliver, name="deliver"),
    path("sager/<uuid:pk>/hoering/", views.hear, name="hear"),
    path("hoeringer/<uuid:pk>/svar/", views.answer, name="answer"),
    path("hoeringer/<uuid:pk>/lad-vaere/", views.let_be, name="let_be"),
    path("priser/", views.prices, name="prices"),
]
