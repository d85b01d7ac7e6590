"""Finds the questions in a message that asks several: each on its own, none torn out of a story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import Final

from faq.decision import Decision
from faq.entry import Entry
from faq.followup import FollowupReader
from faq.library import Library
from faq.matcher import Match, Matcher
from faq.normalize import MAX_MATCH_LENGTH, clean, syllables

MOST_PARTS: Final = 3
_OFFERED: Final = 2
_SHORTEST: Final = 2
_LONGEST_DOUBT: Final = 14
# Where one question surely ends: a question mark, a line, a number in front.
_HARD: Final = re.compile(r"(?<=\?)(?!\?)|\n+|;|(?:(?<=\s)|^)\d{1,2}[.)](?=\s)")
# In a message without any question mark, also a full stop; beside one it ends a sentence of a story.
_STOP: Final = re.compile(rf"{_HARD.pattern}|\.(?=\s|$)")
# What begins another question, even where neither has the form of one: "giờ làm việc, với lại lịch tiếp dân".
_STRONG: Final = re.compile(
    r"(?<!\w)(?:với lại|voi lai|ngoài ra|ngoai ra|cho hỏi thêm|cho hoi them|hỏi thêm|hoi them"
    r"|tiện cho hỏi|tien cho hoi)(?!\w)",
    re.IGNORECASE,
)
# What may join two questions, or just two words; only between two that both ask it joins questions.
_SOFT: Final = re.compile(r",|\s-\s|(?<!\w)(?:rồi thì|rồi|còn|và|với|đồng thời)(?!\w)", re.IGNORECASE)
_SOFT_BARE: Final = re.compile(r",|\s-\s|(?<!\w)(?:roi thi|roi|con|va|voi|dong thoi)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One of several questions: its words, the entry that surely answers it, or those that may."""

    text: str
    entry: Entry | None = None
    offers: tuple[Entry, ...] = ()


def _is_tale(part: Part) -> bool:
    """What is told at length before the question, and is no question that anybody would offer choices for."""
    return part.entry is None and len(syllables(part.text)) > _LONGEST_DOUBT


