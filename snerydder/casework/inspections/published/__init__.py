"""What a stranger is given: the file of a sample, and two short programs that draw it again. Neither needs anything of ours."""
# da-file: the page is taken home by whoever checks a Danish municipality

from functools import cache
from pathlib import Path
from typing import Any

from snerydder.ui.verifiers import page_of

HERE = Path(__file__).parent
SCRIPT = HERE.parent / "static" / "inspections" / "verify_draw.js"
BEFORE = """<p><label>Filen, som du hentede den, før tallet var kendt (frivilligt): <input type="file" id="verify-before" accept=".json,application/json"></label></p>
"""


def file_name(sample: Any) -> str:
    return f"stikproeve-{sample.municipality_id}-{sample.number}.json"


@cache
def python() -> str:
    return (HERE / "verify_draw.py").read_text("utf-8")


@cache
def script() -> str:
    return SCRIPT.read_text("utf-8")


def page() -> str:
    return page_of(SCRIPT, BEFORE)


FILES = {"py": (python, "text/x-python; charset=utf-8"), "html": (page, "text/html; charset=utf-8")}
