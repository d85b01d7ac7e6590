"""An announcement that waits for a second person: it is given another hour, and asked for anew."""

from __future__ import annotations

from datetime import datetime

from core.calendar import spoken_moment
from handlers.announce_approval import submit
from handlers.announce_launch import must_rest
from handlers.announce_state import choices_of
from handlers.turn import Turn
from storage.announcements import count_recipients
from storage.audiences import audience_of
from storage.models import Announcement


def give_other_hour(turn: Turn, found: Announcement, moment: datetime | None) -> None:
    """At another hour, or (None) as soon as it is approved: asked anew, because the hour is part of what is approved.

    Nobody's button under the hour before holds any more. In the night it is given the morning, as everywhere.
    """
    leaves, total = moment or turn.now, count_recipients(turn.session, audience_of(found))
    if found.valid_until and found.valid_until <= leaves:
        return turn.say("announce.not_valid_then", choices=choices_of(turn, found))
    quiet = turn.house.ward.quiet
    if moment is not None and must_rest(turn.house, found, moment):
        moment = quiet.over_at(moment)
        turn.say("announce.moved_to_morning", quiet=quiet, when=spoken_moment(moment))
    found.scheduled_at = moment
    found.revision += 1
    return submit(turn, found, total)
