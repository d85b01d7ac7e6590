"""What must be true at the end of the day: the books and the screens tell the same, and nobody was forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.models import Alarm, Contact, Delivery, InboxItem, Ticket, TicketEvent
from storage.statuses import OPEN_TICKETS, DeliveryStatus, EventKind, InboxStatus, TicketStatus
from tests.day.facts import count_facts, list_citizens, list_wanting
from tests.day.people import Person
from tests.day.telling import Reader
from tests.handlers_staff.machine_books import check_books, read_ledger

if TYPE_CHECKING:
    from tests.day.playing import Day

# Kinds of news about a ticket, as a table for people shows them.
NEWS = {
    "claimed": "đã nhận",
    "answered": "trả lời, đang làm",
    "asked": "hỏi thêm",
    "forwarded": "chuyển đơn vị",
    "sent_out": "chuyển cơ quan ngoài",
    "extended": "gia hạn",
    "promised": "hẹn báo tiếp",
    "paused": "tạm dừng",
    "resumed": "làm tiếp",
    "resolved": "xử lý xong",
    "rejected": "từ chối",
    "reopened": "cán bộ mở lại",
    "merged": "gộp phiếu",
}
# Wishes for a report that are no report to the assistant must stay rare.
_UNHEARD_PERCENT = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A count as the books have it, and as people saw it."""

    name: str
    books: int
    screens: int


@dataclass
class Result:
    """The day in numbers, and each rule that was violated, in words."""

    lines: list[Line] = field(default_factory=list)
    facts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


def judge(session: Session, day: Day) -> Result:
    """Compare books and screens."""
    result = Result()
    tickets = {row.code: row for row in session.exec(select(Ticket)).all()}
    result.lines += _counts(session, day, tickets)
    result.violations += [
        f"sổ và máy bà con lệch: {one.name}: {one.books} / {one.screens}"
        for one in result.lines
        if one.books != one.screens
    ]
    result.violations += _machinery(session)
    result.violations += list(_silence(session))
    result.violations += list(_fates(session, day, tickets))
    result.violations += list(_heard_once(session, day, tickets))
    try:
        check_books(read_ledger(session))
    except AssertionError as wrong:
        result.violations.append(f"sổ phiếu: {wrong}")
    result.facts = count_facts(session, day, tickets)
    return result


def _people(day: Day) -> list[Person]:
    return [person for _, person in (*day.cast.citizens, *day.cast.officers)]


def _counts(session: Session, day: Day, tickets: dict[str, Ticket]) -> Iterator[Line]:
    def count(table: Any, *conditions: Any) -> int:
        return session.exec(select(func.count()).select_from(table).where(*conditions)).one()

    yield Line("tin bà con và cán bộ gửi", count(InboxItem), day.handed_over)
    parts = session.exec(select(func.sum(Delivery.parts_sent))).one() or 0
    shown = sum(len(one.phone.screen) - one.phone.doubled for one in _people(day))
    yield Line("tin tới máy", int(parts), shown)
    told = Counter(one.key for person in _people(day) for one in person.told)
    filed = {one.code for person in _people(day) for one in person.told if one.key == "report.filed"}
    yield Line("phiếu", len(tickets), len(filed & set(tickets)))
    joined = count(TicketEvent, TicketEvent.kind == EventKind.JOINED)
    yield Line("cùng phản ánh", joined, told["tickets.own.joined"])
    reader = day.cast.officers[0][1].reader
    books = Counter(_news_in_books(session, reader))
    for kind, name in NEWS.items():
        yield Line(name, books[f"tickets.tell.{kind}"], told[f"tickets.tell.{kind}"])
    for name, kind, key in (
        ("bà con mở lại", EventKind.REOPENED, "tickets.own.reopened"),
        ("bà con bổ sung", EventKind.ADDED, "tickets.own.added"),
        ("bà con rút", EventKind.WITHDRAWN, "tickets.own.withdrawn"),
    ):
        # A line that repeats a parent's step in its child's history has no state of its own.
        step = col(TicketEvent.to_status).is_not(None) | (TicketEvent.kind == EventKind.ADDED)
        own = count(TicketEvent, TicketEvent.kind == kind, col(TicketEvent.staff_id).is_(None), step)
        yield Line(name, own, told[key])
    rated = {
        session.get_one(Ticket, event.ticket_id).code
        for event in session.exec(select(TicketEvent).where(TicketEvent.kind == EventKind.RATED)).all()
    }
    marks = ("lookup.rated", "lookup.ask_because", "public.ask")
    seen = {one.code for person in _people(day) for one in person.told if one.key in marks}
    yield Line("phiếu được đánh giá", len(rated), len(seen))


def _news_in_books(session: Session, reader: Reader) -> Iterator[str]:
    query = select(Delivery).where(Delivery.kind == "ticket", Delivery.status == DeliveryStatus.SENT)
    for row in session.exec(query).all():
        told = reader.read(str(row.content["text"]))
        if told is not None:
            yield told.key


