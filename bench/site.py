"""The product and, beside it, the bare view it is measured against. Used by bench/contacts.py alone.

The bare view has the product's whole middleware (headers, session, language, CSRF, sign-in demanded, messages) and runs in
a transaction like every view: two look-ups for session and account, then one INSERT through Django's ORM, then a redirect.
It validates nothing and asks nobody's municipality. Its table has the contact's columns and a primary key: no foreign
keys, no other index, no row-level security, no trigger.
"""

import os
from datetime import UTC, datetime
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.site")

from snerydder.project.settings import *  # noqa: E402, F403

ROOT_URLCONF = "bench.addresses"


def bare(request):
    """Imported by bench.addresses once the models may be."""
    from django.http import HttpResponseRedirect

    from bench.table import Bare

    posted = request.POST
    row = Bare.objects.create(
        id=uuid4(), municipality_id=901, case_id=posted["cases"], mentor_id=posted["cases"], entry=posted["entry"], made_by_id=request.user.pk,
        at=datetime.now(UTC), day=datetime.now(UTC).date(), week=202635, form=posted["form"], minutes=int(posted["minutes"]),
        counted_minutes=int(posted["minutes"]), together=1, help=posted.getlist("help"), goal_id=None, note=posted.get("note", ""),
        written_at=datetime.now(UTC), corrections=0, withdrawn=False,
    )  # fmt: skip
    return HttpResponseRedirect(f"/kontakter/?gemt={row.entry}")
