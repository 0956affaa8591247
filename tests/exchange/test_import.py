"""From a file to rows of the product: what is new, changed, the same or refused; all or none; and the same file twice is once."""

import pytest
from django.db import transaction

from snerydder.access.tenancy import set_context
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event, Lookup, Outbox
from snerydder.casework.agreements.models import Acceptance, Agreement
from snerydder.casework.cases.models import Case, StoredVerdict
from snerydder.casework.grants.models import Grant, Letter
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Citizen, Mentor
from snerydder.exchange.csv import actions, queries
from snerydder.exchange.csv.models import Import, ImportRow
from tests.cast import fjordby
from tests.exchange.paper import CASES, CITIZENS, MENTORS, case_line, text


def read_in(cast, rows, kind="citizens", name="udtræk.csv"):
    return actions.read_in(name, text(rows).encode("cp1252"), kind, by=cast.dorthe)


def bring_in(cast, rows, kind="citizens"):
    job = actions.begin(read_in(cast, rows, kind), by=cast.dorthe)
    assert actions.carry_out(job, by=cast.dorthe), job.trouble
    return job


def outcomes(job):
    return list(ImportRow.objects.filter(job=job).order_by("line").values_list("outcome", flat=True))


def why(job, line=None):
    rows = ImportRow.objects.filter(job=job, outcome="refused").order_by("line")
    return " ".join(" ".join(row.reasons) for row in rows if line in (None, row.line))


# --- Citizens ---
def test_reading_a_file_makes_nothing_but_a_preview(cast):
    before = Citizen.objects.count()
    job = read_in(cast, CITIZENS)
    assert outcomes(job) == ["new", "new"] and Citizen.objects.count() == before
    assert "050390" not in ImportRow.objects.first().sealed, "the cells are kept sealed"
    assert Event.objects.filter(verb="exchange.read_in").count() == 1


def test_citizens_come_in_through_the_verb_with_their_history(cast):
    job = bring_in(cast, CITIZENS)
    citizen = Citizen.objects.get(last_name="Ågård-O'Neill")
    assert (citizen.first_name, citizen.cpr(), citizen.unit, citizen.target_group) == ("Søren Æbelø", "0503906011", cast.unit, "6.5")
    assert citizen.languages == ["dansk", "polsk"] and citizen.interpreter is False
    verbs = list(Event.objects.filter(citizen_id=citizen.pk).order_by("id").values_list("verb", flat=True))
    assert verbs == ["people.register_citizen", "exchange.import"]
    assert Event.objects.get(verb="exchange.import", citizen_id=citizen.pk).data == {"file": "udtræk.csv", "line": 2, "outcome": "new"}
    assert Import.objects.get(pk=job.pk).state == "done"
    assert set(ImportRow.objects.filter(job=job).values_list("sealed", flat=True)) == {""}, "what is imported is not kept twice"


def test_the_same_file_twice_changes_nothing(cast):
    bring_in(cast, CITIZENS)
    events = Event.objects.exclude(verb__startswith="exchange.").count()
    again = read_in(cast, CITIZENS)
    assert outcomes(again) == ["same", "same"]
    actions.carry_out(actions.begin(again, by=cast.dorthe), by=cast.dorthe)
    assert Event.objects.exclude(verb__startswith="exchange.").count() == events


def test_a_change_goes_through_the_verb_and_keeps_what_was(cast):
    bring_in(cast, CITIZENS)
    rows = [CITIZENS[0], [*CITIZENS[1][:3], "00 99 99 99", *CITIZENS[1][4:]], CITIZENS[2]]
    job = bring_in(cast, rows)
    assert outcomes(job) == ["changed", "same"]
    event = Event.objects.get(verb="people.change_citizen")
    assert (event.data["before"], event.data["after"]) == ({"phone": "00 11 22 33"}, {"phone": "00 99 99 99"})


def test_an_empty_cell_never_empties_what_is_known(cast):
    bring_in(cast, CITIZENS)
    job = read_in(cast, [CITIZENS[0], [*CITIZENS[1][:3], "", "", "", "", "", ""]])
    assert outcomes(job) == ["same"]


