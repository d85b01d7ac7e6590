"""What an officer looks at and how an officer leaves: lists, one ticket, its history, menu, help, name, farewell."""

from __future__ import annotations

from core.messages import Choice, Content
from handlers import desk
from handlers.cards import card, doubt_button, duty_name, history, list_line
from handlers.desk_duty import end_duty
from handlers.desk_rules import department_name, hold
from handlers.officer_prompts import FLOW, LEAVE
from handlers.origin import private_lines
from handlers.turn import Turn
from storage.models import Staff
from storage.staff import find_group_department
from storage.statuses import StaffRole
from storage.tickets import count_open, list_claimed, list_open_from
from storage.votes import list_disputed

PAGE = 5
_DOUBTS = 3
_NAME_LENGTH = (2, 60)


def show_list(turn: Turn, offset: int = 0) -> None:
    """The open tickets that this person, or the department of this group, answers for."""
    department = desk_of(turn)
    place = department_name(turn, department) if department else turn.words("officer.list_all")
    count = count_open(turn.session, department)
    tickets = list_open_from(turn.session, department, offset, PAGE)
    doubts = [] if offset else list_disputed(turn.session, department)
    if not tickets and not doubts:
        key = "officer.list_end" if count else "officer.list_none"
        return turn.say(key, place=place)
    lines = [
        list_line(turn, ticket, number, with_department=department is None)
        for number, ticket in enumerate(tickets, start=1)
    ]
    head = turn.words("officer.list_head" if tickets else "officer.list_none_open", place=place, count=count)
    choices = [Choice(ticket.code, f"officer.show:{ticket.id}") for ticket in tickets]
    if doubts:
        lines.append(turn.words("officer.list_doubts", count=len(doubts)))
        choices += [doubt_button(turn, one) for one in doubts[:_DOUBTS]]
    if count > offset + PAGE:
        choices.append(turn.choice("officer.button.more", f"officer.list:{offset + PAGE}"))
    if len(tickets) > 1 and not turn.chat.is_group:
        choices.append(turn.choice("officer.button.many", f"officer.many:{offset}"))
    how = [turn.words("officer.list_how")] if tickets else []
    text = "\n".join([head, *lines, *how])
    return turn.reply(Content(text, tuple(choices)))


def show_ticket(turn: Turn, ticket_id: int) -> None:
    """The whole ticket with its photos and buttons."""
    ticket = hold(turn, ticket_id)
    content = card(turn, ticket, turn.words("cards.head.shown", code=ticket.code), whole=True)
    look_back = turn.choice("officer.button.history", f"officer.history:{ticket_id}")
    text = "\n".join([content.text, *private_lines(turn, ticket)])
    turn.reply(Content(text, (*content.choices, look_back), content.pictures), ticket_id=ticket.id)


def show_more(turn: Turn, ticket_id: int) -> None:
    """The rarer steps, on a screen of their own: a card with twelve buttons is read by nobody."""
    ticket = hold(turn, ticket_id)
    verbs = ["promise", "extend", "resume" if ticket.paused_at else "pause", "assign", "outside", "note"]
    verbs.append("part" if ticket.parent_id else "merge")
    choices = [turn.choice(f"officer.button.{verb}", f"officer.{verb}:{ticket_id}") for verb in verbs]
    turn.reply(
        Content(turn.words("officer.otherwise", code=ticket.code), tuple(choices)), ticket_id=ticket.id
    )


def show_history(turn: Turn, ticket_id: int) -> None:
    """Everything that happened to the ticket."""
    ticket = hold(turn, ticket_id)
    turn.reply(Content(history(turn, ticket)), ticket_id=ticket.id)


def menu(turn: Turn) -> None:
    """Who you are here, what waits, and what you can do."""
    staff = _staff(turn)
    announce = turn.choice("officer.button.announce", "announce.start")
    care = turn.choice("officer.button.care", "care.menu")
    ask = turn.choice("officer.button.help", "officer.help")
    if staff.role == StaffRole.MEMBER:
        return turn.say(
            "officer.menu_member", choices=[announce, care, ask], name=staff.name, duty=duty_name(turn, staff)
        )
    count = count_open(turn.session, desk_of(turn))
    load = turn.words("officer.menu_load" if count else "officer.menu_load_none", count=count)
    choices = [turn.choice("officer.button.list", "officer.list"), announce, care, ask]
    return turn.say("officer.menu", choices=choices, name=staff.name, duty=duty_name(turn, staff), load=load)


def show_help(turn: Turn) -> None:
    """All commands of this role."""
    role = _staff(turn).role
    if role != StaffRole.LEADER:
        return turn.say("officer.help_member" if role == StaffRole.MEMBER else "officer.help")
    return turn.reply(Content("\n".join([turn.words("officer.help"), turn.words("officer.help_leader")])))


def rename(turn: Turn, name: str) -> None:
    """The name under which colleagues know this person."""
    staff, name = _staff(turn), " ".join(name.split())
    least, most = _NAME_LENGTH
    if not least <= len(name) <= most or not any(letter.isalpha() for letter in name):
        return turn.say("officer.bad_name")
    staff.name = name
    turn.session.add(staff)
    return turn.say("officer.renamed", name=name)


def ask_leave(turn: Turn) -> None:
    """Leaving cannot be undone by oneself, so it takes a second tap."""
    staff = _staff(turn)
    if turn.chat.is_group:
        return turn.say("officer.leave_private")
    turn.end()
    turn.go(FLOW, LEAVE)
    choices = (
        turn.choice("officer.button.leave_yes", "officer.leave"),
        turn.choice("officer.button.leave_no", "officer.cancel"),
    )
    count = len(list_claimed(turn.session, staff.id or 0))
    return turn.say(
        "officer.leave", choices=choices, name=staff.name, duty=duty_name(turn, staff), count=count
    )


def leave(turn: Turn) -> None:
    """The person leaves; what they held goes back to their colleagues."""
    staff = _staff(turn)
    if not turn.in_flow(FLOW) or turn.conversation.step != LEAVE:
        return ask_leave(turn)
    farewell = end_duty(turn, staff.id or 0)
    turn.end()
    return turn.say("officer.left", duty=farewell.duty)


def desk_of(turn: Turn) -> str | None:
    """The department whose work is looked at; None for all. Raises Refused for who has none."""
    staff = _staff(turn)
    if staff.role == StaffRole.MEMBER:
        raise desk.Refused("officer.no_right")
    if turn.chat.is_group:
        department = find_group_department(turn.session, turn.chat.id or 0)
        if staff.role == StaffRole.OFFICER and department != staff.department:
            raise desk.Refused("officer.no_right")
        return department or ""
    return None if staff.role == StaffRole.LEADER else staff.department or ""


def _staff(turn: Turn) -> Staff:
    if turn.staff is None or not turn.staff.active:
        raise desk.Refused("officer.no_right")
    return turn.staff
