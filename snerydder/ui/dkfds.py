"""The Danish state's design system, rendered from its own Nunjucks macros through Jinja2.

`fds(name, params)` is the only door. What a caller passes is escaped here, before a macro sees it, because
the macros print much of it with `| safe`: a plain string can never become markup, whichever parameter it
lands in. `attributes` takes a mapping and never a string, since an attribute needs no bracket to do harm.
"""

import functools
import re
from pathlib import Path

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from snerydder.ui import dkfds_params, dkfds_words
from snerydder.ui.formats import in_language

ADDRESS_KEYS = {"href", "src", "url", "action"}
TAG_KEYS = {"headingLevel", "tag", "contentElement", "pageElement"}
ATTRIBUTE_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:._-]*\Z")
TAG_NAME = re.compile(r"[a-z][a-z0-9]*\Z")
# A letter, then the rest of a scheme, then a colon, before any of / ? #: the address names a scheme.
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
KNOWN_SCHEMES = {"http", "https", "mailto", "tel", "sms"}


def source_folder():
    root = getattr(settings, "DKFDS_ROOT", None) or Path(settings.BASE_DIR) / "node_modules" / "dkfds"
    return Path(root) / "src"


def fds(name, params=None, /, **more):
    """One component, e.g. fds("button", {"text": _("Gem kontakt"), "attributes": {"type": "submit"}})."""
    given = {**(params or {}), **more}
    macro, known = component(name)
    if strict():
        dkfds_params.check(name, given, known)
    return Markup(macro(_clean(given, known, ())))  # noqa: S704  # every text in it was escaped in _clean


def icon(name, label=""):
    """An icon that says nothing on its own, or says `label`."""
    given = {"name": name}
    if label:
        given |= {"ariaLabel": label, "ariaHidden": False, "attributes": {"role": "img"}}
    return fds("icon_svg", given)


def strict():
    """Unknown parameters are an error where a developer sees it; in service they are left out."""
    return getattr(settings, "DKFDS_STRICT", settings.DEBUG)


@functools.cache
def component(name):
    path = _macro_files().get(name)
    if path is None:
        raise LookupError(f"dkfds has no component {name!r}; it has {', '.join(sorted(_macro_files()))}")
    module = _environment().get_template(path).module
    return getattr(module, name), dkfds_params.known(name, _environment(), _macro_files(), source_folder())


@functools.cache
def _macro_files():
    root = source_folder()
    files = sorted((root / "components").rglob("*.njk"), key=lambda file: (len(file.name), file.name))
    if not files:
        raise LookupError(f"dkfds is not installed below {root}: run npm ci")
    found: dict[str, str] = {}
    for file in files:
        for name in re.findall(r"{%-? macro (\w+)\(", file.read_text("utf-8")):
            found.setdefault(name, file.relative_to(root).as_posix())
    return found


@functools.cache
def _environment():
    env = _Environment(
        loader=_Loader(source_folder()),
        autoescape=False,  # every string is escaped in _clean; escaping here again would show &amp;amp;
        undefined=jinja2.ChainableUndefined,
        finalize=_as_javascript_prints,
        auto_reload=False,
        trim_blocks=False,
    )
    env.globals.update(_add=_add, _pairs=_pairs, _word=_word, _sprite=_sprite)
    return env


class _Loader(jinja2.FileSystemLoader):
    def get_source(self, environment, template):
        source, file, fresh = super().get_source(environment, template)
        return from_nunjucks(source, environment), file, fresh


