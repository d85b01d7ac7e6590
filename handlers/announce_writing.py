"""The draft of an announcement: its words, taken, changed and thrown away."""

from __future__ import annotations

from datetime import timedelta

from handlers.announce_audience import as_kept
from handlers.announce_base import FLOW, PREVIEW, WRITE, drop_choice, find_own, own_area, staff_of
from handlers.announce_content import words_of
from handlers.announce_launch import make_draft_again
from handlers.announce_preview import show, show_again
from handlers.turn import Turn
from storage.announcements import drop_draft, find_announcement
from storage.announcing import list_written_by, record_step
from storage.audiences import audience_of
from storage.statuses import AnnouncementStatus, AnnouncementStep, StaffRole

MIN_TEXT, MAX_TEXT = 20, 1500
_REVISABLE = (AnnouncementStatus.DRAFT, AnnouncementStatus.PENDING, AnnouncementStatus.SCHEDULED)
_RECENT = timedelta(days=30)


def start(turn: Turn) -> None:
    """Ask for the words; a draft that was shown before can no longer be sent."""
    staff = staff_of(turn)
    if staff.role == StaffRole.MEMBER and own_area(turn, staff) is None:
        return turn.say("announce.no_area")
    _forget(turn)
    if turn.in_flow(FLOW):
        turn.end()
    turn.go(FLOW, WRITE)
    return _ask_text(turn)


def rewrite(turn: Turn) -> None:
    """Ask for other words; where it goes and what belongs to it stay."""
    if not turn.in_flow(FLOW) or "audience" not in turn.data:
        return start(turn)
    turn.go(FLOW, WRITE)
    return _ask_text(turn)


def revise(turn: Turn, announcement_id: int) -> None:
    """Take one that has not gone out in hand again: from here on it is a draft, whoever approved it."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if found.staff_id != staff_of(turn).id:
        # A leader sends it back with a reason instead of changing somebody's words.
        return turn.say("announce.not_yours")
    if found.status not in _REVISABLE:
        return turn.say("announce.cannot_revise")
    if found.status != AnnouncementStatus.DRAFT:
        record_step(turn.session, found, AnnouncementStep.TAKEN_BACK, turn.actor, turn.now)
    make_draft_again(turn.session, found)
    if turn.conversation.flow is not None:
        turn.end()
    audience = audience_of(found)
    turn.go(FLOW, PREVIEW, text=words_of(found), **as_kept(audience), draft=found.id)
    return show(turn, audience)


def take_text(turn: Turn) -> None:
    """The words; then for whom, unless it is settled."""
    text = turn.text
    if sum(letter.isalnum() for letter in text) < MIN_TEXT:
        return turn.say("announce.too_short", choices=[drop_choice(turn)])
    if len(text) > MAX_TEXT:
        return turn.say("announce.too_long", choices=[drop_choice(turn)], limit=MAX_TEXT, length=len(text))
    turn.keep(text=text)
    return show_again(turn)


def drop(turn: Turn) -> None:
    """Throw the draft away; what has gone to a second person or has its hour is no draft and stays."""
    if turn.in_flow(FLOW):
        _forget(turn)
    turn.end()
    turn.say("announce.dropped")


def _ask_text(turn: Turn) -> None:
    choices = [drop_choice(turn)]
    staff = staff_of(turn)
    # Leaders see what anybody wrote: what waits for them is among it.
    whose = None if staff.role == StaffRole.LEADER else staff.id
    recent = list_written_by(turn.session, whose, turn.now - _RECENT, 1)
    if recent and "audience" not in turn.data:
        choices.insert(0, turn.choice("announce.button.mine", "announce.mine"))
    turn.say("announce.ask_text", choices=choices, limit=MAX_TEXT)


def _forget(turn: Turn) -> None:
    """The draft that was shown before must not be sent by its old button."""
    draft = turn.data.get("draft") if turn.in_flow(FLOW) else None
    if draft is not None and drop_draft(turn.session, int(draft), turn.now):
        found = find_announcement(turn.session, int(draft))
        if found is not None:
            record_step(turn.session, found, AnnouncementStep.DROPPED, turn.actor, turn.now)
