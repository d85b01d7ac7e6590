"""The first screen after the start: where to chat, how to enter as officer, which channels are up."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.app import App
from storage.invites import MadeInvite, make_invite
from storage.staff import Duty
from storage.statuses import StaffRole

_NAMES = {"webchat": "Chat trên web", "telegram": "Telegram", "zalo": "Zalo OA"}
_SETUP = {"telegram": "NGHEDAN_TELEGRAM_TOKEN", "zalo": "NGHEDAN_ZALO_APP_ID và các mục ZALO_ khác"}


async def first_screen(app: App) -> str:
    """The lines to print; in trial mode they hold one-time links for an officer and a team member."""
    words, base = app.house.words, app.settings.base_url
    lines = ["", words.text("operator.started"), "", words.text("operator.citizen_link", link=f"{base}/chat")]
    if app.quarantined:
        return "\n".join([*lines, words.text("operator.quarantine"), words.text("operator.how_to_stop")])
    if app.settings.is_trial:
        lines += await _trial_links(app)
    lines += ["", *_channel_lines(app), ""]
    missing = app.house.ward.missing()
    if missing:
        lines.append(words.text("operator.ward_gaps", count=len(missing)))
    lines.append(words.text("operator.how_to_stop"))
    return "\n".join(lines)


async def _trial_links(app: App) -> list[str]:
    ward, words = app.house.ward, app.house.words
    department = ward.get_department(ward.get_category("RAC").department)
    area = ward.areas[0] if ward.areas else None
    officer = Duty(StaffRole.OFFICER, department=department.key)
    member = Duty(StaffRole.MEMBER, area=area.key if area else None)
    lines = []
    for key, duty, place in (
        ("operator.officer_link", officer, department.name),
        ("operator.member_link", member, area.name if area else ward.name),
    ):
        invite = await app.database.run(partial(_invite, duty=duty, now=app.clock()))
        link = app.channels["webchat"].deep_link(invite.start)
        lines.append(words.text(key, place=place, link=link))
    return lines


def _invite(session: Session, duty: Duty, now: datetime) -> MadeInvite:
    return make_invite(session, duty, now)


def _channel_lines(app: App) -> list[str]:
    words, states = app.house.words, app.keeper.states()
    lines = []
    for name, title in _NAMES.items():
        if name not in states:
            lines.append(words.text("operator.channel_off", channel=title, setting=_SETUP[name]))
        elif states[name]:
            lines.append(words.text("operator.channel_up", channel=title))
        else:
            lines.append(words.text("operator.channel_waiting", channel=title))
    return lines
