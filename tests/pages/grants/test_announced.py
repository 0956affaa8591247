"""From the page: the citizen is heard, the letter came, the citizen complains, and the complaint is looked at in time."""

from datetime import timedelta

import pytest
from django.urls import reverse

from snerydder.casework.agreements.models import Agreement
from snerydder.casework.complaints.models import Complaint
from snerydder.casework.grants.models import Grant, Hearing, Letter
from tests import build
from tests.build import DAY
from tests.pages.visit import Page, visitor

AGAINST = "Du får allerede hjælp til det samme af din bostøtte."
REASON = "Din bostøtte hjælper dig allerede med det."


@pytest.fixture
def bente(client, cast):
    return visitor(client, cast.bente)


def version(case) -> dict[str, int]:
    return {"version": build.fresh(case).version}


def test_heard_then_refused_then_complained_then_upheld(bente, cast):
    case, _assessment = build.assessed(cast, on=DAY, conclusion="refuse")
    where = reverse("grants:refuse", args=[case.pk])
    given = {"right": "none", "hjemmel": "lab-167-1", "ground": "other_support", "heard": "heard", "reason": REASON}
    assert "Borgeren er ikke hørt." in Page(bente.post(where, given | version(case))).words
    assert "Hør borgeren før et afslag" in Page(bente.get(f"/sager/{case.pk}/")).words
    hear = {"about": "refusal", "against": AGAINST, "deadline": "2026-12-15"}
    assert "Høringen er klar" in Page(bente.post(reverse("grants:hear", args=[case.pk]), hear | version(case), follow=True)).words
    assert "Borgeren kan svare til og med" in Page(bente.post(where, given | version(case))).words
    row = Hearing.objects.get()
    answer = {"on": "2026-12-01", "answer": "Det er rigtigt."}
    assert "»Det er rigtigt.«" in Page(bente.post(reverse("grants:answer", args=[row.pk]), answer | version(case), follow=True)).words
    assert "Høringer, der kan afgøres" in Page(bente.get("/venter/")).words
    assert "Der er givet afslag." in Page(bente.post(where, given | version(case), follow=True)).words

    letter = Letter.objects.get(kind="refusal")
    came = {"on": "2026-12-01", "proof": "Kvittering fra Digital Post"}
    assert "Kommet frem" in Page(bente.post(reverse("grants:deliver", args=[letter.pk]), came | version(case), follow=True)).words
    register = reverse("complaints:register", args=[letter.pk])
    assert "29. december 2026" in Page(bente.get(register)).words
    complaint = {"received_on": "2026-12-01", "text": "Bostøtten kommer kun om eftermiddagen."}
    page = Page(bente.post(register, complaint | version(case), follow=True))
    assert "Genvurderes senest 29. december 2026." in page.words
    assert "Klager, der skal genvurderes" in Page(bente.get("/venter/")).words

    again = reverse("complaints:reassess", args=[Complaint.objects.get().pk])
    page = Page(bente.post(again, {"outcome": "upheld", "reason": "Bostøtten kommer nu også om morgenen."} | version(case), follow=True))
    assert "Sendt til Ankestyrelsen 1. december 2026." in page.words and "Genvurdering" in page.words
    assert bente.get(reverse("grants:letter", args=[Letter.objects.get(kind="reassess").pk]))["Content-Type"] == "application/pdf"
    assert "Klager, der skal genvurderes" not in Page(bente.get("/venter/")).words
    appeal = reverse("complaints:appeal", args=[Complaint.objects.get().pk])
    assert "stadfæstet" in Page(bente.post(appeal, {"appeal": "confirmed", "on": "2026-12-01"} | version(case), follow=True)).words


def test_a_hearing_can_be_let_be(bente, cast):
    case = build.active(cast)
    bente.post(reverse("grants:hear", args=[case.pk]), {"about": "stop", "against": AGAINST, "deadline": "2026-12-15"} | version(case))
    row = Hearing.objects.get()
    assert row.grant == Grant.objects.get()
    assert bente.get(reverse("grants:letter", args=[row.letter_id]))["Content-Disposition"].startswith('inline; filename="hoering-')
    assert "Der bliver ikke truffet afgørelse imod borgeren." in Page(bente.post(reverse("grants:let_be", args=[row.pk]), follow=True)).words


def test_the_chain_of_periods_and_its_length(bente, cast):
    case = build.active(cast)
    from snerydder.casework.cases import actions as cases
    from snerydder.casework.grants import actions

    cases.follow_up(case, by=cast.bente, on=DAY + timedelta(days=100), text="Det går fremad.", decision="go_on")
    again = build.assess_again(cast, build.fresh(case), DAY + timedelta(days=110))
    details = {"hjemmel": "lab-167-1-new", "start": DAY + timedelta(days=181), "end": DAY + timedelta(days=300)}
    draft = build.propose_for(cast, build.fresh(case), again, DAY + timedelta(days=115), **details)
    actions.decide(draft, by=cast.bente, on=DAY + timedelta(days=115))
    assert "2 perioder fra 10. august 2026 til 30. maj 2027, i alt 294 dage." in Page(bente.get(f"/sager/{case.pk}/")).words


def test_min_plan(client, cast):
    case, dorthe = build.active(cast), visitor(client, cast.dorthe)
    row = Agreement.objects.get()
    page = Page(dorthe.post(reverse("agreements:min_plan", args=[row.pk]), {"on": "2026-11-30"} | version(case), follow=True))
    assert "I Min Plan 30. november 2026" in page.words
