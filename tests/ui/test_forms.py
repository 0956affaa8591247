"""Fields that read what Danes write, and pages that lose nothing of it."""

import datetime
import re
from decimal import Decimal

import pytest
from django import forms as django_forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from snerydder.audit.action import Refusal
from snerydder.ui import controls, forms
from tests.ui import gallery
from tests.ui.samples import NASTY


class One(forms.Form):
    day = forms.DateField(label="Start")


def date_of(**posted):
    form = One(posted)
    return form.cleaned_data["day"] if form.is_valid() else form.errors["day"][0]


@pytest.mark.parametrize("posted", [
    {"day_day": "3", "day_month": "3", "day_year": "2026"}, {"day_day": "03", "day_month": "03", "day_year": "2026"},
    {"day_day": "03-03-2026"}, {"day_day": " 3.3.2026 "}, {"day": "2026-03-03"}, {"day": "03-03-2026"}, {"day": "3/3 2026"},
])  # fmt: skip
def test_a_date_is_read_as_it_is_written(posted):
    assert date_of(**posted) == datetime.date(2026, 3, 3)


@pytest.mark.parametrize(("posted", "said"), [
    ({"day_day": "31", "day_month": "2", "day_year": "2026"}, "Den 31. februar 2026 findes ikke."),
    ({"day_day": "3", "day_month": "13", "day_year": "2026"}, "Måneden kan ikke være 13. Er dag og måned byttet om?"),
    ({"day_day": "3", "day_month": "3", "day_year": "26"}, "Skriv året med fire tal, for eksempel 2026."),
    ({"day_day": "3", "day_month": "3", "day_year": "2206"}, "Året 2206 kan ikke passe."),
    ({"day_day": "3", "day_month": "", "day_year": "2026"}, "Skriv både dag, måned og år."),
    ({"day_day": "tre", "day_month": "3", "day_year": "2026"}, "”tre-3-2026” er ikke en dato. Skriv den som 03-03-2026."),
    ({"day": "i morgen"}, "”i morgen” er ikke en dato. Skriv den som 03-03-2026."),
    ({"day": "2026-03-99"}, "Den 99. marts 2026 findes ikke."),
    ({}, "Udfyld: Start"),
])  # fmt: skip
def test_a_wrong_date_says_what_is_wrong(posted, said):
    assert date_of(**posted) == said


@given(st.text(max_size=12), st.text(max_size=6), st.text(max_size=6))
def test_no_date_is_a_traceback(day, month, year):
    form = One({"day_day": day, "day_month": month, "day_year": year})
    form.is_valid()
    assert str(controls.field(form["day"]))


@given(st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2100, 12, 31)))
def test_a_date_goes_round(day):
    parts = forms.DateParts().parts(day)
    assert date_of(**{f"day_{name}": value for name, value in parts.items()}) == day


class Numbers(forms.Form):
    length = forms.MinutesField(label="Tid", required=False, min_value=1, max_value=600)
    hours = forms.DecimalField(label="Timer", required=False, max_digits=7, decimal_places=2)
    at = forms.TimeField(label="Klokken", required=False)


@pytest.mark.parametrize(("posted", "name", "read"), [
    ({"length_hours": "1", "length_minutes": "30"}, "length", 90), ({"length_minutes": "90"}, "length", 90), ({"length": "90"}, "length", 90),
    ({"length": "1:30"}, "length", 90), ({"length_hours": "2"}, "length", 120),
    ({"hours": "1,5"}, "hours", Decimal("1.5")), ({"hours": "1.234,50"}, "hours", Decimal("1234.50")), ({"hours": "1.234"}, "hours", Decimal(1234)),
    ({"hours": "1.5"}, "hours", Decimal("1.5")), ({"hours": "1 234,5"}, "hours", Decimal("1234.5")),
    ({"at": "14.30"}, "at", datetime.time(14, 30)), ({"at": "14:30"}, "at", datetime.time(14, 30)), ({"at": "1430"}, "at", datetime.time(14, 30)),
    ({"at": "9"}, "at", datetime.time(9, 0)),
])  # fmt: skip
def test_numbers_are_read_as_danes_write_them(posted, name, read):
    form = Numbers(posted)
    assert form.is_valid(), form.errors
    assert form.cleaned_data[name] == read


@pytest.mark.parametrize(("posted", "name"), [
    ({"length_hours": "1", "length_minutes": "75"}, "length"), ({"length_hours": "x"}, "length"), ({"length": "0"}, "length"),
    ({"length": "601"}, "length"),
    ({"length_hours": "-1"}, "length"), ({"length_hours": "9" * 400}, "length"),
    ({"hours": "to"}, "hours"), ({"at": "25:00"}, "at"), ({"at": "kl. 9"}, "at"),
])  # fmt: skip
def test_wrong_numbers_are_told(posted, name):
    form = Numbers(posted)
    assert not form.is_valid()
    assert form.errors[name]


