"""Which replies a department has: shipped ones, the ward's over them, its own on top; and which fit a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from sqlmodel import Session

from core.messages import Choice
from core.replies import Act, Reply, fill, shipped_replies
from handlers.desk_reading import Verb
from handlers.desk_rules import department_name
from handlers.turn import Turn
from storage.canned import as_reply, list_replies
from storage.models import Ticket
from storage.statuses import TicketStatus

# The words of an answer may end the work or not: which of both, the officer says under the preview.
_ACTS: Final = {
    Verb.ANSWER: (Act.ANSWER, Act.RESOLVE),
    Verb.RESOLVE: (Act.RESOLVE,),
    Verb.REJECT: (Act.REJECT,),
    Verb.ASK: (Act.ASK,),
}
# The blanks that a ticket fills by itself, folded.
KNOWN: Final = frozenset({"ma", "nhom viec", "don vi"})
# Somebody is at it already: the next words are more often the last ones.
_AT_WORK: Final = frozenset({TicketStatus.IN_PROGRESS, TicketStatus.NEEDS_INFO, TicketStatus.EXTENDED})


class Layer(IntEnum):
    """Whose words they are; the higher one counts."""

    SHIPPED = 0
    WARD = 1
    DEPARTMENT = 2


@dataclass(frozen=True, slots=True)
class Laid:
    """A reply as it stands: its words, whose they are, and whether others lie beneath. Hidden ones have no words."""

    reply: Reply
    layer: Layer
    covers: bool = False

    @property
    def is_hidden(self) -> bool:
        """True where the office does not want the one beneath."""
        return not self.reply.text


def laid_replies(session: Session, department: str | None) -> list[Laid]:
    """All that stands for a department, or for the whole ward, hidden ones among them."""
    standing = {one.mark: Laid(one, Layer.SHIPPED) for one in shipped_replies()}
    rows = sorted(list_replies(session, department), key=lambda row: row.department is not None)
    for row in rows:
        reply = as_reply(row)
        beneath = standing.get(reply.mark)
        layer = Layer.WARD if row.department is None else Layer.DEPARTMENT
        covers = beneath is not None and (beneath.layer < layer or beneath.covers)
        standing[reply.mark] = Laid(reply, layer, covers)
    return list(standing.values())


def fitting(turn: Turn, verb: Verb, ticket: Ticket) -> list[Reply]:
    """What an officer may want to say with this verb, the nearest first."""
    found = [
        one
        for one in laid_replies(turn.session, ticket.department)
        if not one.is_hidden and one.reply.category in (None, ticket.category)
    ]
    found.sort(key=lambda one: (one.reply.category is None, -one.layer))
    acts = _ACTS.get(verb, ())
    if TicketStatus(ticket.status) in _AT_WORK:
        acts = acts[::-1]
    return _in_turns([[one.reply for one in found if one.reply.act is act] for act in acts])


def canned_choices(turn: Turn, verb: Verb, ticket: Ticket) -> list[Choice]:
    """The way to the replies that fit; nothing where none does."""
    if not fitting(turn, verb, ticket):
        return []
    return [turn.choice("officer.button.canned", f"officer.canned:{ticket.id}:{verb}")]


def fill_known(turn: Turn, text: str, ticket: Ticket) -> str:
    """The text with those blanks filled that the ticket knows."""
    category = turn.house.ward.find_category(ticket.category)
    name = category.name if category else ticket.category
    known = {
        "ma": ticket.code,
        "nhom viec": name[:1].lower() + name[1:],
        "don vi": department_name(turn, ticket.department),
    }
    return fill(text, known)


def _in_turns(lists: Sequence[Sequence[Reply]]) -> list[Reply]:
    """One of each list after the other: what is for the midst of work does not crowd out what ends it."""
    most = max((len(one) for one in lists), default=0)
    return [one[at] for at in range(most) for one in lists if at < len(one)]
