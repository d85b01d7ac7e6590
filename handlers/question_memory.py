"""What was answered last, for half an hour: so that "mất bao nhiêu tiền?" needs no subject."""

from __future__ import annotations

from datetime import datetime, timedelta

from faq.entry import Entry
from handlers.turn import Turn

KEPT = timedelta(minutes=30)
_KEY = "about"


def note(turn: Turn, entry: Entry) -> None:
    """From now on short messages are about this entry."""
    turn.remember(**{_KEY: [entry.id, turn.now.isoformat()]})


def last_entry(turn: Turn) -> Entry | None:
    """The entry that was answered with last, if that was in the last half hour and about nothing else since."""
    entry_id, at = turn.memory.get(_KEY) or ("", "")
    if not entry_id or turn.now - datetime.fromisoformat(at) > KEPT:
        return None
    return turn.house.library.find(entry_id)


def forget(turn: Turn) -> None:
    """Another subject has begun."""
    if turn.memory.get(_KEY):
        turn.remember(**{_KEY: None})
