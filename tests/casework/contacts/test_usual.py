"""The short way to read the usual contact gives what the form gives, or nothing."""

from uuid import uuid4

from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from snerydder.casework.contacts.forms import ContactForm, usual

IDS = st.one_of(*[st.uuids().map(str)] * 6, st.sampled_from(["", "x", "{}", "urn:uuid:" + str(uuid4())]))
EMPTY = st.sampled_from([*[""] * 20, "7", "2026-08-20", "10.30"])
POSTED = st.fixed_dictionaries(
    {
        "entry": IDS, "cases": st.lists(IDS, max_size=3), "form": st.sampled_from([*["met", "phone", "sms", "tried"] * 3, "", "x"]),
        "minutes": st.sampled_from([*["15", "45", "90"] * 4, "other", "", "20", "0", "-1", "٤٥", "1e3"]),
        "help": st.lists(st.sampled_from(["walk", "court", "other", "flying"]), max_size=3, unique=True),
        "note": st.one_of(st.just(""), st.text(max_size=40), st.just("x" * 10_000), st.just("x" * 10_001)),
    },
    optional=dict.fromkeys(("other_minutes", "goal", "day", "day_day", "day_month", "day_year", "time", "noget_andet"), EMPTY),
)  # fmt: skip


def as_posted(content):
    posted = QueryDict(mutable=True)
    for name, value in content.items():
        posted.setlist(name, value if isinstance(value, list) else [value])
    return posted


@settings(max_examples=300, deadline=None)
@given(POSTED)
def test_it_is_what_the_form_gives_or_nothing(content):
    posted = as_posted(content)
    facts = usual(posted)
    if facts is not None:
        form = ContactForm(posted)
        assert form.is_valid(), form.errors
        assert facts == form.cleaned_data


def test_the_usual_contact_is_read_the_short_way():
    case, entry = str(uuid4()), str(uuid4())
    taps = {"entry": entry, "cases": [case], "form": "met", "minutes": "45", "help": ["walk"], "note": " Vi gik en tur ", "day_day": "", "time": ""}
    assert usual(as_posted(taps))["note"] == "Vi gik en tur"
    for name, value in (("day_day", "3"), ("time", "10"), ("minutes", "other"), ("goal", case), ("cases", []), ("note", "nul\0byte")):
        assert usual(as_posted(taps | {name: value})) is None
