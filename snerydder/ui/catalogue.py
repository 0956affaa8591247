"""The translation catalogue, by Babel, so that no machine needs GNU gettext.

    python -m snerydder.ui.catalogue extract   # write locale/django.pot and bring each .po up to it
    python -m snerydder.ui.catalogue compile   # .mo beside each .po
    python -m snerydder.ui.catalogue check     # what is missing or broken; also texts outside the catalogue

Danish is the source language, so there is no Danish catalogue. `untranslated(path)` finds a text that never
reaches it.
"""

import sys
from pathlib import Path

from babel.messages import catalog, extract, mofile, pofile

from snerydder.ui import literals

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = PACKAGE / "locale"
LANGUAGES = ("en",)
PYTHON_WORDS = {
    "_": None, "N_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
TEMPLATE_OPTIONS = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do,jinja2.ext.loopcontrols",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}

untranslated = literals.untranslated


def sources(package=PACKAGE):
    """(file, how to read it) for all that can hold a text."""
    for path in sorted(package.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, "python"
    for path in sorted(package.rglob("templates/**/*.html")):
        yield path, "jinja2.ext:babel_extract"
    for path in sorted(package.rglob("law/packs/*.toml")):
        yield path, "snerydder.law.catalogue:extract"
    for path in sorted(package.rglob("casework/*/guide.toml")):
        yield path, "snerydder.casework.inspections.guide:extract"


def extracted(package=PACKAGE):
    """Every text in the program, with where it stands."""
    found = catalog.Catalog(project="Snerydder", charset="utf-8")
    for path, method in sources(package):
        options = TEMPLATE_OPTIONS if path.suffix == ".html" else {}
        with path.open("rb") as file:
            for line, message, comments, context in extract.extract(method, file, PYTHON_WORDS, ("Translators:",), options):
                place = path.relative_to(package.parent).as_posix()
                found.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    return found


def write(target, whole):
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        # No dates and no line numbers: the file changes when a text does, and only then.
        pofile.write_po(file, whole, omit_header=False, include_lineno=False, sort_output=True, width=120, ignore_obsolete=True)


def read(language, locale=LOCALE):
    path = locale / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return catalog.Catalog(locale=language, project="Snerydder", charset="utf-8")
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language, charset="utf-8")


def update(package=PACKAGE, locale=LOCALE):
    """Each .po with all the texts of today and the translations it has. A text that changed a little is not guessed."""
    template = extracted(package)
    for language in LANGUAGES:
        whole = read(language, locale)
        whole.update(template, no_fuzzy_matching=True)
        write(locale / language / "LC_MESSAGES" / "django.po", whole)
    return template


def compile_all(locale=LOCALE):
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            whole = pofile.read_po(file, locale=source.parts[-3], charset="utf-8")
        with source.with_suffix(".mo").open("wb") as file:
            mofile.write_mo(file, whole)


def faults(package=PACKAGE, locale=LOCALE):
    """What a reader of another language would meet in Danish or broken, one line each."""
    template = extracted(package)
    for language in LANGUAGES:
        whole = read(language, locale)
        for message in template:
            if not message.id:
                continue
            key = message.id[0] if isinstance(message.id, tuple) else message.id
            known = whole.get(key, message.context)
            if known is None or not known.string or (isinstance(known.string, tuple) and not all(known.string)):
                yield f"{language}: not translated: {key}"
                continue
            for error in known.check(whole):
                yield f"{language}: {error}: {key}"


def main(verb):
    if verb == "extract":
        print(f"{len(update())} texts")
    elif verb == "compile":
        compile_all()
    elif verb == "check":
        found = [*faults(), *(str(each) for path, _how in sources() for each in untranslated(path))]
        print("\n".join(found) or "The catalogue is whole.")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
