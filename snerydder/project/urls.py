from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from snerydder.access.door import open_to_all
from snerydder.project.health import healthz
from snerydder.ui.errors import statement

# Read from the top at every request, so what the phones send all day stands first.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("snerydder.casework.contacts.urls")),
    path("healthz", healthz, name="healthz"),
    path("was/", open_to_all(statement), name="was"),
    path("sprog/", open_to_all(set_language), name="set_language"),
    path("", include("snerydder.access.urls")),
    path("", include("snerydder.casework.people.urls")),
    path("", include("snerydder.casework.cases.urls")),
    path("", include("snerydder.casework.grants.urls")),
    path("", include("snerydder.casework.complaints.urls")),
    path("", include("snerydder.casework.agreements.urls")),
    path("spoergsmaal/", include("snerydder.casework.questions.urls")),
    path("", include("snerydder.exchange.invoices.urls")),
    path("", include("snerydder.casework.payments.urls")),
    path("tilsyn/", include("snerydder.casework.inspections.urls")),
    path("forsoeg/", include("snerydder.casework.trials.urls")),
    path("", include("snerydder.casework.surveys.urls")),
    path("", include("snerydder.casework.checks.urls")),
    path("", include("snerydder.casework.lookups.urls")),
    path("undersoegelser/", include("snerydder.evaluation.urls")),
    path("udlevering/", include("snerydder.exchange.research.urls")),
    path("", include("snerydder.exchange.csv.urls")),
    path("", include("snerydder.exchange.sms.urls")),
    path("", include("snerydder.desks.urls")),
]

handler400 = "snerydder.ui.errors.bad_request"
handler403 = "snerydder.ui.errors.forbidden"
handler404 = "snerydder.ui.errors.not_found"
handler500 = "snerydder.ui.errors.server_error"
