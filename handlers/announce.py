"""Announcements: a member or officer writes one, chooses for whom, sees it as citizens will, and sends it."""

from __future__ import annotations

from collections.abc import Callable

from core.messages import MessageKind
from handlers.announce_approval import (
    approve,
    ask_again,
    ask_emergency,
    refuse,
    take_emergency,
    take_why_not,
)
from handlers.announce_audience import (
    names_audience,
    open_kind,
    show_audience,
    take_place,
    take_words,
    toggle,
)
from handlers.announce_base import (
    AREAS,
    DECIDE,
    DOCUMENT,
    EMERGENCY,
    FLOW,
    FRESH,
    LINK,
    NIGHT,
    NUMBER,
    PICTURES,
    PREVIEW,
    UNTIL,
    WHEN,
    WRITE,
    drop_choice,
    may_announce,
)
from handlers.announce_details import (
    ask,
    drop_document,
    show_more,
    take_document,
    take_link,
    take_pictures,
    take_until,
)
from handlers.announce_documents import TAKES_DOCUMENT
from handlers.announce_list import show_history, show_mine
from handlers.announce_look import send_to_myself, show_channels
from handlers.announce_outputs import (
    publish,
    show_outputs,
    show_paste,
    show_script,
    show_ticks,
    tick,
    unpublish,
)
from handlers.announce_preview import show, show_again
from handlers.announce_report import show_progress
from handlers.announce_sending import confirm, disturb, take_night_reason, take_number, wait_for_morning
from handlers.announce_stopping import cancel, pause, recall, resume, withdraw
from handlers.announce_when import ask_other_hour, ask_when, send_now, take_when
from handlers.announce_writing import drop, revise, rewrite, start, take_text
from handlers.desk_reading import is_typed
from handlers.turn import Action, Turn

_PREFIX = "announce."
_TAKES_PICTURES = (WRITE, PREVIEW, PICTURES)
_TYPED = {"announce.typed.start": start, "announce.typed.mine": show_mine}


def applies(turn: Turn) -> bool:
    """True for our buttons, our words, and what a step of ours waits for."""
    if turn.action is not None:
        tapped = turn.message.kind is MessageKind.CHOICE or not turn.chat.is_group
        return tapped and turn.action.name.startswith(_PREFIX)
    if _order(turn) is not None:
        # Without slash a citizen may well mean to subscribe: other routes know.
        return turn.text.startswith("/") or (may_announce(turn) and not turn.chat.is_group)
    fresh = turn.now - turn.conversation.updated_at <= FRESH
    ours = turn.in_flow(FLOW) or turn.in_flow(DECIDE)
    waits = ours and fresh and turn.message.kind is not MessageKind.EDITED
    return waits and not turn.chat.is_group and not turn.text.startswith("/")


def respond(turn: Turn) -> None:
    """Lead on; the right is checked at every step, because somebody may have left in between."""
    if turn.chat.is_group:
        return turn.say("announce.private")
    if not may_announce(turn):
        if turn.in_flow(FLOW) or turn.in_flow(DECIDE):
            turn.end()
        return turn.say("announce.no_right")
    if turn.action is not None:
        return _tap(turn, turn.action)
    order = _order(turn)
    return order(turn) if order is not None else _go_on(turn)


def _order(turn: Turn) -> Callable[[Turn], None] | None:
    if turn.message.kind is not MessageKind.TEXT:
        return None
    return next((act for key, act in _TYPED.items() if is_typed(turn, key)), None)


def _go_on(turn: Turn) -> None:
    if turn.message.kind is MessageKind.PHOTO and turn.conversation.step in _TAKES_PICTURES:
        return _take_file(turn, take_pictures, "pictures")
    if turn.message.kind is MessageKind.FILE and turn.conversation.step in TAKES_DOCUMENT:
        return _take_file(turn, take_document, "document")
    if turn.message.kind is not MessageKind.TEXT or not turn.text:
        return turn.say("announce.only_text", choices=[drop_choice(turn)])
    if is_typed(turn, "officer.typed.cancel"):
        return leave(turn)
    if turn.in_flow(DECIDE):
        return take_why_not(turn)
    if turn.conversation.step in TAKES_DOCUMENT and is_typed(turn, "announce.typed.no_document"):
        return drop_document(turn)
    steps: dict[str | None, Callable[[Turn], None]] = {
        WRITE: take_text,
        # Who writes once more at the preview has thought of better words, or of other people.
        PREVIEW: _take_audience if names_audience(turn) else take_text,
        AREAS: _take_audience,
        NUMBER: take_number,
        WHEN: take_when,
        NIGHT: take_night_reason,
        EMERGENCY: take_emergency,
        LINK: take_link,
        UNTIL: take_until,
        # Who writes where a picture or a document was hoped for sees what is there.
        PICTURES: show_again,
        DOCUMENT: show_again,
    }
    return steps.get(turn.conversation.step, start)(turn)


