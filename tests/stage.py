"""The stage for conversations: a real database file, the sample ward, people with telephones, and a clock.

Nothing here knows a network: what a person does is recorded in the inbox and answered by the router, and what
the outbox holds is fitted to the channel's limits and put on people's screens. Also a command:
`python -m tests.stage update FILE…` rewrites the answers in transcripts, for a person to review.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar
from weakref import finalize

from sqlalchemy import Engine
from sqlmodel import Session

from bot.knowledge import Changes, furnish
from core.fitting import fit, length
from core.messages import Address, Envelope, IncomingMessage, Location, MessageKind
from handlers.announce_documents import awaits_document
from handlers.house import House
from handlers.router import respond
from handlers.turn import Turn, open_turn
from scheduler.schedule import JOBS
from storage.calendar_days import list_days, rules_of
from storage.claims import Outgoing, claim_due, settle_sent
from storage.contacts import record_contact, record_takeover
from storage.files import Fetched, record_files
from storage.inbox import record_event
from storage.knowledge import list_in_force_after
from storage.models import Contact, Delivery, InboxItem, Staff
from storage.staff import Duty, enlist
from storage.statuses import InboxStatus, Lane, StaffRole
from tests.props import LIMITS, OTHER_CHANNEL, Person, Sent, sample_house
from tests.stage_engines import leave_engine, start_anew, take_engine

__all__ = ["LIMITS", "Person", "Sent", "Stage", "sample_house"]

T = TypeVar("T")

_FURNISHED: dict[tuple[int, str], House] = {}
"""The newest few, because a play on three channels changes the same things three times."""
_KEPT = 12

ACCOUNT = "phuong-mau"
BETWEEN = timedelta(seconds=20)


def _furnished(shipped: House, changes: Changes) -> House:
    key = (id(shipped), repr(changes))
    if key not in _FURNISHED:
        while len(_FURNISHED) >= _KEPT:
            del _FURNISHED[next(iter(_FURNISHED))]
        _FURNISHED[key] = furnish(shipped, changes)
    return _FURNISHED[key]


class Stage:
    """One conversation or several at once, on one channel (or a second one beside it), on one database."""

    def __init__(
        self, channel: str = "webchat", *, house: House | None = None, engine: Engine | None = None
    ) -> None:
        """`engine` is whose database is played on, emptied before; without one a SQLite file of our own is."""
        self.channel = channel
        self._shipped = self.house = house or sample_house()
        self.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
        self.people: dict[str, Person] = {}
        self.engine = take_engine(engine)
        self._is_lent = engine is not None
        self._leave = finalize(self, Engine.dispose if self._is_lent else leave_engine, self.engine)
        self.routes: list[str] = []
        self.last_number = 0
        self._last_envelope: Envelope | None = None

    def close(self) -> None:
        """Leave the database to the next play."""
        self._leave()

    def restart(self) -> None:
        """The program was killed and is started again: nothing is known but what stands in the books."""
        self._leave.detach()
        self.engine = start_anew(self.engine)
        self._leave = finalize(self, Engine.dispose if self._is_lent else leave_engine, self.engine)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def read(self, work: Callable[[Session], T]) -> T:
        """Ask the books something."""
        with self.session() as session:
            return work(session)

    # ---------------------------------------------------------------------------------------- people

    def person(self, name: str, channel: str = "") -> Person:
        """The person of this name, who gets an address when first named, on the played channel or another."""
        if name not in self.people:
            external_id = f"9{len(self.people) + 1:07d}"
            self.people[name] = Person(name, Address(channel or self.channel, ACCOUNT, external_id))
        return self.people[name]

    def moves_in(self, name: str) -> None:
        """Somebody, or somebody's second telephone, who writes from another channel from the first word on."""
        assert name not in self.people, f"{name} has an address already"
        self.person(name, OTHER_CHANNEL[self.channel])

    def enlist(
        self, name: str, role: StaffRole, department: str | None = None, area: str | None = None
    ) -> Staff:
        """Make somebody an officer, leader or member, as if an invite had been used before the play."""
        person = self.person(name)
        with self.session() as session:
            contact = record_contact(session, person.address, self.now)
            contact.greeted_at = contact.last_interaction_at = self.now
            contact.name = name
            session.add(contact)
            session.flush()
            return enlist(session, contact, Duty(role, department, area), name, self.now)

    def welcome(self, name: str) -> None:
        """Somebody who has been greeted long ago."""
        with self.session() as session:
            contact = record_contact(session, self.person(name).address, self.now)
            contact.greeted_at = self.now
            session.add(contact)

    def profile_says(self, name: str, value: object) -> None:
        """The ward's profile has another value for something."""
        other = replace(self._shipped.ward, **{name: value})
        self._shipped, self.house = replace(self._shipped, ward=other), replace(self.house, ward=other)

    # -------------------------------------------------------------------------------------- messages

    def says(self, name: str, text: str, *, group: str | None = None, **fields: Any) -> list[Sent]:
        """Somebody writes a text; returns what was sent to whom."""
        return self.does(name, MessageKind.TEXT, group=group, text=text, **fields)

    def does(
        self,
        name: str,
        kind: MessageKind,
        *,
        group: str | None = None,
        photos: int = 0,
        failed_photos: int = 0,
        recordings: Sequence[bool] = (),
        document: Fetched | None = None,
        **fields: Any,
    ) -> list[Sent]:
        """Somebody does something; the clock moves on, the router answers, the outbox is emptied.

        `document` is what would be fetched, if this person is asked for one.
        """
        self.now += BETWEEN
        self.last_number += 1
        sender = self.person(name)
        chat = self.person(group) if group else sender
        message = IncomingMessage(
            sender=sender.address,
            chat=chat.address,
            external_id=str(fields.pop("external_id", f"m{self.last_number}")),
            kind=kind,
            sent_at=self.now,
            sender_name=name,
            **fields,
        )
        fetched = [
            Fetched(kind="photo", name=f"{self.last_number}-{at}.jpg", media_type="image/jpeg", size=1)
            for at in range(photos)
        ]
        fetched += [Fetched(kind="photo", name=None)] * failed_photos
        fetched += [
            Fetched(
                kind="voice", name=f"{self.last_number}-{at}.ogg" if arrived else None, media_type="audio/ogg"
            )
            for at, arrived in enumerate(recordings)
        ]
        with self.session() as session:
            if document and awaits_document(session, self.house, sender.address, chat.address, self.now):
                fetched.append(document)
        self._answer(message, fetched)
        return self.deliver()

    def rings(self, name: str) -> list[Sent]:
        """A job of the clock runs now; returns what was sent to whom."""
        job = next(one for one in JOBS if one.name == name)
        with self.session() as session:
            job.run(session, self.house, self.now)
        return self.deliver()

    def repeats_last(self) -> bool:
        """The provider hands over the last update once more; True when it is taken for a new one."""
        assert self._last_envelope is not None
        with self.session() as session:
            return record_event(session, self._last_envelope, self.now) is not None

    def takes_over(self, name: str) -> None:
        """A person of the office writes to somebody by the provider's own tool."""
        self.now += BETWEEN
        with self.session() as session:
            record_takeover(session, self.person(name).address, self.now)

    def _envelope(self, message: IncomingMessage) -> Envelope:
        name, raw = f"e{self.last_number}", f'{{"text": "{message.text}"}}'
        return Envelope(message.sender.channel, ACCOUNT, name, message.sender.key, raw)

    def _answer(self, message: IncomingMessage, fetched: Sequence[Fetched]) -> None:
        with self.session() as session:
            self._last_envelope = self._envelope(message)
            inbox_id = record_event(session, self._last_envelope, self.now)
            if inbox_id is None:
                raise AssertionError("the same event twice")
            contact = record_contact(session, message.sender, self.now)
            files = record_files(session, inbox_id, contact.id or 0, fetched, self.now)
            turn = open_turn(session, self.house, message, inbox_id, files, self.now)
            self.routes.append(respond(turn))
            self._look_at_knowledge(session, turn)
            item = session.get_one(InboxItem, inbox_id)
            item.status, item.handled_at = InboxStatus.DONE.value, self.now
            session.add(item)

    def _look_at_knowledge(self, session: Session, turn: Turn) -> None:
        """What the running program does a moment later: the House is another when the knowledge is."""
        if turn.changed_knowledge:
            session.flush()
            changes, faults = Changes().after(list_in_force_after(session, 0), self._shipped.lexicon)
            assert faults == []
            calendar = self._shipped.calendar.with_own(rules_of(list_days(session)))
            self.house = _furnished(self._shipped, changes).with_calendar(calendar)

    def deliver(self) -> list[Sent]:
        """Empty the outbox onto people's screens, in the order in which a sender would."""
        sent: list[Sent] = []
        while True:
            with self.session() as session:
                due: list[Outgoing] = []
                for lane in Lane:
                    due += self._claim(session, lane)
                if not due:
                    return sent
                for outgoing in due:
                    sent.append(self._show(outgoing, session.get_one(Delivery, outgoing.id).ticket_id))
                    settle_sent(session, outgoing, [sent[-1].external_id], self.now)

    def _claim(self, session: Session, lane: Lane) -> list[Outgoing]:
        """On every channel that somebody of the play writes from; in the order in which it was said."""
        channels = {self.channel, *(one.address.channel for one in self.people.values())}
        won = [claim_due(session, channel, lane, "stage", self.now, 50) for channel in sorted(channels)]
        return won[0] if len(won) == 1 else sorted(chain(*won), key=lambda one: one.id)

    def _show(self, outgoing: Outgoing, ticket_id: int | None) -> Sent:
        limits = LIMITS[outgoing.address.channel]
        parts = fit(outgoing.content, limits)
        for part in parts:
            assert length(part.text) <= limits.text, "a part is longer than the channel takes"
            assert len(part.choices) <= limits.choices, "more choices than the channel takes"
            assert part.text or part.pictures, "an empty message"
        person = next(one for one in self.people.values() if one.address == outgoing.address)
        shown = Sent(
            to=person.name,
            content=outgoing.content,
            parts=parts,
            external_id=f"out{outgoing.id}",
            kind=outgoing.kind,
            ticket_id=ticket_id,
        )
        person.screen.append(shown)
        return shown

    # ------------------------------------------------------------------------------------------ taps

    def taps(self, name: str, title: str, *, group: str | None = None) -> list[Sent]:
        """Somebody taps a choice on the screen, the newest of that title.

        Where the channel could not show it as a button, its number is typed, as people must do there.
        """
        chat = self.person(group or name)
        for at, sent in enumerate(reversed(chat.screen)):
            for number, choice in enumerate(sent.content.choices, start=1):
                if choice.title != title and not choice.title.startswith(title.rstrip("…") + " "):
                    continue
                shown = [one.action for part in sent.parts for one in part.choices]
                if choice.action in shown or at > 0:
                    return self.does(name, MessageKind.CHOICE, group=group, action=choice.action)
                return self.says(name, str(number), group=group)
        raise AssertionError(f"{name} sees no button «{title}»")

    def replies(self, name: str, text: str, *, group: str | None = None, to: Sent) -> list[Sent]:
        """Somebody answers a message of ours by quoting it."""
        return self.says(name, text, group=group, reply_to=to.external_id)

    def shares_place(self, name: str, latitude: float, longitude: float) -> list[Sent]:
        """Somebody sends a pin."""
        return self.does(name, MessageKind.LOCATION, location=Location(latitude, longitude))

    def contact(self, name: str) -> Contact:
        """The row of a person."""
        with self.session() as session:
            return record_contact(session, self.person(name).address, self.now)


if __name__ == "__main__":
    from tests.play import update

    for name in sys.argv[2:]:
        print(update(Path(name)))
