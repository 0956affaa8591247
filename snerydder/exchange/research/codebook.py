"""The code book, made from the models: what each column means is what the product calls it, and a choice's values are the model's own."""
# da-file: read by evaluators in Danish

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import translation

from snerydder.casework.contacts.models import Contact
from snerydder.casework.people.models import Citizen, Mentor
from snerydder.casework.trials.models import Departure, Enrolment, Offer, Trial
from snerydder.law import rulebook

PERSON, WEEK = "pseudonym for en borger, det samme i alle forsøgets pakker", "mandagen i ugen"
# file, column, model and field it comes from, and what was done to it
COLUMNS: tuple[tuple[str, str, Any, str, str], ...] = (
    ("lodtraekning.csv", "noegle", Enrolment, "citizen", PERSON), ("lodtraekning.csv", "kommune", Enrolment, "municipality", ""), ("lodtraekning.csv", "gruppe_for_lod", Enrolment, "stratum", ""),
    ("lodtraekning.csv", "klynge", Enrolment, "stratum", "med kommunen foran; den klynge, der har ét lod, hvor hele enheder trækkes"),
    ("lodtraekning.csv", "uge", Enrolment, "enrolled_on", WEEK), ("personer.csv", "noegle", Enrolment, "citizen", PERSON),
    ("personer.csv", "alder", Citizen, "birth_year", "hele år ved lodtrækningen"), ("kontakter.csv", "noegle", Enrolment, "citizen", PERSON),
    ("kontakter.csv", "uge", Contact, "week", "hele uger efter lodtrækningens uge"),
    ("kontakter.csv", "minutter", Contact, "counted_minutes", "lagt sammen i ugen; forgæves forsøg er ikke med"),
    ("mentorer.csv", "mentor", Contact, "mentor", "pseudonym for en mentor"), ("mentorer.csv", "kommune", Mentor, "municipality", ""),
    ("mentorer.csv", "art", Mentor, "kind", ""), ("mentorer.csv", "timer", Mentor, "hours_per_week", ""),
    ("mentor_for.csv", "noegle", Enrolment, "citizen", PERSON), ("mentor_for.csv", "mentor", Contact, "mentor", "pseudonym for en mentor"),
    ("tilbud.csv", "noegle", Enrolment, "citizen", PERSON), ("tilbud.csv", "uge", Offer, "offered_on", WEEK), ("tilbud.csv", "svar", Offer, "answer", ""),
    ("afvigelser.csv", "noegle", Enrolment, "citizen", PERSON), ("afvigelser.csv", "art", Departure, "kind", ""), ("afvigelser.csv", "uge", Departure, "noticed_on", WEEK),
)  # fmt: skip


def rows(trial: Trial) -> Iterator[tuple[str, str, str, str]]:
    with translation.override("da"):
        yield "alle", "", f"Forsøg {trial.number}, {trial.municipality.name}. Lovens version {rulebook.version}. Protokol {trial.protocol_hash}", ""
        yield "lodtraekning.csv", "gruppe", "hvad loddet sagde; ændres aldrig", "offered: tilbudt mentor; more: det andet tilbud; control: kontrol"
        for file, column, model, name, done in COLUMNS:
            field = model._meta.get_field(name)
            values = "; ".join(f"{key}: {label}" for key, label in field.choices or ())
            yield file, column, ", ".join(part for part in (str(field.verbose_name), done) if part), values
