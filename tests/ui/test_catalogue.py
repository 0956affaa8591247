"""The catalogue and the finder of texts outside it."""

import pytest

from snerydder.ui import catalogue, literals
from tests.ui.gallery import ContactForm  # noqa: F401  # the gallery must stay importable without Django set up by a page

SEEN = """
<h1>Overskrift</h1>
<p title="Et tip">{{ navn }} er her</p>
<img alt="Et billede"><input placeholder="Skriv">
{{ ui.panel("Timer") }} {{ fds("button", {"text": "gem nu"}) }} {{ ui.empty(empty_text="ingen sager") }}
{{ "Til og med" if a else "ingen dage endnu" }}
{% if a == "Nej" %}<b>nej tak</b>{% endif %}
"""
UNSEEN = """
{# en kommentar på dansk #}
<h1 class="sn-stor anden">{{ _("Overskrift") }}</h1>
{% trans n=1 %}{{ n }} sag{% pluralize %}{{ n }} sager{% endtrans %}
<p data-x="ikke vist" lang="da">· {{ x }} 20 % → {{ ngettext("en", "flere", 2) }}</p>
{{ fds("button", {"text": _("Gem"), "variant": "primary", "classes": {"button": "w-100 mt-4"}}) }}
<{{ tag }} class="a{% if x == "Ja" %} b{% endif %}">{{ icon("chevron-right") }}</{{ tag }}>
<button lang="en">English</button><script>var tekst = "ikke vist";</script>
{{ x | dato("lang") }}{{ url("cases:refer") }}
"""
PYTHON = '''
"""Dokumentation på dansk er ikke en tekst til brugeren."""
from django.utils.translation import gettext_lazy as _
label = _("Formål")
choices = [("a", "Opnå job")]  # found
plain = "det er ikke oversat endnu"
heading = "Ærø"  # da: a name
technical = "SELECT a FROM b"
class Model:
    class DataProtection:
        purpose = "Vide hvem der handler"
def f():
    """Også dokumentation, på dansk."""
    return f"{label} er gemt og sendt til mentor"
'''


def found(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return {each.text for each in catalogue.untranslated(file)}


def test_it_finds_what_people_read_in_a_template(tmp_path):
    assert found(tmp_path, "a.html", SEEN) == {
        "Overskrift", "Et tip", "… er her", "Et billede", "Skriv", "Timer", "gem nu", "ingen sager", "Til og med", "ingen dage endnu", "nej tak",
    }  # fmt: skip


def test_it_leaves_alone_what_they_do_not(tmp_path):
    assert found(tmp_path, "a.html", UNSEEN) == set()


def test_it_says_where(tmp_path):
    file = tmp_path / "a.html"
    file.write_text("<p>\n\nHer</p>\n<p\n title='Der'></p>", "utf-8")
    assert [(each.line, each.text) for each in literals.untranslated(file)] == [(3, "Her"), (4, "Der")]


def test_it_finds_danish_in_python(tmp_path):
    assert found(tmp_path, "a.py", PYTHON) == {"Opnå job", "det er ikke oversat endnu", "er gemt og sendt til mentor"}


def test_a_file_of_data_is_left_alone(tmp_path):
    assert found(tmp_path, "a.py", '"""Invented names."""\n# da-file: invented names\nx = "Åse"\n') == set()


PATHS = [path for path, _how in catalogue.sources(catalogue.PACKAGE / "ui")]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_no_text_of_the_frame_is_outside(path):
    assert catalogue.untranslated(path) == []


@pytest.fixture
def package(tmp_path):
    root = tmp_path / "product"
    (root / "templates" / "x").mkdir(parents=True)
    (root / "a.py").write_text('from x import gettext as _\n_("Formål")\nngettext("en sag", "%(n)s sager", 2)\n', "utf-8")
    (root / "templates" / "x" / "a.html").write_text(
        '{% trans %}Hej{% endtrans %}{{ _("Gem %(x)s", x=1) }}{{ fds("b", {"text": _("Luk")}) }}', "utf-8"
    )
    return root


def test_texts_are_found_in_python_and_templates(package):
    ids = {message.id for message in catalogue.extracted(package) if message.id}
    assert ids == {"Formål", ("en sag", "%(n)s sager"), "Hej", "Gem %(x)s", "Luk"}


def test_the_texts_of_the_law_are_found():
    ids = {message.id for message in catalogue.extracted() if isinstance(message.id, str)}
    assert {"Samtale", "(frivilligt)", "Måned"} <= ids


def test_update_keeps_what_is_translated_and_check_tells_the_rest(package):
    locale = package / "locale"
    catalogue.update(package, locale)
    file = locale / "en" / "LC_MESSAGES" / "django.po"
    text = file.read_text("utf-8")
    assert "/tmp" not in text  # noqa: S108
    file.write_text(
        text.replace('msgid "Formål"\nmsgstr ""', 'msgid "Formål"\nmsgstr "Purpose"').replace(
            'msgid "Gem %(x)s"\nmsgstr ""', 'msgid "Gem %(x)s"\nmsgstr "Save %(y)s"'
        ),
        "utf-8",
    )
    catalogue.update(package, locale)
    assert 'msgstr "Purpose"' in file.read_text("utf-8")
    faults = list(catalogue.faults(package, locale))
    assert not any("Formål" in fault for fault in faults)
    assert any("not translated: Hej" in fault for fault in faults)
    assert any("not translated: en sag" in fault for fault in faults)
    assert any("Gem %(x)s" in fault and "not translated" not in fault for fault in faults)


def test_a_compiled_catalogue_translates(package):
    import gettext

    locale = package / "locale"
    catalogue.update(package, locale)
    file = locale / "en" / "LC_MESSAGES" / "django.po"
    file.write_text(file.read_text("utf-8").replace('msgid "Luk"\nmsgstr ""', 'msgid "Luk"\nmsgstr "Close"'), "utf-8")
    catalogue.compile_all(locale)
    assert gettext.translation("django", locale, ["en"]).gettext("Luk") == "Close"
