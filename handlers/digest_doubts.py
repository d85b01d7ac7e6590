"""Closed cases of which somebody says that they are not done, in the morning of whoever promised to look."""

from __future__ import annotations

from typing import Final

from sqlmodel import Session

from handlers.cards import doubt_button
from handlers.digest_lead import Lead
from handlers.digest_morning import Morning
from handlers.operator import Operator
from storage.figures_morning import Scope
from storage.votes import Disputed

# The rest is in the list, and each of them has its card and its reminders.
_SHOWN: Final = 2


def doubts_lead(session: Session, morning: Morning, scope: Scope | None) -> Lead | None:
    """How many wait and the way to the oldest; of a desk, or without `scope` of the ward. None for nothing."""
    waiting = [one for one in morning.doubts if scope is None or _is_of(one, scope)]
    if not waiting:
        return None
    caller = Operator(session, morning.house, morning.now)
    choices = [doubt_button(caller, one) for one in waiting[:_SHOWN]]
    return Lead(morning.words("doubts", count=len(waiting)), tuple(choices))


def _is_of(one: Disputed, scope: Scope) -> bool:
    """What a colleague has finished is the colleague's to look at."""
    mine = scope.staff_id is None or one.ticket.officer_id in (None, scope.staff_id)
    return one.ticket.department == scope.department and mine
