"""The button «Thu hồi» under what an officer has just sent, and what follows when it is tapped."""

from __future__ import annotations

from core.messages import Choice, Content
from handlers import desk
from handlers.cards import is_open
from handlers.desk_many import take_back
from handlers.desk_reading import Verb
from handlers.desk_undo import count_together
from handlers.officer_prompts import ask_text
from handlers.turn import Turn
from storage.files import list_files
from storage.models import Ticket, TicketEvent
from storage.statuses import EventKind

# After these the same words are written anew: an answer is looked at before it goes, and so is a rejection.
_AGAIN = {
    EventKind.RESOLVED: Verb.ANSWER,
    EventKind.ANSWERED: Verb.ANSWER,
    EventKind.REJECTED: Verb.REJECT,
}


def held_line(turn: Turn, event: TicketEvent) -> list[str]:
    """How long the answer can be taken back; nothing when it went at once."""
    if event.held_until is None:
        return []
    seconds = round((event.held_until - turn.now).total_seconds())
    return [turn.words("officer.undo.held", seconds=seconds)]


def undo_choices(turn: Turn, event: TicketEvent) -> list[Choice]:
    """The button, also in a group: whoever reads the slip there may stop it."""
    if event.held_until is None:
        return []
    return [turn.choice("officer.button.undo", f"officer.undo:{event.id}")]


def undo(turn: Turn, event_id: int) -> None:
    """Take it back and ask for the words anew; the photos stay. Too late: say so, with the way on."""
    event = turn.session.get(TicketEvent, event_id)
    try:
        if event is not None and count_together(event) > 1:
            take_back(turn, event_id)
            return turn.say("officer.many.undone", count=count_together(event), text=event.text)
        outcome = desk.undo(turn, event_id)
    except desk.Refused as refused:
        # Said here, not raised: a second tap must not throw away the words that are being written anew.
        return _say_refused(turn, event, refused)
    done = turn.words(outcome.key, **outcome.fields)
    mine = event is not None and turn.staff is not None and event.staff_id == turn.staff.id
    if event is None or turn.chat.is_group or not mine:
        return turn.reply(Content(done), ticket_id=outcome.ticket.id)
    number = outcome.ticket.id or 0
    said = turn.words("officer.undo.said", text=event.text)
    photos = list_files(turn.session, (event.before or {}).get("photos", ()), turn.contact.id or 0)
    kept = [turn.words("officer.photo_taken", count=len(photos))] if photos else []
    return ask_text(turn, _AGAIN[EventKind(event.kind)], number, "\n\n".join([done, said, *kept]), photos)


def _say_refused(turn: Turn, event: TicketEvent | None, refused: desk.Refused) -> None:
    ticket = turn.session.get(Ticket, event.ticket_id) if event is not None else None
    choices = []
    if ticket is not None and refused.key == "officer.undo.gone" and not turn.chat.is_group:
        way = "reply" if is_open(ticket) else "reopen"
        choices = [turn.choice(f"officer.button.{way}", f"officer.{way}:{ticket.id}")]
    text = turn.words(refused.key, **refused.fields)
    turn.reply(Content(text, tuple(choices)), ticket_id=ticket.id if choices and ticket else None)