def test_each_line_that_cannot_be_used_says_everything_that_is_wrong_with_it(cast):
    rows = [CITIZENS[0], ["999999-9999", "Bo", "Ane", "", "Flyveholdet", "6.99", "", "måske", ""], ["010290-6012", "", "", "", "", "", "", "", ""], CITIZENS[1]]
    job = read_in(cast, rows)
    assert outcomes(job) == ["refused", "refused", "new"]
    told = why(job, 2)
    for words in ("CPR-nummeret kan ikke passe", "Enheden ”Flyveholdet” findes ikke", "6.99", "hverken ja eller nej"):
        assert words in told
    assert "fornavn og efternavn" in why(job, 3)


def test_only_the_good_lines_come_in_when_the_person_says_so(cast):
    before = Citizen.objects.count()
    bring_in(cast, [CITIZENS[0], ["1", "Bo", "Ane", "", "", "", "", "", ""], CITIZENS[1]])
    assert Citizen.objects.count() == before + 1


def test_twins_that_agree_are_one_and_twins_that_do_not_are_refused(cast):
    other = ["010290-6012", "Ørsted", "Åse Marie", *CITIZENS[2][3:]]
    job = read_in(cast, [*CITIZENS, CITIZENS[1], other])
    assert outcomes(job) == ["new", "refused", "same", "refused"]
    assert "Linje 5" in why(job, 3) and "Linje 3" in why(job, 5)


def test_a_nought_eaten_by_the_spreadsheet_is_put_back_and_said(cast):
    rows = [["CPR", "Fornavn", "Efternavn"], ["503906011", "Søren", "Ås"], ["1002906012", "Åse", "Ø"]]
    job = bring_in(cast, rows)
    assert Citizen.objects.get(first_name="Søren").cpr() == "0503906011"
    assert "nul foran" in ImportRow.objects.get(job=job, line=2).notes[0]
    kept = read_in(cast, [["CPR", "Fornavn", "Efternavn"], ["503906019", "Per", "Ås"], ["0102906018", "Pil", "Ø"]])
    assert outcomes(kept) == ["refused", "new"]


def test_a_line_with_too_many_cells_is_refused(cast):
    assert "skilletegn" in why(read_in(cast, [["CPR", "Fornavn", "Efternavn"], ["0503906011", "Søren", "Ås", "og", "mere"]]))


def test_a_protected_name_is_not_shown_in_the_preview(cast):
    rows = [["CPR", "Fornavn", "Efternavn", "Adressebeskyttelse"], ["0503906011", "Hemmelig", "Ås", "ja"]]
    line = queries.lines(read_in(cast, rows), "new", cast.dorthe)[0]
    assert "Hemmelig" not in line.who and line.number_masked == ""


def test_whoever_is_known_and_shown_is_in_the_log(cast):
    bring_in(cast, CITIZENS)
    before = Lookup.objects.count()
    queries.lines(read_in(cast, CITIZENS), "same", cast.dorthe)
    looked = Lookup.objects.order_by("-id").first()
    assert Lookup.objects.count() == before + 1 and len(looked.citizen_ids) == 2


# --- All or none ---
def test_when_a_verb_refuses_nothing_is_kept_and_the_line_is_marked(cast):
    job = actions.begin(read_in(cast, CITIZENS), by=cast.dorthe)
    people_before = Citizen.objects.count()
    real = people.register_citizen

    def refuses(**facts):
        if facts["first_name"] == "Åse":
            raise Refusal("Det gik ikke.")
        return real(**facts)

    people.register_citizen = refuses
    try:
        assert not actions.carry_out(job, by=cast.dorthe)
    finally:
        people.register_citizen = real
    assert Citizen.objects.count() == people_before
    assert outcomes(job) == ["new", "refused"] and job.state == "ready"
    assert job.trouble.startswith("1 række blev afvist") and "intet importeret" in job.trouble
    actions.carry_out(actions.begin(job, by=cast.dorthe), by=cast.dorthe)
    assert Citizen.objects.count() == people_before + 1


def test_what_came_in_the_meantime_is_seen(cast):
    """Somebody registers the citizen by hand between reading and importing: the line is the same then, not a fault."""
    job = read_in(cast, CITIZENS)
    people.register_citizen(by=cast.bente, cpr="050390-6011", first_name="Søren Æbelø", last_name="Ågård-O'Neill", unit=cast.unit)
    assert actions.carry_out(actions.begin(job, by=cast.dorthe), by=cast.dorthe)
    assert outcomes(job) == ["changed", "new"]