def drawn(form, name):
    return str(controls.field(form[name]))


def test_what_was_written_is_still_there():
    form = gallery.ContactForm(gallery.BAD)
    assert not form.is_valid()
    assert 'value="31"' in drawn(form, "day")
    assert 'value="25:00"' in drawn(form, "at")
    assert 'value="75"' in drawn(form, "length")
    assert 'value="to"' in drawn(form, "hours")
    assert "æ" * 4001 in drawn(form, "note")
    assert "&lt;b&gt;fed&lt;/b&gt;" in drawn(form, "name")


def test_a_password_is_never_sent_back():
    form = gallery.ContactForm({"password": "hemmelig-adgangskode"})
    assert "hemmelig" not in drawn(form, "password")


def test_a_leading_line_break_survives():
    form = gallery.ContactForm({"note": "\nførst en tom linje"})
    assert ">\n\nførst" in drawn(form, "note")


def test_what_may_be_left_out_says_so():
    form = gallery.ContactForm()
    assert "(frivilligt)" in drawn(form, "kinds")
    assert "(frivilligt)" in drawn(form, "note")
    assert "(frivilligt)" not in drawn(form, "day")


def test_the_summary_leads_to_the_first_box_of_each_field():
    form = gallery.ContactForm(gallery.BAD)
    page = str(controls.summary(form)) + "".join(drawn(form, name) for name in form.fields)
    targets = re.findall(r'href="#([^"]+)"', str(controls.summary(form)))
    assert len(targets) == 9
    assert all(f'id="{target}"' in page for target in targets), targets


def test_every_error_is_tied_to_its_control():
    form = gallery.ContactForm(gallery.BAD)
    for name in form.errors:
        html = drawn(form, name)
        told = re.search(r'class="form-error-message" id="([^"]+)"', html).group(1)
        assert re.search(rf'aria-describedby="[^"]*\b{told}\b', html), name


def test_a_form_not_sent_has_no_summary():
    assert controls.summary(gallery.ContactForm()) == ""


def test_a_selected_choice_stays_selected():
    form = gallery.ContactForm(QueryDict("how=called&kinds=talk&kinds=doctor&unit=2&sure=on"))
    form.is_valid()
    assert re.search(r'value="called"[^>]* checked', drawn(form, "how"))
    assert len(re.findall(r" checked", drawn(form, "kinds"))) == 2
    assert '<option value="2" selected' in drawn(form, "unit")
    assert " checked" in drawn(form, "sure")


def test_a_field_of_several_boxes_cannot_be_drawn_bare():
    with pytest.raises(TypeError, match="ui.field"):
        str(gallery.ContactForm()["day"])


def test_a_whole_form_drawn_bare_goes_through_the_design_system():
    html = str(One({"day": "x"}))
    assert 'data-module="error-summary"' in html
    assert "date-group" in html


def test_run_does_the_verb_with_the_facts():
    form = One({"day": "2026-03-03"})
    assert forms.run(form, lambda facts: facts["day"].year)
    assert form.outcome == 2026


def test_run_does_nothing_with_a_wrong_form():
    assert not forms.run(One({}), lambda facts: pytest.fail("done"))


def refused_by(refusal):
    def verb(facts):
        raise refusal

    form = One({"day": "2026-03-03"})
    assert not forms.run(form, verb)
    return form


def test_a_refusal_stands_at_the_field_that_mends_it():
    form = refused_by(Refusal("Bevillingen kan ikke starte endnu.", "Datoen er før afgørelsen.", "Vælg en senere dag.", field="day"))
    assert "Vælg en senere dag." in drawn(form, "day")
    assert 'href="#id_day-day"' in str(controls.summary(form))


def test_a_refusal_without_a_field_stands_on_top_with_its_link():
    form = refused_by(Refusal("Aftalen mangler.", NASTY, "Skriv aftalen", link="/sager/1/aftale/", field="ukendt"))
    html = str(controls.summary(form))
    assert '<a href="/sager/1/aftale/">Skriv aftalen</a>' in html
    assert "<b>fed" not in html


def test_several_refusals_are_all_told():
    form = refused_by(Refusal.several([Refusal("Et.", field="day"), Refusal("To.")]))
    assert "2 ting" in str(controls.summary(form))


def test_a_choice_may_have_a_group_and_no_empty_button():
    class Grouped(forms.Form):
        pick = django_forms.ChoiceField(label="Hvad?", choices=[("", "---"), ("Uge", [("1", "Mandag")])], widget=forms.Radios)

    html = drawn(Grouped(), "pick")
    assert "Uge: Mandag" in html
    assert "---" not in html
