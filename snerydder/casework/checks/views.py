"""One button: hold this case up against the rules again, now."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from snerydder.access import scope
from snerydder.access.door import Request, needs
from snerydder.access.permissions import Permission
from snerydder.audit.action import Refusal
from snerydder.casework.cases.models import Case
from snerydder.casework.checks import actions
from snerydder.ui import flash


@needs(Permission.MEND_FINDINGS)
@require_POST
def check_again(request: Request, pk: UUID) -> HttpResponse:
    case = scope.get(Case, pk, request.staff, purpose=_("kontrollere sagen igen"))
    try:
        changed = actions.check_again(case, by=request.staff)
    except Refusal as refusal:
        flash.refused(request, refusal)
    else:
        told = ngettext("Sagen er kontrolleret. %(num)s kontrol siger noget andet end sidst.", "Sagen er kontrolleret. %(num)s kontroller siger noget andet end sidst.", changed)
        flash.done(request, told % {"num": changed} if changed else _("Sagen er kontrolleret. Kontrollerne siger det samme som sidst."))
    return redirect(reverse("desks:case", args=[pk]) + "#kontroller-nat")
