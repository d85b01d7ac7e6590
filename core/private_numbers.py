"""Finds private numbers in what people write (identity, card, telephone, account, one-time code) and covers them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Final

_ZERO_WIDTH: Final = "\u200b\u200c\u200d\u2060\ufeff"
# Up to three signs between two digits: "0912.345.678", "0 9 1 2", "0912 - 345 - 678".
_GAP: Final = rf"[ .,\-–_/*·\u00a0{_ZERO_WIDTH}]{{0,3}}"
_RUN: Final = re.compile(rf"(?<![\w])\+?\(?\d(?:[()]?{_GAP}[()]?\d)*", re.ASCII)
_DATE: Final = re.compile(
    r"(?<!\d)(?<!\d[.-])(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{1,2}[./-](?:19|20)\d{2}|\d{4}-\d{2}-\d{2})(?!\d)"
)
# With a letter: 0263-3888-999 is a telephone.
_TICKET: Final = re.compile(r"(?=[0-9-]{0,12}[A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}(?![\w-])")
_MONEY_AFTER: Final = re.compile(
    r"\s?(?:đ|d|vnd|vnđ|đồng|dong|k|ngàn|ngan|nghìn|nghin|triệu|trieu|tr|tỷ|usd|usdt)(?![^\W\d_])",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?:840?|0)(?:[35789]\d{8}|2\d{9})")
_LONGEST: Final = 19
_IDENTITY: Final = re.compile(r"0\d{2}[0-3]\d{2}\d{6}")
_MONEY: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
# What may stand between the parts of one number; a comma or several signs part two numbers.
_ONE_SIGN: Final = re.compile(r"[ .\-–·]")
_DIGITS: Final = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
# How close before a number a word must stand to say what the number is, in letters.
_NEAR: Final = 24
_WORDS_BEFORE: Final = 20


class NumberKind(StrEnum):
    """What a private number is."""

    IDENTITY = "identity"
    CARD = "card"
    PHONE = "phone"
    ACCOUNT = "account"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class PrivateNumber:
    """Where a private number stands in the text as written, and its digits."""

    kind: NumberKind
    start: int
    end: int
    digits: str


@dataclass(frozen=True, slots=True)
class Covered:
    """A text without its private numbers, and what was covered."""

    text: str
    kinds: frozenset[NumberKind]


@dataclass(frozen=True, slots=True)
class _Called:
    """What the words before a number call it."""

    code: bool
    account: bool
    identity: bool

    @classmethod
    def by(cls, before: str) -> _Called:
        """From the bare text just before the number."""
        searched = (_CODE_WORDS.search(before), _ACCOUNT_WORDS.search(before), _IDENTITY_WORDS.search(before))
        return cls(*(found is not None for found in searched))


_CODE_WORDS: Final = re.compile(
    r"(?:\botp|ma xac (?:nhan|thuc|minh)|ma (?:bao mat|kich hoat|giao dich|so|gui ve|ve may)|mat khau|passcode"
    r"|password|\bpass|\bmk|ma pin|\bpin|\bcvv|\bcvc|\bsmart ?otp)\b[^\d]{0,24}$"
)
_CODE_RIGHT_BEFORE: Final = re.compile(
    r"(?:\botp|ma xac (?:nhan|thuc|minh)|mat khau|passcode|password|\bpin|\bcvv|\bcvc)(?: (?:la|is))?[\s:=]{0,3}$"
)
_CODE_AFTER: Final = re.compile(
    r"\s{0,2}(?:la|is)? ?(?:your )?(?:ma |code )?(?:otp|ma xac (?:nhan|thuc|minh)|xac (?:nhan|thuc|minh)|passcode)\b"
)
_ACCOUNT_WORDS: Final = re.compile(
    r"(?:\bstk|so (?:tai khoan|tk)|\bs\.?t\.?k|tai khoan|\btk|\bacc(?:ount)?|\bchuyen (?:vao|vo|qua|toi|den|khoan)"
    r"|\bck|\bvi (?:momo|dien tu|zalopay)|\bmomo|\bbank|so the|the atm)\b[^\d]{0,24}$"
)
_BANK_AFTER: Final = re.compile(
    r"^[\s,;:()\-–.]{0,4}(?:ngan hang |nh )?(?:vcb|vietcom\w*|vietin\w*|ctg|bidv|agri\w*|tcb|techcom\w*|mb ?bank|mb\b"
    r"|acb|vpbank|vpb|tpbank|tpb|sacom\w*|stb|vib|shb|hdbank|msb|ocb|seabank|eximbank|scb|lpbank|cake|timo|momo|zalopay)\b"
)
_PHONE_WORDS: Final = re.compile(
    r"(?:\bsdt|\bdt|dien thoai|\bgoi|\bzalo|hotline|lien he|\blh|\bsms|nhan tin|\btel|\bphone|so may)\b[^\d]{0,16}$"
)
_IDENTITY_WORDS: Final = re.compile(
    r"(?:can cuoc|\bcccd|\bcmnd|\bcmt|chung minh|dinh danh|\bcc)\b[^\d]{0,24}$"
)


def find_private_numbers(text: str) -> tuple[PrivateNumber, ...]:
    """The private numbers in the order in which they stand; dates, sums and ticket codes are none.

    Places are those of the text in NFC. Sources: 12 digits of the identity number (province, century and sex, year
    of birth), 9 of the older card, the check digit of bank cards (ISO/IEC 7812-1), mobile prefixes 03, 05, 07, 08
    and 09 of the national numbering plan.
    """
    written = unicodedata.normalize("NFC", text).translate(_DIGITS)
    return tuple(_numbers(written, "".join(_bare(letter) for letter in written)))


def cover(
    text: str, instead: str | Callable[[NumberKind], str], only: Collection[NumberKind] | None = None
) -> Covered:
    """The text in NFC with every private number replaced by `instead`, which may depend on the kind.

    With `only` these kinds alone are covered.
    """
    found = [one for one in find_private_numbers(text) if only is None or one.kind in only]
    written = unicodedata.normalize("NFC", text)
    pieces, at = [], 0
    for number in found:
        pieces += [written[at : number.start], instead if isinstance(instead, str) else instead(number.kind)]
        at = number.end
    return Covered("".join((*pieces, written[at:])), frozenset(number.kind for number in found))


def phone_key(digits: str) -> str:
    """One spelling for all ways to write a telephone number: +84 912… and 0912… become 0912…"""
    # With 0 behind the country code, as many write it: +84 0912 345 678.
    if digits.startswith("840") and len(digits) == 12:
        return digits[2:]
    return f"0{digits[2:]}" if digits.startswith("84") and len(digits) in (11, 12) else digits


def _numbers(text: str, plain: str) -> Iterator[PrivateNumber]:
    skip = [found.span() for pattern in (_DATE, _TICKET) for found in pattern.finditer(text)]
    for run in _RUN.finditer(text):
        for start, end in _parted(text, plain, run.span()):
            kind = _kind(text, plain, start, end)
            if kind is not None and not any(s < end and start < e for s, e in skip):
                yield PrivateNumber(kind, start, end, _digits(text[start:end]))


def _parted(text: str, plain: str, run: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The numbers in a run of digits: "tổ 5, 0912 345 678" is a house and a telephone."""
    parts = [(run[0] + m.start(), run[0] + m.end()) for m in re.finditer(r"[+(]*\d+", text[run[0] : run[1]])]
    digits = [_digits(text[start:end]) for start, end in parts]
    at = 0
    while at < len(parts):
        # Each part has a digit at least, so no number has more parts than digits.
        most = min(len(parts), at + _LONGEST)
        joined = list(accumulate(digits[at:most]))
        called = _Called.by(_before(plain, parts[at][0]))
        one_sign = _one_sign_until(text, parts[at:most])
        whole = at + 1
        for count in range(most - at, 1, -1):
            span = (parts[at][0], parts[at + count - 1][1])
            if _is_one(text, plain, span, joined[count - 1], called, same=count <= one_sign):
                whole = at + count
                break
        yield parts[at][0], parts[whole - 1][1]
        at = whole


