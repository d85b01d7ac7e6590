"""Checks the content before people see it: missing fields, figures that are not certain, length, review dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from faq.entry import Entry
from faq.library import Library, has_figure

MAX_ANSWER: Final = 600
MIN_ALTERNATIVES: Final = 3
_MAX_REVIEW: Final = {"D": timedelta(days=31)}
_DEFAULT_REVIEW: Final = timedelta(days=184)
_REQUIRED: Final = (
    "topic",
    "keywords",
    "answer",
    "owner",
    "source",
    "confidence",
    "reviewed_on",
    "review_by",
)
_BRACES: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct in one entry."""

    entry_id: str
    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.entry_id}, {self.field}: {self.problem}"


def lint(library: Library, today: date) -> tuple[Finding, ...]:
    """Everything to correct, in the order of the entries; empty if the content may be published."""
    return tuple(finding for entry in library for finding in _check(entry, library, today))


def _check(entry: Entry, library: Library, today: date) -> Iterator[Finding]:
    for field in _REQUIRED:
        if not getattr(entry, field):
            yield Finding(entry.id, field, "còn thiếu")
    if len(entry.alternatives) < MIN_ALTERNATIVES:
        yield Finding(entry.id, "alternatives", f"cần ít nhất {MIN_ALTERNATIVES} cách hỏi khác")
    if entry.owner and entry.owner not in library.phrases.owners:
        yield Finding(entry.id, "owner", f"không có đơn vị {entry.owner}")
    for other in entry.related:
        if library.find(other) is None:
            yield Finding(entry.id, "related", f"không có mục {other}")
    yield from _check_answer(entry, library)
    yield from _check_review(entry, today)


def _check_answer(entry: Entry, library: Library) -> Iterator[Finding]:
    answer = entry.answer or ""
    if len(answer) > MAX_ANSWER:
        yield Finding(entry.id, "answer", f"dài {len(answer)} ký tự, tối đa {MAX_ANSWER}")
    if entry.confidence in ("C", "D") and has_figure(answer, library.phrases):
        yield Finding(entry.id, "answer", f"độ tin {entry.confidence} thì không được nêu con số")
    if answer.lower().count("dạ,") > 1:
        yield Finding(entry.id, "answer", '"Dạ" chỉ dùng một lần')
    for name in _BRACES.findall(answer):
        if name not in library.phrases.placeholders:
            yield Finding(entry.id, "answer", f"không có chỗ điền {{{name}}}")


def _check_review(entry: Entry, today: date) -> Iterator[Finding]:
    if entry.reviewed_on is None or entry.review_by is None:
        return
    if entry.is_overdue(today):
        yield Finding(entry.id, "review_by", f"quá hạn kiểm tra lại từ {entry.review_by:%d/%m/%Y}")
    limit = _MAX_REVIEW.get(entry.confidence or "", _DEFAULT_REVIEW)
    if entry.review_by - entry.reviewed_on > limit:
        yield Finding(entry.id, "review_by", f"phải kiểm tra lại trong {limit.days} ngày")
