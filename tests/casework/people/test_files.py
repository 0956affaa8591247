"""Which files are kept: those whose content is what the name says."""

import io
import zipfile

import pytest

from snerydder.audit.action import Refusal
from snerydder.casework.people.files import LARGEST, check_file


def word(name="word/document.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "<w/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("bevis.pdf", b"%PDF-1.7 x", "application/pdf"),
        ("BEVIS.PDF", b"%PDF-1.7 x", "application/pdf"),
        ("Åses eksamensbevis (2).png", b"\x89PNG\r\n\x1a\nx", "image/png"),
        ("foto.jpeg", b"\xff\xd8\xffx", "image/jpeg"),
        ("brev.docx", word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_it_keeps(name, content, kind):
    assert check_file(name, content) == kind


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bevis.exe", b"MZ", "Filtypen kan ikke bruges."),
        ("bevis", b"%PDF-1.7", "Filtypen kan ikke bruges."),
        ("bevis.svg", b"<svg onload=alert(1)>", "Filtypen kan ikke bruges."),
        ("bevis.html", b"<script>", "Filtypen kan ikke bruges."),
        ("bevis.pdf", b"MZ\x90", "ikke det, navnet siger"),
        ("bevis.pdf.exe", b"%PDF-1.7", "Filtypen kan ikke bruges."),
        ("bevis.png", b"%PDF-1.7", "ikke det, navnet siger"),
        ("brev.docx", b"PK\x03\x04 not a zip", "ikke det, navnet siger"),
        ("brev.docx", word("evil.exe"), "ikke det, navnet siger"),
        ("stor.pdf", b"%PDF-" + b"x" * LARGEST, "for stor"),
    ],
)
def test_it_refuses(name, content, says):
    with pytest.raises(Refusal, match=says) as refused:
        check_file(name, content)
    assert refused.value.field == "file"
    assert refused.value.mend
