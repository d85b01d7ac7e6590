"""What waits for a reader's own yes, in the reader's morning: announcements of others, each one tap away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.messages import Choice
from handlers.announce_base import author_of, list_approvers
from handlers.announce_content import short
from handlers.announce_launch import is_passed
from handlers.digest_lead import Lead
from handlers.digest_morning import Morning
from handlers.house import House
from storage.announcing import list_pending
from storage.models import Announcement

# What waits for one yes keeps others waiting, but the reader's own tickets need the rest of the screen.
_SHOWN: Final = 2
_TITLE: Final = 40
_FAR: Final = 50


def list_to_approve(session: Session, house: House, now: datetime) -> dict[int, tuple[Announcement, ...]]:
    """What can be approved at this moment, oldest first, by whoever may do it."""
    found: dict[int, tuple[Announcement, ...]] = {}
    for one in list_pending(session, _FAR):
        if is_passed(one, now):
            continue
        for staff, _ in list_approvers(session, house, author_of(session, one)):
            found[staff.id or 0] = (*found.get(staff.id or 0, ()), one)
    return found


def approvals_lead(morning: Morning, waiting: Sequence[Announcement]) -> Lead | None:
    """How many wait, a button for each of the oldest, and the way to the others; None for nothing."""
    if not waiting:
        return None
    shown = waiting if len(waiting) <= _SHOWN else waiting[: _SHOWN - 1]
    choices = [
        Choice(morning.words("button.approve", short=short(one, _TITLE)), f"announce.ask_decision:{one.id}")
        for one in shown
    ]
    if len(shown) < len(waiting):
        rest = len(waiting) - len(shown)
        choices.append(Choice(morning.words("button.approve_more", count=rest), "announce.mine"))
    return Lead(morning.words("approvals", count=len(waiting)), tuple(choices))
