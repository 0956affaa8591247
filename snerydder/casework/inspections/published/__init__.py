"""What a stranger is given: the file of a sample, and two short programs that draw it again. Neither needs anything of ours."""
# da-file: the page is taken home by whoever checks a Danish municipality

from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCRIPT = HERE.parent / "static" / "inspections" / "verify_draw.js"
PAGE = """<!doctype html>
<html lang="da">
<meta charset="utf-8">
<title>Prøv lodtrækningen efter</title>
<style>body {{ font: 18px/1.5 sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em }} #verify-answer {{ overflow-wrap: anywhere }}</style>
<h1>Prøv lodtrækningen efter</h1>
<p><label>Vælg den offentliggjorte fil: <input type="file" id="verify-file" accept=".json,application/json"></label></p>
<p>Filen bliver på din egen maskine. Alt regnes ud igen af listen og det offentlige tal.</p>
<div id="verify-answer" role="status"></div>
<script>
{script}</script>
</html>
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
    """One file: the same script inside a page of its own."""
    return PAGE.format(script=script())


FILES = {"py": (python, "text/x-python; charset=utf-8"), "html": (page, "text/html; charset=utf-8")}
