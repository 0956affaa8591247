from django.urls import path

from snerydder.exchange.sms import views

app_name = "exchange_sms"
urlpatterns = [
    path("beskeder/", views.messages, name="messages"),
    path("beskeder/<uuid:pk>/igen/", views.again, name="again"),
    path("beskeder/<uuid:pk>/opgiv/", views.give_up, name="give_up"),
    path("spoergsmaal/<uuid:pk>/brev.pdf", views.letter, name="letter"),
]
