"""Documents: kept as they are when we take their kind, refused by their bytes when not, fetched only if asked."""

from __future__ import annotations

import hashlib
import io
import random
import unicodedata
import zipfile
from pathlib import Path
from typing import cast

import pytest
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas

from bot.attachments import Attachments
from bot.channels.contract import Channel, ConnectionFailed
from bot.documents import (
    MAX_BYTES,
    MAX_TITLE,
    MEDIA_TYPES,
    UnusableDocument,
    clean_title,
    document_path,
    keep_document,
    look_at,
)
from core.messages import Attachment, MessageKind
from tests import papers
from tests.bot.test_recordings import _Provider
from tests.channels.suite import picture


def _workbook() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def _printed() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 72, "Lich tiem phong")
    canvas.save()
    return out.getvalue()


def _zip(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def _with_password() -> bytes:
    data = bytearray(papers.docx())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


TAKEN = {
    **{kind: (make(), kind) for kind, make in papers.KINDS.items()},
    "a printed page": (_printed(), "pdf"),
    "a workbook": (_workbook(), "xlsx"),
    "Word with an Excel table inside": (papers.docx("word/embeddings/a.xlsx"), "docx"),
    "as large as may be": (papers.pdf(MAX_BYTES), "pdf"),
}
REFUSED = {
    "nothing": (b"", "kind"),
    "a picture": (picture("red"), "kind"),
    "a page": (b"<html><script>alert(1)</script>", "kind"),
    "a program": (b"MZ" + bytes(5000), "kind"),
    "a PDF behind something else": (b"<html>" + papers.pdf(), "kind"),
    "a zip": (_zip(a="x"), "kind"),
    "PowerPoint": (papers.package("presentationml.presentation.main+xml", "ppt/p.xml"), "kind"),
    "a template": (
        papers.package(papers.WORD.replace("document.main", "template.main"), "word/d.xml"),
        "kind",
    ),
    "Word without its folder": (papers.package(papers.WORD), "kind"),
    "before 2007, or with a password": (papers.OLD, "old"),
    "a PDF cut off": (papers.pdf(20_000)[:-5000], "damaged"),
    "Word cut off": (papers.docx()[:-30], "damaged"),
    "parts with a password": (_with_password(), "damaged"),
    "a list of parts without end": (papers.docx(types=" " * 600_000), "damaged"),
    "too large": (papers.pdf(MAX_BYTES + 1), "large"),
    "docm": (papers.package("application/vnd.ms-word.document.macroEnabled.main+xml", "word/d.xml"), "macro"),
    "xlsm": (papers.package("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xl/w.xml"), "macro"),
    "macros inside of docx": (papers.docx("word/vbaProject.bin"), "macro"),
    "macros in capitals": (papers.xlsx("xl/VBAPROJECT.BIN"), "macro"),
    "macros under another name": (
        papers.docx("word/a.bin", types="application/vnd.ms-office.vbaProject"),
        "macro",
    ),
    "macros of Excel 4": (papers.xlsx("xl/macrosheets/sheet1.xml"), "macro"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_is_kept_letter_by_letter_under_a_name_of_ours(tmp_path: Path, name: str) -> None:
    data, ending = TAKEN[name]
    kept = keep_document(tmp_path, data, "Lịch.exe")
    assert document_path(tmp_path, str(kept.name)).read_bytes() == data
    assert (kept.kind, kept.media_type, kept.size) == ("file", MEDIA_TYPES[ending], len(data))
    assert str(kept.name).endswith(f".{ending}")
    assert (kept.sha256, kept.title) == (hashlib.sha256(data).hexdigest(), "Lịch.exe")


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_else_is_kept_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    data, why = REFUSED[name]
    with pytest.raises(UnusableDocument) as refused:
        keep_document(tmp_path, data, "van-ban.pdf")
    assert refused.value.refusal == why
    assert list(tmp_path.iterdir()) == []


def test_damaged_packages_are_kept_or_refused_but_never_break_us() -> None:
    chance = random.Random(7)
    whole = [papers.docx("word/a.xml"), papers.xlsx("xl/a.xml"), _workbook()]
    outcomes = set()
    for _ in range(1500):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.choice((1, 2, 5, 20))):
            # Most of what a package says of itself stands at its end.
            near = chance.choice((len(data), min(len(data), 400)))
            data[-chance.randrange(1, near + 1)] = chance.randrange(256)
        try:
            look_at(bytes(data))
            outcomes.add("kept")
        except UnusableDocument:
            outcomes.add("refused")
    assert outcomes == {"kept", "refused"}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Lịch tiêm phòng.pdf", "Lịch tiêm phòng"),
        ("Lịch tiêm phòng.PDF", "Lịch tiêm phòng"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Mai\\Giấy mời.docx", "Giấy mời"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie: x=1"),
        ("thu\u202efdp.exe", "thu fdp.exe"),
        ("\u200b\ufeff.xlsx", ""),
        ("", ""),
        (".pdf", ""),
        (unicodedata.normalize("NFD", "Cộng hòa") + "  số   5 .docx", "Cộng hòa số 5"),
        ("x" * 300 + ".pdf", "x" * MAX_TITLE),
        ("\ud800nửa chữ.pdf", "nửa chữ"),
    ],
)
def test_names_are_for_showing_alone(name: str, title: str) -> None:
    assert clean_title(name) == title


@pytest.mark.parametrize(
    "name",
    ["", "../secret.pdf", f"{'a' * 32}.jpg", f"{'a' * 32}.pdf\n", f"{'A' * 32}.pdf", f"{'a' * 31}/.pdf"],
)
def test_no_other_name_leads_to_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        document_path(tmp_path, name)


def _file(source: str, size: int | None = None) -> Attachment:
    return Attachment(MessageKind.FILE, source, f"{source}.pdf", size)


async def test_only_the_first_is_fetched_and_only_when_one_is_asked_for(tmp_path: Path) -> None:
    provider = _Provider(one=papers.pdf(), two=papers.pdf(), macro=papers.docx("word/vbaProject.bin"))
    channel, door = cast("Channel", provider), Attachments(tmp_path)
    assert await door.fetch(channel, [_file("one")], last_try=False) == []
    assert provider.limits == []
    found = await door.fetch(channel, [_file("one"), _file("two")], last_try=False, document=True)
    assert [(one.kind, one.title, one.media_type) for one in found] == [("file", "one", "application/pdf")]
    assert provider.limits == [MAX_BYTES]
    (refused,) = await door.fetch(channel, [_file("macro")], last_try=False, document=True)
    assert (refused.name, refused.refusal) == (None, "macro")
    # What the provider says of its size is enough: it would refuse to hand it out.
    (large,) = await door.fetch(channel, [_file("one", MAX_BYTES + 1)], last_try=False, document=True)
    assert (large.name, large.refusal, len(provider.limits)) == (None, "large", 2)


async def test_its_name_is_in_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    provider = cast("Channel", _Provider(bí_mật=b"MZ", cut=ConnectionFailed("cut")))
    with caplog.at_level("DEBUG"):
        for source in ("bí_mật", "cut"):
            await Attachments(tmp_path).fetch(provider, [_file(source)], last_try=True, document=True)
    assert len(caplog.messages) == 2
    assert "bí_mật" not in caplog.text
    assert ".pdf" not in caplog.text
