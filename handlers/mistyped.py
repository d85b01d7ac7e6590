"""Commands that do not exist: says so in one line, with the nearest ones, instead of taking them for a question."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from core.messages import MessageKind
from core.wards import fold
from faq.decision import Decision
from handlers.desk_reading import misses_code, words_after
from handlers.officer_flow import is_waiting
from handlers.turn import Turn
from handlers.welcome import menu_choices
from storage.staff import find_group_department
from storage.statuses import StaffRole

_COMMAND = re.compile(r"/([^\W_][\w-]*)(?=\s|$|[:,.!?])")
_NAMED = re.compile(r"(?<!\w)/[a-z]+")
_SHOWN, _NEAREST, _LIKENESS = 20, 2, 50
_HELP = {
    StaffRole.OFFICER: ("officer.help",),
    StaffRole.LEADER: ("officer.help", "officer.help_leader"),
    StaffRole.MEMBER: ("officer.help_member",),
}
_TRO_GIUP = "/trogiup"


def applies_to_staff(turn: Turn) -> bool:
    """True for an unknown command of the office, also where its words would go out to a citizen as an answer."""
    if turn.staff is None or not _is_unknown(turn):
        return False
    if turn.chat.is_group:
        return find_group_department(turn.session, turn.chat.id or 0) is not None
    is_answer = turn.message.reply_to is not None or is_waiting(turn)
    return is_answer or turn.match.decision is not Decision.ANSWER


def respond_to_staff(turn: Turn) -> None:
    """The command as typed, the nearest ones, and where all are listed."""
    head = _head(turn)
    near = _nearest(head, _named(turn.words(key) for key in _HELP[StaffRole(_role(turn))]))
    key = "officer.no_command_near" if near else "officer.no_command"
    turn.say(key, typed=_shown(head), near=", ".join(near))


def lacks_code(turn: Turn) -> bool:
    """True for a verb of the desk without the ticket that it is about: «xong roi 123»."""
    return turn.staff is not None and not turn.chat.is_group and _may_be_wish(turn) and misses_code(turn)


def ask_code(turn: Turn) -> None:
    """How such a command is written."""
    turn.say("officer.no_code")


def applies(turn: Turn) -> bool:
    """True for an unknown command of a citizen; a question with a stray slash in front is still a question."""
    return turn.staff is None and not turn.chat.is_group and _is_unknown(turn) and _may_be_wish(turn)


def respond(turn: Turn) -> None:
    """Kindly, with the menu."""
    head = _head(turn)
    typed = [turn.words(key) for key in turn.house.words.sentences if ".typed." in key]
    near = _nearest(head, (name for name in _named(typed) if name != "/start"))
    key = "fallback.no_command_near" if near else "fallback.no_command"
    turn.say(key, typed=_shown(head), near=", ".join(near), choices=menu_choices(turn))


def _may_be_wish(turn: Turn) -> bool:
    return turn.message.kind is MessageKind.TEXT and turn.match.decision is Decision.NONE


def _is_unknown(turn: Turn) -> bool:
    """A word behind a slash that begins no phrase of ours, in whatever conversation it is understood."""
    if turn.action is not None or turn.message.kind is not MessageKind.TEXT or not _head(turn):
        return False
    known = (key for key in turn.house.words.sentences if ".typed." in key)
    return not any(words_after(turn, turn.text, key) is not None for key in known)


def _head(turn: Turn) -> str:
    """The word behind the slash; nothing where there is none, or where it names another assistant."""
    found = _COMMAND.match(turn.text)
    return found[1] if found else ""


def _role(turn: Turn) -> str:
    return turn.staff.role if turn.staff is not None else ""


def _named(texts: Iterable[str]) -> list[str]:
    """The commands that texts name, each once."""
    return list(dict.fromkeys(name for text in texts for name in _NAMED.findall(text)))


def _nearest(head: str, names: Iterable[str]) -> list[str]:
    found = process.extract(f"/{fold(head)}", list(names), scorer=fuzz.ratio, limit=_NEAREST)
    return [name for name, likeness, _ in found if likeness > _LIKENESS and name != _TRO_GIUP]


def _shown(head: str) -> str:
    return f"/{head[:_SHOWN]}"
