"""Checks the content before people see it, subject by subject; what is found is corrected or accepted in data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path

from faq.entry import Entry
from faq.lexicon import load_lexicon
from faq.library import CONTENT, Library
from faq.lint.fields import check_fields
from faq.lint.figures import check_figures, check_table
from faq.lint.finding import Finding, Rule, Standards, findings_text, load_standards
from faq.lint.likeness import LikenessCheck, list_hints
from faq.lint.links import check_links
from faq.lint.reading import check_reading
from faq.lint.review import check_review
from faq.lint.words import CONCEPTS, WordCheck

__all__ = [
    "Finding",
    "Rule",
    "Standards",
    "findings_text",
    "lint",
    "lint_words",
    "list_hints",
    "load_standards",
]


def lint(
    library: Library,
    today: date,
    standards: Standards | None = None,
    watch: Callable[[int], None] | None = None,
    only: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Everything to correct, in the order of the entries, then of figures; empty if it may be published.

    `standards` are ours unless given. `watch` is told after each entry how many are done. With `only`, entries
    of these ids are checked among all others, and nothing else.
    """
    known = load_standards(CONTENT) if standards is None else standards
    checked = [entry for entry in library if only is None or entry.id in only]
    findings = _list_findings(library, checked, today, known, watch)
    ids = frozenset(entry.id for entry in checked)
    if only is None:
        findings = chain(findings, check_table(library, today))
    return tuple(known.sift(findings, ids))


def _list_findings(
    library: Library,
    entries: Iterable[Entry],
    today: date,
    standards: Standards,
    watch: Callable[[int], None] | None,
) -> Iterator[Finding]:
    likeness = LikenessCheck(library)
    for number, entry in enumerate(entries, start=1):
        yield from check_fields(entry, library)
        yield from check_links(entry, standards)
        yield from check_reading(entry, library, standards, today)
        yield from check_figures(entry, library, today)
        yield from check_review(entry, today)
        yield from likeness.check(entry)
        if watch is not None:
            watch(number)


def lint_words(
    library: Library, folder: Path = CONTENT, standards: Standards | None = None
) -> tuple[Finding, ...]:
    """Everything to correct in the word tables of a content folder; empty for a folder or file without its own.

    Raises ContentError for a table that cannot be read. `standards` are ours unless given.
    """
    if not (folder / CONCEPTS).is_file():
        return ()
    known = load_standards(CONTENT) if standards is None else standards
    lexicon = load_lexicon(folder)
    names = frozenset((*lexicon.concepts, *lexicon.short_forms))
    return tuple(known.sift(WordCheck(library, lexicon).check(folder), names))
