"""A trial on its own pages, from an empty list to the last lot: every step by the person whose step it is, each in a transaction of its own."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from snerydder.access.signing import key_of, short
from snerydder.access.tenancy import within
from snerydder.casework.trials import actions
from snerydder.casework.trials.models import Enrolment, Joining, Screening, Trial
from tests import build
from tests.casework.trials import made
from tests.casework.trials.test_attacks import judged
from tests.cast import BAKKEBY, FJORDBY, Cast, fjordby
from tests.pages.visit import counted, visitor

PLAN = {
    "municipalities": "13", "stratify": "age", "age_cut": "25", "drawn": "person", "places": "20", "offered": "1", "control": "1", "blocks": ["4", "6"], "primary": "su_education", "week": "52",
    "last": "75", "secondary": ["job_week"], "subgroups": ["age"], "estimator": "lpm_strata", "correction": "holm", "alpha": "10", "dead": "keep", "abroad": "keep",
    "missing": "zero", "share": "12", "effect": "6", "take_up": "65",
}  # fmt: skip


@pytest.fixture
def people(own_database: str) -> Iterator[tuple[Any, dict[str, Any], Cast]]:
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=True) as clock:
        with within(FJORDBY):
            cast = fjordby()
            names = {"henrik": cast.henrik, "freja": cast.freja, "bente": cast.bente, "carl": cast.carl, "dorthe": cast.dorthe}
            clients = {name: visitor(Client(), staff) for name, staff in names.items()}
        yield clock, clients, cast


def say(client: Any, name: str, *args: Any, **values: Any) -> str:
    """Post a form and read the page it led to."""
    answer = client.post(reverse(f"trials:{name}", args=args), values, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def read(client: Any, name: str, *args: Any) -> str:
    return str(client.get(reverse(f"trials:{name}", args=args)).content.decode())


def one(model: Any, **which: Any) -> Any:
    with within(FJORDBY):
        return model.objects.get(**which)


def test_from_an_empty_list_to_the_last_lot(people: tuple[Any, dict[str, Any], Cast]) -> None:
    clock, by, cast = people
    assert "Der er ingen forsøg endnu" in read(by["freja"], "overview")
    told = say(by["freja"], "new", do="power", **PLAN | {"municipalities": "1", "places": "200", "stratify": "none"})
    assert "for lille" in told and "Kommunen kan ikke få svaret alene" in told and not _any(Trial)
    assert "Protokollen er gemt som kladde" in say(by["freja"], "new", do="save", **PLAN, **made.TEXTS | {"legal_basis": ""})
    trial = one(Trial)
    assert "Skriv hjemlen for lodtrækningen." in say(by["freja"], "lock", trial.pk)
    say(by["freja"], "edit", trial.pk, do="save", **PLAN, **made.TEXTS)
    assert "Protokollen er låst" in say(by["freja"], "lock", trial.pk)
    answer = by["henrik"].get(reverse("trials:protocol_file", args=[trial.pk]))
    assert answer.content.decode() == one(Trial).protocol_text

    day = {"number_day_day": "5", "number_day_month": "12", "number_day_year": "2026"}
    assert "dens SHA-256 er offentlig" in say(by["henrik"], "promise", trial.pk, secret=made.A, number_source="Lotto", **day)
    assert "Lotto" in read(by["freja"], "promise", trial.pk)
    say(by["freja"], "promise", trial.pk, secret=made.B)
    assert "Tallet er ikke offentligt endnu" in say(by["henrik"], "number", trial.pk, number=made.NUMBER)
    clock.move_to("2026-12-05T20:00:00+01:00")
    with within(FJORDBY):  # the sessions ended long ago
        by |= {name: visitor(Client(), getattr(cast, name)) for name in ("henrik", "freja", "bente")}
    for name in ("henrik", "freja"):
        say(by[name], "number", trial.pk, number=made.NUMBER)
    assert "Listen er lavet og forseglet" in say(by["freja"], "seal", trial.pk)

    row = take_in(by["bente"], trial, cast, 1)
    page = read(by["bente"], "person", row.pk)
    arm = "offered" if 'data-arm="offered"' in page else "control"
    assert f'data-arm="{arm}"' in page
    if arm == "offered":
        assert "Skriv borgerens svar" in say(by["bente"], "offer", row.pk)
        assert "Gå til sagen" in say(by["bente"], "answer", row.pk, answer="accepted")
    assert "Borgeren bliver i sin gruppe" in say(by["bente"], "depart", row.pk, kind="right", hjemmel="lab-167-3", text="Er optaget på SOSU.")
    assert "Borgeren har ret til en mentor" in read(by["bente"], "person", row.pk)
    assert judged(json.loads(read(by["bente"], "receipt", row.pk)))[0] == 0

    assert "Den står på alt" in say(by["freja"], "amend", trial.pk, field="week", after="60", reason="Skolestart.")
    assert "Protokollen er ændret 1 gang" in read(by["henrik"], "trial", trial.pk)
    assert "Indtaget er slut" in say(by["freja"], "end", trial.pk, reason="Pladserne er brugt.")
    code, words = judged(json.loads(read(by["henrik"], "list_file", trial.pk)))
    assert code == 0 and "Alle 40 lodder er regnet ud igen" in words


def take_in(bente: Any, trial: Trial, cast: Cast, number: int) -> Enrolment:
    with within(FJORDBY):
        case = build.assessed(cast, build.citizen(cast, number), on=date(2026, 12, 1))[0]
    assert "Borger Nummer1" in read(bente, "citizens", trial.pk)
    day = {"informed_on_day": "5", "informed_on_month": "12", "informed_on_year": "2026"}
    assert "Det kan ikke fortrydes" in say(bente, "screen", trial.number, case.pk, right="none", **day)
    say(bente, "draw", one(Screening).pk)
    return one(Enrolment)


def _any(model: Any) -> bool:
    with within(FJORDBY):
        return bool(model.objects.exists())


def test_a_right_is_not_drawn_about_on_the_page_either(people: tuple[Any, dict[str, Any], Cast]) -> None:
    clock, by, cast = people
    with within(FJORDBY):
        trial = made.running(cast)
        case = made.case(cast, 1)
    page = say(by["bente"], "screen", trial.number, case.pk, right="lab-167-2")
    assert "Har ret til mentor" in page
    assert "Der kan ikke trækkes lod om borgeren" in say(by["bente"], "draw", one(Screening).pk)
    assert not _any(Enrolment)


def test_the_file_of_one_municipality_fills_the_boxes_of_the_next(people: tuple[Any, dict[str, Any], Cast]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    clock, by, cast = people
    with within(FJORDBY):
        text = made.locked(cast, places=200, municipalities=13, stratify="age").protocol_text
    page = say(by["henrik"], "import_file", file=SimpleUploadedFile("study.toml", text.encode()))
    assert "Se felterne igennem" in page and made.TEXTS["question"] in page and 'value="13"' in page
    assert "Filen er ikke en protokol" in say(by["henrik"], "import_file", file=SimpleUploadedFile("x.toml", b"title = 'x'"))


def test_no_arm_on_the_mentor_s_and_the_coordinator_s_pages(people: tuple[Any, dict[str, Any], Cast]) -> None:
    """They need not know it: the case looks as any other case, and the trial's own pages are not for them."""
    clock, by, cast = people
    with within(FJORDBY):
        trial = made.running(cast)
        row = made.enrolled(cast, trial, 1)
    for name in ("carl", "dorthe"):
        for page in ("overview", "verifier"):
            assert by[name].get(reverse(f"trials:{page}")).status_code == 403
        assert by[name].get(reverse("trials:person", args=[row.pk])).status_code == 403
        for path in ("/", reverse("desks:case", args=[row.case_id])):
            told = by[name].get(path, follow=True).content.decode()
            for word in ("data-arm", "/forsoeg/", "ontrolgruppe", "ædvanlig indsats", "ilbud om mentor"):
                assert word not in told, f"{path} as {name}: {word}"


