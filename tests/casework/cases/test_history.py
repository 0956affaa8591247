"""Every verb has words, and what an event tells can be read by a person."""

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from snerydder.access import actions as access
from snerydder.casework.cases import actions, queries
from snerydder.casework.cases.history import WORDS
from snerydder.casework.contacts import actions as contacts
from tests import build
from tests.build import DAY

RECORDED = re.compile(r"""\brecord\(\s*f?["']([a-z_]+\.[a-z_]+)["']""")
IN_SQL = re.compile(r"'((?:contacts|cases|grants|agreements)\.(?!contact')[a-z_]+)', f\.made_by_id")


def test_every_verb_that_leaves_an_event_has_words(repository):
    code = "\n".join(path.read_text("utf-8") for path in sorted((repository / "snerydder").rglob("*.py")))
    verbs = set(RECORDED.findall(code)) | set(IN_SQL.findall(code))
    assert len(verbs) > 40 and "contacts.log" in verbs, "the search has gone blind"
    assert verbs - WORDS.keys() == set()


def test_it_tells_who_did_what_when_and_why(cast):
    case = build.referred(cast)
    referral = case.referrals.get()
    actions.change_referral(referral, by=cast.dorthe, reason="Lægen ringede.", barriers=["anxiety"], wished_start=DAY + timedelta(days=9))
    newest, oldest = queries.history(case)
    assert newest["text"] == "Dorthe Dam har rettet henvisningen"
    assert newest["detail"] == (
        "Barrierer: at komme op og af sted, læse, skrive, digital post → angst eller nedtrykthed"
        " · Ønsket start: – → 12. august 2026 · Hvorfor: Lægen ringede."
    )
    assert (oldest["text"], oldest["when"]) == ("Bente Bak har henvist borgeren", DAY)
    assert oldest["who"].startswith("skrevet "), "written down later than it happened"


def test_a_decision_is_told_in_words_not_keys(cast):
    case = build.granted(cast).case
    said = next(event for event in queries.history(case) if event["verb"] == "grants.decide")["detail"]
    assert "Hjemmel: LAB § 167, stk. 1, 1. pkt." in said and "Tid: 2 t" in said and "Timerne gælder: om ugen" in said
    assert "Fra: 10. august 2026" in said and "law_version" not in said


def test_a_contact_written_by_the_trigger_is_told_too(cast):
    case = build.active(cast)
    row = build.contact(cast, case, DAY + timedelta(days=8))
    contacts.correct(row, by=cast.carl, reason="Tastefejl", minutes=30)
    corrected, written = queries.history(case)[:2]
    assert written["text"] == "Carl Clausen har skrevet en kontakt" and written["detail"] == "Hvordan: Mødtes · Tid: 1 t"
    assert corrected["detail"] == "Tid: 1 t → 30 min · Hvorfor: Tastefejl"
    assert all(not event["verb"].startswith("contacts.") for event in queries.history(case, contacts=False))


def test_a_stand_in_is_named_with_the_one_away(cast):
    stand_in = access.appoint("Ida Iversen", ["caseworker"], by=cast.henrik, unit=cast.unit)
    stand_in.behalf_of_id = cast.bente.pk
    case = build.referred(cast)
    actions.set_goal(case, by=stand_in, text="Mål", on=DAY)
    assert queries.history(case)[0]["text"] == "Ida Iversen har sat et mål (stedfortræder for Bente Bak)"


def test_it_costs_the_same_however_much_has_happened(cast):
    case = build.active(cast)
    for n in range(12):
        build.contact(cast, case, DAY + timedelta(days=8 + n))
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.history(case)) > 20
    assert len(asked) == 1
