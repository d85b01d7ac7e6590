"""The verbs that end a ticket: done, with what shows it, or turned down, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from core.messages import Choice
from handlers.desk_evidence import Evidence, citizen_lines, find_evidence, record_evidence
from handlers.desk_files import attach
from handlers.desk_notices import conclude, tell_citizen
from handlers.desk_rules import Caller, Outcome, hold, need_open, need_own_case, need_text, step, take_up
from handlers.desk_undo import hold_back
from storage.held import snapshot
from storage.models import StoredFile, Ticket
from storage.statuses import EventKind, TicketStatus


def resolve(
    caller: Caller,
    ticket_id: int,
    text: str,
    files: Sequence[StoredFile] = (),
    seen: int | None = None,
    said: str = "",
) -> Outcome:
    """Finish the ticket with words for the citizen, and with evidence.

    `said` is what was typed when evidence was asked for: a document's number, or why there is none. Raises
    EvidenceNeeded when the category demands some and neither photos, nor the words, nor `said` bring it.
    """
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    need_own_case(caller, ticket)
    text = need_text(text)
    evidence = find_evidence(caller, ticket, text, files, said)
    choices = [
        caller.choice("tickets.button.fixed", f"lookup.fixed:{ticket.code}"),
        caller.choice("tickets.button.reopen", f"lookup.reopen:{ticket.code}"),
    ]
    # A single one of those who joined does not open it alone: the button must not promise that.
    theirs = [choices[0], caller.choice("tickets.button.dispute", f"lookup.reopen:{ticket.code}")]
    done, kind = TicketStatus.RESOLVED, EventKind.RESOLVED
    return _close(caller, ticket, done, kind, text, files, choices, evidence, theirs)


def reject(caller: Caller, ticket_id: int, reason: str, seen: int | None = None) -> Outcome:
    """Close the ticket without doing it, with the reason; the citizen may have it reopened."""
    ticket = hold(caller, ticket_id, seen)
    need_open(caller, ticket)
    need_own_case(caller, ticket)
    choices = [caller.choice("tickets.button.review", f"lookup.reopen:{ticket.code}")]
    return _close(caller, ticket, TicketStatus.REJECTED, EventKind.REJECTED, need_text(reason), (), choices)


def _close(
    caller: Caller,
    ticket: Ticket,
    to: TicketStatus,
    kind: EventKind,
    text: str,
    files: Sequence[StoredFile],
    choices: Sequence[Choice],
    evidence: Evidence | None = None,
    joined_choices: Sequence[Choice] | None = None,
) -> Outcome:
    before = snapshot(ticket)
    record_evidence(caller, ticket, evidence)
    ticket.answer, ticket.paused_at = text, None
    event = step(caller, ticket, to, kind, text)
    take_up(caller, ticket)
    photos = attach(caller, ticket, files)
    ready_at = hold_back(caller, event, before, photos)
    told = "\n".join([text, *citizen_lines(caller, ticket)])
    heard = tell_citizen(
        caller,
        ticket,
        event,
        f"tickets.tell.{kind}",
        choices=choices,
        joined_choices=joined_choices,
        photos=photos,
        ready_at=ready_at,
        text=told,
    )
    return conclude(caller, ticket, event, heard)
