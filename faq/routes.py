"""Tells which messages are no question for the library: emergencies, denunciations, small talk, reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from faq.concepts import Hit, PhraseFinder
from faq.lexicon import Lexicon
from faq.slots import Query

_MIN_STATEMENT: Final = 4
_STRONG: Final = 2.0
_FEEDBACK_FROM: Final = 3.0


class Route(StrEnum):
    """Where a message goes that the library must not answer."""

    FEEDBACK = "feedback"
    HUMAN = "human"
    SMALLTALK = "smalltalk"
    EMERGENCY = "emergency"
    DENUNCIATION = "denunciation"


@dataclass(frozen=True, slots=True)
class Signs:
    """What the signal tables found in one message.

    `stub_span` has the slots, from and up to, that name the matter of another office. The counts are of phrases:
    grave and minor nuisances, troubles ("hỏng", "không ai dọn"), wishes that something be done, and places
    ("trước nhà", "đầu hẻm").
    """

    route: Route | None
    asks: bool
    asks_action: bool
    question_mark: bool
    nuisance: float
    intensity: int
    rhetorical: bool
    off_topic: bool
    chat: float
    stub: str | None
    stub_span: tuple[int, int]
    places: int
    troubles: int
    grave: int
    minor: int
    wishes: int

    def is_report(self, of_query: float) -> bool:
        """Whether it reads as a report of something wrong: a statement, or a question that wants no information.

        `of_query` is how much of the message the best entry covers; a known question in anger is still a question.
        """
        if self.rhetorical and self.nuisance >= _FEEDBACK_FROM:
            return True
        return not (self.asks or self.asks_action) and self.nuisance >= (
            _FEEDBACK_FROM if of_query < 0.8 else _FEEDBACK_FROM + 2
        )


class SignReader:
    """Reads the signs of a message; built once from the tables."""

    def __init__(self, lexicon: Lexicon) -> None:
        signals = lexicon.signals
        marked_only = {
            "question",
            "question_end",
            "question_bare",
            "question_bare_end",
            "stop",
            "kin",
            "kin_sure",
            "set_aside",
        }
        forms = {name: words for name, words in signals.items() if name not in marked_only | {"after_death"}}
        self._finder = PhraseFinder(forms, tolerant=False)
        self._question = PhraseFinder({"question": signals["question"]}, tolerant=False)
        self._bare_question = PhraseFinder({"question": signals["question_bare"]}, tolerant=False)
        self._ends = frozenset(form[0] for form in signals["question_end"])
        self._bare_ends = lexicon.signal_words("question_bare_end")
        self._stubs = PhraseFinder({stub.id: stub.words for stub in lexicon.stubs}, tolerant=False)
        self._stop = lexicon.signal_words("stop")

    def read(self, query: Query, text: str, *, asked: bool = False) -> Signs:
        """The signs of one message; `text` as typed; `asked`: what was cut off says that somebody asks."""
        found: dict[str, list[Hit]] = {}
        for hit in self._finder.find(query):
            found.setdefault(hit.name, []).append(hit)
        asks = asked or self._asks(query, text, found)
        longest = max(self._stubs.find(query), key=lambda hit: hit.end - hit.start, default=None)
        return Signs(
            route=self._route(query, found, asks),
            asks=asks,
            asks_action="ask_action" in found,
            question_mark="?" in text,
            nuisance=self._nuisance(query, found),
            intensity=len(found.get("intensity", ())),
            rhetorical="rhetorical" in found,
            off_topic="offtopic" in found,
            chat=_share(found.get("smalltalk", ()), len(query.slots)),
            stub=longest.name if longest else None,
            stub_span=(longest.start, longest.end) if longest else (0, 0),
            places=len(found.get("place", ())),
            troubles=len(found.get("nuisance.trouble", ())),
            grave=len(found.get("nuisance.strong", ())),
            minor=len(found.get("nuisance.weak", ())),
            wishes=len(found.get("wish", ())),
        )

    def _route(self, query: Query, found: dict[str, list[Hit]], asks: bool) -> Route | None:
        if "emergency" in found and "emergency_not" not in found:
            return Route.EMERGENCY
        # "Tố cáo gửi ở đâu?" asks for the way and may be answered; a story of a bribe is never taken down.
        if "denunciation" in found and "denunciation_not" not in found and not asks:
            return Route.DENUNCIATION
        if "human" in found:
            return Route.HUMAN
        if self._is_small_talk(query, found):
            return Route.SMALLTALK
        return None

    def _is_small_talk(self, query: Query, found: dict[str, list[Hit]]) -> bool:
        if not query.slots:
            return True
        if "smalltalk_core" not in found:
            return False
        covered = {i for hit in found["smalltalk"] for i in range(hit.start, hit.end)}
        left = [
            slot for i, slot in enumerate(query.slots) if i not in covered and slot.first[0] not in self._stop
        ]
        return not left

    def _nuisance(self, query: Query, found: dict[str, list[Hit]]) -> float:
        if len(query.slots) < _MIN_STATEMENT:
            return 0.0
        strong = len(found.get("nuisance.strong", ()))
        weak = min(2.0, self._count(query, found.get("nuisance.weak", [])))
        trouble = min(2.0, self._count(query, found.get("nuisance.trouble", [])))
        intensity = min(2, len(found.get("intensity", ())))
        base = _STRONG * min(strong, 2) + 0.8 * weak + 1.0 * trouble
        # Intensity alone ("cả tuần") says nothing; it counts once something is wrong.
        return base + 0.8 * intensity if base >= 1.0 else 0.0

    def _count(self, query: Query, hits: list[Hit]) -> float:
        """How many hits; one word typed without marks may be another ("vo" is vỡ, vợ, vô), so it is half."""
        return sum(1.0 if query.marked or hit.end - hit.start > 1 else 0.5 for hit in hits)

    def _asks(self, query: Query, text: str, found: dict[str, list[Hit]]) -> bool:
        if "?" in text:
            return True
        if not query.slots:
            return False
        last = query.slots[-1]
        if query.marked:
            particle = {"ạ", "à", "vậy", "ơi", "nhé", "nha", "em", "ad"}
            tail = [slot for slot in query.slots if slot.typed not in particle][-1:]
            ends = any(slot.typed in self._ends or slot.first[-1] in {"khong"} for slot in (*tail,))
            return ends or _free(self._question.find(query), found)
        bare_end = last.first[-1] in self._bare_ends or (last.first[-1] == "a" and len(query.slots) > 2)
        return bare_end or _free(self._bare_question.find(query), found)


def _share(hits: Iterable[Hit], length: int) -> float:
    return len({i for hit in hits for i in range(hit.start, hit.end)}) / length if length else 1.0


def _free(questions: list[Hit], found: dict[str, list[Hit]]) -> bool:
    """Whether a question word stands on its own: in "mấy ngày nay" or "không ai dọn" it asks nothing."""
    inside = [hit for name in ("intensity", "rhetorical") for hit in found.get(name, ())]
    return any(not any(hit.start <= q.start and q.end <= hit.end for hit in inside) for q in questions)
