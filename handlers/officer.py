"""The office in a chat: understands what an officer taps, writes under a card or types, and lets the desk do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.messages import MessageKind
from handlers import desk
from handlers.desk_reading import (
    CARD,
    DESK,
    PLAIN,
    TICKET,
    Order,
    Verb,
    message_behind,
    no_words,
    read_command,
    typed_choice,
    typed_on_card,
)
from handlers.officer_acts import PREFIX, run_command, take_reply, take_words, tap
from handlers.officer_flow import flow_ticket, is_waiting
from handlers.officer_lists import menu
from handlers.officer_prompts import FLOW
from handlers.turn import Turn
from storage.models import Delivery, Ticket
from storage.staff import find_group_department
from storage.tickets import find_ticket

__all__ = ["applies", "menu", "respond"]

# Slash commands that nobody but an officer can mean; the others a citizen may type as well.
_OFFICERS_OWN = frozenset(
    {
        *(Verb.CLAIM, Verb.RELEASE, Verb.RESOLVE, Verb.FORWARD, Verb.REJECT, Verb.NOTE, Verb.PEOPLE),
        *(Verb.FIND, Verb.EXPORT, Verb.ANSWER_ALL),
        *(Verb.EXTEND, Verb.PROMISE, Verb.PAUSE, Verb.ASSIGN, Verb.OUTSIDE, Verb.MERGE, Verb.PART),
    }
)
_Act = Callable[[], None]


def applies(turn: Turn) -> bool:
    """True for the desk's buttons, commands, answers under its messages, and words that a step waits for."""
    return _meant(turn) is not None


def respond(turn: Turn) -> None:
    """Do what is meant, or say why it cannot be done; then nothing has changed."""
    act = _meant(turn)
    if act is None:
        return
    try:
        act()
    except desk.Refused as refused:
        if turn.in_flow(FLOW):
            turn.end()
        turn.say(refused.key, **refused.fields)


def _meant(turn: Turn) -> _Act | None:
    if turn.chat.is_group and find_group_department(turn.session, turn.chat.id or 0) is None:
        return None
    action = turn.action
    on_card = typed_on_card(turn) if turn.staff is not None and not is_waiting(turn) else None
    if on_card is not None:
        return lambda: tap(turn, on_card)
    # A number in the midst of a group's talk is no choice of ours.
    if action is not None and (turn.message.kind is MessageKind.CHOICE or not turn.chat.is_group):
        return (lambda: tap(turn, action)) if action.name.startswith(PREFIX) else None
    behind = message_behind(turn)
    if turn.staff is None:
        return _no_right if _is_forged(turn, behind) else None
    command = read_command(turn) if _may_order(turn) else None
    if command is not None and _is_ours(turn, command):
        order = _with_code(turn, command, behind)
        return lambda: run_command(turn, order)
    if behind is not None:
        return _answered(turn, behind)
    if turn.chat.is_group or not is_waiting(turn) or turn.message.kind is MessageKind.EDITED:
        return None
    return lambda: take_words(turn)


def _may_order(turn: Turn) -> bool:
    """Words, or a photo whose caption is a command: «/xong {mã} đã thay bóng» under the picture of the lamp."""
    photo = turn.message.kind is MessageKind.PHOTO and turn.text.startswith("/")
    return turn.message.kind is MessageKind.TEXT or photo


def _with_code(turn: Turn, order: Order, behind: Delivery | None) -> Order:
    """A command without a code that is written under a card is about the ticket of the card."""
    if order.code is not None or order.verb in PLAIN or behind is None or behind.ticket_id is None:
        return order
    ticket = turn.session.get(Ticket, behind.ticket_id)
    return order if ticket is None or _is_own(turn, ticket, behind) else replace(order, code=ticket.code)


def _answered(turn: Turn, behind: Delivery) -> _Act | None:
    """Something was written under a message of ours."""
    action = typed_choice(turn)
    if action is not None and action.name.startswith(PREFIX) and turn.chat.is_group:
        return lambda: tap(turn, action)
    ticket = turn.session.get(Ticket, behind.ticket_id) if behind.ticket_id is not None else None
    if ticket is None and turn.chat.is_group:
        return lambda: turn.say("officer.need_card")
    if ticket is None and is_waiting(turn) and flow_ticket(turn) is None:
        # The question for the words of an answer to several tickets is about none of them.
        return lambda: take_words(turn)
    if ticket is None or _is_own(turn, ticket, behind):
        return None
    if turn.message.kind is MessageKind.EDITED:
        return lambda: turn.say("officer.edited")
    if is_waiting(turn) and flow_ticket(turn) == ticket.id:
        return lambda: take_words(turn)
    if no_words(turn):
        return lambda: turn.say("officer.only_text")
    return lambda: take_reply(turn, ticket.id or 0)


def _is_own(turn: Turn, ticket: Ticket, behind: Delivery) -> bool:
    """An officer is a citizen too: news of an own report are answered as its author."""
    if behind.kind == TICKET:
        return True
    own = ticket.contact_id == turn.contact.id and behind.kind not in (CARD, DESK)
    return own and not desk.may_handle(turn.staff, ticket)


def _is_forged(turn: Turn, behind: Delivery | None) -> bool:
    """Somebody outside the office writes under an officers' message, or types a command that is only theirs."""
    if behind is not None and behind.kind in (CARD, DESK):
        return True
    ticket = turn.session.get(Ticket, behind.ticket_id) if behind and behind.ticket_id else None
    if ticket is not None and ticket.contact_id != turn.contact.id:
        return True
    command = read_command(turn) if turn.text.startswith("/") else None
    return command is not None and command.verb in _OFFICERS_OWN


def _no_right() -> None:
    raise desk.Refused("officer.no_right")


def _is_ours(turn: Turn, order: Order) -> bool:
    """In a group only what begins with a slash; a code without a verb only from who may see the ticket."""
    if turn.text.startswith("/"):
        return True
    if turn.chat.is_group or turn.message.reply_to is not None:
        return False
    ticket = find_ticket(turn.session, order.code) if isinstance(order.code, str) else None
    return order.verb in PLAIN or (ticket is not None and desk.may_handle(turn.staff, ticket))