class PartReader:
    """Reads messages that may ask several things; built once, keeps no state."""

    def __init__(self, library: Library, matcher: Matcher, followups: FollowupReader) -> None:
        self._library, self._matcher, self._followups = library, matcher, followups

    def read(self, text: str, whole: Match) -> tuple[Part, ...]:
        """The parts to answer one by one, at most three; empty for a message that asks one thing.

        `whole` is the match of the whole message. At least one part has an entry, and all concern different ones.
        """
        if whole.route is not None:
            return ()
        pieces, is_hard = self.split(text)
        if len(pieces) < 2:
            return ()
        known = None if is_hard else frozenset(name for name, _ in whole.ranked)
        parts = [part for part in self._distinct(self._understand(pieces), known) if not _is_tale(part)]
        if not is_hard:
            # What comes before the first sure question tells how it came to it.
            parts = list(dropwhile(lambda part: part.entry is None, parts))
        sure = [part for part in parts if part.entry is not None]
        named = {part.entry.id for part in sure if part.entry is not None}
        first = whole.ranked[0][0] if whole.decision is Decision.ANSWER else ""
        if not sure or (first and first not in named and not is_hard) or (len(sure) == 1 and first in named):
            return ()
        if len(parts) == 1 and sure[0].entry is not None:
            # A piece alone may only make sure of what the whole message says first anyway.
            return tuple(parts) if sure[0].entry.id == whole.ranked[0][0] else ()
        return tuple(parts[:MOST_PARTS])

    def split(self, text: str) -> tuple[list[str], bool]:
        """The pieces of a message that each ask, and whether signs that leave no doubt part them."""
        text = clean(text)[:MAX_MATCH_LENGTH]
        hard = [
            part
            for one in self._joined((_HARD if "?" in text else _STOP).split(text))
            for part in self._joined(_STRONG.split(one), is_strong=True)
        ]
        # "Con" is a child where marks are written, and "còn" where none are.
        soft = _SOFT_BARE if text.isascii() else _SOFT
        pieces = [piece for one in hard for piece in self._joined(soft.split(one), soft.findall(one))]
        return pieces, len(hard) > 1 and len(hard) == len(pieces)

    def _joined(
        self, pieces: Sequence[str], joints: Sequence[str] = (), *, is_strong: bool = False
    ) -> list[str]:
        """Pieces that do not ask belong to the question behind them: they tell of what it is about."""
        if len(pieces) == 1:
            return [whole] if (whole := pieces[0].strip(" ,")) else []
        found: list[str] = []
        waiting = ""
        for number, piece in enumerate(pieces):
            joint = joints[number - 1] if joints and number else " "
            waiting = f"{waiting}{joint}{piece}" if waiting.strip() else piece
            if len(syllables(piece)) >= _SHORTEST and self._asks(piece, is_strong):
                found.append(waiting.strip(" ,"))
                waiting = ""
        if waiting.strip(" ,"):
            if found:
                found[-1] = f"{found[-1]} {waiting.strip()}"
            else:
                found.append(waiting.strip(" ,"))
        return found

    def _asks(self, piece: str, is_strong: bool) -> bool:
        if self._matcher.look(piece).signs.asks or self._followups.fields_of(piece):
            return True
        return is_strong and self._matcher.match(piece).decision is Decision.ANSWER

    def _understand(self, pieces: Sequence[str]) -> list[Part]:
        parts: list[Part] = []
        last: Entry | None = None
        for piece in pieces:
            part = self._after(piece, last) if last is not None else None
            part = part or self._alone(piece)
            if last is not None:
                part = self._supported(part, last)
            parts.append(part)
            last = part.entry or last
        return parts

    def _supported(self, part: Part, last: Entry) -> Part:
        """Only what the piece names: "cha mẹ phải làm gì?" is still about the matter before."""
        named = self._followups.concepts_in(part.text) | self._followups.subject(last)

        def fits(entry: Entry) -> bool:
            return bool(self._followups.subject(entry) & named)

        entry = part.entry if part.entry is not None and fits(part.entry) else None
        return Part(part.text, entry, tuple(filter(fits, part.offers)))

    def _after(self, piece: str, last: Entry) -> Part | None:
        found = self._followups.read(piece, last)
        if found is None:
            return None
        if not found.is_sure:
            return Part(piece, offers=found.entries[:_OFFERED])
        return Part(piece, found.entries[0])

    def _alone(self, piece: str) -> Part:
        match = self._matcher.match(piece)
        if match.route is not None or match.stub is not None or match.decision is Decision.NONE:
            return Part(piece)
        entries = [self._library.get(name) for name, _ in match.ranked]
        entries = [entry for entry in entries if entry.answer]
        if match.decision is Decision.ANSWER:
            return Part(piece, entries[0]) if entries else Part(piece)
        return Part(piece, offers=tuple(entries[:_OFFERED]))

    def _distinct(self, parts: Sequence[Part], known: frozenset[str] | None) -> list[Part]:
        """Without parts that nobody knows, and without an entry that another part is answered with.

        `known` are the entries that the whole message speaks of: where only a comma parts the questions, what
        the whole does not know was read into a piece of a sentence.
        """

        def fits(entry: Entry) -> bool:
            return known is None or entry.id in known

        parts = [part for part in parts if part.entry is None or fits(part.entry)]
        named: set[str] = {part.entry.id for part in parts if part.entry is not None}
        seen: set[str] = set()
        found = []
        for part in parts:
            if part.entry is None:
                offers = (entry for entry in part.offers if entry.id not in named and fits(entry))
                part = replace(part, offers=tuple(offers))
                if not part.offers:
                    continue
            elif part.entry.id in seen:
                continue
            else:
                seen.add(part.entry.id)
            found.append(part)
        return found
