"""A ward in which anything may happen in any order: the desk's verbs, two citizens, old buttons, time, restarts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from core.messages import MessageKind
from handlers import desk
from handlers.turn import Turn
from scheduler import closings
from storage.models import Ticket
from storage.statuses import Rating
from tests.handlers_staff.machine_books import check_books
from tests.handlers_staff.machine_desk import NEIGHBOUR, THIRD, TICKETS, Verbs
from tests.handlers_staff.office import CITIZEN, TEXT
from tests.stage import Sent

# Within the minute in which an answer can be taken back, and just after it.
MOMENTS = (timedelta(seconds=20), timedelta(seconds=61))
SAID = st.sampled_from(
    [
        "xong: " + TEXT,
        "không chụp được vì trời tối",
        "thu hồi",
        "trả lời: Chiều nay tổ điện tới thay bóng",
        "nhận",
        "tiếp tục",
        "tách",
        "chưa xong đâu em ơi",
        "cảm ơn em",
        "1",
        "2",
    ]
)


class Ward(Verbs):
    """The same with citizens, taps on any button ever shown, and words under any message."""

    # ------------------------------------------------------------------------------------------ citizens

    @rule(
        who=st.sampled_from([CITIZEN, NEIGHBOUR, THIRD]),
        at=TICKETS,
        what=st.sampled_from(
            ["add", "not done", "not done", "done", "withdraw", "join", "join", "leave", "rate", "complete"]
        ),
    )
    def citizen(self, who: str, at: int, what: str) -> None:
        acts: dict[str, Callable[[Turn, Ticket], object]] = {
            "add": lambda turn, row: desk.add_from_citizen(turn, row, "cột số 12"),
            "not done": lambda turn, row: desk.say_not_done(turn, row, ""),
            "done": desk.say_done,
            "withdraw": desk.withdraw,
            "join": lambda turn, row: desk.join_ticket(turn, row, "nhà em cũng bị"),
            "leave": desk.leave_ticket,
            "rate": lambda turn, row: desk.rate(turn, row, Rating.FAIR),
            "complete": desk.complete,
        }
        self._act(who, at, lambda turn, ticket, _seen: acts[what](turn, turn.session.get_one(Ticket, ticket)))

    # ------------------------------------------------------------------------------ what comes by the chat

    def _screens(self) -> list[tuple[str, Sent]]:
        people = self.office.stage.people.values()
        return [(person.name, sent) for person in people for sent in person.screen]

    @precondition(lambda self: getattr(self, "office", None) and self._screens())
    @rule(data=st.data(), times=st.integers(1, 2))
    def tap(self, data: st.DataObject, times: int) -> None:
        """Any button ever shown to somebody, new or long out of date, once or twice."""
        shown = [(who, sent) for who, sent in self._screens() if sent.content.choices]
        if not shown:
            return
        who, sent = data.draw(st.sampled_from(shown))
        action = data.draw(st.sampled_from([choice.action for choice in sent.content.choices]))
        for _ in range(times):
            self._send(who, kind=MessageKind.CHOICE, action=action)

    @precondition(lambda self: getattr(self, "office", None) and self._screens())
    @rule(data=st.data(), text=SAID)
    def reply(self, data: st.DataObject, text: str) -> None:
        """Words under any message ever shown."""
        who, sent = data.draw(st.sampled_from(self._screens()))
        self._send(who, kind=MessageKind.TEXT, text=text, reply_to=sent.external_id)

    def _send(self, who: str, **fields: object) -> None:
        self.has_sent = True
        assert self.office.stage.does(who, **fields), f"{who} {fields} was met with silence"  # type: ignore[arg-type]
        self._check()

    @precondition(lambda self: getattr(self, "has_sent", False))
    @rule()
    def repeated(self) -> None:
        """The provider sends the last update once more: it is known, and nothing happens."""
        assert not self.office.stage.repeats_last()
        self._check(unchanged="a repeated update did something")

    # ------------------------------------------------------------------------------------- time and machine

    @rule(passed=st.sampled_from([*(timedelta(hours=hours) for hours in (1, 30, 80, 180)), *MOMENTS]))
    def wait(self, passed: timedelta) -> None:
        """Time passes, and what the clock does about closed tickets is done."""
        stage = self.office.stage
        stage.now += passed
        with stage.session() as session:
            closings.run(session, stage.house, stage.now)
        stage.deliver()
        self._check()

    @rule()
    def restart(self) -> None:
        self.office.stage.restart()
        self._check(unchanged="the books are otherwise after a restart")

    @invariant()
    def books_are_right(self) -> None:
        if hasattr(self, "office"):
            check_books(self.books)
