"""One Danish word, one English word, one meaning: for every table a row, and no word with two translations."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
GLOSSARY = tomllib.loads((ROOT / "docs" / "domain" / "glossary.toml").read_text("utf-8"))
WORDS = GLOSSARY["word"]
TABLES = {word["model"]: word for word in WORDS if "model" in word}

BOTH = {"accept", "budget", "import", "login", "match", "mentor", "post"}  # the same letters in both languages


def models():
    return [model for model in apps.get_models() if model.__module__.startswith("snerydder.")]


def in_words(name: str) -> str:
    """FollowUp -> follow up"""
    return " ".join(re.findall(r"[A-Z][a-z]*", name)).lower()


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_every_table_has_its_row(model):
    word = TABLES.get(model._meta.label)
    assert word, f"docs/domain/glossary.toml has no row for {model._meta.label}"
    assert word["danish"] == str(model._meta.verbose_name), "the glossary and verbose_name use different words"
    assert word["english"].replace("-", " ") == in_words(model.__name__), "the glossary and the class use different words"


def test_every_row_of_a_table_has_its_table():
    assert set(TABLES) == {model._meta.label for model in models()}


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word["danish"])
def test_a_row_defines_and_says_what_the_word_is_not(word):
    assert set(word) <= {"danish", "english", "model", "definition", "not", "source"}
    assert word["definition"].endswith(".") and len(word["definition"]) > 15
    confused, _colon, why = word["not"].partition(": ")
    assert why, "say which word, a colon, and what that word means instead"
    assert confused != word["danish"]


@pytest.mark.parametrize("tongue", ["danish", "english"])
def test_no_word_has_two_translations(tongue):
    said = [word[tongue] for word in WORDS]
    assert sorted(said) == sorted(set(said)), {each for each in said if said.count(each) > 1}


def identifiers() -> dict[str, str]:
    """Every word inside a name in the code, with a place where it stands."""
    import ast

    found: dict[str, str] = {}
    for path in sorted((ROOT / "snerydder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None)
            if isinstance(named, str) and not isinstance(node, ast.keyword):
                for part in re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", named).lower()):
                    found.setdefault(part, f"{path.relative_to(ROOT)}:{node.lineno} {named}")
    return found


def test_the_code_speaks_english():
    """No Danish word of the glossary inside a name, but for those on the closed list."""
    allowed = {each["word"] for each in GLOSSARY["allowed_in_code"]}
    english = {part for word in WORDS for part in word["english"].replace("-", " ").split()}
    danish = {ascii_of(part) for word in WORDS for part in word["danish"].split() if len(part) > 2} - english - allowed - BOTH
    used = identifiers()
    assert "case" in used and "hjemmel" in used
    assert not {word: used[word] for word in danish & set(used)}


def ascii_of(word: str) -> str:
    return word.replace("æ", "ae").replace("ø", "oe").replace("å", "aa")


def test_each_allowed_word_has_its_reason():
    for each in GLOSSARY["allowed_in_code"]:
        assert each["word"].isascii() and len(each["reason"]) > 10
