"""The invented trial as a study: its files and its protocol, written so that a person can read and change them."""

from __future__ import annotations

from pathlib import Path

from snerydder.registers.invented import trial

PROTOCOL = Path(__file__).with_name("demo.toml")


def write(folder: Path, seed: str = trial.SEED, form: str = "csv") -> Path:
    """The protocol's path; its data stand beside it."""
    trial.write(trial.invent(seed), folder / "data", form)
    text = PROTOCOL.read_text(encoding="utf-8")
    protocol = folder / "study.toml"
    protocol.write_text(text.replace("data/dream.csv", f"data/dream.{form}"), encoding="utf-8")
    return protocol
