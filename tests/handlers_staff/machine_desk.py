"""The verbs of the desk in any order, by two officers, a head and a leader, with fresh and with old views."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Engine

from core.calendar import local_date
from handlers import desk
from handlers.desk_many import take_back
from handlers.turn import Turn
from tests.handlers_staff.machine_books import Books, Row, check_step, read_ledger
from tests.handlers_staff.office import CITIZEN, TEXT, Office

Act = Callable[[Turn, int, int | None], object]
NEIGHBOUR, THIRD = "Ông Tư", "Cô Ba"
# Two officers of KT of whom the second is its head, one of another department, and a leader.
OFFICERS = st.sampled_from(["Hạnh", "Dũng", "Sơn", "Minh"])
TEXTS = st.sampled_from([TEXT, TEXT, "Đã kiểm tra, chờ thợ điện chiều nay", "ok"])
TICKETS = st.integers(0, 2)


class Verbs(RuleBasedStateMachine):
    """Three tickets and whatever the office may do to them."""

    def __init__(self, engine: Engine | None = None) -> None:
        super().__init__()
        self._engine = engine

    @initialize()
    def open(self) -> None:
        self.office = Office.open(("Hạnh", "Dũng", "Sơn", "Minh"), engine=self._engine)
        self.office.name_head("Dũng")
        self.office.stage.welcome(THIRD)
        said = ("đèn đường ngõ 5 hỏng", "rác chưa thu", "đèn ngõ 5 không sáng")
        people = (CITIZEN, CITIZEN, NEIGHBOUR)
        self.tickets = [self.office.file(text, who) for text, who in zip(said, people, strict=True)]
        self.office.stage.deliver()
        self.seen = dict.fromkeys(self.tickets, 1)
        self.books = self._read()
        self.has_sent = False

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.stage.close()

    def _read(self) -> Books:
        return self.office.stage.read(read_ledger)

    def _check(self, *, unchanged: str = "") -> None:
        before, self.books = self.books, self._read()
        if unchanged:
            assert (before.tickets, before.events, before.followers) == (
                self.books.tickets,
                self.books.events,
                self.books.followers,
            ), unchanged
        check_step(before, self.books)

    def _act(self, who: str, at: int, act: Act, *, stale: bool = False) -> None:
        ticket = self.tickets[at]
        version = self.books.tickets[ticket]["version"]
        seen = self.seen[ticket] if stale else None

        def caught(turn: Turn) -> bool:
            # Caught inside the transaction, as in a chat: what a refused verb left behind would be committed.
            try:
                act(turn, ticket, seen)
            except desk.Refused:
                return True
            return False

        refused = self.office.does(who, caught)
        assert refused or not (stale and seen != version), "an old view overwrote a newer state"
        self._check(unchanged="a refused verb changed something" if refused else "")
        if refused:
            # Whoever is refused looks at the ticket again.
            self.seen[ticket] = self.books.tickets[ticket]["version"]

    @rule(who=OFFICERS, at=TICKETS, stale=st.booleans())
    def claim(self, who: str, at: int, stale: bool) -> None:
        self._act(who, at, desk.claim, stale=stale)

    @rule(who=OFFICERS, at=TICKETS)
    def release(self, who: str, at: int) -> None:
        self._act(who, at, desk.release)

    @rule(
        who=OFFICERS,
        at=TICKETS,
        text=TEXTS,
        stale=st.booleans(),
        verb=st.sampled_from(["answer", "resolve", "resolve without a word of evidence"]),
        regrets=st.booleans(),
    )
    def answer(self, who: str, at: int, text: str, stale: bool, verb: str, regrets: bool) -> None:
        said = ("bóng treo trên cao",) if verb == "resolve" else ()
        act = desk.answer if verb == "answer" else desk.resolve
        self._act(who, at, lambda turn, ticket, seen: act(turn, ticket, text, (), seen, *said), stale=stale)
        if regrets:
            self._undo(who, self._held()[-1:])

    @rule(who=OFFICERS, data=st.data())
    def undo(self, who: str, data: st.DataObject) -> None:
        """One of the last answers: all is as before it and nobody hears of it, or nothing happens."""
        self._undo(who, [data.draw(st.sampled_from(held)) for held in [self._held()[-3:]] if held])

    def _held(self) -> list[Row]:
        return [event for event in self.books.events if event["before"] is not None]

    def _undo(self, who: str, events: list[Row]) -> None:
        for event in events:
            at = self.tickets.index(event["ticket_id"])
            # As a button does it: what was one answer is told to colleagues once.
            act = take_back if len((event["before"] or {}).get("together", ())) > 1 else desk.undo
            self._act(who, at, lambda turn, _ticket, _seen, act=act, event=event: act(turn, event["id"]))

    @rule(
        who=OFFICERS,
        at=TICKETS,
        text=TEXTS,
        stale=st.booleans(),
        verb=st.sampled_from(["ask", "reject", "reopen", "uphold", "pause", "note"]),
    )
    def say(self, who: str, at: int, text: str, stale: bool, verb: str) -> None:
        def act(turn: Turn, ticket: int, seen: int | None) -> object:
            if verb == "note":
                return desk.note(turn, ticket, text)
            acts = {
                "ask": desk.ask_citizen,
                "reject": desk.reject,
                "reopen": desk.reopen,
                "uphold": desk.uphold,
                "pause": desk.pause,
            }
            return acts[verb](turn, ticket, text, seen)

        self._act(who, at, act, stale=stale and verb != "note")

    @rule(who=OFFICERS, at=TICKETS, stale=st.booleans())
    def resume(self, who: str, at: int, stale: bool) -> None:
        self._act(who, at, desk.resume, stale=stale)

    @rule(who=OFFICERS, at=TICKETS, to=st.sampled_from(["KT", "CA", "VP", "XX"]), comment=st.booleans())
    def forward(self, who: str, at: int, to: str, comment: bool) -> None:
        said = "gấp" if comment else ""
        self._act(who, at, lambda turn, ticket, seen: desk.forward(turn, ticket, to, said, seen))

    @rule(
        who=OFFICERS,
        at=TICKETS,
        days=st.integers(0, 20),
        stale=st.booleans(),
        verb=st.sampled_from(["extend", "promise", "outside"]),
    )
    def date(self, who: str, at: int, days: int, stale: bool, verb: str) -> None:
        def act(turn: Turn, ticket: int, seen: int | None) -> object:
            day = local_date(turn.now) + timedelta(days=days)
            if verb == "outside":
                return desk.send_outside(turn, ticket, "Điện lực", day, TEXT, seen)
            return {"extend": desk.extend, "promise": desk.promise}[verb](turn, ticket, day, TEXT, seen)

        self._act(who, at, act, stale=stale)

    @rule(who=OFFICERS, at=TICKETS, heir=st.integers(1, 4))
    def hand_over(self, who: str, at: int, heir: int) -> None:
        self._act(who, at, lambda turn, ticket, seen: desk.hand_over(turn, ticket, heir, "", seen))

    @rule(who=OFFICERS, at=TICKETS, other=TICKETS, stale=st.booleans())
    def merge(self, who: str, at: int, other: int, stale: bool) -> None:
        code = self.books.tickets[self.tickets[other]]["code"]
        self._act(who, at, lambda turn, ticket, seen: desk.merge(turn, ticket, code, seen), stale=stale)

    @rule(who=OFFICERS, at=TICKETS)
    def part(self, who: str, at: int) -> None:
        self._act(who, at, lambda turn, ticket, _seen: desk.part(turn, ticket))
