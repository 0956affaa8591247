"""A verifier of one file: the script of the page itself inside a page that anybody takes home. It needs nothing of ours."""
# da-file: the page is taken home by whoever checks a Danish municipality

from pathlib import Path

PAGE = """<!doctype html>
<html lang="da">
<meta charset="utf-8">
<title>Prøv lodtrækningen efter</title>
<style>body {{ font: 18px/1.5 sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em }} #verify-answer {{ overflow-wrap: anywhere }}</style>
<h1>Prøv lodtrækningen efter</h1>
<p><label>Vælg den offentliggjorte fil: <input type="file" id="verify-file" accept=".json,application/json"></label></p>
{more}<p>Filen bliver på din egen maskine. Alt regnes ud igen.</p>
<div id="verify-answer" role="status"></div>
<script>
{script}</script>
</html>
"""


def page_of(script: Path, more: str = "") -> str:
    """`more`: another box for the script to read."""
    return PAGE.format(script=script.read_text("utf-8"), more=more)
