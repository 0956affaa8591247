"""The compact form (registers.compact): the drawn persons taken out of a register of any size, without reading the rest."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from snerydder.panel import codes_from
from snerydder.registers import compact
from snerydder.registers.forms import keys
from snerydder.registers.forms.raw import Raw, RowOfPerson
from snerydder.registers.source import Source


def read(source: Source, wanted: Set[str]) -> Raw:
    """A row number is the person's place in the register the compact form was made of."""
    whole = compact.open(source.file)
    asked = sorted(wanted)
    part = compact.take(whole, asked)
    keys.refuse_lookalikes(source.file, source.key, whole.persons, wanted, wanted - set(part.persons))
    numbers = np.array([0, *(int(code) for code in part.codes[1:])], dtype=np.uint16)
    persons = tuple(part.persons)
    grid = numbers[codes_from(part, np.arange(len(persons)), np.full(len(persons), part.first), len(part.covered))]
    places = whole.persons.find(persons) if isinstance(whole.persons, compact.Keys) else np.arange(len(persons))
    return Raw(persons, grid, part.first, part.covered, {}, len(whole.persons), RowOfPerson(places + 1), ())
