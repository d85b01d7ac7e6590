"""How an entry is put into words on one day in one ward: the answer, the card to take along, and each step."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from faq.entry import Entry
from faq.figures import REFERENCE, Figures
from faq.phrases import Phrases

_BRACES: Final = re.compile(r"\{(?:figure:([^{}]*)|([a-z_]+))\}")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Saying:
    """Says entries as their confidence allows: A plainly, B with a note, C and D without figures and with a note.

    A figure of the table is said when both it and the entry are of confidence A or B and it holds today;
    otherwise a stand-in is. An overdue review is said openly.
    """

    phrases: Phrases
    figures: Figures
    today: date
    facts: Mapping[str, str] = field(default_factory=dict)

    def answer(self, entry: Entry) -> str:
        """The answer and its notes; without an answer, that an officer takes over."""
        if not entry.answer:
            return self.phrases.notes["no_answer"]
        text, withheld = self._allowed(entry, entry.answer, self.phrases.has_digits)
        filled = [self._filled(entry, text)] if text else []
        return "\n".join([*filled, *self._notes(entry, [entry.answer], withheld)])

    def card(self, entry: Entry) -> str | None:
        """What to bring, the fee, the time and the place, a line each; None if the entry tells none of it."""
        words, has_quantity = self.phrases.card, self.phrases.has_quantity
        said = [self._allowed(entry, item, has_quantity) for item in entry.bring]
        items = [words["item"].format(item=self._filled(entry, text)) for text, _ in said if text]
        lines = [words["bring"], *items] if items else []
        withheld = any(missing for _, missing in said)
        for name, text in (("fee", entry.fee), ("time", entry.time), ("place", entry.place)):
            if text is not None:
                allowed, _ = self._allowed(entry, text, has_quantity)
                filled = self._filled(entry, allowed) or self._stand_in(is_term=name == "time")
                lines.append(words[name].format(text=filled))
        if not lines:
            return None
        texts = (*entry.bring, entry.fee or "", entry.time or "", entry.place or "")
        return "\n".join([*lines, *self._notes(entry, texts, withheld)])

    def step(self, entry: Entry, number: int) -> str:
        """Step `number` of an entry, counted from 1; the last one carries the notes.

        Raises ValueError if there is no such step.
        """
        total = len(entry.steps)
        if not 1 <= number <= total:
            raise ValueError(f"entry {entry.id} has no step {number} of {total}")
        text, withheld = self._allowed(entry, entry.steps[number - 1], self.phrases.has_quantity)
        filled = self._filled(entry, text)
        said = self.phrases.card["step"].format(number=number, total=total, text=filled).rstrip()
        if number == total:
            return "\n".join([said, *self._notes(entry, entry.steps, withheld)])
        return "\n".join([said, self.phrases.notes["figures_withheld"]]) if withheld else said

    def plain(self, entry: Entry, name: str, text: str) -> str:
        """A text of a field as it may be said, without notes; a stand-in where nothing of it may be."""
        is_figure = self.phrases.has_digits if name == "answer" else self.phrases.has_quantity
        allowed, _ = self._allowed(entry, text, is_figure)
        return self._filled(entry, allowed) or self._stand_in(is_term=name == "time")

    def notes(self, entry: Entry) -> list[str]:
        """What is said beside all texts of an entry: how sure it is, what was left out, whether it is overdue."""
        words = self.phrases
        kinds = (words.has_digits if name == "answer" else words.has_quantity for name, _ in entry.texts)
        texts = [text for _, text in entry.texts]
        pairs = zip(texts, kinds, strict=True)
        withheld = any(self._allowed(entry, text, is_figure)[1] for text, is_figure in pairs)
        return self._notes(entry, texts, withheld)

    def _allowed(self, entry: Entry, text: str, is_figure: Callable[[str], bool]) -> tuple[str, bool]:
        """The text without the sentences whose figures may not be said: the lint forbids them, this makes sure."""
        if entry.confidence not in ("C", "D"):
            return text, False
        lines, withheld = [], False
        for line in text.split("\n"):
            sentences = _SENTENCE_END.split(line)
            kept = [sentence for sentence in sentences if not is_figure(sentence)]
            withheld = withheld or len(kept) < len(sentences)
            lines += [" ".join(kept)] if kept else []
        return "\n".join(lines), withheld

    def _filled(self, entry: Entry, text: str) -> str:
        known = {**self.phrases.placeholders, **{name: fact for name, fact in self.facts.items() if fact}}

        # One pass over our own text: braces inside a fact stay what they are.
        def fill(hit: re.Match[str]) -> str:
            return known.get(hit[2], hit[0]) if hit[2] else self._figure(entry, hit[1])

        return _BRACES.sub(fill, text)

    def _figure(self, entry: Entry, key: str) -> str:
        row = self.figures.find(key, self.today)
        if row is not None and row.value is not None and self.tells(entry, key):
            return row.value
        return self._stand_in(is_term=row is not None and row.is_term)

    def tells(self, entry: Entry, key: str) -> bool:
        """Whether the value of a figure may be said in this entry today, and not only its stand-in."""
        row = self.figures.find(key, self.today)
        return entry.confidence not in ("C", "D") and row is not None and row.may_be_said(self.today)

    def _stand_in(self, *, is_term: bool) -> str:
        return self.phrases.figures["term" if is_term else "amount"]

    def _notes(self, entry: Entry, texts: Sequence[str], withheld: bool) -> list[str]:
        words = self.phrases.notes
        notes = [words["figures_withheld"]] if withheld else []
        if entry.confidence in ("C", "D"):
            notes.append(words[entry.confidence])
        elif entry.confidence == "B" or self._says_unsure_figure(entry, texts):
            notes.append(words["B" if self._tells_quantity(texts) else "B_plain"])
        if entry.is_overdue(self.today) and entry.reviewed_on is not None:
            day = entry.reviewed_on
            notes.append(words["overdue"].format(reviewed_on=f"{day.day}/{day.month}/{day.year}"))
        return notes

    def _tells_quantity(self, texts: Sequence[str]) -> bool:
        """Whether a fee or a term is told: to be sent to the list of fees makes no sense after advice on a fraud."""
        return any(REFERENCE.search(text) or self.phrases.has_quantity(text) for text in texts)

    def _says_unsure_figure(self, entry: Entry, texts: Sequence[str]) -> bool:
        keys = {key for text in texts for key in REFERENCE.findall(text) if self.tells(entry, key)}
        rows = (self.figures.find(key, self.today) for key in keys)
        return any(row is not None and row.confidence == "B" for row in rows)
