"""The invented trial as a study: its files and its protocol, written so that a person can read and change them."""

from __future__ import annotations

from pathlib import Path

from snerydder.registers.invented import followup, inspection, mapping, trial

PROTOCOL = Path(__file__).with_name("demo.toml")


OTHER_CAST = {  # the note on the shipped seed is not true of another
    "terningekastet er valgt: 6 af 219 kast ramte både uge 50, 52 og 60 og alle femten udsagn om undergrupper.": "undergrupperne er overladt til terningerne.",
    "the cast of the dice was chosen: 6 of 219 casts met weeks 50, 52 and 60 and all fifteen statements on subgroups.": "the subgroups are left to the dice.",
}


def write(folder: Path, seed: str = trial.SEED, form: str = "csv") -> Path:
    """The protocol's path; its data stand beside it."""
    invented = trial.invent(seed)
    trial.write(invented, folder / "data", form)
    followup.write(invented, seed, folder / "data")
    mapping.write(seed, folder / "data")
    inspection.write(seed, folder / "data")
    text = PROTOCOL.read_text(encoding="utf-8")
    if seed != trial.SEED:
        for chosen, other in OTHER_CAST.items():
            assert chosen in text
            text = text.replace(chosen, other)
    protocol = folder / "study.toml"
    protocol.write_text(text.replace("data/dream.csv", f"data/dream.{form}"), encoding="utf-8")
    return protocol
