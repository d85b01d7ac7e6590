"""How an announcement stands, in words and figures, with what can be done about it from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.calendar import spoken_moment
from core.messages import Choice, Content
from core.wording import Wording
from handlers.announce_launch import must_rest
from handlers.turn import Turn
from storage.models import Announcement
from storage.outbox import count_by_status
from storage.statuses import AnnouncementStatus, DeliveryStatus

_S = AnnouncementStatus


def counts(turn: Turn, found: Announcement) -> dict[str, Any]:
    """The figures of an announcement: of `total` recipients, how many deliveries ended how."""
    by_status = count_by_status(turn.session, found.id or 0)
    return {
        "sent": by_status.get(DeliveryStatus.SENT, 0),
        "total": found.recipients,
        "unreachable": by_status.get(DeliveryStatus.FAILED, 0),
        "unknown": by_status.get(DeliveryStatus.UNKNOWN, 0),
        "waiting": by_status.get(DeliveryStatus.WAITING, 0),
    }


def say_state(turn: Turn, found: Announcement, over: str = "announce.result") -> None:
    """How it stands, from draft to end; `over` is what is said at the end."""
    status, choices = _S(found.status), choices_of(turn, found)
    if status == _S.DRAFT:
        return turn.say("announce.dropped_before", choices=choices)
    if status == _S.PENDING:
        return turn.say("announce.pending", choices=choices, total=found.recipients)
    if status == _S.SCHEDULED:
        when = spoken_moment(found.scheduled_at or turn.now)
        return turn.say("announce.scheduled", choices=choices, total=found.recipients, when=when)
    if status == _S.CANCELLED and not found.confirmed_at:
        return turn.say("announce.dropped_before", choices=choices)
    return turn.reply(Content(state_text(turn, found, over), tuple(choices)))


def state_text(turn: Turn, found: Announcement, over: str = "announce.result") -> str:
    """The figures of one that has been sent out, in a sentence or two."""
    return turn.words(_under_way(turn, found, over), **counts(turn, found), **_when(turn, found))


def _under_way(turn: Turn, found: Announcement, over: str) -> str:
    if found.status == _S.PAUSED:
        return "announce.paused"
    if found.status == _S.CANCELLED:
        return "announce.cancelled_before"
    if found.status == _S.SENDING:
        return "announce.resting" if must_rest(turn.house, found, turn.now) else "announce.progress"
    return over


def _when(turn: Turn, found: Announcement) -> dict[str, str]:
    if found.status != _S.SENDING or not must_rest(turn.house, found, turn.now):
        return {}
    quiet = turn.house.ward.quiet
    return {"quiet": str(quiet), "morning": spoken_moment(quiet.over_at(turn.now))}


def choices_of(turn: Turn, found: Announcement) -> list[Choice]:
    """What can be done from where it stands."""
    return _CHOICES[_S(found.status)](turn, found)


def running(turn: Turn, found: Announcement) -> list[Choice]:
    """What can be done while it goes out."""
    return _named(turn, found, "progress", "pause", "cancel", "outputs")


def _draft(turn: Turn, found: Announcement) -> list[Choice]:
    return _named(turn, found, "revise") if _is_author(turn, found) else []


def _pending(turn: Turn, found: Announcement) -> list[Choice]:
    own = ("revise", "emergency") if _is_author(turn, found) else ()
    hour = ("change_when", "now_approved") if found.scheduled_at else ()
    return _named(turn, found, *hour, *own, "history", "discard")


def _scheduled(turn: Turn, found: Announcement) -> list[Choice]:
    own = ("revise",) if _is_author(turn, found) else ()
    return _named(turn, found, "change_when", "now", *own, "discard", "history")


def _paused(turn: Turn, found: Announcement) -> list[Choice]:
    return _named(turn, found, "resume", "cancel", "history")


def _over(turn: Turn, found: Announcement) -> list[Choice]:
    outputs = ("outputs",) if found.status == _S.SENT else ()
    return _named(turn, found, *(("report", *outputs) if found.confirmed_at else ()), "history")


_CHOICES: dict[AnnouncementStatus, Callable[[Turn, Announcement], list[Choice]]] = {
    _S.DRAFT: _draft,
    _S.PENDING: _pending,
    _S.SCHEDULED: _scheduled,
    _S.SENDING: running,
    _S.PAUSED: _paused,
    _S.SENT: _over,
    _S.CANCELLED: _over,
}
# A button may be called otherwise than what it does: «Hủy hẹn» and «Dừng gửi» both stop.
_ACTIONS = {"discard": "cancel", "change_when": "rehour", "now_approved": "now", "report": "progress"}


def named_choices(words: Wording, found: Announcement, *names: str) -> tuple[Choice, ...]:
    """Buttons of an announcement by their names in the wording."""
    return tuple(
        Choice(words.text(f"announce.button.{name}"), f"announce.{_ACTIONS.get(name, name)}:{found.id}")
        for name in names
    )


def _named(turn: Turn, found: Announcement, *names: str) -> list[Choice]:
    return list(named_choices(turn.house.words, found, *names))


def _is_author(turn: Turn, found: Announcement) -> bool:
    return turn.staff is not None and turn.staff.id == found.staff_id
