"""The desk under any order of verbs: no illegal move, no lost update, one notice per event, nothing half done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, func, select

from handlers import desk
from handlers.turn import Turn
from storage.held import snapshot
from storage.models import Delivery, Ticket, TicketEvent
from storage.statuses import OPEN_TICKETS, TICKET_MOVES, DeliveryStatus, EventKind, TicketStatus
from tests.handlers_staff.office import CITIZEN, TEXT, Office, finish

Act = Callable[[Turn, int, int | None], object]
OFFICERS = st.sampled_from(["Hạnh", "Dũng", "Sơn", "Minh"])
TEXTS = st.sampled_from([TEXT, "Đã kiểm tra, chờ thợ điện chiều nay", "ok", ""])
# What the citizen is told of; a claim only when it moved the ticket.
TOLD = {
    EventKind.ANSWERED,
    EventKind.ASKED,
    EventKind.FORWARDED,
    EventKind.RESOLVED,
    EventKind.REJECTED,
}


class Desk(RuleBasedStateMachine):
    """Two tickets, everybody at once, with old and new views of the tickets."""

    @initialize()
    def open(self) -> None:
        self.office = Office.open()
        self.tickets = [self.office.file(), self.office.file("rác chưa thu")]
        self.seen = {ticket: 1 for ticket in self.tickets}

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.stage.close()

    def _snapshot(self, ticket: int) -> tuple[dict[str, object], int, int]:
        def work(session: Session) -> tuple[dict[str, object], int, int]:
            row = session.get_one(Ticket, ticket).model_dump()
            events, deliveries = (
                session.exec(select(func.count()).select_from(table)).one()
                for table in (TicketEvent, Delivery)
            )
            return row, events, deliveries

        return self.office.stage.read(work)

    def _act(self, who: str, at: int, act: Act, *, stale: bool = False) -> None:
        ticket = self.tickets[at]
        before = self._snapshot(ticket)
        events = len(self.office.events(ticket))
        seen = self.seen[ticket] if stale else None

        def caught(turn: Turn) -> bool:
            # Caught inside the transaction, as in a chat: what a refused verb left behind would be committed.
            try:
                act(turn, ticket, seen)
            except desk.Refused:
                return True
            return False

        if self.office.does(who, caught):
            assert self._snapshot(ticket) == before, "a refused verb changed something"
            # Whoever is refused looks at the ticket again.
            self.seen[ticket] = self.office.ticket(ticket).version
            return
        after = self.office.ticket(ticket)
        new = self.office.events(ticket)[events:]
        assert new, "a verb left no event"
        assert not (stale and seen != before[0]["version"]), "an old view overwrote a newer state"
        assert after.version == int(str(before[0]["version"])) + len(new)
        self._check_move(TicketStatus(str(before[0]["status"])), after, new)
        self._check_citizen(new)

    def _check_move(self, old: TicketStatus, after: Ticket, new: list[TicketEvent]) -> None:
        status = TicketStatus(after.status)
        moves = [(event.from_status, event.to_status) for event in new if event.to_status is not None]
        if moves:
            assert status in TICKET_MOVES[old]
            assert moves == [(old, status)]
        else:
            assert status == old
        assert (after.closed_at is None) == (status in OPEN_TICKETS)

    def _check_citizen(self, new: list[TicketEvent]) -> None:
        keys = [row.dedupe_key for row in self.office.deliveries(CITIZEN, "ticket")]
        for event in new:
            told = sum(str(key).startswith(f"event:{event.id}:citizen:") for key in keys)
            own = event.staff_id is None
            expected = EventKind(event.kind) in TOLD or (event.kind == EventKind.REOPENED and not own)
            expected = expected or (event.kind == EventKind.CLAIMED and event.to_status is not None)
            assert told == int(expected), event.kind

    @rule(who=OFFICERS, at=st.integers(0, 1), stale=st.booleans())
    def claim(self, who: str, at: int, stale: bool) -> None:
        self._act(who, at, desk.claim, stale=stale)

    @rule(who=OFFICERS, at=st.integers(0, 1))
    def release(self, who: str, at: int) -> None:
        self._act(who, at, desk.release)

    @rule(who=OFFICERS, at=st.integers(0, 1), text=TEXTS, stale=st.booleans())
    def answer(self, who: str, at: int, text: str, stale: bool) -> None:
        self._act(who, at, lambda turn, ticket, seen: desk.answer(turn, ticket, text, (), seen), stale=stale)

    @rule(who=OFFICERS, at=st.integers(0, 1), text=TEXTS)
    def ask(self, who: str, at: int, text: str) -> None:
        self._act(who, at, lambda turn, ticket, seen: desk.ask_citizen(turn, ticket, text, seen))

    @rule(
        who=OFFICERS,
        at=st.integers(0, 1),
        to=st.sampled_from(["KT", "CA", "VP", "XX"]),
        comment=st.booleans(),
    )
    def forward(self, who: str, at: int, to: str, comment: bool) -> None:
        said = "gấp" if comment else ""
        self._act(who, at, lambda turn, ticket, seen: desk.forward(turn, ticket, to, said, seen))

    @rule(who=OFFICERS, at=st.integers(0, 1), text=TEXTS, stale=st.booleans())
    def resolve(self, who: str, at: int, text: str, stale: bool) -> None:
        self._act(who, at, lambda turn, ticket, seen: finish(turn, ticket, text, seen), stale=stale)

    @rule(who=OFFICERS, at=st.integers(0, 1), text=TEXTS)
    def reject(self, who: str, at: int, text: str) -> None:
        self._act(who, at, lambda turn, ticket, seen: desk.reject(turn, ticket, text, seen))

    @rule(who=OFFICERS, at=st.integers(0, 1), text=TEXTS)
    def reopen(self, who: str, at: int, text: str) -> None:
        self._act(who, at, lambda turn, ticket, seen: desk.reopen(turn, ticket, text, seen))

    @rule(who=OFFICERS, at=st.integers(0, 1))
    def undo(self, who: str, at: int) -> None:
        """The last answer: either all is as before it and nobody hears of it, or nothing happens."""
        ticket = self.tickets[at]
        answers = [event for event in self.office.events(ticket) if event.before is not None]
        if not answers:
            return
        before, heard = answers[-1].before, self._told(answers[-1])

        def act(turn: Turn) -> bool:
            try:
                desk.undo(turn, answers[-1].id or 0)
            except desk.Refused:
                return False
            return True

        unchanged = self._snapshot(ticket)
        if not self.office.does(who, act):
            assert self._snapshot(ticket) == unchanged, "a refused verb changed something"
            return
        assert before is not None
        with self.office.stage.session() as session:
            now = snapshot(session.get_one(Ticket, ticket))
        assert now == {name: before[name] for name in now}
        assert heard, "the answer was on its way to nobody"
        assert {row.status for row in self._told(answers[-1])} == {DeliveryStatus.CANCELLED}

    def _told(self, event: TicketEvent) -> list[Delivery]:
        rows = self.office.deliveries(CITIZEN, "ticket")
        return [row for row in rows if str(row.dedupe_key).startswith(f"event:{event.id}:citizen:")]

    @rule(seconds=st.sampled_from([20, 61]))
    def wait(self, seconds: int) -> None:
        self.office.stage.now += timedelta(seconds=seconds)
        self.office.stage.deliver()

    @rule(who=OFFICERS, at=st.integers(0, 1), text=TEXTS)
    def note(self, who: str, at: int, text: str) -> None:
        self._act(who, at, lambda turn, ticket, _seen: desk.note(turn, ticket, text))

    @rule(at=st.integers(0, 1), what=st.sampled_from(["add", "reopen", "withdraw"]))
    def citizen(self, at: int, what: str) -> None:
        def act(turn: Turn, ticket: int, _seen: int | None) -> desk.Outcome:
            row = turn.session.get_one(Ticket, ticket)
            if what == "add":
                return desk.add_from_citizen(turn, row, "cột số 12")
            return desk.reopen_own(turn, row, "") if what == "reopen" else desk.withdraw(turn, row)

        self._act(CITIZEN, at, act)

    @invariant()
    def the_answer_is_the_last_one_given(self) -> None:
        for ticket in getattr(self, "tickets", ()):
            texts: list[str | None] = [None]
            for event in self.office.events(ticket):
                if event.kind in ("resolved", "rejected"):
                    texts.append(event.text)
                elif event.kind == "undone" and event.from_status in ("da_xu_ly", "tu_choi"):
                    texts.pop()
            assert self.office.ticket(ticket).answer == texts[-1]

    @invariant()
    def nobody_hears_twice_and_colleagues_hear(self) -> None:
        if hasattr(self, "office"):
            keys = Counter(row.dedupe_key for row in self.office.deliveries())
            assert all(count == 1 for count in keys.values())


@pytest.mark.timeout(300)
def test_desk() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Desk,
        settings=settings(
            max_examples=20,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
