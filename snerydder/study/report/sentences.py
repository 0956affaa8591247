"""The sentences of a report, made from the numbers, and held to three rules.

A word of cause needs a lottery and an interval that does not hold zero. A number is told with its interval, and the interval with its
level. Where zero is inside, the sentence says so.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from snerydder.study.words import Words

CAUSE = re.compile(r"effekt|\bvirk(er|ning|ede)|skyldes|fører til|takket være|\beffects?\b|\bworks\b|because of|due to|leads to|thanks to", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """One number with its interval, and whether lots were drawn."""

    value: float
    lower: float
    upper: float
    alpha: float
    drawn: bool = True

    @property
    def known(self) -> bool:
        """Whether there is an interval: where nobody differs within the arms there is none, and nothing is claimed."""
        return math.isfinite(self.lower)

    @property
    def certain(self) -> bool:
        return self.lower > 0 or self.upper < 0

    @property
    def causal(self) -> bool:
        return self.certain and self.drawn

    @property
    def level(self) -> int:
        return round(100 * (1 - self.alpha))


def span(low: str, high: str, w: Words) -> str:
    return w.pair(low, high, w(" til ", " to "))


def no_interval(w: Words) -> str:
    return w("uden interval, for alle i samme gruppe og stratum var ens", "no interval, as all in the same arm and stratum were alike")


def interval(claim: Claim, w: Words, decimals: int = 1) -> str:
    """In percentage points, with its level."""
    if not claim.known:
        return no_interval(w)
    level = w(f"{claim.level}\u00a0%-interval", f"{claim.level}\u00a0% interval")
    return f"{level} {span(w.points(claim.lower, decimals), w.points(claim.upper, decimals), w)}"


def finding(when: str, what: str, shares: tuple[str, str], arms: tuple[str, str], claim: Claim, w: Words) -> str:
    """What was found, as one would say it aloud. shares and arms: participants, the others. All words are ready for the page."""
    told, sign = interval(claim, w), w("flere", "more") if claim.value > 0 else w("færre", "fewer")
    first = w(
        f"{when} var <strong>{shares[0]}</strong> af {arms[0]} {what}, mod <strong>{shares[1]}</strong> {arms[1]}",
        f"{when} <strong>{shares[0]}</strong> of {arms[0]} were {what}, against <strong>{shares[1]}</strong> {arms[1]}",
    )
    points = w.points(abs(claim.value), sign=False)
    size = f"<strong>{points} {w('procentpoint', 'percentage points')}</strong>"
    if not claim.known:
        return w(
            f"{first}: en forskel på {size}. Alle i samme gruppe og stratum var ens den uge, så usikkerheden kan ikke måles, og der er intet interval.",
            f"{first}: a difference of {size}. All in the same arm and stratum were alike that week, so the uncertainty cannot be measured, and there is no interval.",
        )
    if claim.causal:
        signed = f"<strong>{w.points(claim.value)} {w('procentpoint', 'percentage points')}</strong>"
        return f"{first}: {w('en effekt på', 'an effect of')} {signed} ({told})."
    if not claim.certain:
        return w(f"{first}. Forskellen på {size} kan ikke skelnes fra nul ({told}).", f"{first}. The difference of {size} cannot be told from zero ({told}).")
    return w(f"{first}: {size} {sign} ({told}). Der blev ikke trukket lod, så det er en forskel og ikke en årsag.", f"{first}: {size} {sign} ({told}). No lots were drawn, so this is a difference and not a cause.")


def lasting(pointwise: int | None, simultaneous: int | None, ever: int | None, weeks: int, level: int, w: Words) -> str:
    """From which week the difference stays away from zero, for each week alone and for the whole curve."""
    if pointwise is None:
        first = w(f"Ser man på hver uge for sig, er forskellen ikke statistisk sikker ved vinduets slutning ({level} %).", f"Taking each week alone, the difference is not statistically certain at the end of the window ({level} %).")
    else:
        first = w(f"Ser man på hver uge for sig, er forskellen statistisk sikker fra uge {pointwise} og resten af tiden ({level} %).", f"Taking each week alone, the difference is statistically certain from week {pointwise} on ({level} %).")
    if simultaneous is not None:
        second = w(f"Det holder også, når der tages højde for, at der er set på {weeks} uger: fra uge {simultaneous}.", f"It also holds when allowing for having looked at {weeks} weeks: from week {simultaneous}.")
    elif ever is not None:
        second = w("Når der tages højde for alle ugerne på én gang, er kun enkelte uger uden for tilfældighedens bånd.", "Allowing for all weeks at once, only single weeks lie outside the band of chance.")
    else:
        second = w(f"Men når der tages højde for, at der er set på {weeks} uger, kan ingen enkelt uge skelnes fra tilfældighed.", f"But allowing for having looked at {weeks} weeks, no single week can be told from chance.") if pointwise is not None else w(f"Det kan den heller ikke i nogen uge, når der tages højde for, at der er set på {weeks}.", f"Nor in any week, when allowing for having looked at {weeks}.")
    return f"{first} {second}"


def also_at(level: int, alone: int | None, whole: int | None, w: Words) -> str:
    """The same weeks at another level."""
    if alone is None:
        return w(f"Med {level} % er den ikke sikker ved vinduets slutning.", f"At {level} % it is not certain at the end of the window.")
    rest = w("men ikke for hele kurven", "but not for the whole curve") if whole is None else w(f"og fra uge {whole} for hele kurven", f"and from week {whole} for the whole curve")
    return w(f"Med {level} % holder det fra uge {alone} for hver uge for sig, {rest}.", f"At {level} % it holds from week {alone} for each week alone, {rest}.")


def received(share: str, what: str, week: int, claim: Claim, without: str, w: Words) -> str:
    """For those the draw gave a mentor."""
    told = interval(claim, w)
    if claim.causal:
        middle = w(f"For dem er effekten på {what} i uge {week} {w.points(claim.value)} procentpoint ({told})", f"For them the effect on {what} in week {week} is {w.points(claim.value)} points ({told})")
    elif not claim.known:
        middle = w(f"For dem er forskellen i {what} i uge {week} {w.points(claim.value)} procentpoint ({told})", f"For them the difference in {what} in week {week} is {w.points(claim.value)} points ({told})")
    else:
        middle = w(f"For dem er forskellen i {what} i uge {week} {w.points(claim.value)} procentpoint ({told}), og den kan ikke skelnes fra nul", f"For them the difference in {what} in week {week} is {w.points(claim.value)} points ({told}), which cannot be told from zero")
    return w(f"Lodtrækningen gav kontakt til {share}. {middle}; uden mentor ville {without} af dem have været der.", f"The draw gave contact to {share}. {middle}; without a mentor {without} of them would have been there.")


def unlike(what: str, certain: list[str], splits: int, rule: str, w: Words) -> str:
    """What the subgroups say together, allowing for how many they are. rule: how that was allowed for, or nothing."""
    allowed = w(f"Der er taget højde for, at der er set på {splits} opdelinger ({rule}).", f"This allows for having looked at {splits} splits ({rule}).") if rule else w("Der er ikke korrigeret for, hvor mange opdelinger der er set på.", "There is no correction for how many splits were looked at.")
    if certain:
        return w(f"Effekten på {what} er forskellig efter {_listed(certain, 'og')}. {allowed}", f"The effect on {what} differs by {_listed(certain, 'and')}. {allowed}")
    return w(f"Ingen af opdelingerne viser med sikkerhed, at forskellen i {what} er større for nogle end for andre. {allowed}", f"None of the splits shows for certain that the difference in {what} is larger for some than for others. {allowed}")


def _listed(names: list[str], last: str) -> str:
    small = [name[0].lower() + name[1:] if name[1:2].islower() else name for name in names]
    return small[0] if len(small) == 1 else f"{', '.join(small[:-1])} {last} {small[-1]}"


def sooner(claim: Claim, w: Words) -> str:
    """Weeks won before the first outcome, within the window."""
    size, told = w.number(abs(claim.value), 1), _weeks(claim, w)
    turn = w("tidligere" if claim.value > 0 else "senere", "earlier" if claim.value > 0 else "later")
    opening = w(f"Lagt sammen er deltagerne {size} uger {turn} i uddannelse eller job end kontrolgruppen inden for vinduet ({told})", f"In all, participants reached an outcome {size} weeks {turn} than controls within the window ({told})")
    return f"{opening}{_zero(claim, w)}."


def on_benefit(claim: Claim, until: int, w: Words) -> str:
    """Weeks on benefit, fewer or more."""
    turn = w("kortere" if claim.value < 0 else "længere", "less" if claim.value < 0 else "more")
    size, told = w.number(abs(claim.value), 1), _weeks(claim, w)
    opening = w(f"I de første {until} uger var deltagerne {size} uger {turn} på ydelse ({told})", f"In the first {until} weeks participants were on benefit {size} weeks {turn} ({told})")
    return f"{opening}{_zero(claim, w)}."


def _weeks(claim: Claim, w: Words) -> str:
    if not claim.known:
        return no_interval(w)
    level = w(f"{claim.level}\u00a0%-interval", f"{claim.level}\u00a0% interval")
    return f"{level} {span(w.number(claim.lower, 1), w.number(claim.upper, 1), w)}"


def _zero(claim: Claim, w: Words) -> str:
    return "" if claim.certain or not claim.known else w("; det kan ikke skelnes fra nul", "; that cannot be told from zero")


def compared(what: str, week: int, claim: Claim, w: Words) -> str:
    """Where no lots were drawn and the checks held: a difference between groups made alike in what the register knows."""
    told = interval(claim, w)
    opening = w(f"I uge {week} er forskellen i {what} {w.points(claim.value)} procentpoint ({told})", f"In week {week} the difference in {what} is {w.points(claim.value)} percentage points ({told})")
    if not claim.known:
        return f"{opening}."
    if not claim.certain:
        return w(f"{opening}; den kan ikke skelnes fra nul.", f"{opening}, which cannot be told from zero.")
    return w(f"{opening}. Der blev ikke trukket lod, så det er en forskel mellem grupper, gjort ens i det, registret ved, og ikke en årsag.", f"{opening}. No lots were drawn, so this is a difference between groups made alike in what the register knows, and not a cause.")
