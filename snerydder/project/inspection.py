"""`check`: everything about the code that a machine can say without running the product."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from snerydder.project import state

_SCRIPTS = Path(sys.executable).parent
STEPS: dict[str, list[str]] = {
    "stil": [str(_SCRIPTS / "ruff"), "check", "--quiet", "--output-format", "concise", "."],
    "importregler": [str(_SCRIPTS / "lint-imports"), "--no-cache"],
    "typer": [str(_SCRIPTS / "mypy"), "--no-error-summary", "snerydder"],
    "migrationer": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "sikkerhedsgulv": [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
}


def production(folder: str) -> dict[str, str]:
    """An environment as in production, with keys made for the occasion."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("SNERYDDER_") and key != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return {
        **known,
        "DJANGO_SETTINGS_MODULE": "snerydder.project.settings",
        "SNERYDDER_STATE": folder,
        "SNERYDDER_SECRET_KEY": secrets.token_urlsafe(64),
        "SNERYDDER_CPR_KEYS": "1:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=",
        "SNERYDDER_HOSTS": "snerydder.example",
        "APP_DATABASE_URL": "postgresql://snerydder_app@/none",
    }


def run() -> int:
    """The number of steps that found something."""
    found = 0
    with tempfile.TemporaryDirectory(prefix="snerydder-") as folder:
        for name, command in STEPS.items():
            done = subprocess.run(command, cwd=state.ROOT, env=production(folder), capture_output=True, text=True)
            print(f"{name:<16}{'i orden' if done.returncode == 0 else 'FEJL'}", flush=True)
            if done.returncode != 0:
                found += 1
                said = [line for line in (done.stdout + done.stderr).strip().splitlines() if ": note: " not in line]
                print("\n".join("  " + line for line in said[-40:]), flush=True)
    return found