def test_the_pages_ask_as_much_of_five_as_of_two(people: tuple[Any, dict[str, Any], Cast]) -> None:
    clock, by, cast = people
    with within(FJORDBY):
        trial = made.running(cast)
    asked: dict[str, list[int]] = {"citizens": [], "trial": []}
    for numbers in (range(1, 3), range(3, 6)):
        for number in numbers:
            with within(FJORDBY):
                made.enrolled(cast, trial, number)
                made.case(cast, 50 + number)
        for name, who in (("citizens", "bente"), ("trial", "freja")):
            read(by[who], name, trial.pk)  # the first look at a new number keeps what was shown; after it nothing is written
            with counted() as queries:
                read(by[who], name, trial.pk)
            asked[name].append(len(queries))
    assert asked["citizens"][0] == asked["citizens"][1] <= 14, asked
    assert asked["trial"][0] == asked["trial"][1] <= 14, asked  # one of them is what was shown before (decision 12)


def test_a_protocol_another_municipality_leads_is_seen_whole_joined_and_followed(people: tuple[Any, dict[str, Any], Cast]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    clock, by, cast = people
    with within(FJORDBY):
        lead = made.locked(cast, municipalities=13)
    first = by["freja"].get(reverse("trials:joint_file", args=[lead.pk])).content
    with within(FJORDBY):
        actions.amend(lead, by=cast.freja, field="week", after="60", reason="Skolestart.")
    second = by["freja"].get(reverse("trials:joint_file", args=[lead.pk])).content
    page = read(by["freja"], "trial", lead.pk)
    assert "Kommunen leder forsøget" in page and short(key_of(FJORDBY)) in page

    with within(BAKKEBY):
        there = fjordby(BAKKEBY, "Bakkeby", "-b")
        henrik = visitor(Client(), there.henrik)
    page = say(henrik, "import_file", file=SimpleUploadedFile("faelles.json", first))
    assert "Fjordby Kommune leder" in page and made.TEXTS["information"] in page and json.loads(first)["protocol_sha256"] in page and short(key_of(FJORDBY)) in page
    say(henrik, "join", legal_basis="", contact="Bo Bak")
    assert not _joined(), "a municipality is not in without a legal basis of its own"
    page = say(henrik, "join", legal_basis="LAB § 167, stk. 1.", contact="Bo Bak, 00 00 00 41")
    assert "Kommunen er med" in page and "Bo Bak, 00 00 00 41" in page and "Skriv en ændring" not in page
    assert henrik.get(reverse("trials:join")).status_code == 302, "nothing is kept once it is used"
    page = say(henrik, "import_file", file=SimpleUploadedFile("faelles.json", second))
    assert "Nye ændringer" in page and "Skolestart." in page and "Kommunens eget" not in page
    page = say(henrik, "join")
    assert "Ændringerne er taget ind" in page and "Protokollen er ændret 1 gang" in page and "Taget ind her" in page
    assert "Underskriften passer ikke" in say(henrik, "import_file", file=SimpleUploadedFile("x.json", first.replace(b"Lotto", b"Keno").replace(b"uge", b"aar")))


def _joined() -> bool:
    with within(BAKKEBY):
        return Joining.objects.exists()


def test_a_change_after_citizens_were_in_is_on_every_page_of_the_trial(people: tuple[Any, dict[str, Any], Cast]) -> None:
    clock, by, cast = people
    with within(FJORDBY):
        trial = made.running(cast)
        made.amend(cast, trial)
    assert "borgere var med i forsøget" not in read(by["freja"], "trial", trial.pk) and "borger var med i forsøget" not in read(by["freja"], "trial", trial.pk)
    with within(FJORDBY):
        row, cleared = made.enrolled(cast, trial, 1), made.screened(cast, trial, 2)
        made.amend(cast, trial)
    pages = {"freja": [("trial", trial.pk), ("amend", trial.pk), ("end", trial.pk)], "bente": [("citizens", trial.pk), ("person", row.pk), ("draw", cleared.pk), ("depart", row.pk), ("screen", trial.number, cleared.case_id)]}
    for who, wanted in pages.items():
        for name, *args in wanted:
            assert "da 1 borger var med i forsøget" in read(by[who], name, *args), name


def test_two_offers_and_whole_units_on_the_pages(people: tuple[Any, dict[str, Any], Cast]) -> None:
    clock, by, cast = people
    more = PLAN | {"stratify": "none", "municipalities": "1", "more": "1", "more_offer": "Mentor to gange om ugen.", "blocks": ["3", "6"]}
    assert "Skriv både, hvad det andet tilbud er" in say(by["freja"], "new", do="save", **more | {"more_offer": ""}, **made.TEXTS)
    page = say(by["freja"], "new", do="save", **more, **made.TEXTS)
    assert "1 til tilbud, 1 til det andet tilbud, 1 til kontrol" in page and "Mentor to gange om ugen." in page
    units = PLAN | {"municipalities": "1", "drawn": "unit", "stratify": "unit"}
    assert "hele enheder: alle i en enhed får samme lod" in say(by["freja"], "new", do="save", **units, **made.TEXTS)
    with within(FJORDBY):
        trial = Trial.objects.get(plan__drawn="unit")
    assert "Der skal mindst to til i hver gruppe" in say(by["freja"], "lock", trial.pk)
    with within(FJORDBY):
        running = made.running(cast, places=20, more=1, more_offer="Mentor to gange om ugen.", blocks=(3, 6))
    rows = []
    for number in range(1, 7):
        with within(FJORDBY):
            rows.append(made.enrolled(cast, running, number))
    pages = [read(by["bente"], "person", row.pk) for row in rows]
    second = next(page for page in pages if 'data-arm="more"' in page)
    assert "Giv det andet tilbud" in second and "Mentor to gange om ugen." in second and "Mentor er tilbudt" in second
    assert "Det andet tilbud" in read(by["bente"], "citizens", running.pk)
    assert "Trukket til det andet tilbud" in read(by["freja"], "trial", running.pk)
