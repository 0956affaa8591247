"""The list for people who come one by one: exact, hidden, independent, and the same for ever."""

import hashlib
import hmac
import shutil
import subprocess
import sys
from collections import Counter
from itertools import permutations
from math import comb
from pathlib import Path

import pytest

from snerydder.lottery import intake, seal

SEED = seal.seed("p" * 64, "l" * 64, ("kommunens hemmelighed", "evaluators hemmelighed"), "2 5 11 19 23 28 36")
TWO = [intake.Stratum("Ungeteamet", 100), intake.Stratum("Job og helbred", 40)]
BLOCKS = (4, 6, 8)
EVEN = intake.Scheme((1, 1), BLOCKS)


def arms(seed: str, stratum: str = "Ungeteamet", ratio: tuple[int, int] = (1, 1), blocks: tuple[int, ...] = BLOCKS, places: int = 100) -> list[str]:
    return [lot.arm for lot in intake.lots(seed, [intake.Stratum(stratum, places)], intake.Scheme(ratio, blocks))]


def test_it_is_the_same_for_ever() -> None:
    """Written down once, so that a change of the code, of Python or of the machine is seen."""
    assert SEED == "624da3e0aaf73b8c6b4fe93358e9073cc213694cba026925f4225c20e30f8464"
    assert "".join(arm[0] for arm in arms(SEED, places=30)) == "ccoocoococcocoooccccoococoooco"


