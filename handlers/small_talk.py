"""Greetings, thanks and anger without a request: a short friendly word, never a word back in kind."""

from __future__ import annotations

from core.messages import MessageKind
from faq.routes import Route
from handlers.phrases import has_letters, is_only, says
from handlers.turn import Turn


def applies(turn: Turn) -> bool:
    """True for a text that is nothing but small talk or swearing."""
    if turn.action is not None or turn.message.kind is not MessageKind.TEXT or not has_letters(turn.text):
        return False
    plain = _swears(turn) or _thanks(turn) or _greets(turn)
    # In the midst of something "ok" and "vâng" are answers, not small talk.
    return plain or (turn.conversation.flow is None and turn.match.route is Route.SMALLTALK)


def respond(turn: Turn) -> None:
    """One friendly line; to anger an open door."""
    menu = turn.choice("welcome.choose_menu", "menu")
    if _swears(turn):
        person = turn.choice("person.choose_person", "person.ask")
        report = turn.choice("report.choose_start", "report.start")
        turn.say("fallback.swearing", choices=(report, person, menu))
    elif _thanks(turn):
        turn.say("fallback.thanks", choices=[menu])
    elif _greets(turn):
        turn.say("fallback.greeting", choices=[menu])
    else:
        turn.say("fallback.small_talk", choices=[menu])


def greets(turn: Turn) -> bool:
    """True for friendly words without a request: as somebody's very first words they get the whole welcome."""
    return applies(turn) and not _swears(turn)


def _swears(turn: Turn) -> bool:
    return is_only(turn.text, turn.words("fallback.typed.swearing"))


def _thanks(turn: Turn) -> bool:
    return _consists_of(turn, "fallback.typed.thanks")


def _greets(turn: Turn) -> bool:
    return _consists_of(turn, "fallback.typed.greeting")


def _consists_of(turn: Turn, key: str) -> bool:
    """One of the phrases at least, and beside them nothing but polite little words."""
    words = turn.words(key)
    return says(turn.text, words) and is_only(turn.text, f"{words}\n{turn.words('fallback.typed.polite')}")
