"""An announcement on its way: confirmed once, counted while it goes out, stopped when somebody wants it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.audience_words import describe
from core.messages import Choice
from handlers.announce_audience import FLOW, drop_choice, may_reach
from handlers.announce_writing import NUMBER
from handlers.turn import Turn
from storage.announcements import cancel_announcement, count_recipients, lock_announcement
from storage.audiences import audience_of
from storage.models import Announcement
from storage.outbox import count_by_status
from storage.statuses import AnnouncementStatus, DeliveryStatus, StaffRole

# From here on a slip of the thumb reaches half the ward: the number must be typed.
MANY = 1000
_FRESH = timedelta(hours=24)


def confirm(turn: Turn, announcement_id: int) -> None:
    """Send it, once: a second tap only shows how far it is."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    if found.status == AnnouncementStatus.CANCELLED:
        return turn.say("announce.dropped_before")
    if found.status != AnnouncementStatus.DRAFT:
        return _say_progress(turn, found)
    if turn.now - found.created_at > _FRESH:
        return turn.say("announce.too_old")
    total = count_recipients(turn.session, audience_of(found))
    if total > MANY:
        turn.go(FLOW, NUMBER, draft=found.id, number=total)
        return turn.say("announce.ask_number", choices=[drop_choice(turn)], total=total, number=total)
    return _start(turn, found, total)


def take_number(turn: Turn) -> None:
    """The number of recipients, typed, as the second confirmation of a large announcement."""
    found = _find(turn, int(turn.data.get("draft") or 0))
    number = int(turn.data.get("number") or 0)
    if found is None:
        return None
    if found.status != AnnouncementStatus.DRAFT:
        return _say_progress(turn, found)
    typed = "".join(letter for letter in turn.text if letter not in " .,")
    if typed != str(number):
        return turn.say("announce.wrong_number", choices=[drop_choice(turn)], number=number)
    return _start(turn, found, count_recipients(turn.session, audience_of(found)))


def show_progress(turn: Turn, announcement_id: int) -> None:
    """How many have it by now."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    if found.status == AnnouncementStatus.DRAFT:
        return turn.say("announce.dropped_before")
    return _say_progress(turn, found)


def cancel(turn: Turn, announcement_id: int) -> None:
    """Stop what has not left yet; what was sent stays where it is."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    if found.status in (AnnouncementStatus.SENT, AnnouncementStatus.CANCELLED):
        return _say_progress(turn, found, over="announce.over")
    was_sending = found.status == AnnouncementStatus.SENDING
    cancel_announcement(turn.session, found, turn.now)
    if not was_sending:
        return turn.say("announce.dropped")
    return turn.say("announce.cancelled", **counts(turn, found))


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


def _start(turn: Turn, found: Announcement, total: int) -> None:
    if total == 0:
        return turn.say(
            "announce.empty", audience=describe(audience_of(found), turn.house.ward, turn.house.words)
        )
    found.status = AnnouncementStatus.SENDING.value
    found.confirmed_at, found.recipients, found.chat_id = turn.now, total, turn.chat.id or 0
    turn.session.add(found)
    if turn.in_flow(FLOW):
        turn.end()
    return turn.say("announce.started", choices=_running(turn, found), total=total)


def _say_progress(turn: Turn, found: Announcement, over: str = "announce.result") -> None:
    if found.status == AnnouncementStatus.SENDING:
        return turn.say("announce.progress", choices=_running(turn, found), **counts(turn, found))
    if found.status == AnnouncementStatus.CANCELLED:
        key = "announce.cancelled_before" if found.confirmed_at else "announce.dropped_before"
        return turn.say(key, **counts(turn, found))
    return turn.say(over, **counts(turn, found))


def _find(turn: Turn, announcement_id: int) -> Announcement | None:
    """The announcement, locked, for its author or a leader; otherwise the answer is given here."""
    found, staff = lock_announcement(turn.session, announcement_id), turn.staff
    if found is None or staff is None:
        turn.say("announce.gone")
        return None
    own = found.staff_id == staff.id and may_reach(staff, audience_of(found))
    if not own and staff.role != StaffRole.LEADER:
        turn.say("announce.not_yours")
        return None
    return found


def _running(turn: Turn, found: Announcement) -> list[Choice]:
    return [
        turn.choice("announce.button.progress", f"announce.progress:{found.id}"),
        turn.choice("announce.button.cancel", f"announce.cancel:{found.id}"),
    ]
