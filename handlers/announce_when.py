"""When an announcement goes: its hour in words, and what becomes of an hour at which people sleep."""

from __future__ import annotations

from datetime import datetime

from core.calendar import spoken_moment
from core.moments import read_moment
from handlers.announce_base import FLOW, NIGHT, WHEN, back_choice, find_own
from handlers.announce_launch import launch, must_rest
from handlers.announce_preview import draft_in_hand, show_again
from handlers.announce_state import choices_of, running, say_state
from handlers.announce_waiting import give_other_hour
from handlers.desk_reading import is_typed
from handlers.turn import Turn
from storage.announcements import count_recipients
from storage.announcing import record_step
from storage.audiences import audience_of
from storage.models import Announcement
from storage.statuses import AnnouncementStatus, AnnouncementStep

_HAS_HOUR = (AnnouncementStatus.SCHEDULED, AnnouncementStatus.PENDING)


def ask_when(turn: Turn) -> None:
    """The hour of the draft in hand."""
    if draft_in_hand(turn) is None:
        return turn.say("announce.dropped_before")
    turn.go(FLOW, WHEN, hour_of=None)
    return _ask(turn, "announce.ask_when", "announce.preview")


def ask_other_hour(turn: Turn, announcement_id: int) -> None:
    """Another hour for one that has one; a given approval holds, because words and audience stay."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if found.status not in _HAS_HOUR:
        return say_state(turn, found)
    if turn.in_flow(FLOW):
        turn.end()
    turn.go(FLOW, WHEN, hour_of=found.id)
    return _ask(turn, "announce.ask_when", f"announce.leave:{found.id}")


def take_when(turn: Turn) -> None:
    """«8h sáng mai», «thứ hai tuần sau 7h30», «gửi ngay»."""
    now = is_typed(turn, "announce.typed.now")
    moment = None if now else read_moment(turn.text, turn.now)
    other = turn.data.get("hour_of")
    if moment is None and not now:
        return _ask(turn, "announce.unknown_when", f"announce.leave:{other}" if other else "announce.preview")
    if other:
        turn.end()
        found = find_own(turn, int(other))
        return None if found is None else _move(turn, found, moment)
    draft = draft_in_hand(turn)
    if draft is None:
        return turn.say("announce.dropped_before")
    draft.scheduled_at, draft.night_reason = moment, None
    turn.session.add(draft)
    return show_again(turn)


def send_now(turn: Turn, announcement_id: int) -> None:
    """One that has an hour goes at once, or once it is approved; at night it waits for the morning."""
    found = find_own(turn, announcement_id)
    if found is not None:
        _move(turn, found, None)


def ask_at_night(turn: Turn, draft: Announcement) -> None:
    """In the morning, or now with a reason: nobody is woken without one."""
    moment, quiet = draft.scheduled_at or turn.now, turn.house.ward.quiet
    morning, tail = spoken_moment(quiet.over_at(moment)), f"{draft.id}:{draft.revision}"
    choices = [
        turn.choice("announce.button.morning", f"announce.morning:{tail}", morning=morning),
        turn.choice("announce.button.at_night", f"announce.at_night:{tail}"),
        back_choice(turn),
    ]
    turn.say("announce.ask_night", choices=choices, quiet=quiet, when=spoken_moment(moment))


def ask_night_reason(turn: Turn) -> None:
    """Why people are disturbed; it stands in the history."""
    turn.go(FLOW, NIGHT)
    turn.say("announce.ask_night_reason", choices=[back_choice(turn)])


def _ask(turn: Turn, key: str, back: str) -> None:
    turn.say(key, choices=[turn.choice("announce.button.back", back)], quiet=turn.house.ward.quiet)
    turn.ask_freely()


def _move(turn: Turn, found: Announcement, moment: datetime | None) -> None:
    """To another hour, or to now."""
    if found.status == AnnouncementStatus.PENDING:
        return give_other_hour(turn, found, moment)
    if found.status != AnnouncementStatus.SCHEDULED:
        return say_state(turn, found)
    rests = must_rest(turn.house, found, moment or turn.now)
    found.scheduled_at = moment
    total = count_recipients(turn.session, audience_of(found))
    if launch(turn.session, turn.house, found, total, turn.actor, turn.now):
        return turn.say("announce.started", choices=running(turn, found), total=total)
    if rests:
        quiet, when = turn.house.ward.quiet, spoken_moment(found.scheduled_at or turn.now)
        return turn.say("announce.moved_to_morning", choices=choices_of(turn, found), quiet=quiet, when=when)
    return say_state(turn, found)


def note_night(turn: Turn, draft: Announcement, reason: str) -> None:
    """From here on quiet hours do not hold it up."""
    draft.night_reason = reason
    turn.session.add(draft)
    record_step(turn.session, draft, AnnouncementStep.NIGHT, turn.actor, turn.now, reason)
