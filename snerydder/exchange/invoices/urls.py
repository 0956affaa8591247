from django.urls import path

from snerydder.exchange.invoices import views

app_name = "exchange_invoices"
urlpatterns = [path("fakturaer/ny/", views.new, name="new")]
