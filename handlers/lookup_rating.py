"""After the answer: is it done, and was it good? Asked once, answered in a tap; a bad mark is asked its reason."""

from __future__ import annotations

from core.messages import Content
from handlers import desk, lookup_dispute, public_consent
from handlers.turn import Turn
from storage.models import Ticket
from storage.statuses import Rating, TicketStatus

# The reasons of a bad mark, as the keys of their words. The first is no opinion but a fact: it opens the ticket.
REASONS = ("not_done", "slow", "vague", "manner")


def take_fixed(turn: Turn, ticket: Ticket) -> None:
    """It is done: ask how it was. A ticket that was rated before is only thanked for."""
    if ticket.contact_id != turn.contact.id:
        # Whoever joined may be glad; the mark is the author's.
        return _thank(turn, ticket, desk.say_done(turn, ticket).key)
    if ticket.status == TicketStatus.COMPLETED or ticket.rating is not None:
        return _thank(turn, ticket, "lookup.rated_before")
    if ticket.status != TicketStatus.RESOLVED:
        raise desk.Refused("lookup.not_now", code=ticket.code)
    choices = [turn.choice(f"lookup.rating.{one}", f"lookup.rate:{ticket.code}:{one}") for one in Rating]
    ticket.asked_at = turn.now
    turn.session.add(ticket)
    return turn.reply(Content(turn.words("lookup.ask_rating", code=ticket.code), tuple(choices)))


def take_rating(turn: Turn, ticket: Ticket, value: str) -> None:
    """The mark. With a bad one the ticket stays open to being taken up again until the reason is told."""
    if value not in set(Rating) or ticket.rating is not None:
        return _thank(turn, ticket, "lookup.rated_before")
    if value == Rating.BAD:
        choices = [
            turn.choice(f"lookup.because.{one}", f"lookup.because:{ticket.code}:{one}") for one in REASONS
        ]
        desk.rate(turn, ticket, Rating.BAD)
        return turn.reply(Content(turn.words("lookup.ask_because", code=ticket.code), tuple(choices)))
    desk.rate(turn, ticket, Rating(value))
    desk.complete(turn, ticket)
    if value != Rating.FAIR and (asked := public_consent.question(turn, ticket)):
        return turn.reply(asked, ticket_id=ticket.id)
    return _thank(turn, ticket, "lookup.rated")


def take_reason(turn: Turn, ticket: Ticket, value: str) -> None:
    """Why the mark is bad; what is not done yet is opened again, but only by a further tap."""
    if value not in REASONS or ticket.rating != Rating.BAD or ticket.rating_reason is not None:
        return _thank(turn, ticket, "lookup.rated_before")
    desk.give_reason(turn, ticket, value, turn.words(f"lookup.because.{value}"))
    if value == REASONS[0]:
        return lookup_dispute.ask_reopening(turn, ticket)
    desk.complete(turn, ticket)
    return _thank(turn, ticket, "lookup.rated_bad")


def _thank(turn: Turn, ticket: Ticket, key: str) -> None:
    choices = (
        turn.choice("lookup.choose_show", f"lookup.show:{ticket.code}"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    turn.reply(Content(turn.words(key, code=ticket.code), choices), ticket_id=ticket.id)
