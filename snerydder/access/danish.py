"""Danish alphabetical order, since the embedded database has no Danish collation; and what is stored for others to read, in Danish."""

from functools import cache
from typing import Any

from django.utils.translation import get_language, trans_real

_ORDER = str.maketrans({"æ": "z{", "ä": "z{", "ø": "z|", "ö": "z|", "å": "z}", "é": "e", "è": "e", "ü": "y", "-": " ", "'": "", "’": ""})


def sort_key(*parts: str) -> str:
    """A key that sorts as a Danish telephone book: æ, ø, å last, and aa as å."""
    return " ".join(parts).lower().replace("aa", "å").translate(_ORDER)[:160]


def said_in_danish(text: Any) -> str:
    """A text of the program, already in the language of whoever is at the screen, as it stands in Danish: the citizen reads it later."""
    language = get_language() or "da"
    return str(text) if language.startswith("da") else _back(language).get(str(text), str(text))


@cache
def _back(language: str) -> dict[str, str]:
    """The catalogue the other way round. Of two Danish texts with one translation the first is as good as the other."""
    whole: Any = trans_real.translation(language)._catalog  # type: ignore[attr-defined]
    return {said: danish for danish, said in reversed(list(whole.items())) if isinstance(danish, str) and isinstance(said, str) and said}