def _machinery(session: Session) -> list[str]:
    parked = session.exec(select(InboxItem).where(col(InboxItem.status) != InboxStatus.DONE)).all()
    wrong = [f"tin {row.id} chưa được xử lý ({row.status}): {row.error}" for row in parked]
    alarms = session.exec(select(Alarm).where(col(Alarm.settled_at).is_(None))).all()
    wrong += [f"cảnh báo còn mở: {alarm.kind} {alarm.subject}" for alarm in alarms]
    fine = (DeliveryStatus.SENT, DeliveryStatus.CANCELLED)
    left = session.exec(
        select(Delivery)
        .join(Contact, col(Contact.id) == Delivery.contact_id)
        .where(col(Delivery.status).not_in(fine), col(Contact.unreachable_at).is_(None))
    ).all()
    return wrong + [f"tin {row.id} chưa tới nơi ({row.status}, {row.kind}): {row.error}" for row in left]


def _silence(session: Session) -> Iterator[str]:
    answered = select(Delivery.inbox_id).where(Delivery.kind == "reply")
    query = select(InboxItem).where(col(InboxItem.id).not_in(answered))
    for item in session.exec(query).all():
        yield f"tin {item.id} không được trả lời: {item.raw[:160]}"
    apologies = session.exec(
        select(func.count()).select_from(Delivery).where(Delivery.kind == "apology")
    ).one()
    if apologies:
        yield f"{apologies} lần phải xin lỗi vì lỗi của chương trình"


def _fates(session: Session, day: Day, tickets: dict[str, Ticket]) -> Iterator[str]:
    """Every wish for a report came to a ticket, and every ticket to an end or to a date that is still to come."""
    wanted = list_wanting(day)
    unheard = [one for one in wanted if not one.is_served]
    if len(unheard) > max(1, _UNHEARD_PERCENT * len(wanted) // 100):
        for one in unheard:
            last = one.phone.screen[-1].text if one.phone.screen else ""
            yield f"{one.phone.name} muốn phản ánh «{one.says}» mà không có phiếu; tin cuối: {last[:120]!r}"
    now = day.program.now
    for code, ticket in tickets.items():
        status = TicketStatus(ticket.status)
        if (
            status in (TicketStatus.RESOLVED, TicketStatus.COMPLETED, TicketStatus.REJECTED)
            and not ticket.answer
        ):
            yield f"phiếu {code} đóng mà không có lời"
        if status in OPEN_TICKETS and ticket.due_at < now and not _was_reminded(session, ticket):
            yield f"phiếu {code} quá hạn từ {ticket.due_at} mà không ai được nhắc"
        if not _card_was_seen(session, ticket):
            yield f"phiếu {code} không tới cán bộ nào"


def _was_reminded(session: Session, ticket: Ticket) -> bool:
    return _has_delivery(session, ticket, ("reminder",))


def _card_was_seen(session: Session, ticket: Ticket) -> bool:
    return _has_delivery(session, ticket, ("card",))


def _has_delivery(session: Session, ticket: Ticket, kinds: Sequence[str]) -> bool:
    query = select(Delivery.id).where(Delivery.ticket_id == ticket.id, Delivery.status == DeliveryStatus.SENT)
    return session.exec(query.where(col(Delivery.kind).in_(kinds)).limit(1)).first() is not None


_ENDINGS = {
    TicketStatus.RESOLVED.value: EventKind.RESOLVED.value,
    TicketStatus.COMPLETED.value: EventKind.RESOLVED.value,
    TicketStatus.REJECTED.value: EventKind.REJECTED.value,
}


def _heard_once(session: Session, day: Day, tickets: dict[str, Ticket]) -> Iterator[str]:
    """Whoever filed has each ending of the own ticket on the screen, once; those who share a case have its end."""
    by_id = {row.id: row for row in tickets.values()}
    endings: Counter[tuple[str, str]] = Counter()
    for event in session.exec(select(TicketEvent).order_by(col(TicketEvent.id))).all():
        # A line that repeats a parent's step in its child's history has no state of its own.
        if event.kind in (EventKind.RESOLVED, EventKind.REJECTED) and event.to_status:
            endings[(by_id[event.ticket_id].code, event.kind)] += 1
        elif event.kind == EventKind.UNDONE and event.from_status in _ENDINGS:
            endings[(by_id[event.ticket_id].code, _ENDINGS[event.from_status])] -= 1
    for citizen in list_citizens(day):
        heard = Counter((one.code, one.key.rsplit(".", 1)[-1]) for one in citizen.told)
        if citizen.phone.is_gone:
            continue
        for code in citizen.codes:
            for kind in (EventKind.RESOLVED, EventKind.REJECTED):
                told, seen = endings[(code, kind)], heard[(code, kind)]
                if told != seen:
                    yield f"{citizen.phone.name}: phiếu {code}, {kind} {told} lần, máy thấy {seen}"
        for code in {*citizen.codes, *citizen.joined} & set(tickets):
            case = by_id.get(tickets[code].parent_id) or tickets[code]
            ending = _ENDINGS.get(case.status)
            if ending is not None and not heard[(case.code, ending)]:
                yield f"{citizen.phone.name}: phiếu {code} theo {case.code} đã kết thúc mà không được báo"
