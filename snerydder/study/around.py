"""What stands around the effect: what was delivered, by whom, and what it cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from snerydder.effects import disclosure, dose, fidelity
from snerydder.effects.fidelity import Measure
from snerydder.effects.results import Floats, Refused
from snerydder.registers import table
from snerydder.study.data import Data
from snerydder.study.findings import Delivery, Dose, Place

YEAR = 52
FULL_TIME = 37.0
EPOCH = 1  # effects.dose counts weeks from one Monday earlier than registers.weeks


def delivery(data: Data) -> Delivery | None:
    if data.minutes is None:
        return None
    minutes = data.minutes[data.treated]
    met = minutes > 0
    ever = met.any(axis=1)
    first, last = met.argmax(axis=1), met.shape[1] - 1 - met[:, ::-1].argmax(axis=1)
    month = fidelity.first_contact_by_week(met, dose.monday(data.start[data.treated] + EPOCH))
    return Delivery(
        met.mean(axis=0), minutes.mean(axis=0), len(minutes), int(ever.sum()), int((data.minutes[~data.treated] > 0).any(axis=1).sum()),
        month, int(met.sum()), int((last - first + 1)[ever].sum()), float(met[:, YEAR + 1 :].any(axis=1).mean()) if met.shape[1] > YEAR + 1 else float("nan"),
        disclosure.dominated(minutes), bool(disclosure.dominated(minutes.sum(axis=1, keepdims=True))[0]), doses(minutes),
    )  # fmt: skip


def doses(minutes: Floats) -> tuple[Dose, ...]:
    """Hours and weeks with contact, over everybody drawn to a mentor and over those who met one."""
    met = minutes > 0
    ever = met.any(axis=1)
    found = []
    for who, who_en, rows in (("alle trukne", "everybody drawn", np.ones_like(ever)), ("dem med kontakt", "those with contact", ever)):
        if not rows.any():
            continue
        for what, what_en, values in (("Timer i alt", "Hours in all", minutes.sum(axis=1) / 60), ("Uger med kontakt", "Weeks with contact", met.sum(axis=1))):
            low, median, high = np.quantile(values[rows], (0.25, 0.5, 0.75))
            found.append(Dose(int(rows.sum()), f"{what}, {who}", f"{what_en}, {who_en}", float(low), float(median), float(high), float(values[rows].mean())))
    return tuple(found)


def places(data: Data) -> tuple[Place, ...]:
    """By stratum of the lottery, with the mentors of the place where the file names them."""
    found = []
    hours: dict[str, list[float]] = {}
    if data.mentors is not None:
        part = data.protocol.mentors
        for place, value in zip(data.mentors[part["municipality"]].to_list(), data.mentors[part["hours"]].to_list(), strict=True):
            hours.setdefault(str(place), []).append(float(value))
    for number, name in enumerate(data.stratum_names):
        here = data.stratum == number
        mine = hours.get(name, [])
        treated = int((here & data.treated).sum())
        full = sum(value > 30 for value in mine)
        found.append(
            Place(
                name,
                int((here & ~data.treated).sum()),
                treated,
                len(mine),
                full,
                len(mine) - full,
                treated / (sum(mine) / FULL_TIME) if mine else float("nan"),
            )
        )
    return tuple(sorted(found, key=lambda place: danish(place.name)))


def danish(name: str) -> list[int]:
    """As a Dane sorts: æ, ø, å last, and aa is å."""
    return ["abcdefghijklmnopqrstuvwxyzæøå".find(letter) for letter in name.lower().replace("aa", "å")]


def points(data: Data, delivered: Delivery | None, by_place: tuple[Place, ...]) -> tuple[Measure | Refused, ...]:
    """The trial's seven points, as far as the files can tell."""
    part, mentors, found = data.protocol.mentors, data.mentors, list[Measure | Refused]()

    def column(key: str) -> Floats:
        assert mentors is not None
        table.require(mentors, data.protocol.path(part), [part[key]], f"[mentors] {key}")
        return table.numbers(mentors, data.protocol.path(part), part[key])

    if mentors is not None and part["central_course"] and part["local_course"]:
        found.append(fidelity.courses(column("central_course"), column("local_course")))
    if data.protocol.caseworkers:
        file = data.protocol.path(data.protocol.caseworkers)
        workers = table.read(file, "sagsbehandlerne")
        table.require(workers, file, [data.protocol.caseworkers["course"]], "[caseworkers] course")
        came = table.numbers(workers, file, data.protocol.caseworkers["course"])
        found.append(fidelity.measure(1, "Sagsbehandlere på kurset", "Case workers at the course", int(np.nansum(came)), int(np.isfinite(came).sum()), int(np.isnan(came).sum())))
    if mentors is not None and part["paid"] and part["authority"]:
        found.append(fidelity.independence(column("paid"), column("authority")))
    with_mentors = [place for place in by_place if place.mentors]
    if with_mentors:
        load = fidelity.caseload([place.treated for place in with_mentors], [place.treated / place.per_full_time * fidelity.FULL_TIME for place in with_mentors])
        found.append(load if isinstance(load, Refused) else replace(load.measure, label="Kommuner med under 20 deltagere pr. fuldtidsmentor", label_en="Municipalities with fewer than 20 participants per full-time mentor"))
    if data.minutes is not None and delivered is not None:
        found.append(fidelity.measure(4, "Uger med kontakt, fra den første kontakt til den sidste", "Weeks with contact, from the first contact to the last", delivered.weeks_met, delivered.weeks_between, delivered.drawn - int(delivered.ever)))
        found.append(delivered.month if isinstance(delivered.month, Refused) else delivered.month[0])
    if mentors is not None and part["supervision"]:
        kept = column("supervision")
        found.append(fidelity.measure(6, "Mentorer med fast supervision", "Mentors with regular supervision", int(np.nansum(kept)), int(np.isfinite(kept).sum()), int(np.isnan(kept).sum())))
    if data.minutes is not None and data.protocol.weeks > YEAR + 1:
        late = np.asarray((data.minutes[data.treated][:, YEAR + 1 :] > 0).any(axis=1))
        found.append(fidelity.measure(7, "Deltagere uden kontakt efter 12 måneder", "Participants without contact after 12 months", int((~late).sum()), len(late), 0))
    return tuple(found)


def mentor_answers(data: Data) -> dict[str, float]:
    """Shares among those who answered; the columns of the invented survey, where they are there."""
    if data.mentors is None or "svarede" not in data.mentors.columns:
        return {}
    file, mentors = data.protocol.path(data.protocol.mentors), data.mentors
    answered = table.numbers(mentors, file, "svarede") == 1
    if not answered.any():
        return {}

    def given(name: str) -> Floats:
        values = table.numbers(mentors, file, name)[answered]
        return values[np.isfinite(values)]

    found = {"svarprocent": float(answered.mean())}
    traits = ("kvinde", "mellemlang_uddannelse", "erfaring_under_2_aar", "fra_anden_kommunal_funktion")
    found |= {name: float(given(name).mean()) for name in traits if name in mentors.columns and len(given(name))}
    if "alder" in mentors.columns and len(age := given("alder")):
        found |= {"under_30": float((age < 30).mean()), "over_50": float((age > 50).mean())}
    return found
