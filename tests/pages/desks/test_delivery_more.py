"""The pages beside the seven points: each number against a plain count of the same rows."""

import re
from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from snerydder.casework.cases import actions as cases
from snerydder.casework.cases.models import Case
from snerydder.casework.contacts.models import CaseWeek, Contact
from snerydder.casework.contacts.weeks import monday
from snerydder.desks.delivery import factors, flow, helped
from snerydder.desks.selection import law_today
from tests import build
from tests.pages.desks.conftest import TODAY
from tests.pages.desks.test_delivery import crowd, total
from tests.pages.visit import Page, counted, visitor


def test_the_time_adds_up_however_many_kinds_a_contact_has(town):
    case = town.cases["running"]
    build.contact(town.cast, case, on=TODAY - timedelta(days=2), minutes=60, help=["mediate", "letters", "walk"])
    build.contact(town.cast, town.cases["expiring"], on=TODAY - timedelta(days=120), minutes=60, help=["court"])
    found = {kind.name: kind for kind in helped.given(town.cast.dorthe, None, TODAY)}
    rows = Contact.objects.filter(withdrawn=False, day__gte=TODAY - helped.BACK).exclude(form="tried")
    assert found["Mægle med sagsbehandler"].minutes == found["Gåtur"].minutes == 20
    assert "Bisidder i retten" not in found, "that was long ago"
    assert sum(kind.minutes for kind in found.values()) == sum(rows.values_list("counted_minutes", flat=True))
    times = Counter(kind for kinds in rows.values_list("help", flat=True) for kind in kinds)
    assert found["Samtale"].contacts == times["conversation"]
    assert sum(kind.share for kind in found.values()) == pytest.approx(1)


def test_the_factors_are_counted_as_one_would_by_hand(town):
    crowd(town)
    build.contact(town.cast, town.cases["running"], on=TODAY - timedelta(days=2), help=["mediate", "wake"])
    first, second, third, fourth = factors.factors(town.cast.dorthe, None, law_today())
    live = list(Case.objects.filter(closed_on=None, stage="active", started_on__lte=TODAY - factors.SETTLED))
    kinds = defaultdict(set)
    for case, given in Contact.objects.filter(case__in=live, withdrawn=False, day__gte=TODAY - helped.BACK).exclude(form="tried").values_list("case", "help"):
        kinds[case] |= set(given)
    assert (second.signs[0].number, second.signs[0].of) == (sum(bool(given & set(factors.MEDIATOR)) for given in kinds.values()), len(live))
    assert second.signs[0].number == 1 and third.signs[1].number == sum(bool(given & set(factors.PRACTICAL)) for given in kinds.values()) >= 1
    assert first.signs[0].number == 0, "nobody has written who does what"
    weeks = {(week.case_id, monday(week.week)): week for week in CaseWeek.objects.filter(case__in=live)}
    ripe = [key for key, week in weeks.items() if week.attempts and not week.contacts and TODAY - helped.BACK <= key[1] <= TODAY - timedelta(days=21)]
    again = [key for key in ripe if any((key[0], key[1] + timedelta(days=7 * step)) in weeks for step in (1, 2))]
    assert (fourth.signs[0].number, fourth.signs[0].of) == (len(again), len(ripe))


def test_a_goal_with_roles_and_a_follow_up_is_close_cooperation(town):
    case = town.fresh("running")
    cases.set_goal(case, by=town.cast.bente, text="På HF til sommer", own_words="Jeg vil på HF.", on=TODAY)
    case.agreements.filter(state="active").update(who_does_what="Carl ringer, Bente skriver.")
    cases.follow_up(town.fresh("running"), by=town.cast.bente, text="Det går godt.", decision="go_on", on=TODAY, next_on=TODAY + timedelta(days=60))
    together, followed = factors.factors(town.cast.dorthe, None, law_today())[0].signs
    assert (together.number, followed.number) == (1, 1) and together.of > 1


def test_nobody_is_lost_on_the_way(town):
    crowd(town)
    steps = flow.way(town.cast.dorthe, TODAY - timedelta(days=730), TODAY, None)
    assert steps[0].number == Case.objects.count()
    for before, after in zip(steps, steps[1:], strict=False):
        assert before.number == after.number + sum(number for _key, _text, number in before.left) + before.waiting
    assert steps[-1].number == Case.objects.filter(first_contact_on__isnull=False).count()
    assert any("nej tak" in text for step in steps for _key, text, _number in step.left)


@pytest.mark.parametrize(("path", "words"), [("/som-aftalt/hjaelp/", "De fire virkningsfaktorer"), ("/som-aftalt/vejen/", "Henvist")])
def test_the_pages_ask_the_same_few_questions(client, town, path, words):
    user = visitor(client, town.cast.dorthe)
    with counted() as before:
        user.get(path)
    crowd(town, 8)
    with counted() as after:
        answer = user.get(path)
    assert len(before) == len(after) <= 12, [query["sql"][:80] for query in after]
    assert words in Page(answer).words
    assert user.get(path + "?enhed=x&siden=hundrede").status_code == 200


@pytest.mark.parametrize("who", ["dorthe", "henrik", "erik"])
def test_each_number_of_the_help_and_the_way_leads_to_its_rows(client, town, who):
    crowd(town)
    build.contact(town.cast, town.cases["running"], on=TODAY - timedelta(days=2), help=["mediate", "wake"])
    tried = build.active(town.cast, build.citizen(town.cast, 300), on=TODAY - timedelta(days=70))
    build.contact(town.cast, tried, on=TODAY - timedelta(days=30), form="tried")
    user = visitor(client, getattr(town.cast, who))
    signs = [(text, href) for text, href in Page(user.get("/som-aftalt/hjaelp/")).links if "tegn=" in href]
    assert len(signs) == 6
    for text, href in signs:
        part, whole = map(int, re.findall(r"\d+", text)[:2])
        yes, no = (total(user.get(f"{href}&svar={answer}")) for answer in ("ja", "nej"))
        assert (yes, yes + no, total(user.get(href))) == (part, whole, whole), href
    assert any("igen" in href and int(re.findall(r"\d+", text)[1]) for text, href in signs), "a week with tries only"
    kinds = [(text, href) for text, href in Page(user.get("/som-aftalt/hjaelp/")).links if "slags=" in href]
    assert len(kinds) >= 3
    steps = [(text, href) for text, href in Page(user.get("/som-aftalt/vejen/")).links if "trin=" in href]
    assert {re.search(r"hvor=(\w+)|$", href)[1] for _text, href in steps} >= {None, "annulleret", "her"}
    for text, href in kinds + steps:
        assert int(re.search(r"\d+", text)[0]) == total(user.get(href)), href


def test_a_list_of_the_help_falls_back_to_what_makes_sense(client, town):
    user = visitor(client, town.cast.dorthe)
    for path in ("/som-aftalt/hjaelp/liste/", "/som-aftalt/vejen/liste/"):
        assert total(user.get(path)) == total(user.get(path + "?tegn=x&svar=y&slags=z&trin=9&hvor=q&side=900&enhed=1"))
    with counted() as asked:
        user.get("/som-aftalt/vejen/liste/?trin=5")
    assert len(asked) <= 15
