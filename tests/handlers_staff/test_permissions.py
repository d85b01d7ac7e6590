"""Who may do what: every role against every verb, in chat as in the functions behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import desk
from handlers.turn import Turn
from storage.models import Staff
from storage.staff import dismiss
from storage.statuses import TicketStatus
from storage.tickets import list_events
from tests.handlers_staff.office import TEXT, Office, finish

VERBS: dict[str, Callable[[Turn, int], desk.Outcome]] = {
    "claim": lambda turn, ticket: desk.claim(turn, ticket),
    "release": lambda turn, ticket: desk.release(turn, ticket),
    "answer": lambda turn, ticket: desk.answer(turn, ticket, TEXT),
    "ask": lambda turn, ticket: desk.ask_citizen(turn, ticket, TEXT),
    "forward": lambda turn, ticket: desk.forward(turn, ticket, "VP"),
    "resolve": lambda turn, ticket: finish(turn, ticket),
    "reject": lambda turn, ticket: desk.reject(turn, ticket, TEXT),
    "reopen": lambda turn, ticket: desk.reopen(turn, ticket, TEXT),
    "note": lambda turn, ticket: desk.note(turn, ticket, "gọi thợ"),
    "undo": lambda turn, ticket: desk.undo(turn, list_events(turn.session, ticket)[-1].id or 0),
}
# Of a ticket of KT. "yes", or the sentence that is said instead.
ROLES = {
    "Hạnh": "yes",
    "Minh": "yes",
    "Sơn": "officer.other_department",
    "Mai": "officer.no_right",
    "Bà Lan": "officer.no_right",
    "Ông Tư": "officer.no_right",
    "người đã nghỉ": "officer.no_right",
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ROLES)
def test_verb(who: str, verb: str) -> None:
    office = Office.open()
    ticket = office.file()
    if verb == "release":
        office.does("Hạnh" if who == "Hạnh" else "Dũng", lambda turn: desk.claim(turn, ticket))
    if verb in ("reopen", "undo"):
        office.does("Dũng", lambda turn: finish(turn, ticket))
    name = who
    if who == "người đã nghỉ":
        name = "Hạnh"
        office.does(name, lambda turn: dismiss(turn.session, turn.staff or Staff(), turn.now))
    before = office.ticket(ticket).version
    if ROLES[who] == "yes":
        outcome = office.does(name, lambda turn: VERBS[verb](turn, ticket))
        assert outcome.event.staff_id is not None
        assert office.ticket(ticket).version > before
        return
    with pytest.raises(desk.Refused) as refused:
        office.does(name, lambda turn: VERBS[verb](turn, ticket))
    assert refused.value.key == ROLES[who]
    assert office.ticket(ticket).version == before


def test_only_the_own_ticket_is_the_citizens() -> None:
    office = Office.open()
    ticket = office.file()
    row = office.ticket(ticket)
    for act in (
        lambda turn: desk.withdraw(turn, row),
        lambda turn: desk.add_from_citizen(turn, row, TEXT),
        lambda turn: desk.say_not_done(turn, row, TEXT),
    ):
        with pytest.raises(desk.Refused) as refused:
            office.does("Ông Tư", act)
        assert refused.value.key == "officer.no_right"
    assert office.ticket(ticket).status == TicketStatus.NEW


def test_a_colleague_does_not_release_what_another_claimed() -> None:
    office = Office.open()
    ticket = office.file()
    office.does("Hạnh", lambda turn: desk.claim(turn, ticket))
    with pytest.raises(desk.Refused) as refused:
        office.does("Dũng", lambda turn: desk.release(turn, ticket))
    assert refused.value.key == "officer.not_yours"
    office.does("Minh", lambda turn: desk.release(turn, ticket))
    assert office.ticket(ticket).officer_id is None


def test_what_a_former_colleague_claimed_can_be_claimed() -> None:
    office = Office.open()
    ticket = office.file()
    office.does("Hạnh", lambda turn: desk.claim(turn, ticket))
    office.does("Hạnh", lambda turn: dismiss(turn.session, turn.staff or Staff(), turn.now))
    outcome = office.does("Dũng", lambda turn: desk.claim(turn, ticket))
    assert outcome.ticket.officer_id == outcome.event.staff_id
