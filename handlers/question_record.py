"""Keeps what was asked and what became of it, without who asked: from that the office learns what to add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from core.masking import mask_numbers
from core.messages import MessageKind
from faq.entry import Entry
from faq.matcher import Match
from faq.normalize import clean
from handlers.turn import Turn
from storage import asked as books
from storage.asked import Asked
from storage.statuses import AskedDecision, Reason, Verdict

OPEN = timedelta(days=1)
"""So long an answer can be judged: whoever was at the counter with it comes back the next morning."""

KEY = "asked"
"""In the memory of a conversation: the only thread from a person to a row, cut by the next night's housekeeping."""

_REMEMBERED = 5
_LONGEST = 300
_JUDGED = frozenset(Verdict)
_ROUTES = {"report": AskedDecision.REPORT, "person": AskedDecision.HUMAN}


@dataclass(frozen=True, slots=True)
class Recent:
    """One of the last questions of this conversation. `row` is 0 for somebody of the office, who is not counted.

    `state` is how it was handled, and the verdict once there is one.
    """

    row: int
    entry: str
    at: str
    state: str


def record(
    turn: Turn,
    decision: AskedDecision,
    *,
    entry: Entry | None = None,
    match: Match | None = None,
    words: str = "",
) -> None:
    """A question, as it was handled; its words are kept only where nothing answered it."""
    best = match.ranked[0] if match is not None and match.ranked else None
    near = turn.house.library.find(best[0]) if best is not None else None
    kept = decision in (AskedDecision.NONE, AskedDecision.OFFERED)
    asked = Asked(
        channel=turn.contact.channel,
        decision=decision,
        topic=entry.topic if entry is not None else _likely_topic(turn, match),
        entry=entry.id if entry is not None else "",
        nearest=near.id if near is not None else "",
        score=int(best[1]) // 10 if best is not None else None,
        words=_covered(words or turn.text) if kept else "",
    )
    row = books.record_asked(turn.session, asked, turn.now) if turn.staff is None else 0
    _remember(turn, [*recent(turn), Recent(row, asked.entry, turn.now.isoformat(), decision.value)])


def record_answer(turn: Turn, entry: Entry, *, picked: bool, match: Match | None) -> None:
    """An entry is shown: the answer to a question, the one that was picked, or the same one once more."""
    last = next(reversed(recent(turn)), None)
    if picked and last is not None and last.state == AskedDecision.OFFERED:
        books.note_picked(turn.session, last.row, entry.id, entry.topic)
        return _replace_last(turn, replace(last, entry=entry.id, state=AskedDecision.ANSWERED.value))
    if picked and last is not None and last.state == Verdict.BAD and last.entry != entry.id:
        return books.note_meant(turn.session, last.row, entry.id)
    if turn.action is not None and last is not None and last.entry == entry.id:
        return None
    return record(turn, AskedDecision.ANSWERED, entry=entry, match=match)


def record_route(turn: Turn, route: str) -> None:
    """What came as a text and was no question: a report, the wish for a person. No word of it is kept here."""
    decision = _ROUTES.get(route)
    plain = turn.message.kind is MessageKind.TEXT and turn.action is None and not turn.message.in_group
    if decision is not None and plain and turn.staff is None:
        books.record_asked(turn.session, Asked(turn.contact.channel, decision), turn.now)


def may_judge(turn: Turn, entry_id: str) -> bool:
    """True while nothing was said of the last answer with this entry."""
    last = _last_about(turn, entry_id)
    return last is None or last.state not in _JUDGED


def judge(turn: Turn, entry_id: str, verdict: Verdict) -> bool:
    """Keep a thumb. False when this answer was judged before, or is too old to know it."""
    last = _last_about(turn, entry_id)
    if last is None or last.state in _JUDGED:
        return False
    newest = recent(turn)[-1] == last
    said = str(turn.data.get("near", "")) or str(turn.data.get("said", ""))
    books.note_verdict(turn.session, last.row, verdict, _covered(said) if newest else "")
    _remember(turn, [replace(one, state=verdict.value) if one == last else one for one in recent(turn)])
    return True


def give_reason(turn: Turn, entry_id: str, reason: Reason, remark: str = "") -> None:
    """Why the thumb was down; only for an answer that was judged, and once."""
    last = _last_about(turn, entry_id)
    if last is not None and last.state == Verdict.BAD:
        books.note_reason(turn.session, last.row, reason, _covered(remark))


def recent(turn: Turn) -> list[Recent]:
    """The last questions of this conversation that can still be judged, oldest first."""
    known = [Recent(**one) for one in turn.memory.get(KEY, ())]
    return [one for one in known if turn.now - datetime.fromisoformat(one.at) <= OPEN]


def _likely_topic(turn: Turn, match: Match | None) -> str:
    """The topic of two of the three nearest entries; of a question that nothing answers the first may be chance."""
    ranked = match.ranked[:3] if match is not None else ()
    near = [turn.house.library.find(entry_id) for entry_id, _ in ranked]
    topics = Counter(entry.topic for entry in near if entry is not None)
    topic, votes = next(iter(topics.most_common(1)), ("", 0))
    return topic if votes > 1 or len(ranked) == 1 else ""


def _last_about(turn: Turn, entry_id: str) -> Recent | None:
    return next((one for one in reversed(recent(turn)) if one.entry == entry_id), None)


def _replace_last(turn: Turn, last: Recent) -> None:
    _remember(turn, [*recent(turn)[:-1], last])


def _remember(turn: Turn, all_of_them: Sequence[Recent]) -> None:
    turn.remember(**{KEY: [asdict(one) for one in all_of_them[-_REMEMBERED:]]})


def _covered(text: str) -> str:
    """One line, numbers covered, not longer than a question is."""
    return " ".join(mask_numbers(clean(text)).split())[:_LONGEST]