def test_an_obvious_twin_gives_the_same() -> None:
    """The docstring, done again without the code."""
    key = bytes.fromhex(SEED)

    def number(*parts: object) -> str:
        return hmac.new(key, "\n".join(str(part) for part in parts).encode(), hashlib.sha256).hexdigest()

    wanted, block = [], 0
    while len(wanted) < 40:
        block += 1
        size = BLOCKS[int(number("size", "Job og helbred", block), 16) % 3]
        places = ["offered"] * (size // 2) + ["control"] * (size // 2)
        marks = {number("order", "Job og helbred", block, at + 1): arm for at, arm in enumerate(places)}
        wanted += [marks[mark] for mark in sorted(marks)]
    assert arms(SEED, "Job og helbred", places=40) == wanted[:40]


@pytest.mark.parametrize("ratio", [(1, 1), (2, 1), (1, 3)])
def test_every_whole_block_holds_the_ratio(ratio: tuple[int, int]) -> None:
    size = 3 * sum(ratio)
    found = arms(SEED, ratio=ratio, blocks=(size,), places=4 * size + 1)
    for block in range(4):
        told = Counter(found[block * size : (block + 1) * size])
        assert (told["offered"], told["control"]) == (3 * ratio[0], 3 * ratio[1])


def test_the_arms_never_drift_apart() -> None:
    """With blocks of at most 8 no point of the list has more than four more of the one arm."""
    for seed in range(50):
        balance = 0
        for arm in arms(seal.mark(str(seed))):
            balance += 1 if arm == "offered" else -1
            assert abs(balance) <= 4


def chi_square(counts: list[int], expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in counts)


def test_every_arrangement_of_a_block_is_equally_likely() -> None:
    """All 6 of a block of four over 3,000 seeds; 20.52 is the 0.1 % point of chi-square with 5 degrees, 0.21 its 99.9 % point."""
    seen = Counter("".join(arm[0] for arm in arms(seal.mark(f"seed {number}"), blocks=(4,), places=4)) for number in range(3000))
    assert len(seen) == comb(4, 2) == len(set(permutations("oocc")))
    assert 0.21 < chi_square(list(seen.values()), 500) < 20.52


def test_every_size_of_block_is_equally_likely_and_hidden_from_the_places() -> None:
    """The first 12 places together: with sizes 4, 6 and 8 every second place is a coin of its own over the seeds."""
    first = [arms(seal.mark(f"seed {number}"), places=12) for number in range(2000)]
    for place in range(12):
        offered = sum(each[place] == "offered" for each in first)
        assert abs(offered - 1000) < 3.3 * (2000 / 4) ** 0.5


def test_strata_do_not_know_of_each_other() -> None:
    both = intake.lots(SEED, TWO, EVEN)
    alone = intake.lots(SEED, TWO[1:], EVEN)
    assert [lot for lot in both if lot.stratum == "Job og helbred"] == alone
    agree = sum(one == other for one, other in zip(arms(SEED, "a"), arms(SEED, "b"), strict=True))
    assert 30 < agree < 70


@pytest.mark.parametrize("part", range(5))
def test_each_part_of_the_seed_moves_the_list(part: int) -> None:
    """Nobody can leave anything out: protocol, places, either secret, number."""
    given = ["p" * 64, "l" * 64, "kommunens hemmelighed", "evaluators hemmelighed", "2 5 11 19 23 28 36"]
    given[part] += " "
    other = seal.seed(given[0], given[1], (given[2], given[3]), given[4])
    assert other != SEED
    assert arms(other) != arms(SEED)


def test_a_promise_holds_one_arm_and_tells_nothing() -> None:
    for lot in intake.lots(SEED, TWO, EVEN):
        turned = intake.Lot(lot.stratum, lot.place, "control" if lot.arm == "offered" else "offered", lot.nonce)
        assert lot.promise == hashlib.sha256(f"{lot.stratum}\n{lot.place}\n{lot.arm}\n{lot.nonce}".encode()).hexdigest() != turned.promise
        assert len(bytes.fromhex(lot.nonce)) == 32


def test_what_makes_no_sense_is_refused() -> None:
    for ratio, blocks in (((1, 1), (3,)), ((0, 1), (4,)), ((1, 1), ()), ((2, 1), (4,))):
        with pytest.raises(ValueError, match="whole number of times"):
            intake.lots(SEED, TWO, intake.Scheme(ratio, blocks))
    for strata in ([intake.Stratum("a", 4)] * 2, [intake.Stratum("a", 0)], [intake.Stratum("a\nb", 4)]):
        with pytest.raises(ValueError, match="named once"):
            intake.lots(SEED, strata, EVEN)


@pytest.mark.parametrize("python", ["python3.11", "python3.12", "python3.13"])
def test_every_python_gives_the_same_list(python: str, repository: Path) -> None:
    """Where the machine has it. The code is the standard library's hashes alone, so there is nothing that could differ."""
    found = shutil.which(python)
    words = f"from snerydder.lottery import intake, seal; print(seal.mark(intake.list_text(intake.lots('{SEED}', [intake.Stratum('Æ', 500)], intake.Scheme((1, 1), (4, 6, 8))))))"
    done = subprocess.run([found or sys.executable, "-c", words], cwd=repository, capture_output=True, text=True)
    if done.returncode and not done.stdout:
        pytest.skip(f"no {python} here")
    assert done.stdout.strip() == "8406960fc8b9883685206bd717c0d3cc31dc1adf2c85d6675fde1c9dfe0aab91"


def test_three_arms_each_have_their_share_of_every_block() -> None:
    found = [lot.arm for lot in intake.lots(SEED, [intake.Stratum("Ungeteamet", 90)], intake.Scheme((2, 1, 1), (4, 8), intake.THREE))]
    for at in range(0, 88, 4):
        assert {"offered", "more", "control"} >= set(found[at : at + 4])
    told = Counter(found)
    assert abs(told["offered"] - 2 * told["more"]) <= 4 and abs(told["more"] - told["control"]) <= 3


def test_a_stratum_that_is_drawn_whole_has_one_arm_and_the_strata_hold_the_ratio() -> None:
    teams = [intake.Stratum(f"Team {number}", 5) for number in range(1, 9)]
    seen = set()
    for number in range(60):
        found = intake.lots(seal.mark(str(number)), teams, intake.Scheme((1, 1), BLOCKS, clusters=True))
        arms_of = {team.key: {lot.arm for lot in found if lot.stratum == team.key} for team in teams}
        assert all(len(each) == 1 for each in arms_of.values())
        assert Counter(next(iter(each)) for each in arms_of.values()) == {"offered": 4, "control": 4}
        assert len({lot.promise for lot in found}) == 40, "each place has a promise of its own"
        seen.add(tuple(next(iter(arms_of[team.key])) for team in teams))
    assert len(seen) > 30, "the seed decides which"
    with pytest.raises(ValueError, match="fewer clusters"):
        intake.lots(SEED, teams[:1], intake.Scheme((1, 1), BLOCKS, clusters=True))
