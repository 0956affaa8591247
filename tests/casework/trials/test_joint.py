"""One municipality leads, the others take its protocol in as it is: the same text and mark, their own legal basis, their own draw."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from snerydder.access.models import Municipality
from snerydder.access.signing import signed
from snerydder.audit.action import Conflict, Refusal
from snerydder.audit.models import Event
from snerydder.casework.trials import actions, drawing, joint, protocol
from snerydder.casework.trials.models import Joining, Trial
from snerydder.casework.trials.plan import Plan, in_words
from snerydder.study import protocol as engine
from tests.build import DAY
from tests.casework.trials import made
from tests.cast import BAKKEBY, FJORDBY, Cast, fjordby

OWN = {"legal_basis": "LAB § 167, stk. 1. Besluttet i udvalget den 2. november 2026.", "contact": "Bo Bak, 00 00 00 41, bo@bakkeby.example"}


@pytest.fixture
def sent(cast: Cast) -> dict[str, Any]:
    """The lead's file, with one amendment."""
    trial = made.locked(cast, municipalities=13)
    actions.amend(trial, by=cast.freja, field="week", after="60", reason="Uddannelserne begynder senere.", on=DAY + timedelta(days=1))
    return joint.told(trial)


@pytest.fixture
def there(sent: dict[str, Any]) -> Cast:
    """The same cast of people, in Bakkeby."""
    return fjordby(BAKKEBY, "Bakkeby", "-b")


