"""An announcement is sent out: confirmed once, by number when it reaches many, and never into the night unasked."""

from __future__ import annotations

from datetime import timedelta

from handlers.announce_approval import submit
from handlers.announce_base import (
    FLOW,
    NUMBER,
    audience_said,
    back_choice,
    drop_choice,
    find_own,
    read_reason,
)
from handlers.announce_launch import launch, must_rest, needs_approval
from handlers.announce_preview import draft_in_hand
from handlers.announce_state import running, say_state
from handlers.announce_when import ask_at_night, ask_night_reason, note_night
from handlers.turn import Turn
from storage.announcements import count_recipients
from storage.audiences import audience_of
from storage.models import Announcement
from storage.statuses import AnnouncementStatus

# From here on a slip of the thumb reaches half the ward: the number must be typed.
MANY = 1000
_FRESH = timedelta(hours=24)


def confirm(turn: Turn, announcement_id: int, revision: int) -> None:
    """Send it, once: a second tap only shows how far it is."""
    found = _find_draft(turn, announcement_id, revision)
    if found is None:
        return None
    if turn.now - (found.changed_at or found.created_at) > _FRESH:
        return turn.say("announce.too_old")
    total = count_recipients(turn.session, audience_of(found))
    if total > MANY:
        turn.go(FLOW, NUMBER, draft=found.id, number=total, revision=revision)
        return turn.say("announce.ask_number", choices=[drop_choice(turn)], total=total, number=total)
    return _send_out(turn, found, total)


def take_number(turn: Turn) -> None:
    """The number of recipients, typed, as the second confirmation of a large announcement."""
    number = int(turn.data.get("number") or 0)
    found = _find_draft(turn, int(turn.data.get("draft") or 0), int(turn.data.get("revision") or 0))
    if found is None:
        return None
    typed = "".join(letter for letter in turn.text if letter not in " .,")
    if typed != str(number):
        return turn.say("announce.wrong_number", choices=[drop_choice(turn)], number=number)
    return _send_out(turn, found, count_recipients(turn.session, audience_of(found)))


def wait_for_morning(turn: Turn, announcement_id: int, revision: int) -> None:
    """Not at night: it gets the hour at which quiet hours end."""
    found = _find_draft(turn, announcement_id, revision)
    if found is None:
        return None
    found.scheduled_at = turn.house.ward.quiet.over_at(found.scheduled_at or turn.now)
    turn.session.add(found)
    return _send_out(turn, found, count_recipients(turn.session, audience_of(found)))


def disturb(turn: Turn, announcement_id: int, revision: int) -> None:
    """At night all the same: ask for the reason."""
    if _find_draft(turn, announcement_id, revision) is not None:
        ask_night_reason(turn)


def take_night_reason(turn: Turn) -> None:
    """The reason is there: it goes at its hour."""
    found = draft_in_hand(turn)
    if found is None:
        turn.end()
        return turn.say("announce.dropped_before")
    reason = read_reason(turn, back_choice(turn))
    if reason is None:
        return None
    note_night(turn, found, reason)
    return _send_out(turn, found, count_recipients(turn.session, audience_of(found)))


def _find_draft(turn: Turn, announcement_id: int, revision: int) -> Announcement | None:
    """The draft as it was shown; otherwise it is answered here how it stands."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if found.status != AnnouncementStatus.DRAFT:
        say_state(turn, found)
        return None
    if found.revision != revision:
        turn.say("announce.dropped_before")
        return None
    return found


def _send_out(turn: Turn, found: Announcement, total: int) -> None:
    """To a second person where one is needed, otherwise out: now, at its hour, or not before morning."""
    leaves = max(found.scheduled_at or turn.now, turn.now)
    if total == 0:
        return turn.say("announce.empty", audience=audience_said(turn, found))
    if found.valid_until and found.valid_until <= leaves:
        return turn.say("announce.not_valid_then")
    if must_rest(turn.house, found, leaves):
        return ask_at_night(turn, found)
    if needs_approval(turn.house, found, total):
        return submit(turn, found, total)
    started = launch(turn.session, turn.house, found, total, turn.actor, turn.now)
    if turn.in_flow(FLOW):
        turn.end()
    if started:
        return turn.say("announce.started", choices=running(turn, found), total=total)
    return say_state(turn, found)
