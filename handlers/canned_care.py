"""/maucau: the replies that stand ready, read by everybody of the office, kept by heads and leaders in the chat."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from core.messages import MessageKind
from handlers import canned_draft, canned_show
from handlers.desk_reading import words_after
from handlers.desk_rules import Refused
from handlers.turn import Action, Turn

PREFIX: Final = "canned."
# What was begun and left alone: the next text is about something else.
_FRESH: Final = timedelta(hours=1)


def applies(turn: Turn) -> bool:
    """True for the command and its buttons, from somebody of the office."""
    if turn.staff is None:
        return False
    if turn.action is not None:
        tapped = turn.message.kind is MessageKind.CHOICE or not turn.chat.is_group
        return tapped and turn.action.name.startswith(PREFIX)
    return _order(turn) is not None


def awaits(turn: Turn) -> bool:
    """True for what a step of ours waits for. Commands and cards of the desk come before it."""
    if turn.action is not None or turn.staff is None or turn.chat.is_group:
        return False
    fresh = turn.now - turn.conversation.updated_at <= _FRESH
    answered = turn.message.reply_to is not None or turn.text.startswith("/")
    spoken = turn.message.kind not in (MessageKind.EDITED, MessageKind.JOINED, MessageKind.LEFT)
    return turn.in_flow(canned_draft.FLOW) and fresh and spoken and not answered


def respond(turn: Turn) -> None:
    """Do what is meant, or say why it cannot be done; then nothing has changed."""
    if turn.chat.is_group:
        return turn.say("officer.leave_private")
    try:
        return _act(turn)
    except Refused as refused:
        # An old button leaves what is being written now as it is; who has no right any more writes nothing.
        if turn.in_flow(canned_draft.FLOW) and not canned_show.is_keeper(turn):
            turn.end()
        return turn.say(refused.key, **refused.fields)


def _act(turn: Turn) -> None:
    if turn.action is not None:
        return _tap(turn, turn.action)
    rest = _order(turn)
    if rest is None:
        return canned_draft.take_words(turn)
    if turn.in_flow(canned_draft.FLOW):
        turn.end()
    return canned_show.find_replies(turn, rest) if rest else canned_show.open_replies(turn)


def _tap(turn: Turn, action: Action) -> None:
    first, second = (*action.args, "", "")[:2]
    key = first or canned_show.ANY
    taps: dict[str, Callable[[], None]] = {
        "of": lambda: canned_show.show_category(turn, key, _number(second)),
        "show": lambda: canned_show.show_reply(turn, first),
        "add": lambda: canned_draft.ask_act(turn, key),
        "new": lambda: canned_draft.begin_new(turn, key, second),
        "change": lambda: canned_draft.begin_change(turn, first),
        "remove": lambda: canned_draft.remove(turn, first),
        "restore": lambda: canned_draft.restore(turn, first),
        "save": lambda: canned_draft.save(turn, _number(first)),
        "again": lambda: canned_draft.again(turn),
        "drop": lambda: canned_draft.drop(turn),
    }
    taps.get(action.name.removeprefix(PREFIX), lambda: canned_show.open_replies(turn))()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def _order(turn: Turn) -> str | None:
    """What follows /maucau."""
    if turn.message.kind is not MessageKind.TEXT or not turn.text.startswith("/"):
        return None
    return words_after(turn, unicodedata.normalize("NFC", turn.text), "canned.typed.command")
