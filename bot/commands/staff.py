"""`nghedan staff` lists who is in service; `nghedan dismiss` takes one person's right away; neither asks."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.commands.database import opened
from bot.profile import read_ward
from bot.settings import Settings, WrongSetting
from core.calendar import LOCAL
from core.ward import Ward
from core.wards import fold
from handlers.desk_duty import Farewell, end_duty, farewell_lines
from handlers.house import House
from handlers.operator import Operator
from storage.models import Contact, Staff
from storage.staff import list_staff
from storage.statuses import StaffRole
from storage.tickets import list_claimed

_ROLES = {
    StaffRole.OFFICER: "cán bộ",
    StaffRole.MEMBER: "tổ viên",
    StaffRole.LEADER: "lãnh đạo",
    StaffRole.OVERSEER: "người giám sát",
}
_CHANNELS = {"webchat": "Web", "telegram": "Telegram", "zalo": "Zalo"}
_HEAD = ("Số", "Tên", "Nhiệm vụ", "Kênh", "Từ", "Nhắn gần nhất", "Phiếu")
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the office as the operator sees them; `number` stays the same for ever."""

    number: int
    name: str
    staff: Staff
    contact: Contact
    tickets: int
    ended_by: str | None


def add_staff_arguments(parser: argparse.ArgumentParser) -> None:
    """`--all` with those who left, `--json` for scripts."""
    parser.add_argument("--all", action="store_true", help="kể cả người đã thôi nhiệm vụ")
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")


def execute_staff(settings: Settings, given: argparse.Namespace) -> int:
    """Print the list: who, what for, on which channel, since when, last heard, tickets in hand."""
    ward = read_ward(settings)
    with opened(settings) as (database, _now):
        people = database.run_now(lambda session: list_people(session, former=given.all))
    if given.json:
        rows = [_as_json(person) for person in people]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
    elif people:
        sys.stdout.write(_as_table([_HEAD, *(_cells(person, ward) for person in people)]))
    else:
        sys.stdout.write("Chưa có ai làm nhiệm vụ. Mời người đầu tiên: nghedan invite --help\n")
    return 0


def add_dismiss_arguments(parser: argparse.ArgumentParser) -> None:
    """One person, by the number of the list or by the full name."""
    parser.add_argument("person", metavar="NGƯỜI", help="số trong nghedan staff, hoặc họ tên đầy đủ")


def execute_dismiss(settings: Settings, given: argparse.Namespace) -> int:
    """End one person's duty at once. Raises WrongSetting for nobody or several, naming those in service."""
    # Dismissing tells people by the words of the House; listing needs none of it.
    from bot.house import build_house

    house = build_house(settings)

    def work(session: Session, now: datetime) -> tuple[Farewell, list[str]]:
        person = pick_person(list_people(session), given.person, house.ward)
        operator = Operator(session, house, now)
        farewell = end_duty(operator, person.number)
        return farewell, farewell_lines(operator, farewell)

    with opened(settings) as (database, now):
        farewell, lines = database.run_now(lambda session: work(session, now))
    sys.stdout.write("\n".join([*lines, *_left_to_do(farewell, house)]) + "\n")
    return 0


def list_people(session: Session, *, former: bool = False) -> list[Person]:
    """Who is in service; `former` with those who left."""
    rows = list_staff(session, former=former)
    names = {staff.id: _printable(staff.name) for staff, _ in list_staff(session, former=True)}
    return [
        Person(
            number=staff.id or 0,
            name=names[staff.id],
            staff=staff,
            contact=contact,
            tickets=len(list_claimed(session, staff.id or 0)),
            ended_by=None if staff.active else names.get(staff.left_by, "người phụ trách máy"),
        )
        for staff, contact in rows
    ]


def pick_person(people: Sequence[Person], wanted: str, ward: Ward) -> Person:
    """The one who is meant, by number or full name. Raises WrongSetting for nobody, or several of one name."""
    if wanted.strip().isdecimal():
        found = [person for person in people if person.number == int(wanted)]
    else:
        found = [person for person in people if fold(wanted) and fold(person.name) == fold(wanted)]
    if len(found) == 1:
        return found[0]
    known = "; ".join(_short(person, ward) for person in found or people) or "chưa có ai"
    said = f"có {len(found)} người tên" if found else "không có ai là"
    raise WrongSetting(f"NGƯỜI: {said} «{wanted}». Đang làm nhiệm vụ: {known}.")


def _short(person: Person, ward: Ward) -> str:
    return f"{person.number} {person.name} ({_duty(person.staff, ward)}, {_channel(person)})"


def _left_to_do(farewell: Farewell, house: House) -> list[str]:
    """The commands that probably come next."""
    lines = []
    if farewell.department is not None:
        lines.append(f"Mời người thay: nghedan invite officer --department {farewell.department}")
    for other in farewell.namesakes:
        duty = _duty(other, house.ward)
        lines.append(f"Còn người cùng tên ({duty}). Nếu là cùng một người: nghedan dismiss {other.id}")
    return lines


def _duty(staff: Staff, ward: Ward) -> str:
    place = staff.department or ""
    if staff.area:
        place = next((area.name for area in ward.areas if area.key == staff.area), staff.area)
    return " ".join(part for part in (_ROLES[StaffRole(staff.role)], place) if part)


def _channel(person: Person) -> str:
    return _CHANNELS.get(person.contact.channel, person.contact.channel)


def _cells(person: Person, ward: Ward) -> tuple[str, ...]:
    staff = person.staff
    left = f", thôi {_moment(staff.left_at)} ({person.ended_by})" if staff.left_at else ""
    return (
        str(person.number),
        person.name,
        _duty(staff, ward) + left,
        _channel(person),
        staff.joined_at.astimezone(LOCAL).strftime("%d/%m/%Y"),
        _moment(person.contact.last_interaction_at),
        str(person.tickets),
    )


def _moment(at: datetime | None) -> str:
    return at.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y") if at else "chưa"


def _as_table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    padded = (_GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(line.rstrip() + "\n" for line in padded)


def _as_json(person: Person) -> dict[str, Any]:
    staff, last = person.staff, person.contact.last_interaction_at
    return {
        "number": person.number,
        "name": person.name,
        "role": staff.role,
        "department": staff.department,
        "area": staff.area,
        "channel": person.contact.channel,
        "since": staff.joined_at.isoformat(),
        "last_active": last.isoformat() if last else None,
        "tickets": person.tickets,
        "left_at": staff.left_at.isoformat() if staff.left_at else None,
        "left_by": person.ended_by,
    }


def _printable(name: str) -> str:
    """A name that somebody chose must not steer the terminal."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
