"""What people ask and what they say of an answer, shown to the office in its own chat."""

from __future__ import annotations

from datetime import timedelta

from core.messages import Content
from handlers.asked_report import make_report, report_text
from handlers.care_rights import CareRefused, caretaker
from handlers.learning import gather_unanswered
from handlers.turn import Turn
from storage.asked import verdicts_of
from storage.statuses import Reason, StaffRole

_BACK = timedelta(days=30)
_REMARKS = 3
_WEEKS = 4


def show_report(turn: Turn) -> None:
    """The last four weeks, with the way to what nobody could answer."""
    if caretaker(turn).role == StaffRole.MEMBER:
        raise CareRefused("care.member")
    gather_unanswered(turn.session, turn.house, turn.now)
    text = report_text(make_report(turn.session, turn.house, turn.now, _WEEKS), turn.house.words)
    turn.reply(Content(text, (turn.choice("learn.button.list", "care.unanswered"),)))


def verdict_lines(turn: Turn, entry_id: str) -> list[str]:
    """What people said of an entry in the last 30 days: nothing where nobody said anything."""
    said = verdicts_of(turn.session, entry_id, turn.now - _BACK)
    if not said.good and not said.bad:
        return []
    lines = [turn.words("learn.verdicts", good=said.good, bad=said.bad)]
    reasons = [
        turn.words("learn.reason_count", reason=turn.words(f"learn.reason.{one}"), count=said.reasons[one])
        for one in Reason
        if said.reasons.get(one)
    ]
    lines += [turn.words("learn.reasons", reasons=", ".join(reasons))] if reasons else []
    return [*lines, *(turn.words("learn.remark", text=text) for text in said.remarks[:_REMARKS])]
