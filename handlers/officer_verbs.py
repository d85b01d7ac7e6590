"""Which function of the desk does what an officer ordered, and what its words must hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from core.codes import parse_code
from handlers import desk
from handlers.desk_reading import Verb, split_day, split_outside
from handlers.desk_rules import hold
from handlers.turn import Turn
from storage.models import StoredFile


def do_verb(
    turn: Turn,
    verb: Verb,
    ticket_id: int,
    text: str,
    files: Sequence[StoredFile],
    *,
    seen: int | None = None,
    comment: str = "",
) -> desk.Outcome:
    """Let the desk do what was ordered, with the words read as that verb needs them. Raises Refused."""
    verbs: dict[Verb, Callable[[], desk.Outcome]] = {
        Verb.CLAIM: lambda: desk.claim(turn, ticket_id, seen),
        Verb.RELEASE: lambda: desk.release(turn, ticket_id, seen),
        Verb.ANSWER: lambda: desk.answer(turn, ticket_id, text, files, seen),
        Verb.ASK: lambda: desk.ask_citizen(turn, ticket_id, text, seen),
        Verb.FORWARD: lambda: desk.forward(turn, ticket_id, text, comment, seen),
        Verb.RESOLVE: lambda: desk.resolve(turn, ticket_id, text, files, seen),
        Verb.REJECT: lambda: desk.reject(turn, ticket_id, text, seen),
        Verb.REOPEN: lambda: desk.reopen(turn, ticket_id, text, seen),
        Verb.UPHOLD: lambda: desk.uphold(turn, ticket_id, text, files, seen),
        Verb.NOTE: lambda: desk.note(turn, ticket_id, text, files),
        Verb.EXTEND: lambda: desk.extend(turn, ticket_id, *_dated(turn, text), seen),
        Verb.PROMISE: lambda: desk.promise(turn, ticket_id, *_dated(turn, text), seen),
        Verb.PAUSE: lambda: desk.pause(turn, ticket_id, text, seen),
        Verb.RESUME: lambda: desk.resume(turn, ticket_id, seen),
        Verb.ASSIGN: lambda: desk.hand_over(turn, ticket_id, *_colleague(turn, ticket_id, text), seen),
        Verb.OUTSIDE: lambda: desk.send_outside(turn, ticket_id, *_outside(turn, text), seen),
        Verb.MERGE: lambda: desk.merge(turn, ticket_id, _other_code(text), seen),
        Verb.PART: lambda: desk.part(turn, ticket_id),
    }
    return verbs[verb]()


def _dated(turn: Turn, text: str) -> tuple[date, str]:
    day, words = split_day(turn, text)
    if day is None:
        raise desk.Refused("officer.need_day")
    return day, words


def _outside(turn: Turn, text: str) -> tuple[str, date, str]:
    found = split_outside(turn, text)
    if found is None:
        raise desk.Refused("officer.need_outside")
    return found


def _colleague(turn: Turn, ticket_id: int, text: str) -> tuple[int, str]:
    staff, words = desk.find_colleague(turn, hold(turn, ticket_id), text)
    if staff is None:
        raise desk.Refused("officer.need_colleague")
    return staff.id or 0, words


def _other_code(text: str) -> str:
    code = parse_code(text)
    if not isinstance(code, str):
        raise desk.Refused("officer.need_other")
    return code
