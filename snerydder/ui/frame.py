"""What stands around every page. `desks` fills it in for the person signed in; the template takes it from here."""

from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Place:
    """One of at most five places a role has in the bar: on a phone at the bottom, else below the header."""

    text: Any
    href: str
    icon: str = "list"
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Notice:
    """The line below the header when something is not as usual: demo, stand-in, break-glass."""

    text: Any
    kind: str = "info"  # info | warning
    link: str = ""
    link_text: Any = ""
    post: bool = False  # the link is a verb (stop standing in), so a button that posts


@dataclass(frozen=True)
class Frame:
    product: str = "Snerydder"
    municipality: Any = ""  # "Fjordby Kommune"
    tagline: Any = ""  # "Beskæftigelse og integration"
    logo: str = ""  # two or three letters in the shield; else from the municipality's name
    home: str = "/"
    person: str = ""
    role: Any = ""  # "mentor": shown as "Du er mentor"
    places: tuple[Place, ...] = ()
    notices: tuple[Notice, ...] = ()
    may_search: bool = False
    search_url: str = "/soeg/"
    stand_in_url: str = ""
    language_url: str = "/sprog/"
    own_page_url: str = "/min-side/"
    sign_in_url: str = "/log-ind/"
    sign_out_url: str = "/log-ud/"
    contact: Any = ""
    contact_url: str = ""
    tagline_footer: Any = _("Mentorstøtte, der kan ses efter")

    @property
    def letters(self):
        return self.logo or "".join(word[0] for word in str(self.municipality or self.product).split()[:2]).upper()

    @property
    def role_line(self):
        return _("Du er %(role)s") % {"role": self.role} if self.role else ""


def as_frame(given):
    """A Frame whatever the page brought: nothing (an error page), a mapping, or a Frame."""
    if isinstance(given, Frame):
        return given
    if isinstance(given, dict):
        known = {field.name for field in fields(Frame)}
        unknown = set(given) - known
        if unknown:
            raise TypeError(f"a frame has no {sorted(unknown)}")
        return Frame(**given)
    return Frame()


def with_notice(frame, notice):
    return replace(frame, notices=(*frame.notices, notice))
