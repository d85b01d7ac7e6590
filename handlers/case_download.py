"""/xuat: a link to the sheet of cases, for leaders and for heads of their own department; and what the link opens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from typing import Final

from sqlmodel import Session

from core.calendar import LOCAL, local_date
from core.periods import Period, read_period
from core.wards import fold
from handlers import desk
from handlers.case_sheet import Value, list_rows
from handlers.desk_reading import split_department
from handlers.desk_rules import Speaker, department_name
from handlers.figures_rights import sight_of
from handlers.house import House
from handlers.operator import Operator
from handlers.reminder_answers import answer_heads, answer_rows
from handlers.turn import Turn
from storage.cases import count_cases
from storage.downloads import Part, add_download, find_download, record_use
from storage.models import Download, Reminder, Staff, Ticket
from storage.staff import get_staff
from storage.statuses import StaffRole

PATH: Final = "/tai-ve/"


class Gone(Enum):
    """Why a link opens nothing."""

    UNKNOWN = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a link opens: the rows of a part of the cases, and what the file is called."""

    rows: list[list[Value]]
    name: str
    heads: tuple[str, ...] = ()
    """Its headings; without any those of the sheet of cases."""


def send_link(turn: Turn, said: str) -> None:
    """Answer with a link for half an hour. Raises Refused for whoever leads nothing."""
    own = _may_export(turn.staff)
    if turn.chat.is_group:
        return turn.say("officer.leave_private")
    named, rest = split_department(turn, said)
    if own is not None and named not in (None, own):
        return turn.say("ticket_export.other", department=department_name(turn, own))
    department = named if own is None else own
    every = fold(rest) in {fold(line) for line in turn.words("ticket_export.typed.all").splitlines()}
    period = None if every or not rest.strip() else read_period(rest, local_date(turn.now))
    if rest.strip() and period is None and not every:
        return turn.say("ticket_export.how")
    if not turn.house.public_url:
        return turn.say("ticket_export.no_address")
    part = Part(*_instants(period), department)
    place, spoken = _place(turn, department), _spoken(turn, period)
    count = count_cases(turn.session, part.since, part.until, department)
    if not count:
        return turn.say("ticket_export.none", place=place, period=spoken)
    token = secrets.token_urlsafe(32)
    add_download(turn.session, token, turn.staff.id or 0 if turn.staff else 0, part, turn.now)
    link = f"{turn.house.public_url}{PATH}{token}"
    return turn.say("ticket_export.link", place=place, period=spoken, count=count, link=link)


def open_link(session: Session, token: str, now: datetime, *, again: bool = False) -> Download | Gone:
    """The link, and its use noted; a person who leads no more, or something else, opens nothing.

    `again`: a piece of what was opened before, which is no further use.
    """
    row = find_download(session, token)
    if row is None:
        return Gone.UNKNOWN
    if row.expires_at <= now or not _still_may(session, get_staff(session, row.staff_id), row):
        return Gone.OVER
    if not again:
        record_use(session, row, now)
    return row


def make_sheet(session: Session, house: House, row: Download, now: datetime) -> Sheet:
    """The rows as they are now; only reads."""
    caller = Operator(session, house, now)
    reminder = session.get(Reminder, row.reminder_id) if row.reminder_id is not None else None
    if reminder is not None:
        heads = tuple(answer_heads(caller, reminder))
        return Sheet(answer_rows(caller, reminder), f"nhac-viec-{reminder.id}.xlsx", heads)
    rows = list(list_rows(caller, row.since, row.until, row.department))
    parts = ["phieu", *([fold(row.department)] if row.department else [])]
    if row.since and row.until:
        parts += [f"{local_date(row.since):%Y%m%d}", f"{local_date(row.until - timedelta(days=1)):%Y%m%d}"]
    return Sheet(rows, "-".join(parts) + ".xlsx")


def _may_export(staff: Staff | None) -> str | None:
    """The department that a head may export, None for a leader, who may export all. Raises Refused."""
    if staff is None or not staff.active or staff.role in (StaffRole.MEMBER, StaffRole.OVERSEER):
        raise desk.Refused("officer.no_right")
    if staff.role == StaffRole.LEADER:
        return None
    if not staff.is_head:
        raise desk.Refused("ticket_export.leads_nothing")
    return staff.department or ""


def _still_may(session: Session, staff: Staff, row: Download) -> bool:
    if row.ticket_id is not None:
        ticket = session.get(Ticket, row.ticket_id)
        return ticket is not None and desk.may_handle(staff, ticket)
    if row.report is not None:
        sight = sight_of(staff)
        return sight is not None and sight.reaches(row.department)
    if row.reminder_id is not None:
        reminder = session.get(Reminder, row.reminder_id)
        leads = staff.active and (staff.role == StaffRole.LEADER or staff.is_head)
        return reminder is not None and (leads or (staff.active and reminder.author_id == staff.id))
    try:
        own = _may_export(staff)
    except desk.Refused:
        return False
    return own is None or own == row.department


def _instants(period: Period | None) -> tuple[datetime | None, datetime | None]:
    if period is None:
        return None, None
    return _midnight(period.first), _midnight(period.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)


def _place(caller: Speaker, department: str | None) -> str:
    return department_name(caller, department) if department else caller.words("officer.list_all")


def _spoken(caller: Speaker, period: Period | None) -> str:
    if period is None:
        return caller.words("ticket_export.ever")
    if period.first == period.last:
        return caller.words("ticket_export.on", day=_day(period.first))
    return caller.words("ticket_export.between", first=_day(period.first), last=_day(period.last))


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
