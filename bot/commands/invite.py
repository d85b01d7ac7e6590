"""`nghedan invite`: single-use codes that make somebody an officer, member or leader; lists and withdraws them."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from datetime import datetime

import segno
from sqlmodel import Session

from bot.commands.database import opened
from bot.deep_links import deep_links
from bot.profile import read_ward
from bot.settings import Settings, WrongSetting
from core.calendar import spoken_moment
from core.ward import Ward
from storage.invites import MadeInvite, make_invite
from storage.models import Invite
from storage.staff import Duty, find_invite, list_invites, withdraw_invite
from storage.statuses import StaffRole

_ROLES = {
    StaffRole.OFFICER: "cán bộ",
    StaffRole.MEMBER: "tổ viên tổ công nghệ số cộng đồng",
    StaffRole.LEADER: "lãnh đạo",
    StaffRole.OVERSEER: "người giám sát (Mặt trận, HĐND)",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The role with its department or area, or what to do with the invites that are open."""
    roles = [role.value for role in _ROLES]
    parser.add_argument("role", nargs="?", choices=roles, help="officer, member, leader hoặc overseer")
    parser.add_argument("--department", metavar="ĐƠN_VỊ", help="đơn vị của cán bộ, ví dụ KT")
    parser.add_argument("--area", metavar="ĐỊA_BÀN", help="địa bàn của tổ viên, ví dụ tdp-1")
    parser.add_argument("--list", action="store_true", help="xem các mã mời còn dùng được")
    parser.add_argument("--withdraw", metavar="MÃ", help="thu hồi một mã mời, ghi mã hoặc số trong --list")
    parser.add_argument("--json", action="store_true", help="in dạng JSON cho chương trình khác đọc")
    parser.add_argument("--no-qr", action="store_true", help="không vẽ mã QR")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Make the invite and print it, or see to the open ones. Raises WrongSetting for what is not known."""
    ward = read_ward(settings)
    if given.list or given.withdraw is not None:
        return _see_to_open_ones(settings, ward, given)
    duty = _duty(ward, given)
    with opened(settings) as (database, now):
        invite = database.run_now(lambda session: make_invite(session, duty, now))
    links = deep_links(settings, invite.start)
    if given.json:
        sys.stdout.write(json.dumps(_as_json(invite, duty, links), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_as_text(ward, invite, duty, links, with_qr=not given.no_qr))
    return 0


def _see_to_open_ones(settings: Settings, ward: Ward, given: argparse.Namespace) -> int:
    if given.role is not None:
        raise WrongSetting("--list, --withdraw: không dùng cùng với tạo mã mời mới.")

    def work(session: Session, now: datetime) -> Sequence[Invite]:
        if given.withdraw is not None:
            _withdraw(session, given.withdraw, now)
        return list_invites(session, now)

    with opened(settings) as (database, now):
        left = database.run_now(lambda session: work(session, now))
    if given.json:
        sys.stdout.write(json.dumps([_open_as_json(one) for one in left], ensure_ascii=False) + "\n")
        return 0
    said = "Đã thu hồi mã mời; ai giữ mã ấy không vào được nữa.\n" if given.withdraw is not None else ""
    lines = "".join(f"{_open_as_text(ward, one)}\n" for one in left)
    sys.stdout.write(said + (lines or "Không còn mã mời nào dùng được.\n"))
    return 0


def _withdraw(session: Session, wanted: str, now: datetime) -> None:
    plain = "".join(letter for letter in wanted if letter.isalnum()).upper().removeprefix("MOI")
    listed = {str(one.id): one for one in list_invites(session, now)}
    invite = listed.get(wanted.strip()) or find_invite(session, plain)
    if invite is None:
        there = ", ".join(listed) or "không có mã nào"
        raise WrongSetting(f"--withdraw: không có mã mời «{wanted}». Số trong --list: {there}.")
    if not withdraw_invite(session, invite, now):
        ended = "đã có người dùng" if invite.used_at else "đã hết hạn hoặc đã thu hồi"
        who = "; cho người ấy thôi nhiệm vụ: nghedan staff, nghedan dismiss" if invite.used_at else ""
        raise WrongSetting(f"--withdraw: mã mời này {ended}{who}.")


def _open_as_text(ward: Ward, invite: Invite) -> str:
    duty = Duty(StaffRole(invite.role), invite.department, invite.area)
    made, until = spoken_moment(invite.created_at), spoken_moment(invite.expires_at)
    return f"{invite.id}  {_ROLES[duty.role]} {_place(ward, duty)}; tạo {made}, dùng đến {until}"


def _open_as_json(invite: Invite) -> dict[str, object]:
    return {
        "number": invite.id,
        "role": invite.role,
        "department": invite.department,
        "area": invite.area,
        "created_at": invite.created_at.isoformat(),
        "expires_at": invite.expires_at.isoformat(),
    }


def _duty(ward: Ward, given: argparse.Namespace) -> Duty:
    if given.role is None:
        known = ", ".join(role.value for role in _ROLES)
        raise WrongSetting(f"invite: còn thiếu nhiệm vụ, chọn một trong {known}; hoặc --list, --withdraw.")
    role = StaffRole(given.role)
    # Whoever slips in the role must not hand out another right than was meant.
    for option, owner in (("department", StaffRole.OFFICER), ("area", StaffRole.MEMBER)):
        if getattr(given, option) is not None and role is not owner:
            raise WrongSetting(f"--{option}: chỉ dùng với {owner.value}, không dùng với {role.value}.")
    if role is StaffRole.OFFICER:
        found = ward.find_department(given.department or "")
        if found is None:
            known = ", ".join(f"{one.key} ({one.short_name})" for one in ward.departments)
            raise WrongSetting(f"--department: {_unknown(given.department)} Các đơn vị có: {known}.")
        return Duty(role, department=found.key)
    if role is StaffRole.MEMBER and given.area is not None:
        area = ward.find_area(given.area)
        if area is None:
            known = ", ".join(one.key for one in ward.areas) or "chưa có địa bàn nào trong hồ sơ"
            raise WrongSetting(f"--area: {_unknown(given.area)} Các địa bàn có: {known}.")
        return Duty(role, area=area.key)
    return Duty(role)


def _unknown(given: str | None) -> str:
    return f"không có «{given}»." if given else "còn thiếu."


def _as_json(invite: MadeInvite, duty: Duty, links: dict[str, str]) -> dict[str, object]:
    return {
        "code": invite.code,
        "role": duty.role.value,
        "department": duty.department,
        "area": duty.area,
        "expires_at": invite.expires_at.isoformat(),
        "links": links,
    }


def _place(ward: Ward, duty: Duty) -> str:
    department = ward.find_department(duty.department or "")
    area = ward.find_area(duty.area or "")
    return ", ".join(one.name for one in (department, area, ward) if one is not None)


def _as_text(ward: Ward, invite: MadeInvite, duty: Duty, links: dict[str, str], with_qr: bool) -> str:
    place = _place(ward, duty)
    lines = [f"Mã mời {_ROLES[duty.role]} {place}: {invite.code}"]
    lines.append(f"Dùng một lần, đến {spoken_moment(invite.expires_at)}.")
    lines += [f"  {name}: {link}" for name, link in links.items()]
    lines.append(f"Hoặc nhắn cho trợ lý trên kênh nào cũng được: {invite.typed}")
    if with_qr and links:
        drawing = io.StringIO()
        segno.make(next(iter(links.values())), error="m").terminal(drawing, compact=True)
        lines.append(drawing.getvalue())
    return "\n".join(lines) + "\n"