def _one_sign_until(text: str, parts: Sequence[tuple[int, int]]) -> int:
    """How many of the first parts have one and the same sign between them."""
    signs = [text[left[1] : right[0]] for left, right in pairwise(parts)]
    if not signs or not _ONE_SIGN.fullmatch(signs[0]):
        return 1
    return 1 + next((at for at, sign in enumerate(signs) if sign != signs[0]), len(signs))


def _is_one(
    text: str, plain: str, span: tuple[int, int], digits: str, called: _Called, *, same: bool
) -> bool:
    """Whether parts of digits are one number: by its form, or by the word before it and the same sign between."""
    size = len(digits)
    if not 4 <= size <= _LONGEST:
        return False
    is_formed = size >= 10 and (_is_card(digits) or _is_phone(digits) or _IDENTITY.fullmatch(digits))
    is_named = same and (size <= 8 if called.code else _is_named(plain, span[1], size, called))
    return bool(is_formed or is_named) and not _MONEY.fullmatch(text[span[0] : span[1]])


def _is_named(plain: str, end: int, size: int, called: _Called) -> bool:
    if not 8 <= size <= 16:
        return False
    return called.account or called.identity or _BANK_AFTER.match(plain[end : end + _NEAR]) is not None


def _kind(text: str, plain: str, start: int, end: int) -> NumberKind | None:
    """What the number is: what the words around it call it, else its own form."""
    digits, before = _digits(text[start:end]), _before(plain, start)
    glued = start > 0 and (
        text[start - 1].isalpha() or (text[start - 1] == "-" and text[start - 2 : start - 1].isalnum())
    )
    if not 3 <= len(digits) <= _LONGEST or glued or (end < len(text) and text[end].isalpha()):
        return None
    if _MONEY.fullmatch(text[start:end]) or _is_amount(text, before, end, digits):
        return None
    is_code = _CODE_WORDS.search(before) or _CODE_AFTER.match(plain[end:])
    if is_code and len(digits) <= 8:
        return NumberKind.CODE
    if len(digits) < 6:
        return None
    return _called(plain, before, end, digits) or _shape(digits)