def test_a_file_is_imported_once(cast):
    job = bring_in(cast, CITIZENS)
    with pytest.raises(Refusal, match="allerede importeret"):
        actions.begin(job, by=cast.dorthe)


def test_two_do_not_import_the_same_file_at_once(cast):
    job = actions.begin(read_in(cast, CITIZENS), by=cast.dorthe)
    with pytest.raises(Refusal, match="ved at blive"):
        actions.begin(job, by=cast.henrik)


def test_another_municipality_sees_neither_the_file_nor_what_came_of_it(cast):
    bring_in(cast, CITIZENS)
    other = fjordby(902, "Bakkeby", "2")
    with transaction.atomic():
        set_context(other.municipality)
        assert not Import.objects.exists() and not ImportRow.objects.exists()
        assert Citizen.objects.count() == 1, "only its own Amina"
        assert outcomes(read_in(other, CITIZENS)) == ["new", "new"], "the same person may be known in two municipalities"


# --- Mentors ---
def test_mentors_come_in_and_are_known_again(cast):
    job = bring_in(cast, MENTORS, "mentors")
    assert outcomes(job) == ["new", "new"]
    mentor = Mentor.objects.get(staff__name="Øjvind Ærøskov")
    assert (mentor.kind, mentor.hours_per_week, mentor.languages, mentor.has_car) == ("municipal", 37, ["dansk", "norsk"], True)
    assert str(mentor.mentor_since) == "2019-03-01" and mentor.staff.phone == "00 22 33 44" and mentor.staff.roles == ["mentor"]
    changed = [MENTORS[0], [*MENTORS[1][:4], "30", *MENTORS[1][5:]], MENTORS[2]]
    again = bring_in(cast, changed, "mentors")
    assert outcomes(again) == ["changed", "same"] and Mentor.objects.get(pk=mentor.pk).hours_per_week == 30
    assert Event.objects.get(verb="people.change_mentor").data["after"] == {"hours_per_week": "30.0"}


def test_a_colleague_becomes_a_mentor(cast):
    job = bring_in(cast, [["Navn", "Mail", "Type", "Timer"], ["Freja Friis", "freja@example.org", "frivillig", "2"]], "mentors")
    assert outcomes(job) == ["new"] and Mentor.objects.get(staff=cast.freja).kind == "volunteer"


def test_a_mentor_without_a_kind_is_refused(cast):
    job = read_in(cast, [["Navn", "Type", "Timer"], ["Ane Bo", "tryllekunstner", "99"], ["Bo Ane", "", "3"]], "mentors")
    assert "tryllekunstner" in why(job, 2) and "99" in why(job, 2) and "Mentortype mangler" in why(job, 3)


# --- Running cases ---
def test_a_running_case_is_taken_over_as_it_was(cast):
    bring_in(cast, [*CASES, case_line()], "cases")
    case = Case.objects.select_related("mentor__staff", "caseworker").get(citizen__first_name="Søren")
    assert (case.stage, case.mentor, case.caseworker, case.agreement_complete) == ("active", cast.mentor, cast.bente, True)
    grant = Grant.objects.get(case=case)
    assert (grant.state, grant.hjemmel, grant.minutes, grant.minutes_per) == ("decided", "lab-167-1", 150, "week")
    assert (str(grant.start), str(grant.end), str(grant.decided_on), grant.decided_by) == ("2026-08-03", "2027-02-02", "2026-07-27", cast.bente)
    agreement = Agreement.objects.get(case=case)
    assert (agreement.state, str(agreement.started_on), {task.kind for task in agreement.tasks.all()}) == ("active", "2026-08-10", {"wake", "conversation"})
    assert Acceptance.objects.filter(agreement=agreement, how="paper").count() == 3
    assert not Letter.objects.exists() and not Outbox.objects.exists(), "the other system has sent its letter"


