"""An office to test the desk in: officers, a leader, a member, a citizen with a ticket, all on a SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from core.codes import new_code
from core.messages import IncomingMessage, MessageKind
from handlers import desk
from handlers.turn import Turn, open_turn
from storage.models import Contact, Delivery, Staff, StoredFile, Ticket, TicketEvent
from storage.statuses import StaffRole, TicketStatus
from storage.tickets import add_ticket
from tests.stage import Stage

T = TypeVar("T")
TEXT = "Tổ điện đã thay bóng đèn ngõ 5 sáng nay"
CITIZEN = "Bà Lan"
CAST = {
    "Hạnh": (StaffRole.OFFICER, "KT", None),
    "Dũng": (StaffRole.OFFICER, "KT", None),
    "Sơn": (StaffRole.OFFICER, "CA", None),
    "Minh": (StaffRole.LEADER, None, None),
    "Mai": (StaffRole.MEMBER, None, "tdp-3"),
}


def finish(turn: Turn, ticket_id: int, text: str = TEXT, seen: int | None = None) -> desk.Outcome:
    """Resolve; the evidence that the category asks for is a reason."""
    return desk.resolve(turn, ticket_id, text, (), seen, "bóng treo trên cao")


@dataclass
class Office:
    """The desk's verbs as people call them, one transaction each."""

    stage: Stage
    numbers: list[int] = field(default_factory=list)

    @classmethod
    def open(cls, cast: Sequence[str] = tuple(CAST), *, engine: Engine | None = None) -> Office:
        """With these people in service; on a database of the stage's own, or on that of an engine."""
        stage = Stage(engine=engine)
        for name in cast:
            stage.enlist(name, *CAST[name])
        stage.welcome(CITIZEN)
        stage.welcome("Ông Tư")
        return cls(stage)

    def turn(self, session: Session, name: str, text: str = "", group: str | None = None) -> Turn:
        """A message of somebody, in the midst of its transaction."""
        stage = self.stage
        stage.last_number += 1
        sender = stage.person(name).address
        chat = stage.person(group).address if group else sender
        message = IncomingMessage(
            sender, chat, f"t{stage.last_number}", MessageKind.TEXT, stage.now, text=text, sender_name=name
        )
        return open_turn(session, stage.house, message, stage.last_number, (), stage.now)

    def does(self, name: str, act: Callable[[Turn], T], group: str | None = None) -> T:
        """Call the desk as somebody."""
        with self.stage.session() as session:
            return act(self.turn(session, name, group=group))

    def file(self, text: str = "đèn đường ngõ 5 hỏng", citizen: str = CITIZEN) -> int:
        """A new ticket for KT, with its cards; returns its id."""
        with self.stage.session() as session:
            turn = self.turn(session, citizen)
            category = self.stage.house.ward.get_category("DEN")
            ticket = Ticket(
                code=new_code(),
                contact_id=turn.contact.id or 0,
                category="DEN",
                department="KT",
                text=text,
                created_at=turn.now,
                updated_at=turn.now,
                due_at=self.stage.house.ward.due_at(category, turn.now, self.stage.house.calendar),
            )
            add_ticket(session, ticket, turn.actor)
            desk.publish_ticket(turn, ticket)
            return ticket.id or 0

    def name_head(self, name: str) -> None:
        """This officer leads the department."""
        with self.stage.session() as session:
            staff = session.exec(select(Staff).where(Staff.name == name)).one()
            staff.is_head = True

    def set_status(self, ticket_id: int, status: TicketStatus) -> None:
        """Put a ticket into a state without a history, to test what may follow."""
        with self.stage.session() as session:
            session.get_one(Ticket, ticket_id).status = status.value

    def ticket(self, ticket_id: int) -> Ticket:
        """The ticket as the books have it."""
        return self.stage.read(lambda session: session.get_one(Ticket, ticket_id))

    def events(self, ticket_id: int) -> list[TicketEvent]:
        """Its history."""
        query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(col(TicketEvent.id))
        return self.stage.read(lambda session: list(session.exec(query).all()))

    def deliveries(self, to: str | None = None, kind: str | None = None) -> list[Delivery]:
        """What was written to somebody."""
        query = (
            select(Delivery).join(Contact, col(Contact.id) == Delivery.contact_id).order_by(col(Delivery.id))
        )
        if to is not None:
            query = query.where(Contact.external_id == self.stage.person(to).address.external_id)
        if kind is not None:
            query = query.where(Delivery.kind == kind)
        return self.stage.read(lambda session: list(session.exec(query).all()))

    def add_photo(self, session: Session, turn: Turn) -> StoredFile:
        """A photo that the person of this turn sent."""
        photo = StoredFile(
            inbox_id=turn.inbox_id,
            contact_id=turn.contact.id,
            kind="photo",
            status="stored",
            name=f"p{turn.inbox_id}.jpg",
            created_at=turn.now,
        )
        session.add(photo)
        session.flush()
        return photo