class _Environment(jinja2.Environment):
    def getattr(self, obj, attribute):
        """params.items is the parameter, not the method of dict."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def _parse(self, source, name, filename):
        return _JavascriptRules().visit(super()._parse(source, name, filename))


class _JavascriptRules(NodeTransformer):
    def visit_Add(self, node):
        node = self.generic_visit(node)
        return _call("_add", [node.left, node.right], node)

    def visit_For(self, node):
        node = self.generic_visit(node)
        if isinstance(node.target, nodes.Tuple):
            node.iter = _call("_pairs", [node.iter], node)
        return node


def _call(name, args, like):
    return nodes.Call(nodes.Name(name, "load"), args, [], None, None, lineno=like.lineno)


def from_nunjucks(source, environment):
    """Nunjucks as Jinja2 reads it; the built-in Danish words become entries of our catalogue."""
    tokens = [[kind, text] for _, kind, text in environment.lex(source)]
    solid = [token for token in tokens if token[0] != "whitespace"]
    for before, token, after in zip([["", ""], *solid], solid, [*solid[1:], ["", ""]], strict=False):
        kind, text = token
        if kind == "operator" and text == "=" and before[1] in ("==", "!="):
            token[1] = ""
        elif kind == "name" and text == "elseif":
            token[1] = "elif"
        elif kind == "name" and after[1] == ":" and before[1] in ("{", ","):
            token[1] = f'"{text}"'
        elif kind == "string":
            token[1] = _quoted(text)
        elif kind == "data":
            token[1] = _data(text)
    return "".join(text for _, text in tokens)


def _quoted(text):
    inner = text[1:-1]
    word = inner.strip()
    if word in dkfds_words.QUOTED:
        before, after = inner[: inner.index(word[0])], inner[len(inner.rstrip()) :]
        return f'("{before}" ~ _word("{word}") ~ "{after}")'
    read_more = 'aria-label=\\"Læs mere\\"'  # da: as the macro writes it
    return text.replace(read_more, 'aria-label=\\"" ~ _word("Læs mere") ~ "\\"')  # da: in dkfds_words


_any_word = "|".join(re.escape(word) for word in sorted(dkfds_words.PRINTED, key=len, reverse=True))
PRINTED_WORD = re.compile(rf'(?P<before>(?:(?<=>)|\A)\s*|aria-label=")(?P<word>{_any_word})(?P<after>\s*(?=<|\Z)|")')


def _data(text):
    text = PRINTED_WORD.sub(r"""\g<before>{{ _word("\g<word>") }}\g<after>""", text)
    return text.replace('<use href="#', '<use href="{{ _sprite() }}#')


def _word(text):
    return gettext(text)


def _sprite():
    return static("dkfds/img/all-svg-icons.svg")


def _add(left, right):
    """Plus as JavaScript means it: with a string on either side it joins."""
    if isinstance(left, str) or isinstance(right, str):
        return _as_text(left) + _as_text(right)
    return left + right


def _as_text(value):
    return str(_as_javascript_prints(value))


def _pairs(value):
    return value.items() if isinstance(value, dict) else value


def _as_javascript_prints(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _clean(value, known, path):
    """The value as a macro may see it: escaped text, numbers, truth values, lists and mappings of these."""
    key = path[-1] if path else ""
    value = in_language(str(value) if isinstance(value, Promise) else value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        if _is_attribute_text(path, known):
            return _attributes(value)
        return {name: _clean(inner, known, (*path, name)) for name, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_clean(inner, known, (*path, "*")) for inner in value]
    if "attributes" in path and _is_attribute_text(path, known):
        if value == "":
            return ""
        raise TypeError(f"attributes at {'.'.join(path)} must be a mapping, not text: {value!r}")
    if key in TAG_KEYS and not TAG_NAME.match(str(value)):
        raise ValueError(f"{'.'.join(path)} must be the name of an element, not {value!r}")
    if key in ADDRESS_KEYS:
        return str(escape(address(str(value))))
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return str(escape(str(value)))


def _is_attribute_text(path, known):
    """Is this place printed inside a tag as it stands (`attributes`, or `attributes.input`)?"""
    if "attributes" not in path:
        return False
    below = dkfds_params.at(known, path)
    return not (below and below.names())


def _attributes(mapping):
    """name="value" pairs; handlers and style have no place on a page with our content policy."""
    pairs = []
    for name, value in mapping.items():
        if value is None or value is False:
            continue
        if not ATTRIBUTE_NAME.match(name) or name.lower().startswith("on") or name.lower() == "style":
            raise ValueError(f"not an attribute a page may carry: {name!r}")
        if name.lower() in ADDRESS_KEYS | {"formaction"}:
            value = address(str(value))
        pairs.append(name if value is True else f'{name}="{escape(str(value))}"')
    return " ".join(pairs)


def address(text):
    """The address, or '#' when it names a scheme that runs code."""
    squeezed = re.sub(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]", "", text)
    scheme = SCHEME.match(squeezed)
    return "#" if scheme and scheme.group(1).lower() not in KNOWN_SCHEMES else text
