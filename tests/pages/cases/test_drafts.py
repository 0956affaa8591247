"""What is typed in a long form on a case is kept every few seconds, also over a log-out, and each has only their own."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from snerydder.access import actions as access
from snerydder.casework.cases.models import Assessment, FormDraft
from snerydder.casework.grants.models import Grant
from tests import build
from tests.pages.visit import Page, visitor

HALF = {
    "need": "Han kommer ikke op om morgenen, og <b>angsten</b>", "decisive_reason": "", "target_group": "6.5", "decisive": "on",
    "on_day": "4", "on_month": "", "on_year": "2026",
}  # fmt: skip


@pytest.fixture
def bente(client, cast):
    return visitor(client, cast.bente)


def keep(user, case, page, posted):
    return user.post(reverse("cases:keep", args=[case.pk, page]), posted, headers={"X-Autosave": "1"})


def value_of(answer, name):
    body = answer.content.decode().split(f'name="{name}"', 1)[1]
    return body[: body.index(">")]


def test_a_half_written_assessment_comes_back_as_it_was_left(bente, client, cast):
    case = build.referred(cast)
    address = reverse("cases:assess", args=[case.pk])
    assert f'data-autosave="{reverse("cases:keep", args=[case.pk, "vurdering"])}"' in bente.get(address).content.decode()
    assert keep(bente, case, "vurdering", HALF | {"version": case.version}).status_code == 204
    assert not Assessment.objects.exists() and build.fresh(case).version == case.version
    bente.logout()
    answer = visitor(client, cast.bente).get(address)
    page = Page(answer)
    assert HALF["need"] in page.words and "Her står det, du skrev i dag kl. " in page.words
    assert 'value="4"' in value_of(answer, "on_day") and 'value="2026"' in value_of(answer, "on_year") and "value=" not in value_of(answer, "on_month")
    assert "checked" in value_of(answer, "decisive") and 'value="6.5" selected' in answer.content.decode()
    assert "Udfyld:" not in page.words, "nobody has pressed the button yet"


def test_what_is_saved_is_no_longer_a_draft(bente, cast):
    case = build.referred(cast)
    keep(bente, case, "vurdering", HALF)
    whole = HALF | {"on_month": "8", "decisive_reason": "Ellers ikke.", "citizen_agrees": "yes", "conclusion": "grant", "version": case.version}
    address = reverse("cases:assess", args=[case.pk])
    assert bente.post(address, whole | {"need": ""}).status_code == 200 and FormDraft.objects.count() == 1, "a form that is wrong loses nothing"
    assert bente.post(address, whole).status_code == 302
    assert Assessment.objects.get().need == HALF["need"] and not FormDraft.objects.exists()


def test_a_half_written_grant_comes_back_and_is_judged(bente, cast):
    case, _assessment = build.assessed(cast)
    posted = {"hjemmel": "lab-167-1", "hours_reason": "To morgener om ugen og en tur til lægen.", "start_day": "31", "start_month": "2", "start_year": "2026", "version": "1"}
    assert keep(bente, case, "bevilling", posted | {"do": "decide"}).status_code == 204
    page = Page(bente.get(reverse("grants:grant", args=[case.pk])))
    assert posted["hours_reason"] in page.words and "Her står det, du skrev i dag kl. " in page.words
    assert "i vejen for at bevilge" in page.words and not Grant.objects.exists()
    stored = FormDraft.objects.get().content
    assert "do" not in stored and "version" not in stored
    sent = posted | {"start_day": "7", "start_month": "12", "do": "save", "version": build.fresh(case).version}
    assert bente.post(reverse("grants:grant", args=[case.pk]), sent).status_code == 302
    assert Grant.objects.get().hours_reason == posted["hours_reason"] and not FormDraft.objects.exists()


@pytest.mark.parametrize(("page", "name"), [("opfoelgning", "cases:follow_up"), ("afslutning", "cases:close"), ("hoering", "grants:hear")])
def test_every_long_form_of_a_running_case_keeps_its_text(bente, cast, page, name):
    case = build.active(cast)
    words = {"text": "Hun møder hver dag.", "result_text": "Hun er i job.", "against": "Støtten bliver ikke brugt."}
    keep(bente, case, page, words)
    shown = Page(bente.get(reverse(name, args=[case.pk]))).words
    assert any(text in shown for text in words.values())


def test_throwing_it_away_begins_anew(bente, cast):
    case = build.referred(cast)
    keep(bente, case, "vurdering", HALF)
    page = Page(bente.post(reverse("cases:drop_draft", args=[case.pk, "vurdering"]), follow=True))
    assert "Kladden er kasseret." in page.words and HALF["need"] not in page.words and not FormDraft.objects.exists()


def test_each_has_their_own_and_it_is_gone_after_a_month(client, cast):
    case = build.referred(cast)
    keep(visitor(client, cast.bente), case, "vurdering", HALF)
    colleague = access.appoint("Kim Kjær", ["caseworker"], by=cast.henrik, unit=cast.unit, username="kim", email="kim@example.org", phone="00 00 00 09")
    assert HALF["need"] not in Page(visitor(client, colleague).get(reverse("cases:assess", args=[case.pk]))).words
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        bente = visitor(client, cast.bente)
        assert HALF["need"] not in Page(bente.get(reverse("cases:assess", args=[case.pk]))).words
        keep(bente, case, "afslutning", {"result_text": "Nyt"})
    assert list(FormDraft.objects.values_list("page", flat=True)) == ["afslutning"], "the old one is deleted, not only hidden"


def test_too_long_unknown_or_somebody_elses_is_not_kept(bente, cast):
    case = build.referred(cast)
    assert keep(bente, case, "vurdering", {"need": "x" * 61_000}).status_code == 413
    assert keep(bente, case, "noget", HALF).status_code == 404
    assert keep(bente, cast.amina, "vurdering", HALF).status_code == 404, "an id that is no case"
    assert not FormDraft.objects.exists()
