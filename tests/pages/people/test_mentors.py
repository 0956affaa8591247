"""The pages about mentors, and the documents that never run."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from snerydder.access import actions as access
from snerydder.access.models import Staff
from snerydder.audit.models import Lookup
from snerydder.casework.people import actions
from snerydder.casework.people.files import LARGEST
from snerydder.casework.people.models import Course, Document, Mentor, Qualification
from tests import build
from tests.pages.visit import Page, counted, visitor

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 proof"


@pytest.fixture
def dorthe(client, cast):
    return visitor(client, cast.dorthe)


def pdf(name="Åses bevis; v=2.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def test_the_list_says_who_has_room(dorthe, cast):
    build.active(cast)
    before = Lookup.objects.count()
    page = Page(dorthe.get("/mentorer/"))
    assert "Carl Clausen Ansat i kommunen 37 dansk, arabisk Havnen" in page.words
    assert "19 flere" in page.words
    assert Lookup.objects.count() == before  # a mentor is not a citizen
    actions.take_cases(cast.mentor, by=cast.dorthe, active=False)
    assert "Tager ikke nye sager" in Page(dorthe.get("/mentorer/")).words


def test_the_list_costs_the_same_with_more_mentors(dorthe, cast):
    with counted() as few:
        dorthe.get("/mentorer/")
    for number in range(15):
        actions.welcome_mentor(f"Ny {number}", by=cast.dorthe, kind="municipal", hours_per_week=10)
    with counted() as many:
        dorthe.get("/mentorer/")
    assert len(few) == len(many) <= 12


def test_a_mentor_is_made_of_a_member_of_staff(dorthe, cast):
    answer = dorthe.post("/mentorer/ny/", {"staff": cast.bente.pk, "kind": "municipal", "hours_per_week": "7,5", "languages": "dansk"})
    mentor = Mentor.objects.get(staff=cast.bente)
    assert answer.url == f"/mentorer/{mentor.pk}/"
    assert float(mentor.hours_per_week) == 7.5


def test_a_mentor_is_made_of_somebody_new(dorthe, cast):
    dorthe.post(
        "/mentorer/ny/", {"name": "Åge Ørn", "phone": "00 00 00 08", "kind": "volunteer", "hours_per_week": "3", "languages": "dansk, somali", "areas": "Havnen"}
    )
    mentor = Mentor.objects.get(staff__name="Åge Ørn")
    assert (mentor.staff.roles, mentor.staff.unit, mentor.languages) == (["mentor"], cast.dorthe.unit, ["dansk", "somali"])


@pytest.mark.parametrize(
    ("posted", "says"),
    [({}, "Vælg en medarbejder, eller skriv navnet på en ny."), ({"name": "Begge", "staff": "bente"}, "Ikke begge dele."),
     ({"name": "Ny", "hours_per_week": "60"}, "48"), ({"name": "Ny", "hours_per_week": "mange"}, "Skriv et tal"), ({"name": "Ny", "kind": "konge"}, "konge")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_rest_is_kept(dorthe, cast, posted, says):
    before = Staff.objects.count()
    values = {"kind": "municipal", "hours_per_week": "10", "languages": "dansk", "about": "Kan <b>alt</b> 😀"} | posted
    if values.get("staff") == "bente":
        values["staff"] = cast.bente.pk
    answer = dorthe.post("/mentorer/ny/", values)
    assert says in Page(answer).words
    assert "Kan &lt;b&gt;alt&lt;/b&gt; 😀" in answer.content.decode()
    assert Staff.objects.count() == before


def test_a_mentor_s_page_asks_about_what_runs_out(dorthe, cast):
    day = timezone.localdate()
    actions.add_qualification(
        cast.mentor, by=cast.dorthe, title="Førstehjælp", tasks=["doctor"], valid_until=day.replace(year=day.year - 1), file_name="b.pdf", file_content=PDF
    )
    actions.add_course(cast.mentor, by=cast.dorthe, title="Supervision i gruppe", kind="supervision", held_on=day, hours=2)
    with counted() as queries:
        page = Page(dorthe.get(f"/mentorer/{cast.mentor.pk}/"))
    assert len(queries) <= 12
    assert "Kan det passe, at Førstehjælp udløb den" in page.words
    assert "Supervision i gruppe" in page.words
    assert "Plads til 20 flere." in page.words
    assert "Set af Dorthe Dam" in page.words


def test_a_mentor_reads_the_page_without_verbs_or_documents(cast):
    actions.add_qualification(cast.mentor, by=cast.dorthe, title="Kursus", tasks=["walk"], file_name="bevis.pdf", file_content=PDF)
    carl = visitor(Client(), cast.carl)
    page = Page(carl.get(f"/mentorer/{cast.mentor.pk}/"))
    assert f"/mentorer/{cast.mentor.pk}/ret/" not in page.addresses()
    assert "bevis.pdf" not in page.words
    assert carl.get(f"/dokumenter/{Document.objects.get().pk}/").status_code == 403


def test_facts_are_corrected(dorthe, cast):
    at = f"/mentorer/{cast.mentor.pk}/ret/"
    assert 'value="37"' in dorthe.get(at).content.decode()
    values = {"kind": "consultant", "employer": "Firmaet", "hours_per_week": "20", "languages": "dansk", "areas": "Havnen, Midtbyen", "has_car": "on"}
    assert dorthe.post(at, values).url == f"/mentorer/{cast.mentor.pk}/"
    row = Mentor.objects.get(pk=cast.mentor.pk)
    assert (row.kind, row.employer, row.areas, row.has_car) == ("consultant", "Firmaet", ["Havnen", "Midtbyen"], True)


def test_new_cases_are_stopped_with_a_way_back(dorthe, cast):
    page = Page(dorthe.post(f"/mentorer/{cast.mentor.pk}/pause/", follow=True))
    assert "Carl Clausen får ikke nye sager." in page.words
    assert ("post", f"/mentorer/{cast.mentor.pk}/klar/") in page.forms
    assert not Mentor.objects.get(pk=cast.mentor.pk).active
    dorthe.post(f"/mentorer/{cast.mentor.pk}/klar/")
    assert Mentor.objects.get(pk=cast.mentor.pk).active


# --- Qualifications and documents ------------------------------------------------------------------------
def test_a_qualification_with_its_proof(dorthe, cast):
    answer = dorthe.post(f"/mentorer/{cast.mentor.pk}/kvalifikation/", {"title": "Mentorkursus", "tasks": ["walk", "doctor"], "verified": "on", "file": pdf()})
    assert answer.url == f"/mentorer/{cast.mentor.pk}/"
    row = Qualification.objects.get(title="Mentorkursus")
    assert (row.documented(), row.verified_by) == (True, cast.dorthe)

    answer = dorthe.get(f"/dokumenter/{row.document_id}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"


def test_a_name_cannot_break_the_header(dorthe, cast):
    actions.add_qualification(
        cast.mentor, by=cast.dorthe, title="X", tasks=["walk"], file_name='a"\r\nSet-Cookie: x=y;.pdf', file_content=PDF
    )
    header = dorthe.get(f"/dokumenter/{Document.objects.get().pk}/")["Content-Disposition"]
    assert "\r" not in header and "\n" not in header


@pytest.mark.parametrize(
    ("file", "says"),
    [(pdf("bevis.exe"), "Filtypen kan ikke bruges."), (pdf("bevis.pdf", b"MZ"), "Filen er ikke det, navnet siger."),
     (pdf("stor.pdf", b"%PDF-" + b"x" * LARGEST), "Filen er for stor.")],
    ids=["kind", "content", "size"],
)  # fmt: skip
def test_a_file_that_cannot_be_kept_is_refused_kindly(dorthe, cast, file, says):
    answer = dorthe.post(f"/mentorer/{cast.mentor.pk}/kvalifikation/", {"title": "Åses kursus", "tasks": ["walk"], "verified": "on", "file": file})
    assert says in Page(answer).words
    assert 'value="Åses kursus"' in answer.content.decode()
    assert not Document.objects.exists()


def test_a_qualification_needs_a_task_and_dates_in_order(dorthe, cast):
    at = f"/mentorer/{cast.mentor.pk}/kvalifikation/"
    assert "Hvilke opgaver dækker den?" in Page(dorthe.post(at, {"title": "Kursus"})).words
    page = Page(dorthe.post(at, {"title": "Kursus", "tasks": ["walk"], "issued_on": "2026-03-02", "valid_until": "2026-03-01"}))
    assert "Kvalifikationen udløber, før den er udstedt." in page.words
    assert not Qualification.objects.filter(title="Kursus").exists()


def test_a_qualification_is_prolonged_and_removed(dorthe, cast):
    row = Qualification.objects.get()
    values = {"title": row.title, "tasks": row.tasks, "verified": "on", "valid_until": "2030-01-01"}
    assert dorthe.post(f"/kvalifikationer/{row.pk}/ret/", values).url == f"/mentorer/{cast.mentor.pk}/"
    assert Qualification.objects.get().valid_until.year == 2030
    assert dorthe.post(f"/kvalifikationer/{row.pk}/fjern/").url == f"/mentorer/{cast.mentor.pk}/"
    assert not Qualification.objects.exists()


def test_a_mentor_does_not_vouch_for_oneself(cast):
    access.change_staff(cast.carl, by=cast.henrik, roles=["mentor", "coordinator"])
    carl = visitor(Client(), cast.carl)
    answer = carl.post(f"/mentorer/{cast.mentor.pk}/kvalifikation/", {"title": "Læge", "tasks": ["doctor"], "verified": "on"})
    assert "Du kan ikke selv sige god for din egen kvalifikation." in Page(answer).words


def test_courses_come_and_go(dorthe, cast):
    at = f"/mentorer/{cast.mentor.pk}/kursus/"
    assert dorthe.post(at, {"kind": "course", "title": "Mentorkursus", "held_on": "2026-03-02", "hours": "7,4"}).status_code == 302
    row = Course.objects.get()
    assert float(row.hours) == 7.4
    assert dorthe.post(f"/kurser/{row.pk}/fjern/").status_code == 302
    assert not Course.objects.exists()
    assert "findes ikke" in Page(dorthe.post(at, {"kind": "course", "title": "X", "held_on": "2026-02-30"})).words