def _take_file(turn: Turn, take: Callable[[Turn], None], kept: str) -> None:
    """With words beneath the first photo or document it is a whole announcement in one message."""
    take(turn)
    if turn.conversation.step == WRITE and turn.text and turn.data.get(kept):
        take_text(turn)


def leave(turn: Turn, announcement_id: int = 0) -> None:
    """Out of a question: a draft in hand is thrown away, what has gone its way stays as it is."""
    number = int(turn.data.get("emergency") or turn.data.get("hour_of") or announcement_id)
    if number:
        turn.end()
        return show_progress(turn, number)
    if turn.in_flow(DECIDE):
        turn.end()
        return turn.say("announce.not_decided")
    return drop(turn)


def _tap(turn: Turn, action: Action) -> None:
    name = action.name.removeprefix(_PREFIX)
    first, second = (*action.args, "", "")[:2]
    number, revision = _number(first), _number(second)
    by_number: dict[str, Callable[[Turn, int], None]] = {
        "progress": show_progress,
        "cancel": cancel,
        "pause": pause,
        "resume": resume,
        "recall": recall,
        "withdraw": withdraw,
        "revise": revise,
        "rehour": ask_other_hour,
        "now": send_now,
        "emergency": ask_emergency,
        "history": show_history,
        "ask_decision": ask_again,
        "outputs": show_outputs,
        "script": show_script,
        "paste": show_paste,
        "publish": publish,
        "unpublish": unpublish,
        "ticks": show_ticks,
    }
    as_shown: dict[str, Callable[[Turn, int, int], None]] = {
        "confirm": confirm,
        "morning": wait_for_morning,
        "at_night": disturb,
        "approve": approve,
        "refuse": refuse,
        "tick": tick,
    }
    if name in by_number:
        return by_number[name](turn, number)
    if name in as_shown:
        return as_shown[name](turn, number, revision)
    taps: dict[str, Callable[[], None]] = {
        "area": lambda: _take_audience(turn, [first]),
        "whole": lambda: _take_audience(turn, []),
        "who": lambda: _narrow(turn, first),
        "set": lambda: toggle(turn, first, second) if _is_written(turn) else start(turn),
        "edit": lambda: rewrite(turn),
        "drop": lambda: drop(turn),
        "leave": lambda: leave(turn, number if not turn.in_flow(DECIDE) else 0),
        "mine": lambda: show_mine(turn),
        "when": lambda: ask_when(turn),
        "preview": lambda: show_again(turn),
        "test": lambda: send_to_myself(turn),
        "look": lambda: show_channels(turn),
        "more": lambda: show_more(turn),
        "add": lambda: ask(turn, first),
    }
    return taps.get(name, lambda: start(turn))()


def _take_audience(turn: Turn, areas: list[str] | None = None) -> None:
    """For whom: the areas that were tapped ([]: the whole ward), or what was typed; then the preview."""
    if not _is_written(turn):
        return start(turn)
    audience = take_words(turn) if areas is None else take_place(turn, areas)
    return None if audience is None else show(turn, audience)


def _narrow(turn: Turn, kind: str) -> None:
    if not _is_written(turn):
        return start(turn)
    return open_kind(turn, kind) if kind else show_audience(turn)


def _is_written(turn: Turn) -> bool:
    """False for a tap on an old screen, when nothing is being written any more."""
    return turn.in_flow(FLOW) and "text" in turn.data


def _number(argument: str) -> int:
    return int(argument) if argument.isascii() and argument.isdigit() and len(argument) < 15 else 0
