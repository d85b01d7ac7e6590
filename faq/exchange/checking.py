"""The lint of the content for what a file changes: only what the file brings in, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from core.wording import Wording
from faq.entry import Entry
from faq.exchange.comparing import Change, Step
from faq.exchange.kept import Problem
from faq.library import Library
from faq.lint import Finding, lint

_FIELD_NAMES: Final = re.compile(r"\b(?:steps|bring|fee|time|place|links|legal_basis|related|owner)\b")


def check_changes(
    library: Library, changes: Sequence[Change], today: date, words: Wording
) -> tuple[Problem, ...]:
    """What the lint finds in the changed entries and did not find before: an old weakness blocks no one.

    `library` is what is in force.
    """
    said = [change for change in changes if change.step is not Step.RETIRE]
    if not changes:
        return ()
    ids = frozenset(change.new.id for change in said)
    after = replace(library, entries=_laid_over(library, changes))
    known = {_mark(finding) for finding in lint(library, today, only=ids)}
    places = {change.new.id: change.row for change in said}
    return tuple(
        Problem(
            places[finding.entry_id].place_of(finding.field),
            plain_problem(finding, words),
            finding.entry_id,
        )
        for finding in lint(after, today, only=ids)
        if finding.entry_id in ids and _mark(finding) not in known
    )


def plain_problem(finding: Finding, words: Wording) -> str:
    """What is wrong in the words of an office: fields by their names, and no names of files."""
    named = _FIELD_NAMES.sub(lambda hit: words.text(f"care.field.{hit[0]}").lower(), finding.problem)
    return named.replace("_figures.yaml", words.text("exchange.figures_table"))


def _mark(finding: Finding) -> tuple[str, str, str, str]:
    return finding.entry_id, finding.field, finding.rule, finding.about


def _laid_over(library: Library, changes: Sequence[Change]) -> tuple[Entry, ...]:
    changed = {change.new.id: None if change.step is Step.RETIRE else change.new for change in changes}
    known = {entry.id for entry in library}
    present: Iterator[Entry | None] = (changed.get(entry.id, entry) for entry in library)
    added = (entry for entry_id, entry in changed.items() if entry_id not in known)
    return tuple(entry for entry in (*present, *added) if entry is not None)
