"""Which of the drawn persons' weeks the register can tell of, and what became of those who died or left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snerydder.registers import quality, weeks
from snerydder.registers.faults import BadInput
from snerydder.registers.outcomes import Seen
from snerydder.registers.quality import Row
from snerydder.registers.reading import Reading
from snerydder.study.lottery_file import Lottery
from snerydder.study.protocol import Protocol

Cells = NDArray[np.bool_]  # persons × weeks
WORDS = {
    "not_covered": ("personuger ligger uden for registrets uger og er udeladt i deres uge", "person-weeks lie outside the register's weeks and are left out that week"),
    "month_not_covered": ("personuger ligger i måneder uden kolonne og er udeladt i deres uge", "person-weeks lie in months without a column and are left out that week"),
    "empty_end stop": ("personuger i registrets sidste uger, hvor intet står om nogen", "person-weeks in the register's last weeks, where nothing stands about anybody"),
    "empty_end leave_out": ("personuger i registrets sidste uger, hvor intet står om nogen, er udeladt som ikke udfyldt", "person-weeks in the register's last weeks, where nothing stands about anybody, are left out as not filled in"),
    "empty_end keep": ("personuger i registrets sidste uger, hvor intet står om nogen, tæller som uger uden ydelse og løn", "person-weeks in the register's last weeks, where nothing stands about anybody, count as weeks without benefit and pay"),
    "dead_before_draw": ("personer stod som døde før deres lodtrækning; se nøglen og datoen efter", "persons stood as dead before their draw; look at the key and the date"),
    "dead keep": ("personer er døde i vinduet; de bliver i nævneren med udfald nej", "persons died in the window; they stay in the denominator with outcome no"),
    "dead drop": ("personer er døde i vinduet; de uger er udeladt", "persons died in the window; those weeks are left out"),
    "abroad keep": ("personer er udvandrede i en del af vinduet; de bliver i nævneren med udfald nej", "persons were abroad in a part of the window; they stay in the denominator with outcome no"),
    "abroad drop": ("personer er udvandrede i en del af vinduet; de uger er udeladt", "persons were abroad in a part of the window; those weeks are left out"),
    "returned": ("personer kom tilbage efter en udvandring i vinduet; ugerne efter tæller som andres", "persons came back after emigrating in the window; the weeks after count as others'"),
    "blank": ("personuger i vinduet uden offentlig ydelse; det er en oplysning, og det er ikke det samme som job", "person-weeks in the window without public benefit; that is information, and not the same as a job"),
}  # fmt: skip


def observed(protocol: Protocol, lottery: Lottery, reading: Reading, seen: Seen, kinds: tuple[str, ...]) -> tuple[Cells, list[Row]]:
    """What the register can tell of. A week it does not cover is left out, never taken for a week without benefit."""
    covered = seen.covered()
    known = covered & _months_known(reading, seen, kinds)
    _covers_the_window(protocol, lottery, seen, kinds, covered, known)
    policy = f"not_covered = {protocol.policy['not_covered']}"
    told = [_person_weeks("not_covered", ~covered, policy, lottery), _person_weeks("month_not_covered", covered & ~known, policy, lottery)]
    known, row = _empty_end(protocol, lottery, seen, kinds, known)
    told.append(row)
    told.append(_persons("dead_before_draw", "dead_before_draw", seen.marked("dead", before=1)[:, :1], "", lottery))
    for mark in ("dead", "abroad"):
        gone, chosen = seen.marked(mark) & known, protocol.policy[mark]
        told.append(_persons(mark, f"{mark} {chosen}", gone, f"{mark} = {chosen}", lottery))
        if mark == "abroad":
            back = np.maximum.accumulate(gone, axis=1) & known & ~gone & ~seen.marked("dead")
            told.append(_persons("returned", "returned", back, "", lottery))
        if chosen == "drop":
            known = known & ~gone
    if not known.any(axis=0).all():
        file = protocol.path(protocol.register)
        raise BadInput(
            file,
            "Der er en uge, hvor ingen er tilbage, når døde, udvandrede og tomme uger udelades.",
            "afsnit [policy]",
            mend="Sæt last lavere under [window].",
        )
    told.append(_person_weeks("blank", (seen.grid() == 0) & known, "", lottery))
    return known, told


def _months_known(reading: Reading, seen: Seen, kinds: tuple[str, ...]) -> Cells:
    """A month without a column was not seen; its blanks are not months without pay."""
    known = np.ones((len(seen.rows), seen.weeks), dtype=bool)
    for kind in kinds:
        covered = reading.months_covered[kind]
        place, inside = seen.month_place(seen.panel.months[kind].first, len(covered))
        known &= inside & covered[place]
    return known


def _empty_end(protocol: Protocol, lottery: Lottery, seen: Seen, kinds: tuple[str, ...], known: Cells) -> tuple[Cells, Row]:
    """Columns made ready and not filled in yet look like everybody leaving benefits and work at once."""
    file, chosen, spells = protocol.path(protocol.register), protocol.policy["empty_end"], seen.panel.spells
    lasting = np.any(seen.codes.table(spells.codes, "dead")[1], axis=0).reshape(-1)[spells.code]  # the dead stand to the end by themselves
    end = int(spells.end[~lasting].max()) if (~lasting).any() else spells.first
    empty = known & (seen.start[:, None] + np.arange(seen.weeks) >= end)
    what = f"Fra {weeks.name(end)} er ugerne tomme for alle trukne."
    for kind in kinds:
        months = seen.panel.months[kind]
        filled = np.flatnonzero(np.isfinite(months.values).any(axis=0))
        last = int(filled[-1]) if filled.size else -1
        place, inside = seen.month_place(months.first, months.values.shape[1])
        late = known & inside & (place > last)
        if late.any() and not empty.any():
            what = f"Efter {kind}_{weeks.month_name(months.first + last)} er månederne tomme for alle trukne."
        empty |= late
    if chosen == "stop" and empty.any():
        mend = 'Er de ikke udfyldt endnu, så skriv empty_end = "leave_out" under [policy]; fik ingen noget, så skriv "keep".'
        raise BadInput(file, what, expected="koder helt til registrets slutning", mend=mend)
    row = Row("empty_end", *WORDS[f"empty_end {chosen}"], int(empty.sum()), empty.size, f"empty_end = {chosen}", file.name)
    return known & ~empty if chosen == "leave_out" else known, row


def _covers_the_window(protocol: Protocol, lottery: Lottery, seen: Seen, kinds: tuple[str, ...], covered: Cells, known: Cells) -> None:
    file, mend = protocol.path(protocol.register), "Hent et nyere udtræk, eller sæt last lavere under [window]."
    if not known.any(axis=0).all():
        week = int(np.flatnonzero(~known.any(axis=0))[0])
        columns = f"kolonnerne {' og '.join(f'{kind}_åååå_mm' for kind in kinds)}" if covered[:, week].any() else "kolonnerne y_åauu"
        expected = f"uger til og med {protocol.last} efter den sidste lodtrækning"
        raise BadInput(file, f"Registret dækker ikke uge {week} efter lodtrækningen for nogen.", columns, expected, mend)
    if protocol.policy["not_covered"] == "stop" and not known.all():
        row, week = (int(one) for one in np.argwhere(~known)[0])
        name = weeks.name(int(seen.start[row]) + week)
        what = f"Uge {week} efter lodtrækningen ({name}) er ikke i registret for personen i lodtrækningens række {lottery.row[row]}."
        raise BadInput(
            file, what, expected="alle vinduets uger for alle trukne", mend=f'{mend} Ellers skriv not_covered = "leave_out" under [policy].'
        )


def _persons(key: str, words: str, cells: Cells, policy: str, lottery: Lottery) -> Row:
    who = np.asarray(cells.any(axis=1))
    return Row(key, *WORDS[words], int(who.sum()), len(who), policy, lottery.file, quality.first(lottery.row[who].tolist()))


def _person_weeks(key: str, cells: Cells, policy: str, lottery: Lottery) -> Row:
    examples = quality.first(lottery.row[cells.any(axis=1)].tolist()) if policy else ()
    return Row(key, *WORDS[key], int(cells.sum()), cells.size, policy, lottery.file, examples)
