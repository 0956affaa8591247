"""manage.py on a bare machine: each missing piece is one sentence and a remedy."""

import ast
import builtins
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import manage
from tests import chromium


def test_an_old_python_can_read_it_and_says_so(monkeypatch: pytest.MonkeyPatch, repository: Path) -> None:
    ast.parse((repository / "manage.py").read_text("utf-8"), feature_version=(3, 6))
    monkeypatch.setattr(manage.sys, "version_info", (3, 9, 2))
    with pytest.raises(manage.Missing, match=r"Python 3\.11 eller nyere.*3\.9\.2.*python3\.11 manage\.py demo"):
        manage.main(["demo"])


@pytest.mark.parametrize(("verb", "stays"), [("study", True), ("demo", False)])
def test_the_evaluators_files_are_named_from_his_own_folder(verb: str, stays: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[dict[str, str]] = []
    monkeypatch.chdir(tmp_path)
    for name in ("make_environment", "install_python_packages", "install_front_end"):
        monkeypatch.setattr(manage, name, lambda *_: None)
    monkeypatch.setattr(manage.os, "execve", lambda _program, _words, environment: started.append({**environment, "in": os.getcwd()}))
    manage.main([verb, "run", "study.toml"])
    assert (Path(started[0]["in"]) == tmp_path) is stays
    assert ("PYTHONSAFEPATH" in started[0]) is stays, "a csv.py in that folder is not taken for Python's own"


def test_it_imports_only_the_standard_library(repository: Path) -> None:
    tree = ast.parse((repository / "manage.py").read_text("utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert named <= set(sys.stdlib_module_names)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_no_venv_module_and_no_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def without_ensurepip(name: str, *rest: Any) -> Any:
        if name == "ensurepip":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(manage, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(manage, "PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(manage.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(builtins, "__import__", without_ensurepip)
    with pytest.raises(manage.Missing, match=r"mangler modulet venv.*Installér"):
        manage.make_environment()
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: No matching distribution found for django==5.2", "Er der netværk"),
        ("Max retries exceeded ... Temporary failure in name resolution", "Er der netværk"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "anden hash"),
        ("OSError: [Errno 28] No space left on device", "Disken er fuld"),
        ("something new", "kunne ikke installeres"),
    ],
)
def test_what_pip_says_becomes_a_sentence(said: str, sentence: str) -> None:
    assert sentence in manage.pip_remedy(said)
    assert said in manage.pip_remedy(said)


def test_a_lock_without_network_is_a_sentence(tmp_path: Path, repository: Path) -> None:
    """pip for real, with nowhere to go."""
    words = (
        "import manage, sys; manage.stamps = dict; manage.ROOT = sys.argv[1]\n"
        "try: manage.install_python_packages('run')\nexcept manage.Missing as m: print(m)"
    )
    (tmp_path / "locks").mkdir()
    for name in ("run", "test"):
        (tmp_path / "locks" / f"{name}.txt").write_text("not-there==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")
    environment = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(repository)}
    done = subprocess.run([sys.executable, "-c", words, str(tmp_path)], env=environment, capture_output=True, text=True)
    assert "Er der netværk" in done.stdout, done.stdout + done.stderr


def test_no_browser_and_no_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    assert chromium.from_system() is None
    assert "apt-get install chromium" in chromium.REMEDY
    assert "-m 'not browser and not slow'" in chromium.REMEDY


def test_a_program_that_is_no_browser_is_not_taken(tmp_path: Path) -> None:
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    assert not chromium.works(str(fake))
    assert not chromium.works(str(tmp_path / "none"))


# --- The locks -----------------------------------------------------------------------------------
def pins(path: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9][^\s;]*==[^\s;]+)", path.read_text("utf-8"), re.M))


def test_no_lock_file_names_an_address(repository: Path) -> None:
    command = ["git", "grep", "-nE", "https?://", "--", "locks", "package-lock.json"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, ""), done.stdout


def test_the_test_lock_holds_the_run_lock(repository: Path) -> None:
    run, test = pins(repository / "locks" / "run.txt"), pins(repository / "locks" / "test.txt")
    assert len(run) > 20
    assert run <= test


@pytest.mark.parametrize("other", ["bench", "spark"])
def test_what_is_installed_beside_the_test_lock_changes_nothing_in_it(repository: Path, other: str) -> None:
    test, beside = (pins(repository / "locks" / f"{name}.txt") for name in ("test", other))
    names = {pin.split("==")[0] for pin in test}
    own = {pin for pin in beside if pin.split("==")[0] not in names}
    assert own and beside - own <= test


def test_every_pin_has_a_hash(repository: Path) -> None:
    for name in ("run", "test"):
        text = (repository / "locks" / f"{name}.txt").read_text("utf-8")
        for block in re.split(r"\n(?=[a-z0-9])", text):
            assert "--hash=sha256:" in block, block


def test_every_dependency_says_why(repository: Path) -> None:
    text = (repository / "pyproject.toml").read_text("utf-8")
    listed = re.findall(r'^    "[a-z0-9\[\]-]+[<>=].*$', text, re.M)
    assert len(listed) >= 20
    assert [line for line in listed if "#" not in line and '"pytest>=' not in line] == []
    web = text.split("web = [")[1].split("\n]")[0]
    assert web.count("\n    ") <= 20


def test_the_engine_and_its_command_are_there_without_an_extra(repository: Path) -> None:
    """`pip install .`: whatever the engine imports is among the plain dependencies, or comes with one of them."""
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    there = {re.split("[<>=]", line)[0].replace("-", "_") for line in project["dependencies"]} | {"llvmlite", "snerydder"} | set(sys.stdlib_module_names)
    asked = {}
    for part in ("effects", "registers", "lottery", "study", "panel.py"):
        place = repository / "snerydder" / part
        for file in [place] if place.is_file() else place.rglob("*.py"):
            if "engines" in file.parts:  # a second engine is the extra of that name
                continue
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
                asked |= {name.partition(".")[0]: file for name in names}
    assert {name: file for name, file in asked.items() if name not in there} == {}
    assert {"numpy", "scipy", "polars"} <= set(asked) and project["scripts"] == {"snerydder": "snerydder.cli:main"}


def test_the_licence_is_the_one_that_is_named(repository: Path) -> None:
    assert 'license = "MPL-2.0"' in (repository / "pyproject.toml").read_text("utf-8")
    assert (repository / "LICENSE").read_text("utf-8").startswith("Mozilla Public License Version 2.0\n")
