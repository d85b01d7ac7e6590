"""Turns a finished draft into a ticket: the daily cap, the code, the deadline, the card for the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from core.calendar import LOCAL
from core.codes import spell
from core.messages import Content
from core.ward import Category
from handlers import desk
from handlers.cards import due_words
from handlers.report_draft import ReportDraft
from handlers.report_nearby import find_recurring
from handlers.turn import Turn
from storage.files import attach_files
from storage.models import Ticket
from storage.statuses import Privacy, Source
from storage.tickets import add_ticket, count_filed_since, list_own, unused_code

DAILY_CAP = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is, as far as it was told."""

    area: str | None = None
    words: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose report it is, and who may learn that."""

    privacy: str = Privacy.HIDDEN_PUBLIC.value
    source: str = Source.CHAT.value
    outside_code: str | None = None
    filed_by: int | None = None
    on_behalf_of: str | None = None
    reach: str | None = None
    consent_at: datetime | None = None


_OWN = Origin()


def may_file(turn: Turn) -> bool:
    """False when this contact has filed as many tickets today as one person reasonably does."""
    midnight = turn.now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    return count_filed_since(turn.session, turn.contact.id or 0, midnight) < DAILY_CAP


def say_full(turn: Turn) -> None:
    """No more today, kindly, with the ways that stay open."""
    choices = (
        turn.choice("lookup.choose_mine", "lookup.mine"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    turn.reply(Content(turn.words("report.too_many", limit=DAILY_CAP), choices))


def file_draft(turn: Turn, draft: ReportDraft) -> Ticket:
    """File the report; the draft is gone afterwards, so that a second tap finds nothing to send."""
    place = Place(draft.area or None, draft.place or None, draft.latitude, draft.longitude)
    category = turn.house.ward.get_category(draft.category)
    ticket = file_ticket(
        turn, category, draft.text, place, (*draft.files, *draft.spoken), _origin(turn, draft)
    )
    turn.end()
    say_filed(turn, ticket, "report.filed")
    return ticket


def _origin(turn: Turn, draft: ReportDraft) -> Origin:
    if not draft.behalf or turn.staff is None:
        return Origin(draft.privacy)
    return Origin(
        privacy=draft.privacy,
        filed_by=turn.staff.id,
        on_behalf_of=draft.whose or None,
        reach=draft.reach or None,
        consent_at=datetime.fromisoformat(draft.agreed_at) if draft.agreed_at else None,
    )


def file_ticket(
    turn: Turn,
    category: Category,
    text: str,
    place: Place,
    files: Sequence[int] = (),
    origin: Origin = _OWN,
) -> Ticket:
    """Write the ticket with its photos, recordings and first event, and send the card to its department."""
    ticket = Ticket(
        code=unused_code(turn.session),
        contact_id=turn.contact.id or 0,
        category=category.key,
        department=category.department,
        text=text,
        area=place.area,
        place=place.words,
        latitude=place.latitude,
        longitude=place.longitude,
        created_at=turn.now,
        updated_at=turn.now,
        due_at=turn.house.ward.due_at(category, turn.now, turn.house.calendar),
        **asdict(origin),
    )
    before = find_recurring(turn, ticket)
    ticket.recurs_of_id = before.id if before else None
    add_ticket(turn.session, ticket, turn.actor)
    attach_files(turn.session, files, turn.contact.id or 0, ticket.id or 0)
    desk.publish_ticket(turn, ticket)
    return ticket


def say_filed(turn: Turn, ticket: Ticket, key: str) -> None:
    """The code, the way to read it aloud, and the date until which an answer comes."""
    text = turn.words(key, code=ticket.code, spoken=spell(ticket.code), due=due_words(ticket))
    choices = (
        turn.choice("lookup.choose_show", f"lookup.show:{ticket.code}"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    turn.reply(Content(text, choices), ticket_id=ticket.id)


def say_sent_before(turn: Turn) -> None:
    """The second tap on "send": the ticket is there, once."""
    newest = next(iter(list_own(turn.session, turn.contact.id or 0, 1)), None)
    choices = [turn.choice("welcome.choose_menu", "menu")]
    if newest is None:
        return turn.say("report.nothing_to_send", choices=choices)
    choices.insert(0, turn.choice("lookup.choose_show", f"lookup.show:{newest.code}"))
    return turn.say("report.sent_before", choices=choices, code=newest.code)
