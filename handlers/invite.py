"""Lets officers, leaders and members in: a start link or a typed code, used once, within a day, few wrong tries."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from core.messages import Choice, MessageKind
from handlers.cards import duty_name
from handlers.desk_reading import words_after
from handlers.team import tell_leads
from handlers.turn import Turn
from storage.machinery import settle_alarm, settle_all_of_kind
from storage.models import Staff
from storage.staff import claim_invite, enlist
from storage.statuses import StaffRole
from storage.tickets import count_open

MAX_TRIES = 10
_WINDOW = timedelta(hours=1)
_START = re.compile(r"(?:invite|moi)[-_:](.+)", re.IGNORECASE)
_START_COMMAND = re.compile(r"/start\s+(\S+)", re.IGNORECASE)


def applies(turn: Turn) -> bool:
    """True for an invite's link, and for a code that is typed behind the word for it."""
    return _code(turn) is not None


def respond(turn: Turn) -> None:
    """Take the code, and say who the person is now and what this person can do."""
    code = _code(turn) or ""
    if turn.chat.is_group:
        return turn.say("invite.private")
    if len(_tries(turn)) >= MAX_TRIES:
        return turn.say("invite.too_often")
    duty = claim_invite(turn.session, code, turn.contact, turn.now)
    if duty is not None:
        name = turn.contact.name or turn.message.sender_name or turn.words("invite.unnamed")
        staff = enlist(turn.session, turn.contact, duty, name, turn.now)
        tell_leads(turn, staff)
        return _welcome(turn, staff)
    present = turn.staff or turn.overseer
    if present is not None:
        # Most often the same link once more.
        return turn.say("invite.already", duty=duty_name(turn, present))
    turn.remember(invite_tries=[*_tries(turn), turn.now.isoformat()])
    return turn.say("invite.wrong")


def _welcome(turn: Turn, staff: Staff) -> None:
    if staff.role == StaffRole.OVERSEER:
        turn.staff, turn.overseer = None, staff
    else:
        turn.staff, turn.overseer = staff, None
    turn.end()
    turn.contact.greeted_at = turn.contact.greeted_at or turn.now
    turn.session.add(turn.contact)
    leads = staff.role == StaffRole.LEADER
    if leads:
        # A leader may act on every ticket, so that none waits unseen any more.
        settle_all_of_kind(turn.session, "no_officer", turn.now)
    elif staff.role == StaffRole.OFFICER and staff.department:
        settle_alarm(turn.session, "no_officer", staff.department, turn.now)
    count = count_open(turn.session, None if leads else staff.department)
    key, duty = f"invite.joined_{staff.role}", duty_name(turn, staff)
    turn.say(key, choices=_choices(turn, staff), name=staff.name, duty=duty, count=count)


def _choices(turn: Turn, staff: Staff) -> list[Choice]:
    if staff.role == StaffRole.OVERSEER:
        return [turn.choice("overseer.button.report", "figures.ask")]
    first = ("announce", "announce.start") if staff.role == StaffRole.MEMBER else ("list", "officer.list")
    return [
        turn.choice(f"officer.button.{name}", action) for name, action in (first, ("help", "officer.help"))
    ]


def _code(turn: Turn) -> str | None:
    """The code as it was made: capitals and digits, whatever a person put between them."""
    typed = _START_COMMAND.fullmatch(turn.whole_text)
    start = turn.message.start or (typed[1] if typed else None)
    if start is not None:
        found = _START.fullmatch(start.strip())
        return _plain(found[1]) if found else None
    if turn.message.kind is not MessageKind.TEXT or turn.message.reply_to is not None:
        return None
    rest = words_after(turn, turn.whole_text, "invite.typed.prefix")
    return _plain(rest) if rest and _looks_like_code(rest) else None


def _looks_like_code(text: str) -> bool:
    """One or two groups of capitals and digits, so that «mời bác xem giúp» stays an ordinary sentence.

    A code has no Vietnamese letters: «mỗi trang 30.000 đồng» is none, though «mỗi» may be a hasty «mời».
    """
    if any(letter.isalpha() and not letter.isascii() for letter in text):
        return False
    plain = _plain(text)
    return 8 <= len(plain) <= 16 and len(text.split()) <= 3 and any(letter.isdigit() for letter in plain)


def _plain(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()


def _tries(turn: Turn) -> list[str]:
    since = turn.now - _WINDOW
    return [at for at in turn.memory.get("invite_tries", []) if datetime.fromisoformat(at) > since]
