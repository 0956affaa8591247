"""The example in docs/develop/add-a-rule.md is a rule that works: put beside the others and run, as the page says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from snerydder.law import rulebook

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "develop" / "add-a-rule.md").read_text("utf-8")
FILES = dict(re.findall(r"^`(\S+)`\n\n```\w+\n(.*?)```$", PAGE, re.M | re.S))
RUN = """
from pathlib import Path
from snerydder.law import rulebook
from snerydder.law.engine import all_checks
from snerydder.law.pages import pages
from snerydder.law.stories import failures, read
found = read(Path("tests/law/stories"))
assert [check.id for check in all_checks()].count("CHK-34") == 1
wrong = [(story.name, failures(story)) for story in found if failures(story)]
assert not wrong, wrong
page = pages(Path("tests/law/stories"))["chk-34.md"]
assert "Otte dage imellem er for længe" in page and "advarer" in page
print(rulebook.version)
"""


def test_the_example_is_one_file_and_its_stories():
    assert set(FILES) == {"snerydder/law/checks/continuity.py", "tests/law/stories/chk-34.toml"}


def test_it_runs_beside_the_other_rules(tmp_path: Path):
    for folder in ("snerydder/law", "tests/law/stories"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "snerydder" / "__init__.py", tmp_path / "snerydder")
    for name, text in FILES.items():
        assert not (tmp_path / name).exists()
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run([sys.executable, "-c", RUN], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() != rulebook.version  # a new rule is a new version of the law
