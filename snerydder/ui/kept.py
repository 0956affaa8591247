"""What somebody wrote is not lost when the session ran out or the page was too old.

A POST that meets no session is not thrown away: the sign-in page carries what was posted, sealed by the server,
and after sign-in the person sends it on with one button. Nothing is stored in the browser or in the database.

Only what our own pages posted is kept: else a foreign page could leave a POST for the next person to sign in.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core import signing
from django.utils.http import url_has_allowed_host_and_scheme

SALT = "snerydder.ui.kept"
LONGEST_WAIT = 60 * 60
MOST = 400_000  # characters: more than any note, less than a page should carry
SECRET_WORDS = ("password", "adgangskode", "csrfmiddlewaretoken", "token", "kept")


@dataclass(frozen=True)
class Kept:
    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def texts(self):
        """What a person wrote in words, to be shown so that nobody has to trust that it is there."""
        return [value for _name, value in self.fields if len(value.split()) > 2]


def fields_of(posted):
    """(name, value) of all that was posted, less what must not be carried on. Empty when it is too much."""
    found = [(name, value) for name, values in posted.lists() if not any(word in name.lower() for word in SECRET_WORDS) for value in values]
    return found if sum(len(name) + len(value) for name, value in found) <= MOST else []


def from_own_page(request):
    """Did one of our own pages send this? Judged as Django judges a token's origin: by Origin, else by Referer."""
    sent_from = request.headers.get("Origin") or request.headers.get("Referer") or ""
    parts = urlsplit(sent_from)
    return bool(parts.netloc) and parts.netloc == request.get_host() and parts.scheme == request.scheme


def seal(request):
    """What the request posted, for a hidden field named "kept" on the sign-in page; "" when there is nothing to keep."""
    if request.method != "POST" or not from_own_page(request):
        return ""
    fields = fields_of(request.POST)
    return signing.dumps({"path": request.get_full_path(), "fields": fields}, salt=SALT, compress=True) if fields else ""


def unseal(sealed, request):
    """What was kept, or None: too old, not ours, or for another site."""
    try:
        read = signing.loads(sealed or "", salt=SALT, max_age=LONGEST_WAIT)
    except signing.BadSignature:
        return None
    if not url_has_allowed_host_and_scheme(read["path"], allowed_hosts={request.get_host()}):
        return None
    return Kept(read["path"], tuple((name, value) for name, value in read["fields"]))
