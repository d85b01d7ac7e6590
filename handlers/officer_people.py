"""Who is in service, for leaders: the list, and taking somebody's right away after a second tap."""

from __future__ import annotations

from collections.abc import Sequence

from core.calendar import local_date, spoken_date
from core.messages import Choice, Content
from core.wards import fold
from handlers import desk
from handlers.cards import duty_name
from handlers.desk_duty import dismiss_colleague, farewell_lines
from handlers.desk_rules import need_leader
from handlers.officer_lists import ask_leave
from handlers.officer_prompts import DISMISS, FLOW
from handlers.turn import Turn
from storage.models import Contact, Staff
from storage.staff import list_staff
from storage.statuses import StaffRole
from storage.tickets import list_claimed

PAGE = 5
_MAY_LEAD = frozenset({StaffRole.OFFICER, StaffRole.MEMBER})
_Person = tuple[Staff, Contact]


def show_people(turn: Turn, offset: int = 0) -> None:
    """Everybody in service, a page at a time."""
    if _may_look(turn):
        _show(turn, list_staff(turn.session), offset)


def find_person(turn: Turn, name: str) -> None:
    """Somebody by name, or by a part of it; several of that name are shown to choose from."""
    if not _may_look(turn):
        return None
    wanted, people = f" {fold(name)} ", list_staff(turn.session)
    found = [person for person in people if wanted.strip() and wanted in f" {fold(person[0].name)} "]
    if len(found) == 1:
        return ask_dismiss(turn, found[0][0].id or 0)
    if not found:
        turn.say("officer.people.unknown", name=name)
    return _show(turn, found or people)


def ask_dismiss(turn: Turn, staff_id: int) -> None:
    """It cannot be undone without a new invite, so it takes a second tap."""
    if not _may_look(turn):
        return None
    if turn.staff is not None and turn.staff.id == staff_id:
        return ask_leave(turn)
    person = next((one for one, _ in list_staff(turn.session) if one.id == staff_id), None)
    if person is None:
        raise desk.Refused("officer.people.gone")
    turn.end()
    turn.go(FLOW, DISMISS, person=staff_id)
    choices = (
        turn.choice("officer.button.dismiss_yes", f"officer.dismiss_now:{staff_id}"),
        turn.choice("officer.button.dismiss_no", "officer.cancel"),
    )
    count = len(list_claimed(turn.session, staff_id))
    duty = duty_name(turn, person)
    return turn.say("officer.people.ask", choices=choices, name=person.name, duty=duty, count=count)


def dismiss_now(turn: Turn, staff_id: int) -> None:
    """The second tap; an old button only asks once more."""
    asked = turn.in_flow(FLOW) and turn.conversation.step == DISMISS
    if not asked or turn.data.get("person") != staff_id:
        return ask_dismiss(turn, staff_id)
    farewell = dismiss_colleague(turn, staff_id)
    turn.end()
    lines = farewell_lines(turn, farewell)
    if farewell.namesakes:
        duties = "; ".join(duty_name(turn, one) for one in farewell.namesakes)
        lines.append(turn.words("officer.people.namesakes", name=farewell.name, duties=duties))
    back = turn.choice("officer.button.people", "officer.people")
    return turn.reply(Content("\n".join(lines), (back,)))


def name_head(turn: Turn, name: str) -> None:
    """A leader names the head of a department or of an area's team, or takes it back by naming the person again."""
    if not _may_look(turn):
        return None
    wanted = f" {fold(name)} "
    likely = [one for one, _ in list_staff(turn.session) if one.role in _MAY_LEAD]
    found = [one for one in likely if wanted.strip() and wanted in f" {fold(one.name)} "]
    if len(found) != 1:
        return turn.say(
            "officer.people.head_unknown" if not found else "officer.people.head_several", name=name
        )
    head, before = found[0], duty_name(turn, found[0])
    kind = "head" if head.role == StaffRole.OFFICER else "team"
    if kind == "head":
        head.is_head = leads = not head.is_head
    else:
        head.leads_team = leads = not head.leads_team
    turn.session.add(head)
    key = f"officer.people.{kind}_{'named' if leads else 'ended'}"
    return turn.say(key, name=head.name, duty=duty_name(turn, head) if leads else before)


def _may_look(turn: Turn) -> bool:
    """Raises Refused for everybody but leaders; False in a group, where it was said why not."""
    need_leader(turn)
    if turn.chat.is_group:
        turn.say("officer.leave_private")
    return not turn.chat.is_group


def _show(turn: Turn, people: Sequence[_Person], offset: int = 0) -> None:
    page = people[offset : offset + PAGE]
    if not page:
        return turn.say("officer.people.end")
    lines = [_line(turn, person, number) for number, person in enumerate(page, start=1)]
    choices = [Choice(one.name, f"officer.dismiss:{one.id}") for one, _ in page]
    if len(people) > offset + PAGE:
        choices.append(turn.choice("officer.button.more", f"officer.people:{offset + PAGE}"))
    head = turn.words("officer.people.head", count=len(people))
    text = "\n".join([head, *lines, turn.words("officer.people.how")])
    return turn.reply(Content(text, tuple(choices)))


def _line(turn: Turn, person: _Person, number: int) -> str:
    staff, contact = person
    last = contact.last_interaction_at
    return turn.words(
        "officer.people.line",
        number=number,
        name=staff.name,
        duty=duty_name(turn, staff),
        channel=channel_title(turn, contact),
        since=spoken_date(local_date(staff.joined_at)),
        last=spoken_date(local_date(last)) if last else turn.words("officer.people.never"),
    )


def channel_title(turn: Turn, contact: Contact) -> str:
    """What people call the channel; the bare name for one that has no title yet."""
    key = f"officer.channel.{contact.channel}"
    return turn.words(key) if turn.house.words.has(key) else contact.channel