def content(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def forged(told: dict[str, Any], **change: Any) -> bytes:
    """Signed anew by the lead itself: only what does not agree can be found."""
    return content(signed({name: value for name, value in (told | change).items() if name != "signature"}, FJORDBY))


def spaced(told: dict[str, Any]) -> bytes:
    """Signed by the very key, but the key is written in another way."""
    from snerydder.access import signing

    whole = told | {"key": " ".join(told["key"][at : at + 2] for at in range(0, 64, 2))}
    whole.pop("signature")
    return content(whole | {"signature": signing._own(FJORDBY).sign(signing._bytes(whole)).hex()})


def test_the_others_follow_the_same_protocol_with_a_legal_basis_of_their_own(sent: dict[str, Any], there: Cast) -> None:
    asked = joint.read(content(sent))
    trial = joint.join(asked, by=there.henrik, on=DAY + timedelta(days=3), **OWN)
    assert (trial.protocol_text, trial.protocol_hash, trial.state) == (sent["protocol"], sent["protocol_sha256"], "locked")
    assert Plan.of(trial.plan) == asked.plan and trial.question == made.TEXTS["question"]
    kept = Joining.objects.get()
    assert (kept.lead, kept.lead_name, kept.key, kept.contact) == (FJORDBY, Municipality.objects.get(pk=FJORDBY).name, sent["key"], OWN["contact"])
    change = trial.amendments.get()
    assert (change.after, change.made_on, change.taken_on, change.enrolled) == ("60", DAY + timedelta(days=1), DAY + timedelta(days=3), 0)
    assert change.mark == sent["amendments"][0]["mark"] and actions.current(trial)["week"] == "60"
    assert {"trials.join", "trials.take_change"} <= set(Event.objects.values_list("verb", flat=True))
    with pytest.raises(Conflict, match="allerede med"):
        joint.join(asked, by=there.henrik, **OWN)


def test_nobody_but_the_lead_changes_the_protocol(sent: dict[str, Any], there: Cast) -> None:
    trial = joint.join(joint.read(content(sent)), by=there.henrik, on=DAY, **OWN)
    with pytest.raises(Refusal, match="følger den samme"):
        actions.amend(trial, by=there.henrik, field="week", after="70", reason="Vi vil hellere.")
    with pytest.raises(Refusal, match="låst"):
        actions.rewrite(trial, by=there.henrik, plan=Plan(), **made.TEXTS)
    with pytest.raises(Refusal, match="leder et forsøg"):
        joint.told(trial)


def test_each_draws_a_list_of_its_own_and_the_outside_verifier_agrees(sent: dict[str, Any], there: Cast, tmp_path: Path) -> None:
    """The same protocol, number and even the same secrets: what is drawn differs by what each promised, and each file stands alone."""
    trial = joint.join(joint.read(content(sent)), by=there.henrik, on=DAY, **OWN)
    trial = drawing.promise(trial, by=there.henrik, secret="bakkebys egen hemmelighed", number_source="Lotto", number_day=DAY + timedelta(days=5), on=DAY)
    trial = drawing.promise(trial, by=there.freja, secret=made.B, on=DAY)
    for person in (there.henrik, there.freja):
        trial = drawing.type_number(trial, by=person, number=made.NUMBER, on=DAY + timedelta(days=5))
    trial = drawing.seal_list(trial, by=there.freja, secrets=("bakkebys egen hemmelighed", made.B), on=DAY + timedelta(days=5))
    from snerydder.casework.trials import published
    from tests.casework.trials.test_attacks import NODE

    file = tmp_path / "bakkeby.json"
    file.write_bytes(content(published.told(trial)))
    assert subprocess.run([NODE, published.SCRIPT, file], capture_output=True, text=True).returncode == 0


def test_a_later_amendment_comes_as_a_file_and_says_how_many_were_in(cast: Cast) -> None:
    lead = made.locked(cast, municipalities=13)
    first = content(joint.told(lead))
    change = actions.amend(lead, by=cast.freja, field="stopping", after="Efter tre år.", reason="Der kom færre.", on=DAY + timedelta(days=9))
    second = content(joint.told(lead))
    there = fjordby(BAKKEBY, "Bakkeby", "-b")
    trial = joint.join(joint.read(first), by=there.henrik, on=DAY, **OWN)
    trial = joint.take_changes(trial, joint.read(second), by=there.freja, on=DAY + timedelta(days=12))
    row = trial.amendments.get()
    assert (row.made_on, row.taken_on, row.reason, row.mark) == (DAY + timedelta(days=9), DAY + timedelta(days=12), "Der kom færre.", change.mark)
    with pytest.raises(Conflict, match="ingen nye"):
        joint.take_changes(trial, joint.read(second), by=there.freja)
    with pytest.raises(Refusal, match="andre ændringer"):
        joint.take_changes(trial, joint.read(first), by=there.freja)


def test_a_file_that_was_changed_is_refused(sent: dict[str, Any]) -> None:
    other = sent["protocol"].replace("places = 20", "places = 30")
    broken = [{**sent["amendments"][0], "after": "70"}]
    early = [{**sent["amendments"][0], "made_on": str(DAY - timedelta(days=9))}]
    joint.read(content(sent))
    for spoilt, says in (
        (content(sent | {"trial": 7}), "Underskriften"), (b"{}", "ikke en fælles protokol"), (b"[" * 9000, "ikke en fælles"), (content(sent | {"signature": ""}), "Underskriften"),
        (forged(sent, protocol=other), "passer ikke sammen"), (forged(sent, amendments=broken), "passer ikke sammen"), (forged(sent, amendments=early), "passer ikke sammen"),
        (forged(sent, municipality={"number": 10**12, "name": "X"}), "passer ikke sammen"), (forged(sent, municipality={"number": 7, "name": "X\0"}), "passer ikke sammen"),
        (forged(sent, trial=10**12), "passer ikke sammen"), (spaced(sent), "Underskriften"), (forged(sent, amendments=[{}]), "passer ikke sammen"), (forged(sent, municipality="Fjordby"), "passer ikke sammen"), (forged(sent, protocol="x = 1"), "passer ikke sammen"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=says):
            joint.read(spoilt)


def test_what_the_page_cannot_show_is_not_followed(sent: dict[str, Any]) -> None:
    """A key the form has no box for would bind the municipality to something nobody has seen."""
    from snerydder.lottery.seal import mark

    more = sent["protocol"] + '\n[survey]\nfile = "x.csv"\ntitle = "Y"\n'
    with pytest.raises(Refusal, match="passer ikke sammen"):
        joint.read(forged(sent, protocol=more, protocol_sha256=mark(more), amendments=[]))


def test_another_key_is_not_the_lead(sent: dict[str, Any], there: Cast) -> None:
    trial = joint.join(joint.read(content(sent)), by=there.henrik, on=DAY, **OWN)
    whole = {name: value for name, value in sent.items() if name != "signature"}
    with pytest.raises(Refusal, match="anden nøgle"):
        joint.take_changes(trial, joint.read(content(signed(whole, BAKKEBY))), by=there.henrik)


def test_one_s_own_file_is_not_joined_and_a_trial_of_one_is_not_given_out(cast: Cast) -> None:
    with pytest.raises(Refusal, match="kommunens egen"):
        joint.join(joint.read(content(joint.told(made.locked(cast, municipalities=2)))), by=cast.henrik, **OWN)
    with pytest.raises(Refusal, match="Kun den kommune"):
        joint.told(made.locked(cast))


def test_what_holds_now_is_a_protocol_the_engine_reads(cast: Cast, tmp_path: Path) -> None:
    trial = made.locked(cast, municipalities=13, stratify="unit")
    for field, after in (("week", "60"), ("secondary", "job_week, job_grad"), ("stopping", "Efter tre år."), ("missing", "stop")):
        actions.amend(trial, by=cast.freja, field=field, after=after, reason="Derfor.", on=DAY)
    file = tmp_path / "study.toml"
    file.write_text(protocol.amended(trial.protocol_text, actions.current(trial)), encoding="utf-8")
    read = engine.read(file)
    assert [each.name for each in read.outcomes] == ["su_education", "job_week", "job_grad"] and read.outcomes[0].week == 60
    assert read.policy["not_in_register"] == "stop" and read.lottery["strata"] == ["kommune", "gruppe_for_lod"]
    assert "strata = []" in trial.protocol_text, "no unit of one municipality is named in a protocol for several"


@pytest.mark.parametrize(("field", "after", "says"), [("week", "tres", "ikke et tal"), ("week", "90", "efter vinduets"), ("correction", "bonferroni", "Skriv en af disse: Holm, Romano og Wolf"), ("week", "-5", "fra 1 til 520"), ("secondary", "su_education", "Hovedudfaldet")])
def test_an_amendment_nobody_could_count_by_is_refused(cast: Cast, field: str, after: str, says: str) -> None:
    trial = made.locked(cast)
    with pytest.raises(Refusal, match=says) as refused:
        actions.amend(trial, by=cast.freja, field=field, after=after, reason="Derfor.")
    assert refused.value.problems[0].field == "after" and not Trial.objects.get().amendments.exists()


def test_an_amendment_is_written_in_the_page_s_words_and_kept_in_the_file_s(cast: Cast) -> None:
    trial = made.locked(cast)
    for field, after, kept in (("correction", "romano og wolf", "romano_wolf"), ("secondary", "I job (ugens kode), job_grad", "job_week, job_grad")):
        row = actions.amend(trial, by=cast.freja, field=field, after=after, reason="Derfor.", on=DAY)
        assert row.after == kept
    assert in_words("correction", "romano_wolf") == "Romano og Wolf" and in_words("week", "60") == "60"
    assert 'method = "romano_wolf"' in joint.in_force(trial)
