"""Covers private numbers in what citizens write: a ticket is read by many people."""

from __future__ import annotations

import re

_CARD = re.compile(r"(?<![\w-])\d{4}(?:[ .-]?\d{4}){3}(?!\w)")
_IDENTITY = re.compile(r"(?<![\w-])\d{3}(?:[ .-]?\d{3}){3}(?!\w)|(?<![\w-])\d{9}(?!\w)")
_PHONE = re.compile(r"(?<![\w-])(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\w)")
_SECRET = re.compile(
    r"((?:\botp|mã xác nhận|ma xac nhan|mật khẩu|mat khau|passcode|mã pin|\bpin)\b\D{0,15})\d{4,8}\b",
    re.IGNORECASE,
)


def mask(text: str, instead: str) -> str:
    """The text with telephone, identity and card numbers and one-time codes replaced by `instead`."""
    for pattern in (_CARD, _IDENTITY, _PHONE):
        text = pattern.sub(instead, text)
    return _SECRET.sub(lambda found: found[1] + instead, text)
