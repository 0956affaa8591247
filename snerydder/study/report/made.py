"""Under each figure: how it is counted, and the fingerprints of the protocol and the register it was made of."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from snerydder.study.words import Words

if TYPE_CHECKING:  # the web asks for a figure's table, and need not load the engine for it
    from snerydder.study.protocol import Protocol

Formula = tuple[str, str, str]  # in Danish, in English, and whose work it is
NEYMAN: Formula = (*("Δ(t) = Σₛ (nₛ/n) · (ȳ₁ₛₜ − ȳ₀ₛₜ);  Var = Σₛ (nₛ/n)² · (s²₁ₛₜ/n₁ₛ + s²₀ₛₜ/n₀ₛ)",) * 2, "Neyman 1923; Imbens & Rubin 2015")
CLUSTERS: Formula = ("y(t) = α + Δ(t)·loddet; fejlen mellem klynger (CR2), t med Satterthwaites frihedsgrader", "y(t) = α + Δ(t)·lot; errors between clusters (CR2), t with Satterthwaite's degrees of freedom", "Bell & McCaffrey 2002")
PERSONAL: Formula = (*("Δ(t) = Σᵢ zᵢyᵢₜ/πᵢ / Σᵢ zᵢ/πᵢ − Σᵢ (1−zᵢ)yᵢₜ/(1−πᵢ) / Σᵢ (1−zᵢ)/(1−πᵢ)",) * 2, "Hájek 1971")
AALEN: Formula = ("Aalen-Johansen", "Aalen-Johansen", "Aalen & Johansen 1978")
KAPLAN: Formula = ("Kaplan-Meier", "Kaplan-Meier", "Kaplan & Meier 1958")
# a figure's kind: its table, and how it is counted
KINDS: dict[str, tuple[str, Formula]] = {
    "flow": ("flow", ("antal personer i hvert led", "persons at each step", "")),
    "effect": ("weekly", NEYMAN),
    "definitions": ("definitions", NEYMAN),
    "forest": ("subgroups", ("Δ(t) i hver undergruppe, gennemsnit af ugerne; p rettet for antallet", "Δ(t) in each subgroup, mean of the weeks; p corrected for their number", "Holm 1979")),
    "parts": ("parts", ("Δ(t) i hver undergruppe, uge for uge", "Δ(t) in each subgroup, week by week", "Imbens & Rubin 2015")),
    "places": ("parts", ("Δ(t) i hvert stratum, uge for uge", "Δ(t) in each stratum, week by week", "Imbens & Rubin 2015")),
    "late": ("weekly", ("β(t) = z̃′y(t) / z̃′d; z̃ er loddet minus dets andel i stratum, d at få en mentor", "β(t) = z̃′y(t) / z̃′d; z̃ is the lot less its share in the stratum, d receiving a mentor", "Imbens & Angrist 1994")),
    "looks": ("looks", ("konfidensfølge: gælder, hvor tit man end ser efter", "confidence sequence: holds however often one looks", "Waudby-Smith et al. 2024")),
    "share": ("delivery", ("andel(t) = personer med kontakt i uge t / alle trukne", "share(t) = persons with contact in week t / everybody drawn", "")),
    "minutes": ("delivery", ("minutter(t) = alle minutter i uge t / alle trukne", "minutes(t) = all minutes in week t / everybody drawn", "")),
    "reached": ("reached", AALEN),
    "benefit": ("benefit", KAPLAN),
    "length": ("courses", KAPLAN),
    "follows": ("follows", AALEN),
    "power": ("power", ("styrke = P(at finde forskellen | den er den ventede)", "power = P(finding the difference | it is the expected)", "Bloom 1995")),
    "tornado": ("money", ("nutidsværdi med én pris ad gangen ved lav og høj", "present value with one price at a time at low and high", "")),
    "compared": ("compared", ("dobbelt robust: vægt efter chancen for at begynde, og en model for udfaldet", "doubly robust: weights by the chance of starting, and a model of the outcome", "Bang & Robins 2005")),
    "described": ("described", ("andel(t) = personer i udfaldet i uge t / personer i gruppen", "share(t) = persons in the outcome in week t / persons in the group", "")),
}  # fmt: skip


IN_TIME = {
    "starts": ("de, der begynder i en uge, mod dem, der endnu venter, gjort ens med entropibalancering", "those who begin in a week against those still waiting, entropy balanced", "Sianesi 2004; Hainmueller 2012"),
    "roll-out": ("ændringen siden perioden før begyndelsen, mod dem, der endnu ikke var begyndt", "the change since the period before the beginning, against those not yet begun", "Callaway & Sant'Anna 2021"),
}  # fmt: skip


def kind(figure: str) -> str:
    return figure.partition("-")[0]


def table(figure: str) -> str:
    """The table the figure is drawn from, by its file's name."""
    return KINDS[kind(figure)][0]


def line(figure: str, protocol: Protocol, provenance: dict[str, Any], w: Words) -> str:
    """The formula and the two fingerprints, as a paragraph of the page."""
    _table, counted = KINDS[kind(figure)]
    if counted is NEYMAN:
        counted = CLUSTERS if protocol.lottery["cluster"] else PERSONAL if protocol.lottery["chances"] == "personal" else NEYMAN
    if kind(figure) == "compared":
        counted = IN_TIME.get(protocol.design, counted)
    danish, english, paper = counted
    source = f" ({escape(paper)})" if paper else ""
    marks = provenance["files"]
    protocol_hash, register_hash = (str(marks.get(name, ""))[:12] for name in (protocol.file.name, protocol.register["file"]))
    return (
        f'<p class="made">{w("Regnet som", "Calculated as")}: <span class="formula">{escape(w(danish, english))}</span>{source}. '
        f'{w("Protokol", "Protocol")} <code>{protocol_hash}</code>, {w("register", "register")} <code>{register_hash}</code>.</p>'
    )
