"""Leader, payer, auditor, evaluator: each figure against a plain count of the same cases."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from snerydder.access import actions as access
from snerydder.audit.models import Lookup
from snerydder.casework.cases import actions as cases
from snerydder.casework.grants import spans
from snerydder.casework.grants.cost import cost_of
from snerydder.casework.grants.models import Grant
from snerydder.desks import evaluator, leader, payer
from tests import build
from tests.pages.desks.conftest import TODAY, running
from tests.pages.visit import Page, counted, visitor

YEAR = spans.year_of(TODAY)


# --- Leader -----------------------------------------------------------------------------------------
def test_the_share_in_order_is_counted_from_the_stored_verdicts(client, town):
    bente = town.cast.bente
    case, assessment = build.assessed(town.cast, build.citizen(town.cast, 50), on=date(2026, 9, 7), citizen_agrees=True)
    from snerydder.casework.agreements import actions as agreements
    from snerydder.casework.grants import actions as grants

    grant = grants.decide(build.propose_for(town.cast, case, assessment, date(2026, 9, 7)), by=bente, on=date(2026, 9, 7))
    cases.set_goal(build.fresh(case), by=bente, text="Ud ad døren", own_words="Jeg vil ud.", on=date(2026, 9, 7))
    agreements.choose(build.fresh(grant.case), by=town.cast.dorthe, mentor=town.cast.mentor, reason="Har tid.", on=date(2026, 9, 7))
    agreement = agreements.write(build.fresh(case), by=town.cast.dorthe, goal="Jeg vil ud.", tasks=[("wake", "")], on=date(2026, 9, 7))
    for party, by, how in (("mentor", town.cast.carl, "on_screen"), ("municipality", bente, "on_screen"), ("citizen", town.cast.dorthe, "meeting")):
        agreements.accept(agreement, by=by, party=party, how=how)
    agreements.start(agreements.Agreement.objects.get(pk=agreement.pk), by=town.cast.dorthe, on=date(2026, 9, 14))
    clean = not build.fresh(case).verdicts.exclude(level="ok").exists()
    assert clean, list(build.fresh(case).verdicts.exclude(level="ok").values_list("check_id", "what"))
    words = Page(visitor(client, town.cast.henrik).get("/ledelse/")).words
    assert "17 % af sagerne i gang er i orden: 1 af 6." in words
    assert "I orden 1 Med en påmindelse 5 Aldrig kontrolleret 0 I gang i alt 6" in words


def test_delivered_against_granted(town):
    found = leader.hours(town.cast.henrik, leader.law_today())
    running = [town.fresh(name) for name in ("running", "silent", "never", "protected", "expiring")]
    assert found.used == sum(case.minutes_used for case in running) == 40 * 60
    assert found.granted == sum(case.minutes_granted for case in running)
    assert found.share == 39


def test_each_unit_with_its_steps(client, town):
    elsewhere = access.add_unit("Jobteamet", by=town.cast.henrik)
    build.referred(town.cast, build.citizen(town.cast, 50), unit=elsewhere)
    page = Page(visitor(client, town.cast.henrik).get("/ledelse/"))
    assert "Jobteamet 1 0 0 0 0 0 1 0 0" in page.words
    assert "Ungeteamet 1 1 1 2 1 5 11 3 0" in page.words
    assert "Hele kommunen 2 1 1 2 1 5 12 3 0" in page.words
    assert f"/sager/?vis=aabne&trin=referred&enhed={elsewhere.pk}" in page.addresses()


def test_the_leader_page_asks_few_questions(client, town):
    henrik = visitor(client, town.cast.henrik)
    with counted() as queries:
        henrik.get("/ledelse/")
    assert len(queries) <= 15, len(queries)


def test_the_years_cost_leads_to_its_lines(client, town):
    page = Page(visitor(client, town.cast.henrik).get("/ledelse/"))
    assert page.to("66.697,49 kr.") == "/oekonomi/?aar=2026"
    assert "66.697 kr. Bevilget beløb" in Page(client.get("/oekonomi/?aar=2026")).words


# --- Payer ------------------------------------------------------------------------------------------
def test_cost_of_a_year_is_the_grants_own(town):
    """The same as the page where it was decided said."""
    for grant in Grant.objects.filter(state="decided"):
        assert [(year, spans.cost_in(grant, spans.year_of(date(year, 1, 1)))) for year, _kr in cost_of(grant).by_year] == list(cost_of(grant).by_year)


@pytest.mark.parametrize(("per", "minutes", "first", "last"), [("week", 95, date(2026, 1, 30), date(2027, 3, 2)), ("total", 997, date(2026, 12, 31), date(2027, 1, 1))])
def test_months_add_up_to_years_and_to_the_whole(per, minutes, first, last):
    grant = Grant(minutes=minutes, minutes_per=per, start=first, end=last, hourly_price=Decimal("313.37"))
    months = [spans.month_of(date(year, month, 1)) for year in (2025, 2026, 2027) for month in range(1, 13)]
    years = [spans.year_of(date(year, 1, 1)) for year in (2025, 2026, 2027)]
    assert sum(spans.minutes_in(grant, span) for span in months) == sum(spans.minutes_in(grant, span) for span in years) == grant.total_minutes
    assert sum(spans.cost_in(grant, span) for span in months) == sum(spans.cost_in(grant, span) for span in years) == cost_of(grant).total


def test_hours_case_by_case_without_names(client, town):
    words = Page(visitor(client, town.cast.gitte).get("/oekonomi/")).words
    assert "November 2026" in words
    assert "2026-00007 Ungeteamet ansat i kommunen 8,6 2,0 0,0 0,0 2.657,27 kr." in words
    for name in ("Nielsen", "Amina", "Carl", "Bente", "begynde på"):
        assert name not in words
    assert not [href for href in Page(client.get("/oekonomi/")).addresses() if href.startswith("/sager/")]


def test_the_cards_are_the_sums_of_the_lines(town):
    rows = payer.lines(town.cast.gitte, YEAR)
    total = payer.sums(rows)
    assert total.cases == 9
    assert total.used == 40 * 60
    assert total.granted == sum(spans.minutes_in(grant, YEAR) for grant in Grant.objects.filter(state="decided"))


def test_a_month_before_and_after(client, town):
    gitte = visitor(client, town.cast.gitte)
    page = Page(gitte.get("/oekonomi/?maaned=2026-01"))
    assert page.to("Måneden før") == "?maaned=2025-12" and page.to("Måneden efter") == "?maaned=2026-02"
    assert "Ingen timer er bevilget eller leveret i den tid." in page.words
    for nonsense in ("maaned=2026-13", "maaned=x", "aar=99999", "maaned=2026", "aar=", "side=7"):
        assert gitte.get(f"/oekonomi/?{nonsense}").status_code == 200


def test_the_file_has_numbers_and_its_persons_are_logged(client, town):
    answer = visitor(client, town.cast.gitte).get("/oekonomi/?maaned=2026-11&format=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0] == ("Sag", "Enhed", "Mentortype", "Bevilgede timer", "Leverede timer", "Bekræftede timer", "Fakturerede timer", "Bevilget, kroner")
    assert len(rows) == 10 and all(isinstance(value, int | float) for row in rows[1:] for value in row[3:])
    log = Lookup.objects.order_by("-id").first()
    assert log.kind == "export" and len(log.citizen_ids) == 9


def test_another_municipalitys_hours_are_not_there(town, bakkeby):
    assert len(payer.lines(town.cast.gitte, YEAR)) == 9


# --- Auditor ----------------------------------------------------------------------------------------
def test_every_case_with_what_the_checks_said(client, town):
    page = Page(visitor(client, town.cast.erik).get("/revision/"))
    assert "Alle sager 11" in page.headings
    case = town.fresh("granted")
    levels = [case.verdicts.filter(level=level).count() for level in ("ok", "warn", "stop")]
    assert f"2026-00003 Bo Nielsen Bevilget Bente Bak 06-11-2026 {levels[0]} {levels[1]} {levels[2]}" in page.words
    assert levels[0] > 5
    assert f"/sager/{case.pk}/#kontroller" in page.addresses()


def test_the_auditor_reads_the_case_and_can_do_nothing(client, town):
    case = town.cases["running"]
    erik = visitor(client, town.cast.erik)
    page = Page(erik.get(f"/sager/{case.pk}/"))
    assert "Historik" in page.headings and "Kontroller ved afgørelserne" in page.headings
    assert "Det kan du gøre" not in page.headings
    assert erik.get(f"/sager/{case.pk}/opfoelgning/").status_code == 403
    assert erik.get("/sager/?format=xlsx").status_code == 403


# --- Evaluator --------------------------------------------------------------------------------------
def test_cells_under_five_are_hidden_and_one_more_where_the_sum_tells(client, town):
    assert evaluator.hidden({"a": 4, "b": 9, "c": 30, "d": 0}) == {"a": None, "b": None, "c": 30, "d": 0}
    assert evaluator.hidden({"a": 4, "b": 1, "c": 30}) == {"a": None, "b": None, "c": 30}
    assert evaluator.hidden({"a": 1, "b": 2, "c": 30, "d": 40}) == {"a": None, "b": None, "c": None, "d": 40}, "three in all would be told"
    assert evaluator.hidden({"a": 5, "b": 9}) == {"a": 5, "b": 10}
    days = [evaluator.hidden({"a": 20 + more, "b": 30}) for more in range(12)]
    assert all((later["a"] - day["a"]) in (0, 5) for day, later in zip(days, days[1:], strict=False)), "no day beside the next tells of one to four"
    assert evaluator.hidden({"a": 3}) == {"a": None}
    words = Page(visitor(client, town.cast.freja).get("/tal/")).words
    assert "Henvist skjult Vurderet skjult" in words and "I gang 5" in words


def test_no_names_and_no_way_to_a_case(client, town):
    freja = visitor(client, town.cast.freja)
    page = Page(freja.get("/tal/"))
    for name in ("Nielsen", "Amina", "Carl", "Bente", "2026-0000"):
        assert name not in page.words
    assert not [href for href in page.addresses() if href.startswith("/sager")]
    assert freja.get(f"/sager/{town.cases['running'].pk}/").status_code == 403


def test_the_delivery_curve_against_a_count_week_by_week(town):
    """Counted again here from the contacts themselves. The newest course has met this week, which is not over and not its own yet."""
    newest = running(town.cast, build.citizen(town.cast, 50), 14, 0)
    started = [*(town.fresh(name) for name in ("running", "silent", "never", "protected", "expiring")), build.fresh(newest)]
    for week in evaluator.weeks(town.cast.freja, TODAY):
        reached = [case for case in started if (TODAY.toordinal() - TODAY.weekday() - case.started_on.toordinal() + case.started_on.weekday()) // 7 > week.number - 1]
        met = minutes = 0
        for case in reached:
            first = case.started_on.toordinal() - case.started_on.weekday() + 7 * (week.number - 1)
            inside = [row for row in case.contacts.all() if first <= row.day.toordinal() < first + 7]
            met += any(row.form != "tried" for row in inside)
            minutes += sum(row.counted_minutes for row in inside)
        assert abs(week.cases - len(reached)) <= 2 and len(reached) >= 5 and week.cases % 5 == 0
        few = 0 < met < 5 or 0 < len(reached) - met < 5
        assert (week.share, week.minutes) == ((None, None) if few else (5 * round(20 * met / len(reached)), 5 * round(minutes / len(reached) / 5)))


def test_another_municipalitys_numbers_are_not_counted(town, bakkeby):
    assert evaluator.stages(town.cast.freja)["total"] == 10, "eleven, to the nearest five"
