"""The labelled questions: how they are read, made noisy, and split into a tuning and a test half."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import yaml

from bench.questions.noise import LAYERS
from faq.entry import Entry, read_entries
from faq.library import Library

HERE: Final = Path(__file__).parent
WARDS: Final = ("ward", "sister")
"""The shipped knowledge, and the list of a second ward that was written without looking at the first."""
COMMUNE: Final = "commune"
"""The list of a third ward, written without looking at the others: learnt from as a whole, so never a score."""


@dataclass(frozen=True, slots=True)
class Question:
    """One message and what is right for it: an entry, some that may be meant, or nothing."""

    text: str
    slice: str
    expect: str | None = None
    also: frozenset[str] = frozenset()
    any: frozenset[str] = frozenset()
    base: str | None = None
    complaint: bool = False
    key: str = field(default="", compare=False)
    """What the split goes by: the entry, or the text where there is none; noise goes with its origin."""
    only_learnt: bool = field(default=False, compare=False)
    """Whether it belongs to the tuning half whatever its key says."""

    @property
    def right(self) -> frozenset[str]:
        """The entries that answer it; empty if nothing may be answered."""
        return self.also | {self.expect} if self.expect else frozenset()


@dataclass(frozen=True)
class QuestionSet:
    """One knowledge base and the questions put to it."""

    name: str
    entries: tuple[Entry, ...]
    questions: tuple[Question, ...]

    def half(self, tune: bool) -> QuestionSet:
        """The tuning half, or the test half: whole entries, so that no entry is known to both."""
        chosen = tuple(q for q in self.questions if (q.only_learnt or is_for_tuning(q.key)) == tune)
        return QuestionSet(self.name, self.entries, chosen)


def is_for_tuning(key: str) -> bool:
    """Which half a key belongs to, for ever: by its hash."""
    return hashlib.sha256(f"half:{key}".encode()).digest()[0] % 2 == 0


def load_set(name: str) -> QuestionSet:
    """The set of one ward with its noisy forms and the negatives. `name` is one of WARDS, or COMMUNE."""
    entries = tuple(Library.load()) if name == "ward" else read_entries(HERE / name / "kb.yaml")
    asked = [q for path in sorted((HERE / name).glob("questions-*.yaml")) for q in _questions(_read(path))]
    ids = {entry.id for entry in entries}
    negatives = list(_negatives(_read(HERE / "negatives.yaml"), ids, name))
    noisy = [*_noisy(asked, per_layer=len(entries)), *_noisy_negatives(negatives)]
    found = [*asked, *negatives, *noisy]
    if name == COMMUNE:
        found = [replace(q, only_learnt=True) for q in found if q.right or is_for_tuning(q.key)]
    learnt = _negatives(_read(HERE / COMMUNE / "negatives.yaml"), ids, name)
    return QuestionSet(name, entries, (*found, *(replace(q, only_learnt=True) for q in learnt)))


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


def _questions(raw: dict[str, dict[str, list[Any]]]) -> Iterator[Question]:
    for entry_id, slices in raw.items():
        for name, rows in slices.items():
            for row in rows:
                text = row["text"] if isinstance(row, dict) else row
                also = frozenset([row["also"]]) if isinstance(row, dict) else frozenset()
                yield Question(text, name, entry_id, also, key=entry_id)


def _negatives(raw: dict[str, list[Any]], ids: set[str], ward: str) -> Iterator[Question]:
    for name, rows in raw.items():
        for row in rows:
            if isinstance(row, str):
                yield Question(row, name, complaint=name == "neg_complaint", key=row)
            elif ward in row.get("not_for", ()):
                continue  # this ward's list does have an answer to it
            elif "any" in row and set(row["any"]) <= ids:
                yield Question(row["text"], "ambiguous", any=frozenset(row["any"]), key=row["text"])
            elif row.get("expect") in ids:
                yield Question(row["text"], "complaint_q", row["expect"], key=row["expect"])
            elif "not_for" in row:
                yield Question(row["text"], name, complaint=name == "neg_complaint", key=row["text"])


def _noisy(asked: Iterable[Question], per_layer: int) -> Iterator[Question]:
    """Every layer of noise over one question of each entry, drawn for each layer anew."""
    by_entry: dict[str, list[Question]] = {}
    for question in asked:
        if question.slice not in ("short", "multi"):
            by_entry.setdefault(question.key, []).append(question)
    for layer in LAYERS:
        for key, entry_questions in list(by_entry.items())[:per_layer]:
            question = random.Random(f"{layer}:{key}").choice(entry_questions)
            changed = LAYERS[layer](question.text)
            yield Question(
                changed,
                f"noise_{layer}",
                question.expect,
                question.also,
                base=question.text,
                key=question.key,
            )


def _noisy_negatives(negatives: Iterable[Question]) -> Iterator[Question]:
    layers = list(LAYERS.values())
    chosen = [q for q in negatives if q.slice.startswith("neg_")]
    for number, question in enumerate(chosen[::5]):
        changed = layers[number % len(layers)](question.text)
        yield Question(
            changed, "neg_noise", complaint=question.complaint, base=question.text, key=question.key
        )
