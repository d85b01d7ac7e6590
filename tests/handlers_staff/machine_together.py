"""One answer for several tickets among everything else: by the verb, and by /traloichung, typed and tapped."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.messages import MessageKind
from handlers import desk
from handlers.desk_many import Pick, answer_many
from handlers.desk_reading import Verb
from handlers.turn import Turn
from tests.handlers_staff.machine_desk import OFFICERS, TEXTS, TICKETS
from tests.handlers_staff.machine_ward import Ward
from tests.handlers_staff.office import TEXT

SEVERAL = st.lists(TICKETS, min_size=1, max_size=3, unique=True)


@dataclass(frozen=True)
class _Found:
    """What became of the tickets, by number."""

    done: frozenset[int]
    skipped: frozenset[int]


class Together(Ward):
    """The ward in which officers also answer several tickets at once."""

    @rule(
        who=OFFICERS,
        at=SEVERAL,
        text=TEXTS,
        resolve=st.booleans(),
        stale=st.booleans(),
        regrets=st.booleans(),
    )
    def answer_together(
        self, who: str, at: list[int], text: str, resolve: bool, stale: bool, regrets: bool
    ) -> None:
        rows = self.books.tickets
        numbers = [self.tickets[one] for one in at]
        seen = {one: self.seen[one] if stale else rows[one]["version"] for one in numbers}
        picks = [Pick(one, seen[one]) for one in numbers]

        def act(turn: Turn) -> _Found | None:
            try:
                found = answer_many(turn, picks, text, resolve=resolve)
            except desk.Refused:
                return None
            done = frozenset(outcome.ticket.id or 0 for outcome in found.done)
            return _Found(done, frozenset(ticket.id or 0 for ticket, _ in found.skipped))

        versions = {one: rows[one]["version"] for one in numbers}
        before, found = self.books, self.office.does(who, act)
        self._check(unchanged="" if found and found.done else "a refused answer changed something")
        if found is None:
            return
        assert found.done | found.skipped == set(numbers)
        assert all(seen[one] == versions[one] for one in found.done), "an old view overwrote a newer state"
        for one in found.skipped:
            parent = before.tickets[one]["parent_id"]
            same = self.books.tickets[one] == before.tickets[one]
            assert same or parent in found.done, "what was passed over was changed"
            self.seen[one] = self.books.tickets[one]["version"]
        if regrets:
            self._undo(who, self._held()[-1:])

    @rule(who=OFFICERS, at=SEVERAL, sought=st.booleans(), how=st.sampled_from(["", "answer", "resolve"]))
    def begin_together(self, who: str, at: list[int], sought: bool, how: str) -> None:
        """/traloichung, and often on to its end; what waits half done is met by everything else."""
        codes = " ".join(self.books.tickets[self.tickets[one]]["code"] for one in at)
        self._send(who, kind=MessageKind.TEXT, text=f"/traloichung {'tìm đèn' if sought else codes}")
        for text in ("tất cả", TEXT) if sought and how else (TEXT,) if how else ():
            self.write_together(who, text)
        for action in self._newest(who):
            if how and action.startswith("officer.many_send") and action.endswith(how):
                self._send(who, kind=MessageKind.CHOICE, action=action)

    def _newest(self, who: str) -> list[str]:
        """The buttons that stand last on somebody's screen."""
        shown = [sent for sent in self.office.stage.person(who).screen if sent.content.choices]
        return [choice.action for choice in shown[-1].content.choices] if shown else []

    @rule(who=OFFICERS, text=st.sampled_from([TEXT, TEXT, "ok", "tất cả", "1 2", "hủy"]))
    def write_together(self, who: str, text: str) -> None:
        """Words for the step that waits; elsewhere they would be somebody's report."""
        flow = self.office.does(who, lambda turn: turn.data.get("verb") if turn.conversation.flow else None)
        if flow == Verb.ANSWER_ALL:
            self._send(who, kind=MessageKind.TEXT, text=text)

    @precondition(lambda self: getattr(self, "office", None) and self._screens())
    @rule(who=OFFICERS, data=st.data(), times=st.integers(1, 2))
    def tap_newest(self, who: str, data: st.DataObject, times: int) -> None:
        """One of the buttons that stand last on somebody's screen."""
        actions = self._newest(who)
        if not actions:
            return
        action = data.draw(st.sampled_from(actions))
        for _ in range(times):
            self._send(who, kind=MessageKind.CHOICE, action=action)
