import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from snerydder.project import inspection, state


def test_the_design_system_is_found() -> None:
    assert finders.find("dkfds/css/dkfds.min.css")
    assert finders.find("dkfds/js/dkfds.min.js")
    assert finders.find("dkfds/img/all-svg-icons.svg")


@pytest.mark.parametrize("path", ["dkfds/css/dkfds.css", "dkfds/scss/dkfds.scss", "dkfds/../package.json", "css/dkfds.min.css"])
def test_nothing_else_of_the_package_is_served(path: str) -> None:
    assert not finders.find(path)


@pytest.mark.django_db
def test_a_static_file_may_be_kept(client: Client) -> None:
    answer = client.get("/static/dkfds/css/dkfds.min.css")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def test_every_file_that_a_stylesheet_names_is_there(tmp_path: Path) -> None:
    """Hashing follows each reference and stops at one that leads nowhere."""
    environment = {**inspection.production(str(tmp_path)), "SNERYDDER_STATIC": str(tmp_path / "static")}
    command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, cwd=state.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    collected = sorted((tmp_path / "static" / "dkfds" / "css").glob("dkfds.min.*.css"))
    assert len(collected) == 1
    assert sum(path.stat().st_size for path in (tmp_path / "static").rglob("*") if path.is_file()) < 15_000_000
