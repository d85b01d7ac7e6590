"""What an officer is asked before an act: the words, a look at them before they leave, a department, a reason."""

from __future__ import annotations

from collections.abc import Sequence

from core.messages import Choice, Content, Picture
from handlers import desk
from handlers.canned import canned_choices
from handlers.cards import is_open
from handlers.desk_evidence import demanded
from handlers.desk_files import photos_of
from handlers.desk_reading import Verb
from handlers.desk_rules import describe, hold, need_open, need_text
from handlers.desk_votes import need_disputed
from handlers.turn import Turn
from storage.contacts import get_contact
from storage.models import StoredFile, Ticket
from storage.statuses import Privacy

FLOW = "officer"
TEXT, PREVIEW, DEPARTMENT, REASON, EVIDENCE = "text", "preview", "department", "reason", "evidence"
# Words that stand ready: which ones, and what stands in their blanks.
CANNED, BLANK = "canned", "blank"
# Steps about a person, not about a ticket: they wait for a tap, never for words.
LEAVE, DISMISS = "leave", "dismiss"
REASONS = ("duplicate", "unclear", "outside", "not_ours", "complaint", "violation", "done_before")
# What can be done with words that the officer sees once more before they go out.
SENDS = {
    Verb.ANSWER: ("resolve", "answer"),
    Verb.RESOLVE: ("resolve",),
    Verb.REJECT: ("reject",),
    Verb.ASK: ("ask",),
    # Somebody says of a closed case that it is not done.
    Verb.UPHOLD: ("uphold", "reopen"),
}
# With these also own words are shown first; with the others they go out as they were typed.
SHOWN_FIRST = frozenset({Verb.ANSWER, Verb.REJECT})


def ask_text(
    turn: Turn, verb: Verb, ticket_id: int, lead: str = "", files: Sequence[StoredFile] = ()
) -> None:
    """Ask for the words of a verb; `lead` says why they are asked for once more."""
    ticket = hold(turn, ticket_id)
    if verb not in (Verb.REOPEN, Verb.NOTE):
        need_answerable(turn, verb, ticket)
    if verb is Verb.REOPEN and is_open(ticket):
        raise desk.Refused("officer.illegal", **describe(turn, ticket, moves_only=True))
    begin(turn, TEXT, verb, ticket, files=[file.id for file in files])
    prompt = turn.words(f"officer.ask.{verb}", code=ticket.code)
    choices = [*canned_choices(turn, verb, ticket), cancel_choice(turn)]
    say(turn, "\n\n".join(part for part in (lead, prompt) if part), choices, ticket)


def ask_department(turn: Turn, ticket_id: int, lead: str = "") -> None:
    """Offer the other departments; a name can also be typed."""
    ticket = hold(turn, ticket_id)
    need_open(turn, ticket)
    begin(turn, DEPARTMENT, Verb.FORWARD, ticket)
    others = [one for one in turn.house.ward.departments if one.key != ticket.department]
    choices = [Choice(one.short_name, f"officer.to:{ticket_id}:{one.key}") for one in others]
    prompt = turn.words("officer.ask.forward", code=ticket.code)
    say(turn, "\n\n".join(part for part in (lead, prompt) if part), [*choices, cancel_choice(turn)], ticket)


def ask_reason(turn: Turn, ticket_id: int) -> None:
    """Offer the standard reasons of a rejection; own words can be typed."""
    ticket = hold(turn, ticket_id)
    need_open(turn, ticket)
    begin(turn, REASON, Verb.REJECT, ticket)
    choices = [
        turn.choice(f"officer.reason.{reason}", f"officer.because:{ticket_id}:{reason}") for reason in REASONS
    ]
    say(turn, turn.words("officer.ask.reason", code=ticket.code), [*choices, cancel_choice(turn)], ticket)


def preview(
    turn: Turn,
    verb: Verb,
    ticket_id: int,
    text: str,
    files: Sequence[StoredFile] = (),
    *,
    midway: bool = False,
) -> None:
    """Show what the citizen would read. Nothing leaves before one of the choices is tapped.

    `midway` is for an answer that says itself that work goes on: then the end of it is not offered first.
    """
    ticket = hold(turn, ticket_id)
    need_answerable(turn, verb, ticket)
    text = need_text(text)
    photos = photos_of(files)
    kept = [file.id for file in photos]
    begin(turn, PREVIEW, verb, ticket, text=text, files=kept, draft=turn.inbox_id, midway=midway)
    lines = [turn.words("officer.preview", code=ticket.code, text=text)]
    if photos:
        lines.append(turn.words("officer.preview_photos", count=len(photos)))
    elif not midway and verb in (Verb.ANSWER, Verb.RESOLVE) and demanded(turn, ticket) == "photo":
        lines.append(turn.words("officer.preview_no_photo"))
    key = "officer.confirm.midway" if midway else f"officer.confirm.{verb}"
    lines += ["", turn.words(key, code=ticket.code, citizen=_citizen(turn, ticket))]
    ways = [
        (how, f"officer.send:{ticket_id}:{turn.inbox_id}:{how}")
        for how in (SENDS[verb][::-1] if midway else SENDS[verb])
    ]
    choices = [turn.choice(f"officer.button.send_{how}", action) for how, action in ways]
    choices += [turn.choice("officer.button.edit", "officer.edit"), cancel_choice(turn)]
    say(turn, "\n".join(lines), choices, ticket, _pictures(turn, photos))


def need_answerable(turn: Turn, verb: Verb, ticket: Ticket) -> None:
    """Raises Refused when these words have nobody to go to any more."""
    if verb is Verb.UPHOLD:
        need_disputed(turn, ticket)
    else:
        need_open(turn, ticket)


def begin(turn: Turn, step: str, verb: str, ticket: Ticket, **data: object) -> None:
    """Stand at a step about a ticket, and nothing of an earlier one."""
    # What an earlier ticket has left must not stand beside the new one.
    turn.end()
    turn.go(FLOW, step, verb=str(verb), ticket=ticket.id, seen=ticket.version, **data)


def say(
    turn: Turn, text: str, choices: Sequence[Choice], ticket: Ticket, pictures: Sequence[Picture] = ()
) -> None:
    """Ask under the ticket: an answer to this message is about it."""
    turn.reply(Content(text, tuple(choices), tuple(pictures)), ticket_id=ticket.id)


def cancel_choice(turn: Turn) -> Choice:
    """Out of the step, with nothing done."""
    return turn.choice("officer.button.cancel", "officer.cancel")


def _citizen(turn: Turn, ticket: Ticket) -> str:
    """The citizen's display name, unless it was hidden from the unit; in a private chat only: a group has more
    readers than the ticket needs."""
    # The chat of a ticket for somebody else is that of whoever filed it.
    own = ticket.filed_by is None
    name = get_contact(turn.session, ticket.contact_id).name if own else ticket.on_behalf_of
    hidden = turn.chat.is_group or ticket.privacy == Privacy.HIDDEN_UNIT
    key = "officer.citizen_named" if name and not hidden else "officer.citizen_unnamed"
    return turn.words(key, name=name)


def _pictures(turn: Turn, photos: Sequence[StoredFile]) -> list[Picture]:
    alt = turn.words("cards.evidence_alt")
    return [Picture(photo.name, alt) for photo in photos if photo.name]
