"""The state folder: the only place a clone or a small installation writes to.

Keys and passwords are files of mode 0600 in a folder of mode 0700, never in the repository.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def is_clone() -> bool:
    return (ROOT / "pyproject.toml").is_file() and (ROOT / "locks").is_dir()


def folder() -> Path:
    """Where state is kept: SNERYDDER_STATE, else .snerydder/ in a clone, else the user's data folder."""
    if given := os.environ.get("SNERYDDER_STATE"):
        path = Path(given).expanduser().absolute()
    elif is_clone():
        path = ROOT / ".snerydder"
    else:
        data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
        path = Path(data).expanduser() / "snerydder"
    if not path.is_dir():
        path.mkdir(parents=True, mode=0o700, exist_ok=True)
    return path


def read_secret(name: str) -> str | None:
    try:
        return (folder() / name).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def secret(name: str, bytes_: int = 48) -> str:
    """The kept secret of that name, made on first need."""
    return read_secret(name) or keep_secret(name, secrets.token_urlsafe(bytes_))


def keep_secret(name: str, value: str) -> str:
    """Keep the value under that name, unless another process was first: then its value counts."""
    path = folder() / name
    draft = path.with_name(f".{name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value + "\n")
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)  # all or nothing, and never over an existing file
    draft.unlink()
    kept = read_secret(name)
    if kept is None:
        raise RuntimeError(f"{path} er tom. Slet den, og prøv igen.")
    return kept
