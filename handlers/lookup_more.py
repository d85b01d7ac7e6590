"""What a citizen does to an own ticket after filing it: adds to it, takes it back, has it opened again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.messages import Choice, Content, MessageKind
from faq.decision import Decision
from faq.routes import Route
from handlers import desk, question_memory
from handlers.phrases import count_words, is_said
from handlers.privacy import mask
from handlers.turn import Turn
from storage.files import is_recording
from storage.followers import list_followed
from storage.held import as_told
from storage.models import StoredFile, Ticket
from storage.outbox import find_delivery
from storage.statuses import OPEN_TICKETS, TicketStatus
from storage.tickets import find_ticket, list_own

FLOW, OFFER = "lookup", "offer"
_MAX_TEXT = 1500
_SHORT = 8
# A photo shortly after the report belongs to it more often than it begins another one.
_LATE_PHOTO = timedelta(minutes=30)


def answers_news(turn: Turn) -> Ticket | None:
    """The own open ticket of the message that was replied to, when there is something to add."""
    if turn.message.reply_to is None or turn.staff is not None or not (turn.text or turn.files):
        return None
    delivery = find_delivery(turn.session, turn.chat.id or 0, turn.message.reply_to)
    ticket = turn.session.get(Ticket, delivery.ticket_id) if delivery and delivery.ticket_id else None
    own = ticket is not None and ticket.contact_id == turn.contact.id and _is_open(ticket)
    return ticket if own else None


def find_likely(turn: Turn) -> Ticket | None:
    """The ticket that a loose message may belong to: one that needs an answer, or one just filed for a photo."""
    offered = turn.in_flow(FLOW) and turn.conversation.step == OFFER
    if turn.action is not None or not (offered or turn.conversation.flow is None):
        return None
    if turn.text and (
        turn.match.decision is Decision.ANSWER or turn.match.route not in (None, Route.FEEDBACK)
    ):
        return None
    # «Trước nhà ông Ba» answers the office's question, however much it sounds like a report; a longer tale is one.
    tells_anew = turn.match.route is Route.FEEDBACK and count_words(turn.text) > _SHORT
    for ticket in list_own(turn.session, turn.contact.id or 0):
        # That state ends by itself after some working days.
        asked = ticket.status == TicketStatus.NEEDS_INFO
        late_photo = bool(turn.files) and not turn.text and turn.now - ticket.created_at < _LATE_PHOTO
        if (asked and not tells_anew) or (late_photo and _is_open(ticket)):
            return ticket
    return None


def waited_for(turn: Turn) -> list[Ticket]:
    """Open tickets, own or joined, of somebody who asks «bao giờ xong» about nothing else: neither an answer nor a
    conversation stands before the words."""
    if turn.conversation.flow or turn.staff or not is_said(turn.text, turn.words("lookup.typed.impatient")):
        return []
    if question_memory.last_entry(turn) is not None:
        return []
    contact = turn.contact.id or 0
    found = [*list_own(turn.session, contact), *list_followed(turn.session, contact)]
    return [one for one in found if _is_open(as_told(turn.session, one, turn.now))]


def offer(turn: Turn) -> None:
    """Ask whether the message belongs to that ticket; it is kept until the answer."""
    ticket = find_likely(turn)
    if ticket is None:
        return
    files = [file.id for file in turn.files]
    turn.go(FLOW, OFFER, code=ticket.code, said=turn.text, files=files)
    choices = (
        turn.choice("lookup.choose_add_said", f"lookup.add_said:{ticket.code}"),
        turn.choice("lookup.choose_other", "lookup.other"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    turn.say("lookup.offer", choices=choices, code=ticket.code, text=ticket.text[:60])


def waits(turn: Turn) -> bool:
    """True when our flow waits for this message; a question about an addition waits only for yes or no."""
    if not turn.in_flow(FLOW) or turn.conversation.step != OFFER:
        return turn.in_flow(FLOW)
    return any(is_said(turn.text, turn.words(key)) for key in ("lookup.typed.yes", "lookup.typed.leave"))


def leave_offer(turn: Turn) -> None:
    """It belongs to no ticket: what then?"""
    said, files = _kept(turn)
    heard = [file.id for file in files if is_recording(file)]
    turn.end()
    turn.keep(said=said, heard=heard)
    choices = [turn.choice("welcome.choose_menu", "menu")]
    if said or heard:
        choices.insert(0, turn.choice("question.choose_report", "report.said"))
    if said:
        choices.insert(1, turn.choice("lookup.choose_question", "question.said"))
    turn.say("lookup.what_then", choices=choices)


def ask_addition(turn: Turn, ticket: Ticket) -> None:
    """Wait for what there is to add."""
    if not _is_open(ticket):
        raise desk.Refused("lookup.not_now", code=ticket.code)
    turn.go(FLOW, "add", code=ticket.code)
    turn.say("lookup.ask_addition", choices=[back(turn, ticket)], code=ticket.code)


def ask_withdrawal(turn: Turn, ticket: Ticket) -> None:
    """Taking back cannot be undone, so it takes a second tap."""
    sure = turn.choice("lookup.choose_withdraw_now", f"lookup.withdraw_now:{ticket.code}")
    turn.say("lookup.ask_withdrawal", choices=[sure, back(turn, ticket)], code=ticket.code)


def take(turn: Turn) -> None:
    """The message that the flow waited for."""
    ticket = find_ticket(turn.session, str(turn.data.get("code", "")))
    if ticket is None or is_said(turn.text, turn.words("lookup.typed.leave")):
        turn.end()
        return turn.say("lookup.left", choices=[turn.choice("welcome.choose_menu", "menu")])
    if turn.conversation.step == OFFER:
        return add_said(turn, ticket)
    if (not turn.text and not turn.files) or turn.message.kind is MessageKind.STICKER:
        return _wait(turn, ticket, "lookup.cannot_take")
    if turn.conversation.step == "reopen":
        return reopen(turn, ticket)
    return add(turn, ticket, turn.text, turn.files)


def add_said(turn: Turn, ticket: Ticket) -> None:
    """Add what was written before the question whether it belongs there."""
    add(turn, ticket, *_kept(turn))


def _kept(turn: Turn) -> tuple[str, list[StoredFile]]:
    """The words and photos that wait for the answer to our question."""
    found = [turn.session.get(StoredFile, number) for number in turn.data.get("files", [])]
    files = [file for file in found if file is not None and file.contact_id == turn.contact.id]
    return str(turn.data.get("said", "")), files


def add(turn: Turn, ticket: Ticket, text: str, files: Sequence[StoredFile]) -> None:
    """Hand it to the office and say so."""
    if not text.strip() and not desk_can_use(files):
        failed = any(file.kind == MessageKind.VOICE for file in files)
        return _wait(turn, ticket, "lookup.voice_failed" if failed else "lookup.cannot_take")
    try:
        outcome = desk.add_from_citizen(turn, ticket, _safe(turn, text), files)
    except desk.Refused:
        return _refused(turn, ticket)
    _leave(turn)
    return turn.reply(
        Content(turn.words(outcome.key, **outcome.fields), _after(turn, ticket)), ticket_id=ticket.id
    )


def reopen(turn: Turn, ticket: Ticket) -> None:
    """Say that it is not done, with the reason if one was written."""
    said, files = _kept(turn) if turn.in_flow(FLOW) else ("", [])
    bare = turn.action is not None or is_said(turn.text, turn.words("lookup.typed.yes"))
    text = "\n".join(part for part in (said, "" if bare else turn.text) if part)
    try:
        outcome = desk.say_not_done(turn, ticket, _safe(turn, text), [*files, *turn.files])
    except desk.Refused:
        return _refused(turn, ticket)
    _leave(turn)
    return turn.reply(
        Content(turn.words(outcome.key, **outcome.fields), _after(turn, ticket)), ticket_id=ticket.id
    )


def withdraw(turn: Turn, ticket: Ticket) -> None:
    """Take it back."""
    outcome = desk.withdraw(turn, ticket)
    _leave(turn)
    menu = turn.choice("welcome.choose_menu", "menu")
    turn.reply(Content(turn.words(outcome.key, **outcome.fields), (menu,)), ticket_id=ticket.id)


def leave(turn: Turn, ticket: Ticket) -> None:
    """Take a joining back."""
    outcome = desk.leave_ticket(turn, ticket)
    _leave(turn)
    menu = turn.choice("welcome.choose_menu", "menu")
    turn.reply(Content(turn.words(outcome.key, **outcome.fields), (menu,)), ticket_id=ticket.id)


def desk_can_use(files: Sequence[StoredFile]) -> bool:
    """True when at least one file could be fetched."""
    return any(file.name for file in files)


def _leave(turn: Turn) -> None:
    """Our flow is over; a report that is being written meanwhile stays."""
    if turn.in_flow(FLOW):
        turn.end()


def _refused(turn: Turn, ticket: Ticket) -> None:
    _leave(turn)
    return turn.say("lookup.not_now", choices=_after(turn, ticket), code=ticket.code)


def _wait(turn: Turn, ticket: Ticket, key: str) -> None:
    if turn.conversation.step not in ("add", "reopen"):
        turn.go(FLOW, "add", code=ticket.code)
    turn.say(key, choices=[back(turn, ticket)], code=ticket.code)


def _safe(turn: Turn, text: str) -> str:
    return mask(text, turn.words("report.masked_number"))[:_MAX_TEXT]


def back(turn: Turn, ticket: Ticket) -> Choice:
    """The way back to the ticket."""
    return turn.choice("lookup.choose_back", f"lookup.show:{ticket.code}")


def _after(turn: Turn, ticket: Ticket) -> tuple[Choice, ...]:
    return (
        turn.choice("lookup.choose_show", f"lookup.show:{ticket.code}"),
        turn.choice("welcome.choose_menu", "menu"),
    )


def _is_open(ticket: Ticket) -> bool:
    return TicketStatus(ticket.status) in OPEN_TICKETS
