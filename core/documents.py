"""Finds the number of a document, or the article of a law, in what an officer typed on the run."""

from __future__ import annotations

import re
import unicodedata

# As decree 30/2020/NĐ-CP has numbers written: «45/TB-UBND», «151/2025/NĐ-CP», «72/2025/QH15». The signs
# after the slash must hold a hyphen or be one of these, or «2 lần/ngày» would be a document.
_SIGNS = r"(?:[a-z]{1,6}[0-9]{0,2}(?:-[a-z]{2,8}){1,3}|qh[0-9]{2}|ubnd|hdnd|qd|tb|bb|cv|kh|nq|gp|gm)"
_KINDS = (
    "quyet dinh|thong bao|bien ban|cong van|ke hoach|giay moi|giay phep|to trinh|van ban|bao cao|ket luan"
    "|nghi dinh|nghi quyet|thong tu|huong dan|phieu chuyen"
)
_FOUND = re.compile(
    rf"(?<![\w/])(?:(?:{_KINDS}) )?(?:so )?[0-9]{{1,5}}(?:/(?:19|20)[0-9]{{2}})?/{_SIGNS}\b"
    rf"|\b(?:{_KINDS}) so [0-9]{{1,5}}(?:/(?:19|20)[0-9]{{2}})?(?:/{_SIGNS}\b)?"
    r"|\bdieu [0-9]+(?:[^.;\n]{0,60}?\b(?:luat|nghi dinh|thong tu|quyet dinh|nghi quyet)\b[^.;,\n]{0,40})?"
    r"|\bluat(?: \w+){1,6} (?:19|20)[0-9]{2}\b"
)


def find_document(text: str) -> str | None:
    """The first number of a document or basis in law that a text names, as written; None when there is none."""
    text = unicodedata.normalize("NFC", text)
    found = _FOUND.search(_bare(text))
    return text[found.start() : found.end()].strip() if found else None


def _bare(text: str) -> str:
    """Lower case without marks, letter for letter, so that places in it are places in the text."""
    return "".join(_plain(letter) for letter in text)


def _plain(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    return unicodedata.normalize("NFD", letter)[0].lower()[:1] or " "
