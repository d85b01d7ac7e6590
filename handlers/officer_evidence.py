"""Asks an officer who finishes a ticket for what shows it: once, and any word is an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.desk_evidence import MAX_SAID, EvidenceNeeded, demanded
from handlers.desk_files import photos_of
from handlers.desk_rules import hold, need_open, stored
from handlers.officer_prompts import EVIDENCE, FLOW, begin, cancel_choice, say
from handlers.turn import Turn
from storage.models import StoredFile

# Usual reasons, so that a tired thumb need not write one.
REASONS = {
    "photo": ("nothing", "private", "gone"),
    "document": ("told", "signing", "needless"),
}
# The photo is taken where the work was done, which may be after the next two calls.
PHOTO_FRESH = timedelta(hours=12)


def ask_evidence(
    turn: Turn, ticket_id: int, needed: EvidenceNeeded, text: str, files: Sequence[StoredFile]
) -> None:
    """Keep the answer and ask for the photo or the document's number."""
    lead = [turn.words("officer.photo_failed")] if turn.files and not stored(turn.files) else []
    _ask(turn, ticket_id, text, files, [*lead, turn.words(needed.key, **needed.fields)])


def take_evidence(turn: Turn, files: Sequence[StoredFile]) -> str | None:
    """What was typed, if it or a photo of `files` will do; None after it was asked for once more."""
    said = turn.text[:MAX_SAID]
    if photos_of(files) or any(letter.isalnum() for letter in said):
        return said
    ticket = hold(turn, int(turn.data["ticket"]))
    key = "officer.photo_failed" if turn.files else "officer.no_words_yet"
    again = turn.words(f"officer.evidence.{demanded(turn, ticket)}", code=ticket.code)
    _ask(turn, ticket.id or 0, str(turn.data["text"]), files, [turn.words(key), again])
    return None


def ask_why(turn: Turn, ticket_id: int, files: Sequence[StoredFile]) -> None:
    """«Không chụp được»: the usual reasons to tap; own words can be typed."""
    ticket = hold(turn, ticket_id)
    need_open(turn, ticket)
    demand = demanded(turn, ticket)
    begin(turn, EVIDENCE, turn.data["verb"], ticket, text=turn.data["text"], files=[one.id for one in files])
    choices = [
        turn.choice(f"officer.without.{one}", f"officer.without:{ticket_id}:{one}")
        for one in REASONS.get(demand, ())
    ]
    say(turn, turn.words(f"officer.why.{demand}", code=ticket.code), [*choices, cancel_choice(turn)], ticket)
    return None


def stands_at(turn: Turn, ticket_id: int) -> bool:
    """True while we wait for the evidence of this ticket: the buttons of an old question do nothing."""
    here = turn.in_flow(FLOW) and turn.conversation.step == EVIDENCE
    return here and turn.data.get("ticket") == ticket_id


def reason_words(turn: Turn, key: str) -> str:
    """The words of a usual reason; those of the first for a key that nobody offered."""
    known = [one for several in REASONS.values() for one in several]
    return turn.words(f"officer.without.{key if key in known else known[0]}")


def _ask(turn: Turn, ticket_id: int, text: str, files: Sequence[StoredFile], lines: Sequence[str]) -> None:
    ticket = hold(turn, ticket_id)
    need_open(turn, ticket)
    begin(turn, EVIDENCE, "resolve", ticket, text=text, files=[one.id for one in stored(files)])
    key = f"officer.button.without_{demanded(turn, ticket)}"
    choices = [turn.choice(key, f"officer.why:{ticket_id}"), cancel_choice(turn)]
    say(turn, "\n\n".join(lines), choices, ticket)