def test_what_was_taken_over_is_marked_in_its_history(cast):
    bring_in(cast, [*CASES, case_line()], "cases")
    case = Case.objects.get(citizen__first_name="Søren")
    events = Event.objects.filter(case_id=case.pk).order_by("id")
    assert [event.verb for event in events] == ["cases.adopt", "grants.adopt", "cases.set_goal", "agreements.adopt", "exchange.import"]
    assert {str(event.data.get("imported")) for event in events if event.verb.endswith("adopt")} == {"{'file': 'udtræk.csv', 'line': 2}"}
    assert {event.staff_name for event in events} == {"Dorthe Dam"}, "who imported, not who decided"


def test_the_law_of_its_own_day_warns_and_stops_nothing(cast):
    line = case_line(**{"Begrundelse for timer": "", "Bevilget til": "30-06-2027", "Målgruppe": "", "Aftale underskrevet": "", "Opgaver": ""})
    job = bring_in(cast, [*CASES, line], "cases")
    notes = " ".join(ImportRow.objects.get(job=job).notes)
    for words in ("Timetallet er ikke begrundet", "længere end 6 måneder", "Målgruppen mangler", "27-07-2026", "ikke underskrevet"):
        assert words in notes
    case = Case.objects.get(citizen__first_name="Søren")
    assert case.stage == "active" and not case.agreement_complete
    stopped = StoredVerdict.objects.filter(case=case, level="stop")
    assert {"CHK-01", "CHK-05"} <= set(stopped.values_list("check_id", flat=True))
    assert "2026-07-27" in {str(row.judged_on) for row in stopped}


def test_the_same_cases_twice_are_once_and_a_decision_is_not_changed_by_a_file(cast):
    bring_in(cast, [*CASES, case_line()], "cases")
    assert outcomes(read_in(cast, [*CASES, case_line()], "cases")) == ["same"]
    job = read_in(cast, [*CASES, case_line(**{"Timer pr. uge": "5"})], "cases")
    assert "rettes i sagen" in why(job)


def test_a_case_changes_hands_through_the_verbs(cast):
    bring_in(cast, MENTORS, "mentors")
    bring_in(cast, [*CASES, case_line()], "cases")
    job = bring_in(cast, [*CASES, case_line(Mentor="Øjvind Ærøskov")], "cases")
    assert outcomes(job) == ["changed"]
    case = Case.objects.get(citizen__first_name="Søren")
    assert case.mentor.name == "Øjvind Ærøskov" and case.stage == "matched"
    assert Event.objects.filter(case_id=case.pk, verb="agreements.replace_mentor").count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"Sagsbehandler": "Ukendt Person"}, "ingen sagsbehandler"),
        ({"Mentor": "Ukendt Person"}, "ingen mentor"),
        ({"Hjemmel": "§ 4711"}, "4711"),
        ({"Bevilget fra": "03-02-2027"}, "Til ligger før Fra"),
        ({"Bevilget fra": "08-30-2026"}, "byttet om"),
        ({"Startet": "01-01-2026"}, "uden for bevillingen"),
        ({"Startet": "01-01-2099"}, "fremtiden"),
        ({"Timer pr. uge": ""}, "Timer om ugen mangler"),
        ({"Fornavn": ""}, "fornavn og efternavn"),
        ({"Opgaver": "trylle"}, "trylle"),
        ({"Mentor": ""}, "ingen mentor"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_is_told_why(cast, changed, words):
    assert words in why(read_in(cast, [*CASES, case_line(**changed)], "cases"))


def test_mentor_and_caseworker_are_two(cast):
    people.register_mentor(cast.bente, by=cast.dorthe, kind="municipal", hours_per_week=2)
    assert "CHK-31" in why(read_in(cast, [*CASES, case_line(Mentor="Bente Bak")], "cases"))


def test_a_case_without_a_mentor_waits_for_one(cast):
    bring_in(cast, [*CASES, case_line(Mentor="", Startet="")], "cases")
    assert Case.objects.get(citizen__first_name="Søren").stage == "granted"


def test_a_file_is_gone_after_a_month(cast):
    from datetime import timedelta

    old = read_in(cast, CITIZENS)
    Import.objects.filter(pk=old.pk).update(made_at=old.made_at - timedelta(days=31))
    read_in(cast, CITIZENS)
    assert not Import.objects.filter(pk=old.pk).exists()