def _is_amount(text: str, before: str, end: int, digits: str) -> bool:
    """A sum of money by the word behind it; no sum begins with a nought, and «OTP là 839201 k» is a slip."""
    if len(digits) >= 9 or digits.startswith("0") or _CODE_RIGHT_BEFORE.search(before):
        return False
    return _MONEY_AFTER.match(text[end:]) is not None


def _called(plain: str, before: str, end: int, digits: str) -> NumberKind | None:
    """What the words beside a number say that it is."""
    if _is_card(digits):
        return NumberKind.CARD
    if _IDENTITY_WORDS.search(before) and len(digits) in (9, 12):
        return NumberKind.IDENTITY
    if _BANK_AFTER.match(plain[end:]) or _ACCOUNT_WORDS.search(before):
        return NumberKind.ACCOUNT
    public = digits.startswith(("1800", "1900"))
    return NumberKind.PHONE if _PHONE_WORDS.search(before) and 9 <= len(digits) <= 12 and not public else None


def _shape(digits: str) -> NumberKind | None:
    """What a number is by its form alone."""
    if _is_phone(digits):
        return NumberKind.PHONE
    if len(digits) == 12 or (len(digits) == 9 and digits[0] in "0123"):
        return NumberKind.IDENTITY
    # Nothing else that people write has so many digits in one piece.
    return NumberKind.ACCOUNT if len(digits) >= 10 and not digits.startswith(("1800", "1900")) else None


def _is_phone(digits: str) -> bool:
    return bool(_PHONE.fullmatch(digits))


def _is_card(digits: str) -> bool:
    """True for a bank card: 16 or 19 digits with a right check digit, of a scheme that is used here."""
    return len(digits) in (16, 19) and digits[0] in "345689" and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _before(plain: str, start: int) -> str:
    return plain[max(0, start - _NEAR - _WORDS_BEFORE) : start]


def _digits(piece: str) -> str:
    return "".join(letter for letter in piece if "0" <= letter <= "9")


def _bare(letter: str) -> str:
    """One letter in lower case without marks: a place in the bare text is the same place in the text."""
    if letter.isascii():
        return letter.lower()
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return "d" if base == "đ" else base[0]
