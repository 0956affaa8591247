"""Writes docs/law: one page per rule and per hjemmel, all values, all sources. For a jurist, in Danish."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from . import rulebook
from .engine import Check, all_checks
from .hjemmel import Hjemmel, bases, find_hjemmel
from .labels import FIELDS, STEPS, field_label
from .packs import Entry
from .saying import as_of, choice_name, given, groups, in_force, looked_at, mark, measured, pack_heading, sentence, until
from .sources import Source, Standing
from .stories import Story, read
from .text import Text, danish_date
from .verdict import Level

NOTICE = "<!-- Skrevet af `python -m snerydder.law docs`. Ret i reglerne, ikke her. -->\n"
OUTCOMES = {
    "ok": "Går an",
    "warn": "Advarer",
    "stop": "Stopper",
    "silent": "Reglen angår ikke sagen",
}
KINDS = {
    "law": "lov",
    "order": "bekendtgørelse",
    "guidance": "vejledning",
    "audit": "revision",
    "authority": "myndighed eller andre",
    "trial": "forsøg",
    "norm": "norm",
}


BACK = "[Alle regler](README.md)"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [list(row) for row in rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '·').replace(chr(10), ' ') for cell in row)} |" for row in lines)


def page(*blocks: str) -> str:
    return NOTICE + "\n" + "\n\n".join(block for block in blocks if block) + "\n"


def source_line(source: Source) -> str:
    where = f"[{source.text}]({source.address})" if source.address else source.text
    line = f"- {where}: {source.title}. {looked_at(source)}."
    return " ".join(part for part in (line, source.note, replaced(source)) if part)


def replaced(source: Source) -> str:
    """From which day the text gives way to one that nobody has read, and what that means."""
    if source.replaced_on is None:
        return ""
    other = rulebook.sources()[source.replaced_by]
    link = f"[{other.text}](kilder.md#{other.key})"
    return f"**Ventes afløst {danish_date(source.replaced_on)}: {link}, er ikke læst, og fra den dag advarer reglen kun.**"


def values_table(entries: Iterable[Entry]) -> str:
    rows = [
        (
            entry.label,
            danish_date(value.start),
            until(value),
            f"**{measured(entry, value)}**" if in_force(value, as_of()) else measured(entry, value),
            f"[{rulebook.sources()[value.source].text}](kilder.md#{value.source})",
            mark(value.standing),
            value.note,
        )
        for entry in entries
        for value in entry.values
    ]
    return table(("Værdi", "Fra", "Til og med", "Er", "Kilde", "Læst", "Bemærk"), rows)


def used(part: Check) -> list[Entry]:
    return [entry for key, entry in rulebook.entries().items() if any(fnmatch(key, use) for use in part.uses)]


def can_stop(part: Check) -> bool:
    sources = rulebook.sources()
    is_local = any(entry.is_local for entry in used(part))
    return Level.STOP in part.steps.values() and not is_local and all(sources[cite].standing is Standing.READ for cite in part.cites)


def effect(part: Check) -> str:
    if not can_stop(part):
        return "advarer"
    is_mixed = any(value.standing is not Standing.READ for entry in used(part) for value in entry.values)
    return "stopper*" if is_mixed else "stopper"


def steps(part: Check) -> str:
    """ "når du bevilger, når forløbet begynder og ved afslag"."""
    *first, last = [STEPS[step] for step in part.steps]
    if not first:
        return last
    return f"{', '.join(first)}{', ' if last.startswith('når') else ' '}og {last}"


def tried(part: Check) -> str:
    told = steps(part)
    return f"Prøves, {told}" if told.startswith("når") else f"Prøves {told}"


def story_lines(id: str, stories: Iterable[Story]) -> str:
    rows = [
        (OUTCOMES[story.then[id]], danish_date(story.on), sentence(story.name), f"{STEPS[story.step].capitalize()}. {given(story.facts)}")
        for story in stories
    ]
    return table(("Udfald", "Dag", "Eksempel", "Sådan står sagen"), rows)


def rule_page(id: str, parts: list[Check], stories: list[Story]) -> str:
    told = [story for story in stories if id in story.then]
    cites = dict.fromkeys(cite for part in parts for cite in part.cites)
    replaced = [f"[{rulebook.sources()[key].text}](hjemmel-{key}.md)" for key, basis in bases().items() if id in basis.replaces]
    blocks = [BACK, f"# {id}: {parts[0].promise.rstrip('.')}"]
    for part in parts:
        why = Text(part.why, **{word.removeprefix("word."): word_today(word) for word in part.uses if word.startswith("word.")})
        blocks.append(f"**{part.promise}** {why}" if len(parts) > 1 else why)
        blocks.append(f"{tried(part)}. Reglen **{effect(part).rstrip('*')}**. Det rettes her: *{field_label(part.field)}*.")
        if effect(part) == "stopper*":
            blocks.append("Hvor en værdi ikke er læst i kilden, advarer reglen kun.")
        elif Level.STOP in part.steps.values() and not can_stop(part):
            blocks.append("Reglen må ikke stoppe nogen, fordi den hviler på noget, der ikke er læst i kilden.")
    if replaced:
        blocks.append(f"Gælder ikke for en bevilling efter {', '.join(replaced)}, som har sin egen periode.")
    own = [f"[{rulebook.sources()[cite].text}](hjemmel-{cite}.md)" for cite in cites if cite in bases()]
    if own:
        blocks.append(f"Hører til {', '.join(own)}.")
    blocks += ["## Kilder", "\n".join(source_line(rulebook.sources()[cite]) for cite in cites)]
    entries = list({entry.key: entry for part in parts for entry in used(part)}.values())
    if entries:
        blocks += ["## Værdier over tid", bold_today(), values_table(entries)]
    blocks += ["## Eksempler", story_lines(id, told)]
    return page(*blocks)


def word_today(key: str) -> str:
    return rulebook.on(as_of()).word(key.removeprefix("word."))


def hjemmel_page(hjemmel: Hjemmel) -> str:
    source = rulebook.sources()[hjemmel.key]
    purposes = ", ".join(choice_name("purpose_kind", key).lower() for key in hjemmel.purposes)
    entries = [entry for key, entry in rulebook.entries().items() if key.startswith(f"hjemmel.{hjemmel.key}.")]
    entries += [rulebook.entries()[key] for _, key in hjemmel.basis.values]
    facts = [
        "Borgeren har **ret** til støtten, når betingelserne er opfyldt." if hjemmel.is_right else "Støtten bevilges efter et skøn.",
        f"Formål: {purposes}.",
        f"Kun for målgrupperne i {groups(hjemmel.target_groups)}." if hjemmel.target_groups else "",
        f"Skal oplyses: {', '.join(FIELDS[field] for field in hjemmel.asks)}." if hjemmel.asks else "",
        f"Træder i stedet for {', '.join(f'[{id}]({id.lower()}.md)' for id in hjemmel.basis.replaces)}." if hjemmel.basis.replaces else "",
    ]
    rules = dict.fromkeys(part.id for part in all_checks() if hjemmel.key in part.cites)
    return page(
        BACK,
        f"# {source.text}: {hjemmel.name}",
        f"{hjemmel.rule}",
        "\n".join(f"- {fact}" for fact in facts if fact),
        "## I brevet til borgeren",
        f"> {hjemmel.letter}",
        "## Kilde",
        source_line(source),
        "## Regler, der hører til" if rules else "",
        "\n".join(f"- [{id}]({id.lower()}.md)" for id in rules),
        "## Værdier over tid",
        bold_today(),
        values_table(entries),
    )


def bold_today() -> str:
    return f"Det, der gælder {danish_date(as_of())}, står med fed."


def values_page() -> str:
    packs: dict[str, list[Entry]] = {}
    for entry in rulebook.entries().values():
        packs.setdefault(entry.pack, []).append(entry)
    about = "Et tal, en frist, en liste eller et navn, der kan skifte med loven, står her med den dag, det gælder fra."
    blocks = [BACK, "# Alle værdier over tid", f"{about} {bold_today()}"]
    for pack, entries in sorted(packs.items()):
        heading, more = pack_heading(pack)
        blocks += [f"## {heading}", f"{more} (`{pack}`)".strip(), values_table(entries)]
    return page(*blocks)


def sources_page() -> str:
    blocks = [
        BACK,
        "# Kilder",
        "Hvor hver regel er læst, og hvornår. *Ikke læst i kilden* betyder, at vi kun kender reglen fra andre eller i en anden udgave.",
    ]
    for key, source in rulebook.sources().items():
        blocks.append(f'<a id="{key}"></a>\n\n### {source.text}')
        where = f"<{source.address}>" if source.address else "ingen adresse"
        note = f" {source.note}" if source.note else ""
        blocks.append(f"{source.title} ({KINDS[source.kind]}). {looked_at(source)}: {where}.{note} {replaced(source)}".rstrip())
    return page(*blocks)


def not_read() -> str:
    """What is known to come and has not been read by anybody."""
    coming = {(source.replaced_on, source.replaced_by) for source in rulebook.sources().values() if source.replaced_on}
    told = [f"{rulebook.sources()[key].text}, er **ikke læst**: intet derfra kan stoppe nogen." for _day, key in sorted(coming)]
    return " ".join(told)


def index(rules: dict[str, list[Check]], hjemler: list[Hjemmel], stories: list[Story]) -> str:
    sources = rulebook.sources()
    rows = []
    for id, parts in rules.items():
        for part in parts:
            told = sum(story.then.get(id) is not None and story.step in part.steps for story in stories)
            read = all(sources[cite].standing is Standing.READ for cite in part.cites)
            cites = "; ".join(sources[cite].text for cite in part.cites)
            rows.append(
                (
                    f"[{id}]({id.lower()}.md)",
                    part.promise,
                    steps(part),
                    effect(part),
                    cites,
                    "læst i kilden" if read else "**ikke læst i kilden**",
                    str(told),
                )
            )
    return page(
        "# Loven, som Snerydder kender den",
        "Her står hver regel, Snerydder prøver en sag efter: hvad den kræver, hvor det står, hvornår det "
        "gælder, og eksempler på begge sider af hver dag, hvor noget skifter. En sag prøves efter loven på "
        "afgørelsens dag.",
        f"**Læst til og med {danish_date(as_of())}.** {not_read()}",
        "En regel **stopper** kun, når dens kilde er læst. Alt andet **advarer**. Kommunens egne normer "
        "advarer kun, og de kan aldrig lempe loven. En periode tælles med begge dage: fra den 1. marts "
        "løber seks måneder til og med den 31. august.",
        "## Regler",
        table(("Regel", "Kravet", "Prøves", "Virkning", "Kilde", "Læst", "Eksempler"), rows),
        "\\* Advarer kun, hvor en værdi ikke er læst i kilden.",
        "## Hjemler",
        table(
            ("Hjemmel", "Navn", "Reglen i én sætning", "Ret"),
            [(f"[{h.citation}](hjemmel-{h.key}.md)", h.name, h.rule, "ja" if h.is_right else "nej") for h in hjemler],
        ),
        "## Mere",
        "- [Alle værdier over tid](vaerdier.md)\n- [Alle kilder](kilder.md)",
    )


def pages(stories_folder: Path) -> dict[str, str]:
    """Every page by its file name."""
    stories = read(stories_folder)
    rules: dict[str, list[Check]] = {}
    for part in all_checks():
        rules.setdefault(part.id, []).append(part)
    hjemler = [hjemmel for key in bases() if (hjemmel := find_hjemmel(key, as_of()))]
    written = {f"{id.lower()}.md": rule_page(id, parts, stories) for id, parts in rules.items()}
    written |= {f"hjemmel-{hjemmel.key}.md": hjemmel_page(hjemmel) for hjemmel in hjemler}
    return written | {"README.md": index(rules, hjemler, stories), "vaerdier.md": values_page(), "kilder.md": sources_page()}
