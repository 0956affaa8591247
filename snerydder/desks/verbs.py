"""What this person may do with this case now. Who may is said by the page itself (`@needs`); when one may is said here, and the
verb says it again: a link that should not be there leads to a sentence, never to a wrong row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.casework.agreements.models import Agreement
from snerydder.casework.cases.models import Assessment, Case
from snerydder.casework.cases.states import ENDED, Stage
from snerydder.casework.grants.models import Grant

AUTHORITY = ("cases:assess", "cases:follow_up", "cases:close", "grants:grant", "grants:refuse", "grants:stop", "grants:annul")


@dataclass(frozen=True)
class Standing:
    """As much of a case as decides what can be done with it."""

    case: Case
    waiting: Assessment | None  # an assessment no decision stands on
    grant: Grant | None  # the decided one that runs or comes
    agreement: Agreement | None
    may_annul: bool

    @property
    def stage(self) -> str:
        return self.case.stage

    @property
    def ended(self) -> bool:
        return self.case.stage in ENDED

    @property
    def running(self) -> bool:
        return self.case.stage == Stage.ACTIVE


@dataclass(frozen=True)
class Verb:
    page: str
    text: Any
    when: Callable[[Standing], Any]
    about: Callable[[Standing], Any] = lambda standing: standing.case.pk  # what the address names
    many: bool = False  # a verb on the cases ticked in a list: posted, with this one ticked
    query: str = ""
    needs: Permission | None = None  # where everybody may open the page and only some may do this on it


VERBS: tuple[Verb, ...] = (
    Verb("contacts:new", _("Skriv en kontakt"), lambda s: s.case.started_on and not s.ended, lambda s: None, query="sag"),
    Verb("cases:assess", _("Vurdér behovet"), lambda s: s.stage == Stage.REFERRED),
    Verb("cases:assess", _("Lav en ny vurdering"), lambda s: s.running or s.stage == Stage.ASSESSED and not s.waiting),
    Verb("grants:grant", _("Bevil mentor"), lambda s: s.stage == Stage.ASSESSED),
    Verb("grants:grant", _("Bevil en ny periode"), lambda s: s.running and s.waiting),
    Verb("grants:refuse", _("Giv afslag"), lambda s: s.stage == Stage.ASSESSED or s.running and s.waiting),
    Verb("agreements:match", _("Find en mentor"), lambda s: s.stage == Stage.GRANTED),
    Verb("agreements:match", _("Vælg en anden mentor"), lambda s: s.stage == Stage.MATCHED),
    Verb("agreements:agreement", _("Lav aftalen"), lambda s: s.stage == Stage.MATCHED, needs=Permission.WRITE_AGREEMENT),
    Verb("agreements:agreement", _("Sæt støtten i gang"), lambda s: s.stage == Stage.AGREED, needs=Permission.START),
    Verb("cases:follow_up", _("Hold opfølgning"), lambda s: s.running),
    Verb("cases:goal", _("Sæt et mål"), lambda s: not s.ended),
    Verb("cases:change_referral", _("Ret henvisningen"), lambda s: s.stage in (Stage.REFERRED, Stage.ASSESSED)),
    Verb("cases:hand_over", _("Overdrag til en anden sagsbehandler"), lambda s: not s.ended, many=True),
    Verb("agreements:replace_mentor", _("Skift mentor"), lambda s: s.case.mentor_id and not s.ended, many=True),
    Verb("grants:annul", _("Annullér bevillingen"), lambda s: s.grant and s.may_annul and not s.ended, lambda s: s.grant and s.grant.pk),
    Verb("grants:stop", _("Stop bevillingen før tid"), lambda s: s.grant and not s.may_annul and not s.ended, lambda s: s.grant and s.grant.pk),
    Verb("cases:close", _("Afslut sagen"), lambda s: s.stage in (Stage.GRANTED, Stage.MATCHED, Stage.AGREED, Stage.ACTIVE)),
    Verb("cases:cancel", _("Annullér sagen"), lambda s: not s.ended and not s.running),
    Verb("cases:reopen", _("Genåbn sagen"), lambda s: s.ended),
)


@dataclass(frozen=True)
class Offer:
    text: Any
    href: str
    many: bool


def offers(standing: Standing, staff: Staff) -> list[Offer]:
    found = []
    for verb in VERBS:
        if verb.when(standing) and not _mentor_decides(verb.page, standing.case, staff):
            href = address(verb, standing)
            if staff.may(verb.needs) if verb.needs else may_open(staff, href):
                found.append(Offer(verb.text, href, verb.many))
    return found


def address(verb: Verb, standing: Standing) -> str:
    about = None if verb.many else verb.about(standing)
    href = reverse(verb.page, args=[about] if about else None)
    return f"{href}?{verb.query}={standing.case.pk}" if verb.query else href


def may_open(staff: Staff, href: str) -> bool:
    """What the page behind an address asks for is read from the page, so that it is said in one place."""
    view: Any = resolve(href.partition("?")[0]).func
    return any(staff.may(permission) for permission in view.needs)


def _mentor_decides(page: str, case: Case, staff: Staff) -> bool:
    """A mentor is never the authority on the same case (CHK-31)."""
    return page in AUTHORITY and case.mentor is not None and case.mentor.staff_id == staff.pk
