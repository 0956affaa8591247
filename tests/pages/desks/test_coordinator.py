"""The coordinator's overview: four counts, mentors with their caseload, cases that open in place."""

from datetime import timedelta

from snerydder.access import actions as access
from snerydder.audit.models import Lookup
from snerydder.casework.people import actions as people
from snerydder.desks import coordinator
from tests import build
from tests.pages.desks.conftest import TODAY
from tests.pages.visit import Page, counted, visitor


def test_the_first_screen_asks_at_most_twelve_questions(client, town):
    dorthe = visitor(client, town.cast.dorthe)
    with counted() as queries:
        assert dorthe.get("/overblik/").status_code == 200
    assert len(queries) <= 12, [query["sql"][:80] for query in queries]


def test_the_questions_do_not_grow_with_mentors_and_cases(client, town):
    dorthe = visitor(client, town.cast.dorthe)
    with counted() as before:
        dorthe.get("/overblik/")
    for number in range(3):
        staff = access.appoint(f"Mentor {number}", ["mentor"], by=town.cast.henrik, unit=town.cast.unit)
        people.register_mentor(staff, by=town.cast.dorthe, kind="municipal", hours_per_week=20)
        build.granted(town.cast, build.citizen(town.cast, 100 + number), on=TODAY)
    with counted() as after:
        dorthe.get("/overblik/")
    assert len(after) == len(before)


def test_four_counts_on_top(client, town):
    words = Page(visitor(client, town.cast.dorthe).get("/overblik/")).words
    assert "3 Uden kontakt i 2 uger" in words
    assert "1 Første kontakt forsinket mere end en måned efter start" in words
    assert "1 Udløber inden 6 uger" in words
    assert "2 Mangler aftale" in words


def test_caseload_on_a_full_time_post_in_bands(client, town):
    page = visitor(client, town.cast.dorthe).get("/overblik/")
    assert "stregerne står ved 10, 15 og 20" in Page(page).words
    assert 'aria-label="8 sager på fuld tid"' in page.content.decode()
    part = access.appoint("Dina Delt", ["mentor"], by=town.cast.henrik, unit=town.cast.unit)
    people.register_mentor(part, by=town.cast.dorthe, kind="consultant", hours_per_week=18.5)
    rows = {row.name: row for row in coordinator.mentor_rows(town.cast.dorthe, coordinator.law_today())}
    assert rows["Dina Delt"].full_time == 0.5 and rows["Dina Delt"].cases == 0
    assert rows["Carl Clausen"].cases == 8


def test_hours_used_against_an_even_pace(client, town):
    """Counted here by hand from the cases, day by day."""
    row = next(row for row in coordinator.mentor_rows(town.cast.dorthe, coordinator.law_today()) if row.cases)
    running = [town.fresh(name) for name in ("running", "silent", "never", "protected", "expiring")]
    expected = 0
    for case in running:
        days = (case.period_end - case.grant_start).days + 1
        gone = (min(TODAY, case.period_end) - case.grant_start).days + 1
        expected += case.minutes_granted * gone // days
    assert (row.used, row.expected, row.granted) == (
        sum(case.minutes_used for case in running), expected, sum(case.minutes_granted for case in running),
    )  # fmt: skip
    assert row.deviates
    assert "40 af 103 (249 bevilget)" in Page(visitor(client, town.cast.dorthe).get("/overblik/")).words


def test_a_row_opens_its_cases_in_place_also_without_script(client, town):
    mentor = town.cast.mentor
    page = Page(visitor(client, town.cast.dorthe).get("/overblik/"))
    href = page.to("Carl Clausen")
    assert href.startswith(f"/overblik/?mentor={mentor.pk}#")
    opened = Page(client.get(href))
    assert "Stine Nielsen Sag 2026-00008 Ingen kontakt i 27 dage" in opened.words
    part = Page(client.get(f"/overblik/{mentor.pk}/"))
    assert "Stine Nielsen Sag 2026-00008 Ingen kontakt i 27 dage" in part.words
    assert "Skrevet i loggen i denne måned: 4 t" in part.words
    assert "<html" not in client.get(f"/overblik/{mentor.pk}/").content.decode()


def test_several_cases_are_ticked_and_sent_to_a_verb(client, town):
    answer = visitor(client, town.cast.dorthe).get(f"/overblik/{town.cast.mentor.pk}/").content.decode()
    assert answer.count('name="sag"') == 8
    page = client.get("/overblik/").content.decode()
    assert 'formaction="/sager/overdrag/"' in page and 'formaction="/sager/mentorskift/"' in page
    chosen = [str(town.cases[name].pk) for name in ("running", "silent")]
    for path in ("/sager/overdrag/", "/sager/mentorskift/"):
        words = Page(client.post(path, {"sag": chosen})).words
        assert "2026-00007" in words and "2026-00008" in words and "2026-00009" not in words


def test_those_who_wait_for_a_mentor_lead_to_the_match(client, town):
    page = Page(visitor(client, town.cast.dorthe).get("/overblik/"))
    assert page.to("Bo Nielsen") == f"/sager/{town.cases['granted'].pk}/match/"
    assert "1 aftale er klar til at begynde" in page.words


def test_the_persons_shown_are_logged(client, town):
    visitor(client, town.cast.dorthe).get(f"/overblik/{town.cast.mentor.pk}/")
    row = Lookup.objects.order_by("-id").first()
    assert row.page == "desks:coordinator_mentor" and len(row.citizen_ids) == 8


def test_another_municipalitys_mentor_is_not_there(client, town, bakkeby):
    dorthe = visitor(client, town.cast.dorthe)
    assert dorthe.get(f"/overblik/{bakkeby.mentor.pk}/").status_code == 404
    words = Page(dorthe.get(f"/overblik/?mentor={bakkeby.mentor.pk}")).words
    assert words.count("Carl Clausen") == 1  # both towns have a Carl


def test_an_expired_grant_with_an_open_case_is_red(client, town):
    case = town.fresh("expiring")
    case.grant_end = case.period_end = TODAY - timedelta(days=1)
    case.save(update_fields=["grant_end", "period_end"])
    page = Page(visitor(client, town.cast.dorthe).get("/overblik/"))
    assert page.to("1 åben sag har en bevilling, der er udløbet") == "/sager/?vis=udloebet"
