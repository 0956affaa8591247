"""What the database refuses, in words. The rule is held there; here it is only said."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from snerydder.audit.action import Refusal

Verb = TypeVar("Verb", bound=Callable[..., Any])

WORDS: dict[str, tuple[Any, Any]] = {
    "invoice_once": (_("Fakturaen er registreret før."), _("Se efter, om nummeret er rigtigt.")),
    "invoice_three_persons": (_("Registrere, godkende og betale skal være tre forskellige personer."), _("Bed en kollega om det næste skridt.")),
    "invoice_own_hours": (_("Fakturaen er for dine egne timer."), _("Bed en kollega, der ikke er mentor på den, om det.")),
    "invoice_sheet_approved": (_("En mentor har ikke godkendt timerne for måneden."), _("Bed mentoren om at godkende timesedlen først.")),
    "invoice_every_line_handled": (_("Der er linjer, ingen har taget stilling til."), _("Tag stilling til dem først.")),
    "invoice_settled": (_("Fakturaen er afgjort og kan ikke ændres."), _("Ret betalingen med en rettelse i stedet.")),
    "invoice_whole": (_("Linjerne giver ikke fakturaens beløb."), _("Se efter, om der mangler en linje.")),
    "line_at_most_delivered": (_("En kontakt er rettet, siden linjen blev holdt op mod loggen."), _("Hold fakturaen op mod loggen igen.")),
    "line_contact_once": (_("En kontakt er allerede faktureret."), _("Hold fakturaen op mod loggen igen.")),
    "line_mentor_in_one_place": (_("En mentor ville få løn for to steder på samme tid."), _("Hold fakturaen op mod loggen igen.")),
    "line_citizen_with_one_mentor": (_("To mentorer ville få løn for den samme borger på samme tid."), _("Hold fakturaen op mod loggen igen.")),
    "line_time_there_was": (_("Der ville blive betalt for mere tid, end der var gået af dagen."), _("Hold fakturaen op mod loggen igen.")),
    "line_waits_for_an_answer": (_("Der er et spørgsmål om en kontakt på fakturaen, som ikke er afsluttet."), _("Hold fakturaen op mod loggen igen, så venter kun den linje.")),
    "line_after_closing": (_("En kontakt ligger efter sagens afslutning."), _("Hold fakturaen op mod loggen igen.")),
    "line_citizen_says_no": (_("Borgeren siger, at et møde ikke fandt sted."), _("Hold fakturaen op mod loggen igen.")),
    "line_outside_grant": (_("En dag ligger uden for bevillingen."), _("Hold fakturaen op mod loggen igen.")),
    "line_over_grant": (_("Der ville blive betalt for flere timer end bevilget."), _("Hold fakturaen op mod loggen igen.")),
    "correction_two_persons": (_("Den, der har foreslået rettelsen, kan ikke beslutte den."), _("Bed en kollega om det.")),
    "correction_one_at_a_time": (_("Der ligger allerede et forslag til den linje."), _("Beslut eller afvis det først.")),
    "correction_of_a_payment": (_("Fakturaen er ikke betalt endnu."), _("Tag stilling til linjen på fakturaen.")),
    "correction_within_the_line": (_("Så meget kan der ikke rettes på linjen."), _("Ret beløbet eller tiden.")),
    "correction_settled": (_("Rettelsen er besluttet."), ""),
    "correction_of_something": (_("Rettelsen er på 0 kr."), _("Skriv et beløb.")),
}


def refused_in_words(verb: Verb) -> Verb:
    """A rule of the database that is broken becomes a refusal; also those it would first ask about when the transaction ends."""

    @wraps(verb)
    def done(*args: Any, **kwargs: Any) -> Any:
        try:
            with transaction.atomic():
                result = verb(*args, **kwargs)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS invoice_whole, invoice_lines_whole IMMEDIATE; SET CONSTRAINTS invoice_whole, invoice_lines_whole DEFERRED")
                return result
        except IntegrityError as fault:
            rule = getattr(getattr(fault.__cause__, "diag", None), "constraint_name", "") or ""
            if rule not in WORDS:
                raise
            what, mend = WORDS[rule]
            raise Refusal(str(what), mend=str(mend)) from fault

    return done  # type: ignore[return-value]
