"""What may not be paid as mentor support, and where a payment is posted: the law's own words for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from snerydder.law import Facts, Level, Verdict, judge, rulebook
from snerydder.law.facts import CaseFacts, PaymentFacts

UNREAD = " (ikke læst i den bekendtgørelse, der gælder den dag)"  # da: a note to a Danish supplier


def _verdicts(facts: Facts, day: date, check: str) -> Sequence[Verdict]:
    return [each for each in judge("payment", facts, day) if each.check == check and each.level is not Level.OK]


def refused_cost(kind: str, day: date) -> str:
    """The sentence and the paragraph for a cost that is not mentor hours, by the law of the day; and whether anybody has read it there."""
    found = _verdicts(Facts(payment=PaymentFacts(cost_kinds=(kind,))), day, "CHK-26")
    return " ".join(f"{each.what} {each.citation_text}{UNREAD if each.is_unread else ''}." for each in found)


def known_account(target_group: str, day: date) -> str:
    """The account the sources themselves name for a group; "" when they do not."""
    law, key = rulebook.on(day), f"account.group.{target_group}"
    return str(law.value(key)) if law.knows(key) else ""


def wrong_posting(target_group: str, account: str, refusion: str, day: date) -> Sequence[Verdict]:
    """What speaks against an account and a class of reimbursement for a group (CHK-32)."""
    return _verdicts(Facts(case=CaseFacts(target_group=target_group), payment=PaymentFacts(account=account, refusion=refusion)), day, "CHK-32")
