"""The rules of the house, held by a machine: imports, sizes, views, classified fields, migrations."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
CODE = sorted(path for path in (ROOT / "snerydder").rglob("*.py") if "migrations" not in path.parts)
VIEWS = [path for path in CODE if path.stem == "views" or path.parent.name == "views"]
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_VIEW = 400, 60, 25
# A module may be longer when cutting it would hide what belongs together. Each with its reason.
LONG_MODULES: dict[str, str] = {}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path):
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_the_product_reads_downwards():
    done = subprocess.run([sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]


def test_no_module_is_too_long():
    long = {name(path): lines for path in CODE if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE}
    assert set(long) <= set(LONG_MODULES), long


def test_no_function_is_too_long():
    long = [f"{name(path)}:{node.name}" for path in CODE for node in functions(path) if node.end_lineno - node.lineno >= LONGEST_FUNCTION]
    assert not long


@pytest.mark.parametrize("path", VIEWS, ids=name)
def test_a_view_asks_an_action_or_a_query_and_no_table(path):
    text = path.read_text()
    assert ".objects" not in text, "put the question in queries.py and the verb in actions.py"
    long = [node.name for node in functions(path) if node.end_lineno - node.lineno >= LONGEST_VIEW]
    assert not long, f"a view is at most {LONGEST_VIEW} lines"


def ours():
    return [model for model in apps.get_models() if model.__module__.startswith("snerydder.")]


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_every_field_is_classified(model):
    protection = model.DataProtection
    classes = ("identity", "sensitive", "free_text", "operational", "aggregate")
    named = [field for kind in classes for field in getattr(protection, kind, ())]
    given = {"id", "municipality"} if any(field.name == "municipality" for field in model._meta.local_fields) else set()
    fields = {field.name for field in model._meta.local_fields} - given
    assert sorted(set(named) - given) == sorted(fields), "each field of a table has exactly one class"
    assert len(named) == len(set(named))
    assert protection.purpose and protection.retention


def test_nothing_happens_in_save_or_signals():
    for path in CODE:
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.FunctionDef) and node.name == "save" and "models" in path.stem), name(path)
        assert "django.dispatch" not in path.read_text() and "models.signals" not in path.read_text(), name(path)


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_lock_names_an_address():
    locks = [*(ROOT / "locks").iterdir(), ROOT / "package-lock.json"]
    assert not [lock.name for lock in locks if "://" in lock.read_text()]


def test_every_dependency_has_its_reason():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    inside = False
    for line in lines:
        if line.startswith(("web = [", "test = [", "study = [")):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside and line.strip():
            assert "#" in line, f"say why: {line.strip()}"
