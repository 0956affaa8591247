from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from snerydder.access.door import open_to_all
from snerydder.project.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("sprog/", open_to_all(login_not_required(set_language)), name="set_language"),
    path("", include("snerydder.access.urls")),
    path("", include("snerydder.casework.people.urls")),
    path("", include("snerydder.casework.cases.urls")),
    path("", include("snerydder.casework.grants.urls")),
    path("", include("snerydder.casework.agreements.urls")),
    path("", include("snerydder.casework.contacts.urls")),
    path("", include("snerydder.exchange.csv.urls")),
    path("", include("snerydder.desks.urls")),
]
