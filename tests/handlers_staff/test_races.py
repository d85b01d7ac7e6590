"""Two people at the same moment, on a real PostgreSQL with a thread each: one wins, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import col, select

from handlers import desk
from handlers.turn import Turn
from storage.engine import make_engine
from storage.models import Ticket, TicketEvent
from storage.statuses import EventKind, TicketStatus
from tests.handlers_staff.office import CITIZEN, TEXT, Office, finish
from tests.postgres import Postgres

NEIGHBOUR = "Ông Tư"


@pytest.fixture
def office(postgres: Postgres, postgres_template: str) -> Iterator[Office]:
    name = postgres.create(postgres_template)
    engine = make_engine(postgres.url(name))
    opened = Office.open(engine=engine)
    yield opened
    opened.stage.close()
    engine.dispose()
    postgres.drop(name)


def at_once(office: Office, acts: dict[str, Callable[[Turn], object]]) -> list[str]:
    """Everybody's act, begun together, each in a transaction of its own; returns who was refused."""
    gate = Barrier(len(acts))

    def one(name: str) -> str:
        def act(turn: Turn) -> str:
            gate.wait(10)
            try:
                acts[name](turn)
            except desk.Refused:
                return name
            return ""

        return office.does(name, act)

    with ThreadPoolExecutor(len(acts)) as threads:
        return [name for name in threads.map(one, acts) if name]


def test_of_three_who_claim_one_wins(office: Office) -> None:
    ticket = office.file()
    refused = at_once(
        office, {who: lambda turn: desk.claim(turn, ticket) for who in ("Hạnh", "Dũng", "Minh")}
    )
    assert len(refused) == 2
    assert [e.kind for e in office.events(ticket)] == [EventKind.FILED, EventKind.CLAIMED]
    assert office.ticket(ticket).version == 2


def test_an_old_view_of_two_at_once_is_refused(office: Office) -> None:
    ticket = office.file()
    acts = {who: lambda turn: finish(turn, ticket, seen=1) for who in ("Hạnh", "Dũng")}
    assert len(at_once(office, acts)) == 1
    assert [e.kind for e in office.events(ticket)].count(EventKind.RESOLVED) == 1


def test_the_answer_and_what_the_author_of_a_merged_ticket_adds_are_both_kept(office: Office) -> None:
    parent, child = office.file(), office.file("đèn ngõ 5 tắt", NEIGHBOUR)
    code = office.ticket(parent).code
    office.does("Hạnh", lambda turn: desk.merge(turn, child, code))
    before = office.ticket(child).version
    refused = at_once(
        office,
        {
            "Hạnh": lambda turn: finish(turn, parent),
            NEIGHBOUR: lambda turn: desk.add_from_citizen(
                turn, turn.session.get_one(Ticket, child), "cột số 12"
            ),
        },
    )
    after = office.ticket(child)
    assert (after.status, after.answer) == (TicketStatus.RESOLVED, TEXT)
    assert after.version >= before + (1 if refused else 2)


def test_two_who_leave_at_once_are_two_lines_of_history(office: Office) -> None:
    ticket = office.file()
    people = ("Ông Tư", "Mai")
    for name in people:
        office.does(name, lambda turn: desk.join_ticket(turn, turn.session.get_one(Ticket, ticket), ""))
    before = office.ticket(ticket).version
    leave = {n: lambda turn: desk.leave_ticket(turn, turn.session.get_one(Ticket, ticket)) for n in people}
    assert at_once(office, leave) == []
    assert office.ticket(ticket).version == before + 2
    query = select(TicketEvent).where(col(TicketEvent.kind) == EventKind.LEFT)
    assert len(office.stage.read(lambda session: session.exec(query).all())) == 2


def test_reopened_by_two_at_once_is_one_new_round(office: Office) -> None:
    ticket = office.file()
    office.does("Hạnh", lambda turn: finish(turn, ticket))
    refused = at_once(
        office,
        {
            CITIZEN: lambda turn: desk.say_not_done(turn, turn.session.get_one(Ticket, ticket), ""),
            "Minh": lambda turn: desk.reopen(turn, ticket, TEXT),
        },
    )
    assert len(refused) == 1
    assert office.ticket(ticket).reopened == 1


def test_an_answer_is_taken_back_from_a_ticket_that_is_parted_or_stays_with_both(office: Office) -> None:
    parent, child = office.file(), office.file("đèn ngõ 5 tắt", NEIGHBOUR)
    code = office.ticket(parent).code
    office.does("Hạnh", lambda turn: desk.merge(turn, child, code))
    office.does("Hạnh", lambda turn: finish(turn, parent))
    held = office.events(parent)[-1].id or 0
    acts: dict[str, Callable[[Turn], object]] = {
        "Hạnh": lambda turn: desk.undo(turn, held),
        "Dũng": lambda turn: desk.part(turn, child),
    }
    at_once(office, acts)
    assert office.ticket(child).status == office.ticket(parent).status
