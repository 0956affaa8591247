"""Which files may be kept: by content, not by name alone (safety 2.7)."""

import io
import zipfile

from django.utils.translation import gettext as _

from snerydder.audit.action import Refusal

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST = 10 * 1024 * 1024
_KINDS = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "docx": (_WORD, (b"PK\x03\x04",)),
}


def _is_word(content: bytes) -> bool:
    """A zip file may hold anything; a Word document holds its text in one place. Only the list of names is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def check_file(name: str, content: bytes, field: str = "file") -> str:
    """The content type of a file that may be kept. Raises `Refusal` when it is too large or not what it says."""
    if len(content) > LARGEST:
        raise Refusal(_("Filen er for stor."), _("Den må fylde højst 10 MB."), _("Gem den i lavere opløsning, og prøv igen."), field=field)
    kind, starts = _KINDS.get(name.rsplit(".", 1)[-1].lower(), ("", ()))
    if not kind:
        raise Refusal(_("Filtypen kan ikke bruges."), mend=_("Upload en PDF, et billede (JPG eller PNG) eller et Word-dokument."), field=field)
    if not content.startswith(starts) or (kind == _WORD and not _is_word(content)):
        raise Refusal(_("Filen er ikke det, navnet siger."), mend=_("Åbn den, gem den igen i den rigtige type, og upload den."), field=field)
    return kind
