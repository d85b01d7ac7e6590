"""Announcements: a member or officer writes one, chooses for whom, sees it as citizens will, and sends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from core.messages import MessageKind
from handlers.announce_audience import (
    AREAS,
    FLOW,
    chosen_audience,
    drop_choice,
    open_kind,
    show_audience,
    take_place,
    take_words,
    toggle,
)
from handlers.announce_sending import cancel, confirm, show_progress, take_number
from handlers.announce_writing import (
    NUMBER,
    PREVIEW,
    WRITE,
    drop,
    may_announce,
    show_preview,
    start,
    take_text,
)
from handlers.desk_reading import is_typed
from handlers.turn import Action, Turn

_PREFIX = "announce."
_FRESH = timedelta(hours=2)


def applies(turn: Turn) -> bool:
    """True for our buttons, our words, and what a step of ours waits for."""
    if turn.action is not None:
        tapped = turn.message.kind is MessageKind.CHOICE or not turn.chat.is_group
        return tapped and turn.action.name.startswith(_PREFIX)
    if turn.message.kind is MessageKind.TEXT and is_typed(turn, "announce.typed.start"):
        # Without slash a citizen may well mean to subscribe: other routes know.
        return turn.text.startswith("/") or (may_announce(turn) and not turn.chat.is_group)
    fresh = turn.now - turn.conversation.updated_at <= _FRESH
    waits = turn.in_flow(FLOW) and fresh and turn.message.kind is not MessageKind.EDITED
    return waits and not turn.chat.is_group and not turn.text.startswith("/")


def respond(turn: Turn) -> None:
    """Lead on; the right is checked at every step, because somebody may have left in between."""
    if turn.chat.is_group:
        return turn.say("announce.private")
    if not may_announce(turn):
        if turn.in_flow(FLOW):
            turn.end()
        return turn.say("announce.no_right")
    if turn.action is not None:
        return _tap(turn, turn.action)
    if turn.message.kind is MessageKind.TEXT and is_typed(turn, "announce.typed.start"):
        return start(turn)
    return _go_on(turn)


def _go_on(turn: Turn) -> None:
    if turn.message.kind is not MessageKind.TEXT or not turn.text:
        return turn.say("announce.only_text", choices=[drop_choice(turn)])
    if is_typed(turn, "officer.typed.cancel"):
        return drop(turn)
    steps: dict[str | None, Callable[[Turn], None]] = {
        WRITE: take_text,
        # Who writes once more at the preview has thought of better words.
        PREVIEW: take_text,
        AREAS: _take_audience,
        NUMBER: take_number,
    }
    return steps.get(turn.conversation.step, start)(turn)


def _tap(turn: Turn, action: Action) -> None:
    name = action.name.removeprefix(_PREFIX)
    first, second = (*action.args, "", "")[:2]
    number = int(first) if first.isascii() and first.isdigit() and len(first) < 15 else 0
    taps: dict[str, Callable[[], None]] = {
        "area": lambda: _take_audience(turn, [first]),
        "whole": lambda: _take_audience(turn, []),
        "edit": lambda: start(turn),
        "who": lambda: _narrow(turn, first),
        "set": lambda: toggle(turn, first, second) if _is_written(turn) else start(turn),
        "preview": lambda: show_preview(turn, chosen_audience(turn)),
        "drop": lambda: drop(turn),
        "confirm": lambda: confirm(turn, number),
        "progress": lambda: show_progress(turn, number),
        "cancel": lambda: cancel(turn, number),
    }
    taps.get(name, lambda: start(turn))()


def _take_audience(turn: Turn, areas: list[str] | None = None) -> None:
    """For whom: the areas that were tapped ([]: the whole ward), or what was typed; then the preview."""
    if not _is_written(turn):
        return start(turn)
    audience = take_words(turn) if areas is None else take_place(turn, areas)
    return None if audience is None else show_preview(turn, audience)


def _narrow(turn: Turn, kind: str) -> None:
    if not _is_written(turn):
        return start(turn)
    return open_kind(turn, kind) if kind else show_audience(turn)


def _is_written(turn: Turn) -> bool:
    """False for a tap on an old screen, when nothing is being written any more."""
    return turn.in_flow(FLOW) and "text" in turn.data
