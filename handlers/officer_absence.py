"""Days away: an officer says from when to when and who stands in; reminders reach the stand-in as well."""

from __future__ import annotations

from core.calendar import local_date, spoken_date
from core.dates import read_day
from core.messages import Content
from handlers import desk
from handlers.desk_reading import DESK, is_called
from handlers.turn import Turn
from storage.absences import add_absence, end_absence
from storage.contacts import get_contact
from storage.models import Absence, Staff
from storage.staff import list_officers
from storage.statuses import StaffRole


def take_leave(turn: Turn, text: str) -> None:
    """«/nghi 25/11 27/11 Tuấn»: one day or a span, and a colleague; without one only the days are kept."""
    staff, today = _officer(turn), local_date(turn.now)
    first, rest = read_day(text, today)
    last, rest_after = read_day(rest.removeprefix("đến").strip(), today) if first else (None, rest)
    if first is None or first < today or (last is not None and last < first):
        return turn.say("officer.absence.how")
    name = rest_after if last is not None else rest
    heir = _find(turn, staff, name)
    if name.strip() and heir is None:
        return turn.say("officer.need_colleague")
    until = last or first
    absence = Absence(
        staff_id=staff.id or 0,
        stand_in_id=heir.id if heir else None,
        from_on=first,
        until_on=until,
        created_at=turn.now,
    )
    add_absence(turn.session, absence)
    begins, ends = spoken_date(first), spoken_date(until)
    if heir is None:
        return turn.say("officer.absence.said_alone", first=begins, last=ends)
    content = Content(turn.words("officer.absence.told", name=staff.name, first=begins, last=ends))
    turn.notify(get_contact(turn.session, heir.contact_id), content, DESK, f"absence:{absence.id}")
    return turn.say("officer.absence.said", name=heir.name, first=begins, last=ends)


def come_back(turn: Turn) -> None:
    """Back earlier than said, or an absence that was a slip."""
    ended = end_absence(turn.session, _officer(turn).id or 0, turn.now, local_date(turn.now))
    turn.say("officer.absence.back" if ended else "officer.absence.none")


def _officer(turn: Turn) -> Staff:
    staff = turn.staff
    if staff is None or not staff.active or staff.role != StaffRole.OFFICER:
        raise desk.Refused("officer.no_right")
    return staff


def _find(turn: Turn, staff: Staff, name: str) -> Staff | None:
    others = [one for one, _ in list_officers(turn.session, staff.department or "") if one.id != staff.id]
    found = [one for one in others if name.strip() and is_called(one, name)]
    return found[0] if len(found) == 1 else None
