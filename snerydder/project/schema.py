"""Bring a database to the state the code expects: as its owner, and only when something has changed."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import django

from snerydder.project import databases, postgres

PACKAGE = Path(__file__).resolve().parents[1]


def fingerprint() -> str:
    """Of every migration, and of the modules of ours that a migration imports."""
    files = set(PACKAGE.rglob("migrations/*.py")) | {Path(databases.__file__)}
    for path in tuple(files):
        for module in re.findall(r"^(?:from|import) (snerydder[\w.]+)", path.read_text(encoding="utf-8"), re.M):
            source = PACKAGE.parent / (module.replace(".", "/") + ".py")
            files.add(source if source.is_file() else source.with_suffix("") / "__init__.py")
    mark = hashlib.sha256(django.__version__.encode())
    for path in sorted(files):
        mark.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes())
    return mark.hexdigest()[:16]


def migrate(owner_url: str, *arguments: str) -> None:
    """Roles, tables, rights. In a process of its own: settings are read once, and these belong to the owner."""
    databases.prepare(owner_url)
    command = [sys.executable, "-m", "django", "migrate", "--no-input", "--skip-checks", *arguments]
    done = subprocess.run(command, env=owner_environment(owner_url), capture_output=not arguments, text=True)
    if done.returncode != 0:
        said = (done.stdout or "") + (done.stderr or "")
        raise postgres.Unavailable("Databasen kunne ikke bringes ajour:\n" + said.strip()[-2000:])
    databases.grant(owner_url)


def owner_environment(owner_url: str) -> dict[str, str]:
    settings = {"DATABASE_URL": owner_url, "SNERYDDER_DB_ROLE": "owner"}
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "snerydder.project.settings", **settings}


def web_environment(owner_url: str, **more: str) -> dict[str, str]:
    """What a process that serves pages may know: not the owner's password."""
    known = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "SNERYDDER_DB_ROLE")}
    settings = {"DJANGO_SETTINGS_MODULE": "snerydder.project.settings"}
    return {**known, **settings, "APP_DATABASE_URL": databases.app_url(owner_url), **more}
