"""/nhacviec: duties with dates, set and looked at in the chat, and the answers to what was told of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from core.codes import parse_code
from core.messages import MessageKind
from handlers import reminder_answers, reminder_draft, reminder_presets, reminder_show
from handlers.desk_reading import is_typed, typed_choice, words_after
from handlers.desk_rules import Refused
from handlers.reminder_memory import FLOW as DRAFT
from handlers.reminder_memory import draft_of
from handlers.reminder_rights import need_own, need_staff
from handlers.turn import Action, Turn
from storage.outbox import find_delivery
from storage.screen import find_newest

PREFIX: Final = "remind."
DUTY: Final = "duty"
"""The kind of a delivery that reminds of a duty."""
_FLOWS: Final = (DRAFT, reminder_answers.FLOW)
_FRESH: Final = timedelta(hours=2)


def applies(turn: Turn) -> bool:
    """True for the command, its buttons, what a step of ours waits for, and a typed answer under a reminder."""
    if turn.staff is None or turn.message.kind in (MessageKind.JOINED, MessageKind.LEFT):
        return False
    # Before what was offered earlier: a number belongs to the message that stands last on the screen.
    if _typed_answer(turn) is not None:
        return True
    if turn.action is not None:
        tapped = turn.message.kind is MessageKind.CHOICE or not turn.chat.is_group
        return tapped and turn.action.name.startswith(PREFIX)
    return _order(turn) is not None or _awaits(turn)


def respond(turn: Turn) -> None:
    """Do what is meant, or say why it cannot be done; then nothing has changed."""
    if turn.chat.is_group:
        return turn.say("reminders.private")
    try:
        return _act(turn)
    except Refused as refused:
        return turn.say(refused.key, **refused.fields)


def _act(turn: Turn) -> None:
    action = _typed_answer(turn) or turn.action
    if action is not None:
        return _tap(turn, action)
    rest = _order(turn)
    if rest is not None:
        return _run(turn, rest)
    if is_typed(turn, "officer.typed.cancel"):
        return _drop(turn)
    return (
        reminder_answers.take_words(turn)
        if turn.in_flow(reminder_answers.FLOW)
        else reminder_draft.take_words(turn)
    )


def _run(turn: Turn, rest: str) -> None:
    if any(turn.in_flow(flow) for flow in _FLOWS):
        turn.end()
    number = rest.strip().lstrip("#")
    if not number:
        return reminder_show.show_list(turn)
    if number.isascii() and number.isdigit() and len(number) < 10:
        return reminder_show.show(turn, int(number))
    if words_after(turn, rest, "reminders.typed.presets") == "":
        return reminder_presets.show_presets(turn, 0)
    return reminder_draft.begin(turn, rest)


def _tap(turn: Turn, action: Action) -> None:
    first, second = (*action.args, "", "")[:2]
    number = _number(first)
    taps: dict[str, Callable[[], None]] = {
        "add": lambda: reminder_draft.begin(turn),
        "show": lambda: reminder_show.show(turn, number),
        "presets": lambda: reminder_presets.show_presets(turn, number),
        "preset": lambda: reminder_presets.switch(turn, first),
        "all_presets": lambda: reminder_presets.switch_all_on(turn),
        "list": lambda: reminder_show.show_list(turn, number),
        "pick": lambda: reminder_draft.pick(turn, number),
        "whom": lambda: reminder_draft.choose_whom(turn, ":".join(action.args)),
        "answer": lambda: reminder_draft.choose_answer(turn, first),
        "again": lambda: reminder_show.ask_edit(turn, None),
        "edit": lambda: reminder_show.ask_edit(turn, number),
        "part": lambda: _edit(turn, first, _number(second)),
        "save": lambda: reminder_draft.save(turn, number),
        "drop": lambda: _drop(turn),
        "pause": lambda: reminder_show.pause(turn, number),
        "resume": lambda: reminder_show.resume(turn, number),
        "delete": lambda: reminder_show.ask_delete(turn, number),
        "delete_yes": lambda: reminder_show.delete(turn, number),
        "done": lambda: reminder_answers.done(turn, number, _words(turn, "done")),
        "not": lambda: reminder_answers.not_yet(turn, number, _words(turn, "not")),
        "table": lambda: reminder_answers.show_table(turn, number),
        "excel": lambda: reminder_answers.send_link(turn, number),
    }
    taps.get(action.name.removeprefix(PREFIX), lambda: reminder_show.show_list(turn))()


def _edit(turn: Turn, part: str, number: int) -> None:
    if number:
        return reminder_draft.edit(turn, need_own(turn, need_staff(turn), number), part)
    if not turn.in_flow(DRAFT):
        raise Refused("reminders.lost_draft")
    return reminder_draft.edit_draft(turn, draft_of(turn), part)


def _drop(turn: Turn) -> None:
    if any(turn.in_flow(flow) for flow in _FLOWS):
        turn.end()
    turn.say("reminders.dropped")


def _awaits(turn: Turn) -> bool:
    fresh = turn.now - turn.conversation.updated_at <= _FRESH
    plain = turn.message.kind is MessageKind.TEXT and not turn.text.startswith("/")
    waits = any(turn.in_flow(flow) for flow in _FLOWS)
    return waits and fresh and plain and not turn.chat.is_group and not _quotes_ticket(turn)


def _quotes_ticket(turn: Turn) -> bool:
    """An answer under a card is about its ticket, also while we wait for words."""
    quoted = turn.message.reply_to
    behind = find_delivery(turn.session, turn.chat.id or 0, quoted) if quoted else None
    return behind is not None and behind.ticket_id is not None


def _typed_answer(turn: Turn) -> Action | None:
    """«1», «đã làm» under the reminder that stands last on the screen, or quoting one."""
    if turn.message.kind is not MessageKind.TEXT or turn.chat.is_group or turn.conversation.flow is not None:
        return None
    quoted = turn.message.reply_to
    chat_id = turn.chat.id or 0
    last = (
        find_delivery(turn.session, chat_id, quoted)
        if quoted
        else find_newest(turn.session, chat_id, turn.now)
    )
    if last is None or last.kind != DUTY:
        return None
    choices = [[title, action] for title, action, _ in last.content.get("choices", [])]
    return typed_choice(turn, choices) or _told_in_words(turn, choices)


def _told_in_words(turn: Turn, choices: Sequence[Sequence[str]]) -> Action | None:
    """«đã làm 2 buổi, 30 người», «chưa làm được vì mưa» under a reminder: the answer and its words in one.

    «xong» with a ticket's code is an order to the desk, whatever stands on the screen.
    """
    if parse_code(turn.text) is not None:
        return None
    for name in ("done", "not"):
        said = words_after(
            turn, unicodedata.normalize("NFC", turn.text), f"reminders.typed.says_{name}", glued=False
        )
        action = next((one for _, one in choices if one.startswith(f"{PREFIX}{name}:")), None)
        alone = name == "not" and is_typed(turn, "reminders.typed.says_not_alone")
        if (said is not None or alone) and action is not None:
            return Action.parse(action)
    return None


def _words(turn: Turn, name: str) -> str:
    """What was said beyond «đã làm» or «chưa»; nothing for a tap."""
    if turn.message.kind is not MessageKind.TEXT:
        return ""
    text = unicodedata.normalize("NFC", turn.text)
    return words_after(turn, text, f"reminders.typed.says_{name}", glued=False) or ""


def _order(turn: Turn) -> str | None:
    """What follows /nhacviec; in a private chat also without the stroke, when nothing else is said."""
    if turn.message.kind is not MessageKind.TEXT:
        return None
    text = unicodedata.normalize("NFC", turn.text)
    rest = words_after(turn, text, "reminders.typed.command", glued=text.startswith("/"))
    return rest if text.startswith("/") or (rest == "" and not turn.chat.is_group) else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
