"""Checks that figures come from the table or the law, are as certain as they are said, and are all used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from faq.entry import Entry
from faq.figures import RATE, REFERENCE, TERM, figure_keys, list_outdated
from faq.library import Library
from faq.lint.finding import Finding, Rule

_BEFORE_STAND_IN: Final = re.compile(
    r"\b(từ|trong|trên|dưới|khoảng|đến|tới|tối đa|tối thiểu|theo|mức|còn|quá|là)\s+\{figure:([a-z-]+)\}",
    re.IGNORECASE,
)


def check_figures(entry: Entry, library: Library, today: date) -> Iterator[Finding]:
    """Figures of one entry."""
    for name, text in entry.texts:
        for key in REFERENCE.findall(text):
            if not library.figures.list_periods(key):
                yield Finding(entry.id, name, f"không có con số {key} trong _figures.yaml", Rule.UNKNOWN, key)
        yield from _check_plain(entry, name, text, library)
        yield from _check_stand_ins(entry, name, text, library, today)
    for key in list_outdated(entry, library.figures, today):
        problem = f"con số {key} đổi hoặc kiểm tra lại sau ngày này, hãy đọc lại mục"
        yield Finding(entry.id, "reviewed_on", problem, Rule.REVIEW, key)


def _check_plain(entry: Entry, name: str, text: str, library: Library) -> Iterator[Finding]:
    plain = REFERENCE.sub("", text)
    unsure = entry.confidence in ("C", "D")
    for rate in RATE.findall(plain):
        problem = f"«{rate}» phải nằm trong _figures.yaml và viết {{figure:…}}"
        yield Finding(entry.id, name, problem, Rule.FIGURE, rate)
    if unsure and (TERM.search(plain) or (name == "answer" and library.phrases.has_digits(plain))):
        problem = f"độ tin {entry.confidence} thì không được nêu con số"
        yield Finding(entry.id, name, problem, Rule.FIGURE)
    elif not entry.legal_basis:
        for term in TERM.findall(plain):
            problem = f"«{term}» cần legal_basis, hoặc đưa vào _figures.yaml và viết {{figure:…}}"
            yield Finding(entry.id, name, problem, Rule.FIGURE, term)


def _check_stand_ins(entry: Entry, name: str, text: str, library: Library, today: date) -> Iterator[Finding]:
    saying = library.saying(today)
    for word, key in _BEFORE_STAND_IN.findall(text):
        if library.figures.list_periods(key) and not saying.tells(entry, key):
            problem = f"«{word} {{figure:{key}}}» đọc không xuôi khi con số bị ẩn, bỏ chữ «{word}»"
            yield Finding(entry.id, name, problem, Rule.FIGURE, key)


def check_table(library: Library, today: date) -> Iterator[Finding]:
    """The table itself: figures nobody uses, certain figures without value, and those whose time is over."""
    used = {key for entry in library for key in figure_keys(entry)}
    for key in library.figures.keys:
        if key not in used:
            yield Finding(key, "_figures.yaml", "không mục nào dùng con số này", Rule.TABLE)
        for row in library.figures.list_periods(key):
            if row.value is None and row.confidence in ("A", "B"):
                problem = f"độ tin {row.confidence} mà chưa có giá trị"
                yield Finding(key, "value", problem, Rule.TABLE)
        current = library.figures.find(key, today)
        if current is not None and current.confidence in ("A", "B") and not current.holds_on(today):
            problem = f"hết hiệu lực từ {current.until:%d/%m/%Y}, cần con số mới"
            yield Finding(key, "until", problem, Rule.TABLE)
