"""An announcement on its way is paused, goes on, or is stopped: what has left stays where it is."""

from __future__ import annotations

from handlers.announce_base import FLOW, find_own
from handlers.announce_outputs import BOARD
from handlers.announce_state import choices_of, counts, say_state
from handlers.turn import Turn
from storage.announcement_documents import withdraw_document
from storage.announcements import cancel_announcement, recall_unsent
from storage.announcing import hold_unsent, record_step
from storage.statuses import AnnouncementStatus, AnnouncementStep

_S = AnnouncementStatus


def pause(turn: Turn, announcement_id: int) -> None:
    """Hold back what has not left yet, until somebody lets it go on."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if found.status == _S.SENDING:
        found.status, found.held_at = _S.PAUSED.value, turn.now
        turn.session.add(found)
        hold_unsent(turn.session, found.id or 0)
        record_step(turn.session, found, AnnouncementStep.PAUSED, turn.actor, turn.now)
    return say_state(turn, found)


def resume(turn: Turn, announcement_id: int) -> None:
    """Let it go on; the job queues what was held, in quiet hours not before morning."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if found.status == _S.PAUSED:
        found.status = _S.SENDING.value
        turn.session.add(found)
        record_step(turn.session, found, AnnouncementStep.RESUMED, turn.actor, turn.now)
    return say_state(turn, found)


def cancel(turn: Turn, announcement_id: int) -> None:
    """Stop what has not left yet; what was sent stays where it is."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if found.status in (_S.SENT, _S.CANCELLED):
        return say_state(turn, found, over="announce.over")
    was_sending = found.status in (_S.SENDING, _S.PAUSED)
    cancel_announcement(turn.session, found, turn.now)
    if found.on_board_at is not None:
        # Whoever stops it does not want it to be read elsewhere either.
        found.on_board_at = None
        record_step(turn.session, found, AnnouncementStep.UNPOSTED, turn.actor, turn.now, BOARD)
    kind = AnnouncementStep.STOPPED if was_sending else AnnouncementStep.DROPPED
    record_step(turn.session, found, kind, turn.actor, turn.now)
    if turn.in_flow(FLOW) and turn.data.get("draft") == found.id:
        turn.end()
    if not was_sending:
        return turn.say("announce.dropped")
    return turn.say("announce.cancelled", **counts(turn, found))


def recall(turn: Turn, announcement_id: int) -> None:
    """It is over, but some have not got it yet, because they must write first: they do not get it any more."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if found.status != _S.SENT:
        return say_state(turn, found)
    count = recall_unsent(turn.session, found, turn.now)
    withdraw_document(turn.session, found)
    if count:
        record_step(turn.session, found, AnnouncementStep.STOPPED, turn.actor, turn.now, str(count))
    return turn.say("announce.recalled", choices=choices_of(turn, found), count=count)


def withdraw(turn: Turn, announcement_id: int) -> None:
    """A document that should not have gone out: the words stay where they are, its address opens nothing any more."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if withdraw_document(turn.session, found):
        note = turn.words("announce.note.withdrawn")
        record_step(turn.session, found, AnnouncementStep.CHANGED, turn.actor, turn.now, note)
    return turn.say("announce.document_withdrawn", choices=choices_of(turn, found))
