"""Checks that answers are looked at again in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from faq.entry import Entry
from faq.lint.finding import Finding, Rule

HALF_YEAR: Final = timedelta(days=184)
"""The longest time between two reviews."""
MONTH: Final = timedelta(days=31)
"""The longest time for confidence D, where the rules are changing."""


def check_review(entry: Entry, today: date) -> Iterator[Finding]:
    """A review that is overdue, planned too late, or dated in the future."""
    if entry.reviewed_on is None or entry.review_by is None:
        return
    if entry.is_overdue(today):
        problem = f"quá hạn kiểm tra lại từ {entry.review_by:%d/%m/%Y}"
        yield Finding(entry.id, "review_by", problem, Rule.REVIEW)
    if entry.reviewed_on > today:
        yield Finding(entry.id, "reviewed_on", "ngày kiểm tra còn ở phía trước", Rule.REVIEW)
    limit = MONTH if entry.confidence == "D" else HALF_YEAR
    if entry.review_by - entry.reviewed_on > limit:
        yield Finding(entry.id, "review_by", f"phải kiểm tra lại trong {limit.days} ngày", Rule.REVIEW)
