"""The steps of an officer's act: takes the words and photos, sends what was seen, does what was ordered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from core.codes import parse_code
from core.messages import Choice, Content
from handlers import desk
from handlers.cards import is_open
from handlers.desk_reading import Verb, split_day, split_department, split_outside
from handlers.desk_rules import describe, hold, need_open, stored
from handlers.officer_prompts import (
    DEPARTMENT,
    DISMISS,
    FLOW,
    LEAVE,
    PREVIEW,
    SENDS,
    ask_department,
    ask_text,
    preview,
)
from handlers.turn import Turn
from storage.files import list_files
from storage.models import StoredFile, Ticket

# What was begun and left alone: the next text is about something else.
_FRESH = timedelta(hours=1)
_ASK_AGAIN = frozenset(
    {
        *(
            "officer.too_short",
            "officer.too_long",
            "officer.empty_note",
            "officer.need_day",
            "officer.bad_day",
        ),
        *("officer.free_day", "officer.not_later", "officer.need_outside", "officer.bad_agency"),
        *("officer.need_colleague", "officer.need_other"),
    }
)


def is_waiting(turn: Turn) -> bool:
    """True while a step about a ticket waits for words or a photo, unless it was left alone for too long."""
    fresh = turn.now - turn.conversation.updated_at <= _FRESH
    return turn.in_flow(FLOW) and turn.conversation.step not in (LEAVE, DISMISS) and fresh


def flow_ticket(turn: Turn) -> int | None:
    """The ticket that the flow is about."""
    number = turn.data.get("ticket")
    return int(number) if turn.in_flow(FLOW) and number is not None else None


def gathered_files(turn: Turn) -> list[StoredFile]:
    """The photos that the step has kept so far, and those of this message."""
    return [*_kept_files(turn), *stored(turn.files)]


def take_input(turn: Turn) -> None:
    """Words or photos for the step that waits."""
    ticket_id, verb = flow_ticket(turn) or 0, Verb(turn.data["verb"])
    files = gathered_files(turn)
    if turn.conversation.step == DEPARTMENT:
        key, comment = split_department(turn, turn.text)
        if key is None:
            return ask_department(turn, ticket_id, turn.words("officer.unknown_department"))
        return perform(turn, Verb.FORWARD, ticket_id, key, comment=comment)
    if turn.files and not turn.text:
        return _take_photos(turn, verb, ticket_id, files)
    if verb in SENDS:
        return show_words(turn, verb, ticket_id, turn.text, files)
    return perform(turn, verb, ticket_id, turn.text, files)


def show_words(turn: Turn, verb: Verb, ticket_id: int, text: str, files: Sequence[StoredFile]) -> None:
    """The preview of an answer or a rejection; words that say too little are asked for again."""
    _again_if_short(turn, verb, ticket_id, files, lambda: preview(turn, verb, ticket_id, text, files))


def send(turn: Turn, ticket_id: int, draft: int, how: str) -> None:
    """The officer has seen the words and lets them go; an old button sends nothing."""
    data = turn.data
    ours = flow_ticket(turn) == ticket_id and turn.conversation.step == PREVIEW
    if not ours or data["draft"] != draft or how not in SENDS[Verb(data["verb"])]:
        return _say_gone(turn, ticket_id)
    text, files = str(data["text"]), _kept_files(turn)
    try:
        _say_done(turn, _verb(turn, Verb(how), ticket_id, text, files, seen=int(data["seen"])))
    except desk.Changed as changed:
        # Closed meanwhile: then there is nothing to look at once more.
        need_open(turn, hold(turn, ticket_id))
        turn.say(changed.key, **changed.fields)
        preview(turn, Verb(data["verb"]), ticket_id, text, files)
    return None


def edit(turn: Turn) -> None:
    """The words again, the photos stay."""
    ticket_id = flow_ticket(turn)
    if ticket_id is None or turn.conversation.step != PREVIEW:
        return turn.say("officer.nothing_to_edit")
    return ask_text(turn, Verb(turn.data["verb"]), ticket_id, files=_kept_files(turn))


def cancel(turn: Turn) -> None:
    """Leave the step; everything is as it was."""
    said = {LEAVE: "officer.stayed", DISMISS: "officer.people.kept"}
    key = said.get(turn.conversation.step or "") if turn.in_flow(FLOW) else None
    turn.end()
    turn.say(key or "officer.cancelled")


def perform(
    turn: Turn,
    verb: Verb,
    ticket_id: int,
    text: str = "",
    files: Sequence[StoredFile] = (),
    comment: str = "",
) -> None:
    """Do it at once and say what was done; words that say too little are asked for again."""
    if verb is Verb.RESOLVE and not text and any(file.kind == "photo" for file in stored(files)):
        text = turn.words("officer.photo_answer")
    _again_if_short(
        turn,
        verb,
        ticket_id,
        files,
        lambda: _say_done(turn, _verb(turn, verb, ticket_id, text, files, comment=comment)),
    )


def _verb(
    turn: Turn,
    verb: Verb,
    ticket_id: int,
    text: str,
    files: Sequence[StoredFile],
    *,
    seen: int | None = None,
    comment: str = "",
) -> desk.Outcome:
    verbs: dict[Verb, Callable[[], desk.Outcome]] = {
        Verb.CLAIM: lambda: desk.claim(turn, ticket_id, seen),
        Verb.RELEASE: lambda: desk.release(turn, ticket_id, seen),
        Verb.ANSWER: lambda: desk.answer(turn, ticket_id, text, files, seen),
        Verb.ASK: lambda: desk.ask_citizen(turn, ticket_id, text, seen),
        Verb.FORWARD: lambda: desk.forward(turn, ticket_id, text, comment, seen),
        Verb.RESOLVE: lambda: desk.resolve(turn, ticket_id, text, files, seen),
        Verb.REJECT: lambda: desk.reject(turn, ticket_id, text, seen),
        Verb.REOPEN: lambda: desk.reopen(turn, ticket_id, text, seen),
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


def _again_if_short(
    turn: Turn, verb: Verb, ticket_id: int, files: Sequence[StoredFile], act: Callable[[], None]
) -> None:
    try:
        act()
    except desk.Refused as refused:
        if refused.key not in _ASK_AGAIN:
            raise
        ask_text(turn, verb, ticket_id, turn.words(refused.key, **refused.fields), files)


def _say_done(turn: Turn, outcome: desk.Outcome) -> None:
    turn.end()
    lines = [turn.words(outcome.key, **outcome.fields)]
    if not outcome.heard:
        lines.append(turn.words("officer.unheard"))
    choices = _next_choices(turn, outcome.ticket)
    turn.reply(Content("\n".join(lines), tuple(choices)), ticket_id=outcome.ticket.id)


def _next_choices(turn: Turn, ticket: Ticket) -> list[Choice]:
    """What usually comes next; nothing for a ticket that went to another department."""
    number = ticket.id
    if not desk.may_handle(turn.staff, ticket) or turn.chat.is_group:
        return []
    if not is_open(ticket):
        return [turn.choice("officer.button.reopen", f"officer.reopen:{number}"), _list_choice(turn)]
    choices = [turn.choice("officer.button.reply", f"officer.reply:{number}")]
    if turn.staff and ticket.officer_id == turn.staff.id:
        choices.append(turn.choice("officer.button.release", f"officer.release:{number}"))
    return [*choices, _list_choice(turn)]


def _list_choice(turn: Turn) -> Choice:
    return turn.choice("officer.button.list", "officer.list")


def _take_photos(turn: Turn, verb: Verb, ticket_id: int, files: Sequence[StoredFile]) -> None:
    if not stored(turn.files):
        return ask_text(turn, verb, ticket_id, turn.words("officer.photo_failed"), files)
    if turn.conversation.step == PREVIEW:
        return preview(turn, verb, ticket_id, str(turn.data["text"]), files)
    return ask_text(turn, verb, ticket_id, turn.words("officer.photo_taken", count=len(files)), files)


def _say_gone(turn: Turn, ticket_id: int) -> None:
    ticket = hold(turn, ticket_id)
    turn.say("officer.no_draft", ticket_id=ticket.id, **describe(turn, ticket))


def _kept_files(turn: Turn) -> list[StoredFile]:
    kept = [int(number) for number in turn.data.get("files", ())]
    return list(list_files(turn.session, kept, turn.contact.id or 0)) if kept else []
