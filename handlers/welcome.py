"""The first words: who is speaking, what it can do, what happens to what people write; the menu; the start links."""

from __future__ import annotations

import re

from core.messages import Choice, Content, MessageKind
from handlers.phrases import is_said
from handlers.turn import Turn

# A link on a poster may only carry letters, digits, "_" and "-"; other channels let a colon through.
_AREA = re.compile(r"(?:area|kv)[:_-](.+)", re.IGNORECASE)
_TOPIC = re.compile(r"topic[:_-](.+)", re.IGNORECASE)
_START = re.compile(r"/start(?:\s+(\S+))?\s*", re.IGNORECASE)


def applies(turn: Turn) -> bool:
    """True for the menu, for a start without a special link, for a new follower."""
    if turn.action is not None:
        return turn.action.name in ("menu", "start")
    if turn.message.kind is MessageKind.JOINED:
        return True
    if turn.message.kind is not MessageKind.TEXT:
        return False
    return start_word(turn) is not None or is_said(turn.text, turn.words("welcome.typed.menu"))


def start_word(turn: Turn) -> str | None:
    """What a start link carries: "" for a plain start, None when this is no start at all."""
    if turn.message.start is not None:
        return turn.message.start.strip()
    typed = _START.fullmatch(turn.text)
    return (typed[1] or "") if typed else None


def linked_area(turn: Turn) -> str | None:
    """The key of the area whose poster was scanned, if the ward has it."""
    found = _AREA.fullmatch(start_word(turn) or "")
    area = turn.house.ward.find_area(found[1]) if found else None
    return area.key if area else None


def linked_entry(turn: Turn) -> str | None:
    """The id of the answer whose poster was scanned, if the library has it."""
    found = _TOPIC.fullmatch(start_word(turn) or "")
    entry = turn.house.library.find(found[1]) if found else None
    return entry.id if entry else None


def greet(turn: Turn) -> None:
    """The whole welcome with the menu."""
    mark_greeted(turn)
    turn.reply(Content(turn.words("welcome.hello"), menu_choices(turn)))


def greet_shortly(turn: Turn) -> None:
    """One line before the answer, for whoever begins with a question or a report."""
    mark_greeted(turn)
    turn.say("welcome.hello_short")


def mark_greeted(turn: Turn) -> None:
    """From now on this person knows that an automatic assistant is speaking."""
    turn.contact.greeted_at = turn.now
    turn.session.add(turn.contact)


def respond(turn: Turn) -> None:
    """What can be done here; a report that is being written stays and is offered first."""
    if turn.conversation.flow not in (None, "report"):
        turn.end()
    turn.remember(doubts=0)
    choices = menu_choices(turn)
    if turn.in_flow("report"):
        choices = (turn.choice("safety.choose_resume", "report.again"), *choices)
    turn.reply(Content(turn.words("welcome.menu"), choices))


def menu_choices(turn: Turn) -> tuple[Choice, ...]:
    """What can be done here, to tap."""
    return (
        turn.choice("welcome.choose_question", "question.ask"),
        turn.choice("report.choose_start", "report.start"),
        turn.choice("lookup.choose_mine", "lookup.mine"),
        turn.choice("subscription.choose_start", "subscription.ask"),
        turn.choice("person.choose_person", "person.ask"),
        turn.choice("scam.choose_start", "scam.ask"),
    )
