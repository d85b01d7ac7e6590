"""The steps of an officer's act: takes the words and photos, sends what was seen, does what was ordered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from core.messages import Choice, Content
from handlers import desk
from handlers.cards import is_open
from handlers.desk_reading import Verb, split_department
from handlers.desk_rules import describe, hold, stored
from handlers.officer_evidence import (
    PHOTO_FRESH,
    ask_evidence,
    ask_why,
    reason_words,
    stands_at,
    take_evidence,
)
from handlers.officer_prompts import (
    DEPARTMENT,
    DISMISS,
    EVIDENCE,
    FLOW,
    LEAVE,
    PREVIEW,
    SENDS,
    SHOWN_FIRST,
    ask_department,
    ask_text,
    need_answerable,
    preview,
)
from handlers.officer_undo import held_line, undo_choices
from handlers.officer_verbs import do_verb
from handlers.turn import Turn
from storage.files import list_files
from storage.models import StoredFile, Ticket
from storage.statuses import EventKind, EvidenceKind

# What was begun and left alone: the next text is about something else.
_FRESH = timedelta(hours=1)
_ASK_AGAIN = frozenset(
    {
        *(
            "officer.too_short",
            "officer.too_long",
            "officer.unfilled",
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
    photo = turn.conversation.step == EVIDENCE and bool(turn.files)
    fresh = turn.now - turn.conversation.updated_at <= (PHOTO_FRESH if photo else _FRESH)
    return turn.in_flow(FLOW) and turn.conversation.step not in (LEAVE, DISMISS) and fresh


def flow_ticket(turn: Turn) -> int | None:
    """The ticket that the flow is about."""
    number = turn.data.get("ticket")
    return int(number) if turn.in_flow(FLOW) and number is not None else None


def gathered_files(turn: Turn) -> list[StoredFile]:
    """The photos that the step has kept so far, and those of this message."""
    return [*kept_files(turn), *stored(turn.files)]


def take_input(turn: Turn) -> None:
    """Words or photos for the step that waits."""
    ticket_id, verb = flow_ticket(turn) or 0, Verb(turn.data["verb"])
    files = gathered_files(turn)
    if turn.conversation.step == DEPARTMENT:
        key, comment = split_department(turn, turn.text)
        if key is None:
            return ask_department(turn, ticket_id, turn.words("officer.unknown_department"))
        return perform(turn, Verb.FORWARD, ticket_id, key, comment=comment)
    if turn.conversation.step == EVIDENCE:
        return _take_evidence(turn, ticket_id, files)
    if turn.files and not turn.text:
        return _take_photos(turn, verb, ticket_id, files)
    if verb in SHOWN_FIRST or turn.conversation.step == PREVIEW:
        return show_words(turn, verb, ticket_id, turn.text, files)
    return perform(turn, verb, ticket_id, turn.text, files)


def show_words(
    turn: Turn,
    verb: Verb,
    ticket_id: int,
    text: str,
    files: Sequence[StoredFile],
    *,
    midway: bool = False,
) -> None:
    """The preview of an answer or a rejection; words that say too little are asked for again."""
    act = partial(preview, turn, verb, ticket_id, text, files, midway=midway)
    _again_if_short(turn, verb, ticket_id, text, files, act)


def send(turn: Turn, ticket_id: int, draft: int, how: str) -> None:
    """The officer has seen the words and lets them go; an old button sends nothing."""
    data = turn.data
    ours = flow_ticket(turn) == ticket_id and turn.conversation.step == PREVIEW
    if not ours or data["draft"] != draft or how not in SENDS[Verb(data["verb"])]:
        return say_gone(turn, ticket_id)
    text, files = str(data["text"]), kept_files(turn)
    try:
        _say_done(turn, do_verb(turn, Verb(how), ticket_id, text, files, seen=int(data["seen"])))
    except desk.EvidenceNeeded as needed:
        ask_evidence(turn, ticket_id, needed, text, files)
    except desk.Changed as changed:
        # Settled meanwhile: then there is nothing to look at once more.
        need_answerable(turn, Verb(data["verb"]), hold(turn, ticket_id))
        turn.say(changed.key, **changed.fields)
        preview(turn, Verb(data["verb"]), ticket_id, text, files, midway=bool(data.get("midway")))
    return None


def _take_evidence(turn: Turn, ticket_id: int, files: Sequence[StoredFile]) -> None:
    said = take_evidence(turn, files)
    if said is not None:
        _finish(turn, ticket_id, files, said)


def explain_without(turn: Turn, ticket_id: int) -> None:
    """There is nothing to show: why? An old button asks nothing."""
    if not stands_at(turn, ticket_id):
        return say_gone(turn, ticket_id)
    return ask_why(turn, ticket_id, kept_files(turn))


def finish_without(turn: Turn, ticket_id: int, reason: str) -> None:
    """One of the usual reasons was tapped; an old button does nothing."""
    if not stands_at(turn, ticket_id):
        return say_gone(turn, ticket_id)
    return _finish(turn, ticket_id, kept_files(turn), reason_words(turn, reason))


def _finish(turn: Turn, ticket_id: int, files: Sequence[StoredFile], said: str) -> None:
    text, seen = str(turn.data["text"]), int(turn.data["seen"])
    _say_done(turn, desk.resolve(turn, ticket_id, text, files, seen, said))


def edit(turn: Turn) -> None:
    """The words again, the photos stay."""
    ticket_id = flow_ticket(turn)
    if ticket_id is None or turn.conversation.step != PREVIEW:
        return turn.say("officer.nothing_to_edit")
    return ask_text(turn, Verb(turn.data["verb"]), ticket_id, files=kept_files(turn))


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
        text,
        files,
        lambda: _say_done(turn, do_verb(turn, verb, ticket_id, text, files, comment=comment)),
    )


def _again_if_short(
    turn: Turn,
    verb: Verb,
    ticket_id: int,
    text: str,
    files: Sequence[StoredFile],
    act: Callable[[], None],
) -> None:
    try:
        act()
    except desk.EvidenceNeeded as needed:
        ask_evidence(turn, ticket_id, needed, text, files)
    except desk.Refused as refused:
        if refused.key not in _ASK_AGAIN:
            raise
        ask_text(turn, verb, ticket_id, turn.words(refused.key, **refused.fields), files)


def _say_done(turn: Turn, outcome: desk.Outcome) -> None:
    turn.end()
    lines = [turn.words(outcome.key, **outcome.fields), *held_line(turn, outcome.event)]
    if outcome.event.kind == EventKind.RESOLVED and outcome.ticket.evidence_kind == EvidenceKind.REASON:
        lines.append(turn.words("officer.without_noted", reason=outcome.ticket.evidence))
    if not outcome.heard:
        lines.append(turn.words("officer.unheard"))
    choices = [*undo_choices(turn, outcome.event), *_next_choices(turn, outcome.ticket)]
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
        midway = bool(turn.data.get("midway"))
        return preview(turn, verb, ticket_id, str(turn.data["text"]), files, midway=midway)
    return ask_text(turn, verb, ticket_id, turn.words("officer.photo_taken", count=len(files)), files)


def say_gone(turn: Turn, ticket_id: int) -> None:
    """An old button: what the ticket is now, and nothing was done."""
    ticket = hold(turn, ticket_id)
    turn.say("officer.no_draft", ticket_id=ticket.id, **describe(turn, ticket))


def kept_files(turn: Turn) -> list[StoredFile]:
    """The photos that the step has kept so far."""
    kept = [int(number) for number in turn.data.get("files", ())]
    return list(list_files(turn.session, kept, turn.contact.id or 0)) if kept else []
