from django.urls import path

from snerydder.exchange.csv import views

app_name = "exchange"
urlpatterns = [
    path("import/", views.upload, name="import"),
    path("import/skabelon/<str:kind>.<str:form>", views.template, name="template"),
    path("import/<uuid:pk>/", views.preview, name="preview"),
    path("import/<uuid:pk>/koer/", views.run, name="run"),
    path("import/<uuid:pk>/fremgang/", views.progress, name="progress"),
    path("import/<uuid:pk>/slet/", views.drop, name="drop"),
    path("import/<uuid:pk>/afviste.<str:form>", views.refused, name="refused"),
]
