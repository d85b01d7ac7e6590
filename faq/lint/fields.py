"""Checks that an entry is complete: its fields, what a procedure needs, its owner and what it is related to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from faq.entry import Entry
from faq.library import Library
from faq.lint.finding import Finding, Rule

MIN_ALTERNATIVES: Final = 3
"""Fewer ways of asking do not tell the matcher enough apart."""
REQUIRED: Final = (
    "topic",
    "keywords",
    "answer",
    "owner",
    "source",
    "confidence",
    "reviewed_on",
    "review_by",
)
PROCEDURE: Final = ("steps", "bring", "fee", "time", "place")
"""Whoever tells one of them tells of a procedure, and then people ask for the others."""
_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def check_fields(entry: Entry, library: Library) -> Iterator[Finding]:
    """Missing fields, half procedures, owners, relations and placeholders that nobody knows."""
    for name in REQUIRED:
        if not getattr(entry, name):
            yield Finding(entry.id, name, "còn thiếu", Rule.MISSING, name)
    if len(entry.alternatives) < MIN_ALTERNATIVES:
        problem = f"cần ít nhất {MIN_ALTERNATIVES} cách hỏi khác"
        yield Finding(entry.id, "alternatives", problem, Rule.MISSING, "alternatives")
    told = [name for name in PROCEDURE if getattr(entry, name)]
    for name in PROCEDURE if told else ():
        if name not in told:
            yield Finding(
                entry.id, name, f"thủ tục đã có {', '.join(told)} thì phải có", Rule.PROCEDURE, name
            )
    if entry.owner and entry.owner not in library.phrases.owners:
        yield Finding(entry.id, "owner", f"không có đơn vị {entry.owner}", Rule.UNKNOWN, entry.owner)
    yield from _check_related(entry, library)
    for name, text in entry.texts:
        for words in _BRACES.findall(text):
            if words not in library.phrases.placeholders and not words.startswith("figure:"):
                yield Finding(entry.id, name, f"không có chỗ điền {{{words}}}", Rule.UNKNOWN, words)


def _check_related(entry: Entry, library: Library) -> Iterator[Finding]:
    for other in entry.related:
        if other == entry.id:
            yield Finding(entry.id, "related", "dẫn tới chính mục này", Rule.RELATED, other)
        elif library.find(other) is None:
            yield Finding(
                entry.id, "related", f"không có mục {other}, hoặc đã ngừng dùng", Rule.RELATED, other
            )
