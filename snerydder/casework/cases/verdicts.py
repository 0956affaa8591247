"""Verdicts of the law as pages show them: what, why, what now, and where it says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from snerydder.audit.action import Refusal
from snerydder.casework.cases.models import StoredVerdict
from snerydder.casework.cases.spoken import say, told
from snerydder.casework.cases.where import box_of, page_of, part_of
from snerydder.law import Level, Verdict, rulebook, stops


@dataclass(frozen=True)
class Shown:
    """One line in a list of checks. `field` is the box on the page one stands on; `link` leads elsewhere."""

    check: str
    level: str
    text: str
    mend: str = ""
    link: str = ""
    source: str = ""
    address: str = ""
    field: str = ""

    @property
    def stops(self) -> bool:
        return self.level == Level.STOP


def show(verdicts: Iterable[Verdict], case: Any, here: str = "") -> list[Shown]:
    """`here` is the name of the page shown, so that its own boxes are linked and the rest lead to their pages."""
    return [_shown(verdict, case, here) for verdict in verdicts]


def _shown(verdict: Verdict, case: Any, here: str) -> Shown:
    is_ok = verdict.level is Level.OK
    link = "" if is_ok else page_of(verdict.field, case, here)
    box = box_of(verdict.field) if verdict.field and not link else ""
    return Shown(
        verdict.check,
        str(verdict.level),
        say(verdict.what) if is_ok else f"{say(verdict.what)} {say(verdict.why)}",
        say(verdict.mend),
        link or (f"#id_{box}" if box and not is_ok and part_of(verdict.field) != "delivery" else ""),
        source_line(verdict.cites, verdict.citation_text, verdict.check, verdict.is_unread),
        next((rulebook.sources()[cite].address for cite in verdict.cites), ""),
        box,
    )


def source_line(cites: Iterable[str], citation: str, check: str, is_unread: bool) -> str:
    """LAB § 167, stk. 1, 1. pkt.: Mentorstøtte i en periode på højst 6 måneder (CHK-05)."""
    titles = [f"{gettext(source.text)}: {gettext(source.title)}" for source in (rulebook.sources()[cite] for cite in cites)]
    unread = " " + _("Ikke læst i kilden, så den kan ikke stoppe nogen.") if is_unread else ""
    return f"{'; '.join(titles) or cited(citation)} ({check}).{unread}"


def stored(rows: Iterable[StoredVerdict]) -> list[Shown]:
    """What was said on the day of the decision. It is never judged again."""
    return [Shown(row.check_id, row.level, told(row.what), told(row.mend), source=f"{cited(row.citation)} ({row.check_id}).") for row in rows]


def cited(citation: str) -> str:
    """Where it stands: a paragraph is called the same in every language, a guide or a norm is not."""
    return "; ".join(gettext(each) for each in citation.split("; "))


def stop_if(verdicts: Iterable[Verdict], case: Any = None, here: str = "") -> None:
    """Raise what the law stops: what is missing, where the law says so, and the box or the page that mends it."""
    stopped = stops(verdicts)
    if stopped:
        raise Refusal.several(
            [
                Refusal(
                    say(verdict.what), f"{say(verdict.why)} ({verdict.citation_text}, {verdict.check})", say(verdict.mend),
                    field=box_of(verdict.field), link=page_of(verdict.field, case, here),
                )
                for verdict in stopped
            ]
        )
