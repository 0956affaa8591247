"""The documented interface is what it says: its examples are run as they stand, in the folder of the invented trial."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("few_draws")

PAGE = Path(__file__).parents[2] / "docs" / "method" / "api.md"


def test_the_examples_run(trial, monkeypatch, tmp_path):
    (tmp_path / "data").symlink_to(trial.folder / "data")
    told = trial.file.read_text(encoding="utf-8")
    assert "redraws = 10000" in told
    (tmp_path / "study.toml").write_text(told.replace("redraws = 10000", "redraws = 500"), encoding="utf-8")  # that they run, and not how surely
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 7
    held = {}
    for block in blocks:
        exec(compile(block, "api.md", "exec"), held)  # noqa: S102  # our own page
    assert (tmp_path / "out" / "report.html").is_file()


def test_every_module_and_function_named_is_there():
    import importlib

    for modules, functions in re.findall(r"^\| [^|`]+ \| ((?:`[\w.]+`(?:, )?)+) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.M):
        found = [importlib.import_module(f"snerydder.{name}") for name in re.findall(r"`([\w.]+)`", modules)]
        for name in re.findall(r"`(\w+)`", functions):
            assert any(hasattr(module, name) for module in found), name


def test_the_list_names_every_public_function_and_no_other():
    """And each as it is called. When it fails: python -m tests.study.api_list"""
    from tests.study import api_list

    assert api_list.page() == PAGE.read_text(encoding="utf-8")
    import importlib

    for name, tree in api_list.modules():
        module = importlib.import_module(f"snerydder.{name}")
        for one in api_list.public(tree):
            assert callable(getattr(module, one.name)) and f"- `{one.name}(" in PAGE.read_text(encoding="utf-8")


def test_what_comes_back_is_frozen():
    """Arrays in, frozen results out: no record of the interface can be written to afterwards. (An error carries its trace, so it cannot be frozen.)"""
    import dataclasses
    import importlib

    from tests.study import api_list

    open_ = set()
    for name, _tree in api_list.modules():
        module = importlib.import_module(f"snerydder.{name}")
        for one in vars(module).values():
            if isinstance(one, type) and one.__module__ == module.__name__ and dataclasses.is_dataclass(one) and not issubclass(one, Exception) and not one.__dataclass_params__.frozen:
                open_.add(f"{name}.{one.__name__}")
    assert open_ == set()
