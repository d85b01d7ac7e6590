"""How somebody's duty ends, by oneself, by a leader or by the operator: every right at once, no ticket lost."""

from __future__ import annotations

from dataclasses import dataclass

from core.messages import Content
from core.wards import fold
from handlers.cards import duty_name
from handlers.desk_notices import send_cards
from handlers.desk_reading import CARD, DESK
from handlers.desk_rules import Caller, Refused, Speaker, department_name, need_leader, step
from storage.contacts import end_web_sessions, get_contact
from storage.conversations import break_off
from storage.machinery import raise_alarm
from storage.models import Contact, Staff
from storage.outbox import cancel_unsent
from storage.staff import (
    Duty,
    dismiss,
    list_groups,
    list_leaders,
    list_officers,
    list_staff,
    lock_staff,
    unlink_groups_of,
    void_invites,
)
from storage.statuses import OPEN_TICKETS, EventKind, StaffRole
from storage.tickets import count_open, list_claimed, list_open_from, lock_ticket

FAREWELL = "farewell"
# What only the office may read: of this nothing may arrive after the end.
_OFFICE_KINDS = (CARD, DESK, "digest", "reminder")


@dataclass(frozen=True, slots=True)
class Farewell:
    """What ended with a duty: codes of the tickets that went back, groups and invites that ended with it.

    `department` is set when it has no officer any more, with `waiting` open tickets; `has_groups` when its
    groups go on, in which the person may still be; `namesakes` are others in service of the same name.
    """

    name: str
    duty: str
    tickets: tuple[str, ...] = ()
    groups: int = 0
    invites: int = 0
    department: str | None = None
    waiting: int = 0
    has_groups: bool = False
    namesakes: tuple[Staff, ...] = ()


def dismiss_colleague(caller: Caller, staff_id: int) -> Farewell:
    """A leader takes somebody's right away. Raises Refused for anybody else, and when it has ended before."""
    need_leader(caller)
    return end_duty(caller, staff_id)


def end_duty(speaker: Speaker, staff_id: int) -> Farewell:
    """End a duty for good; only a new invite begins one again. The right to do so was checked by the caller.

    Raises Refused when there is no such person or the duty has ended before.
    """
    speaker.session.flush()
    staff = lock_staff(speaker.session, staff_id)
    if staff is None or not staff.active:
        raise Refused("officer.people.gone")
    duty, contact = duty_name(speaker, staff), get_contact(speaker.session, staff.contact_id)
    by = speaker.staff.id if speaker.staff else None
    dismiss(speaker.session, staff, speaker.now, by)
    speaker.session.flush()
    cancel_unsent(speaker.session, contact.id or 0, _OFFICE_KINDS, "duty ended")
    invites = 0 if by == staff.id else _shut_out(speaker, staff, contact, duty)
    groups = _unlink_groups(speaker, staff)
    farewell = _look_around(speaker, staff, duty, _give_back(speaker, staff), groups, invites)
    _tell_leaders(speaker, contact, farewell)
    return farewell


def farewell_lines(speaker: Speaker, farewell: Farewell) -> list[str]:
    """What whoever ended the duty must know, a sentence each; the last ones say what is left to do."""
    words = speaker.words
    lines = [words("officer.people.done", name=farewell.name, duty=farewell.duty)]
    if farewell.tickets:
        codes = ", ".join(farewell.tickets)
        lines.append(words("officer.people.tickets", count=len(farewell.tickets), codes=codes))
    if farewell.groups:
        lines.append(words("officer.people.groups", count=farewell.groups))
    if farewell.invites:
        lines.append(words("officer.people.invites", count=farewell.invites))
    if farewell.has_groups:
        lines.append(words("officer.people.in_group"))
    return [*lines, *_empty_department(speaker, farewell)]


def _shut_out(speaker: Speaker, staff: Staff, contact: Contact, duty: str) -> int:
    """Whoever holds the person's telephone gets nothing more out of it; the person is told kindly, once.

    Returns how many unused invites to the same duty end: one of them may be in the same hands.
    """
    end_web_sessions(speaker.session, contact)
    break_off(speaker.session, contact.id or 0)
    content = Content(speaker.words("officer.people.farewell", duty=duty))
    speaker.notify(contact, content, FAREWELL, f"farewell:{staff.id}:{speaker.now.isoformat()}")
    same = Duty(StaffRole(staff.role), staff.department, staff.area)
    return void_invites(speaker.session, same, speaker.now)


def _unlink_groups(speaker: Speaker, staff: Staff) -> int:
    """Groups get cards in the name of whoever linked them; its members hear why the cards stop."""
    groups = unlink_groups_of(speaker.session, staff.id or 0)
    content = Content(speaker.words("officer.group.linker_left"))
    for group in groups:
        speaker.notify(group, content, FAREWELL, f"unlinked:{staff.id}:{speaker.now.isoformat()}")
    return len(groups)


def _give_back(speaker: Speaker, staff: Staff) -> tuple[str, ...]:
    """The tickets that the person had claimed go before the department again, their state and due date kept."""
    codes = []
    for claimed in list_claimed(speaker.session, staff.id or 0):
        ticket = lock_ticket(speaker.session, claimed.id or 0)
        if ticket is None or ticket.officer_id != staff.id or ticket.status not in OPEN_TICKETS:
            continue
        text = speaker.words("cards.left", name=staff.name)
        event = step(speaker, ticket, None, EventKind.RELEASED, text, citizen_sees=False)
        ticket.officer_id = None
        head = speaker.words("cards.head.left", code=ticket.code, name=staff.name)
        send_cards(speaker, ticket, event, head)
        codes.append(ticket.code)
    return tuple(codes)


def _look_around(
    speaker: Speaker, staff: Staff, duty: str, tickets: tuple[str, ...], groups: int, invites: int
) -> Farewell:
    session, department = speaker.session, staff.department or ""
    namesakes = [one for one, _ in list_staff(session) if fold(one.name) == fold(staff.name)]
    nobody = staff.role == StaffRole.OFFICER and not list_officers(session, department)
    waiting = count_open(session, department) if nobody else 0
    if waiting and not list_leaders(session):
        code = list_open_from(session, department, 0, 1)[0].code
        raise_alarm(session, "no_officer", department, code, speaker.now)
    return Farewell(
        name=staff.name,
        duty=duty,
        tickets=tickets,
        groups=groups,
        invites=invites,
        department=department if nobody else None,
        waiting=waiting,
        has_groups=bool(list_groups(session, department)),
        namesakes=tuple(namesakes),
    )


def _tell_leaders(speaker: Speaker, contact: Contact, farewell: Farewell) -> None:
    """So that no dismissal stays hidden: every leader but the one who did it hears who left and by whom."""
    doer = speaker.staff.contact_id if speaker.staff else None
    by = speaker.staff.name if speaker.staff else speaker.words("officer.people.operator")
    fields = {"name": farewell.name, "duty": farewell.duty}
    if doer == contact.id:
        line = speaker.words("officer.people.told_left", **fields)
    else:
        line = speaker.words("officer.people.told", by=by, **fields)
    content = Content("\n".join([line, *_empty_department(speaker, farewell)]))
    for _, leader in list_leaders(speaker.session):
        if leader.id not in (contact.id, doer):
            key = f"left:{contact.id}:{speaker.now.isoformat()}"
            speaker.notify(leader, content, DESK, key)


def _empty_department(speaker: Speaker, farewell: Farewell) -> list[str]:
    if farewell.department is None:
        return []
    name = department_name(speaker, farewell.department)
    return [speaker.words("officer.people.nobody_left", department=name, count=farewell.waiting)]
