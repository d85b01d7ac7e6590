"""What a file would change: added, changed, retired and restored entries, and those that somebody changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from core.wording import Wording
from faq.differences import differences
from faq.entry import Entry
from faq.exchange.kept import Kept, Problem, Row, fingerprint, tidy


class Step(StrEnum):
    """What becomes of an entry."""

    ADD = "add"
    EDIT = "edit"
    RETIRE = "retire"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that a file changes; `old` is what is in force, None for a new one."""

    step: Step
    row: Row
    old: Kept | None
    new: Entry

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """Field, old words and new; nothing for what is only taken out of use or back."""
        return differences(tidy(self.old.entry) if self.old else None, self.new)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes of a file. `outrun` are entries the file leaves alone while they have a newer version by now."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    unchanged: int
    outrun: tuple[str, ...]


def compare(rows: Iterable[Row], kept: Mapping[str, Kept], words: Wording) -> Comparison:
    """Each row against what is in force. What was changed on both sides is a problem, never overwritten."""
    changes, problems, outrun, unchanged = [], [], [], 0
    for row in rows:
        row = replace(row, entry=tidy(row.entry))
        old = kept.get(row.entry.id)
        problem = _problem(row, old, words)
        if problem is not None:
            problems.append(problem)
        elif old is not None and _is_same(row, old):
            unchanged += 1
        elif old is not None and _is_untouched(row):
            unchanged += 1
            outrun.append(row.entry.id)
        else:
            changes.append(_change(row, old))
    return Comparison(tuple(changes), tuple(problems), unchanged, tuple(outrun))


def _is_same(row: Row, old: Kept) -> bool:
    return row.retired == old.retired and row.entry == tidy(old.entry)


def _is_untouched(row: Row) -> bool:
    """As it was exported, whatever has become of the entry since."""
    return row.version.rpartition("-")[2] == fingerprint(row.entry, retired=row.retired)


def _problem(row: Row, old: Kept | None, words: Wording) -> Problem | None:
    entry = row.entry
    if old is None:
        if row.version:
            text = words.text("exchange.wrong.unknown_id", id=entry.id)
            return Problem(row.place_of("id"), text, entry.id)
        if row.retired:
            return Problem(row.place_of("retired"), words.text("exchange.wrong.new_retired"), entry.id)
        return None
    if _is_same(row, old):
        return None
    if not row.version:
        return Problem(row.place_of("id"), words.text("exchange.wrong.taken_id", id=entry.id), entry.id)
    if row.version != old.version and not _is_untouched(row):
        text = words.text("exchange.wrong.conflict", question=f"«{old.entry.question}»", number=old.number)
        return Problem(row.place, text, entry.id)
    return None


def _change(row: Row, old: Kept | None) -> Change:
    if old is None:
        return Change(Step.ADD, row, None, row.entry)
    if row.retired:
        # What is taken out of use keeps its words: nobody reads others before it comes back.
        return Change(Step.RETIRE, row, old, row.entry if old.retired else old.entry)
    return Change(Step.RESTORE if old.retired else Step.EDIT, row, old, row.entry)


def count_steps(changes: Iterable[Change]) -> Mapping[Step, int]:
    """How many entries are added, changed, retired and restored."""
    found = list(_steps(changes))
    return {step: found.count(step) for step in Step}


def _steps(changes: Iterable[Change]) -> Iterator[Step]:
    for change in changes:
        yield change.step
