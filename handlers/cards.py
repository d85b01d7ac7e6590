"""What officers see of a ticket: the card with its buttons, the full text, the history, a line of a list."""

from __future__ import annotations

from datetime import timedelta

from core.calendar import LOCAL, local_date, spoken_date, spoken_moment
from core.messages import Choice, Content, Picture
from handlers.desk_evidence import evidence_words
from handlers.desk_rules import Speaker, department_name, who_did
from handlers.origin import card_lines
from storage.files import list_recordings
from storage.followers import count_followers
from storage.models import Staff, StoredFile, Ticket, TicketEvent
from storage.staff import get_staff
from storage.statuses import OPEN_TICKETS, UNCLAIMED_TICKETS, EvidenceKind, Privacy, StaffRole, TicketStatus
from storage.tickets import list_events, list_photos
from storage.votes import ENDED, Disputed, is_disputed, read_votes

SHOWN_TEXT = 500
_HISTORY = 15
_HISTORY_TEXT = 160
_LINE_PLACE = 40
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def card(caller: Speaker, ticket: Ticket, head: str, *, whole: bool = False) -> Content:
    """A ticket as a message to officers, under its first line `head`. No name of the citizen stands here,
    because a card also goes to groups. `whole` shows a long text in full."""
    photos = citizen_photos(caller, ticket)
    lines = [
        head,
        caller.words("cards.category", category=category_name(caller, ticket)),
        caller.words("cards.due", due=due_words(ticket), left=time_left(caller, ticket)),
        *_place_lines(caller, ticket),
        *_state_lines(caller, ticket),
        *card_lines(caller, ticket),
        *_privacy_lines(caller, ticket),
        *_history_lines(caller, ticket),
        "",
        _quote(caller, ticket, whole),
    ]
    if photos:
        lines.append(caller.words("cards.photos", count=len(photos)))
    if recordings := list_recordings(caller.session, ticket.id or 0):
        lines.append(caller.words("cards.recordings", count=len(recordings)))
    if is_open(ticket) or is_disputed(caller.session, ticket):
        lines += ["", caller.words("cards.how")]
    return Content("\n".join(lines), card_choices(caller, ticket), tuple(_pictures(caller, photos)))


def card_choices(caller: Speaker, ticket: Ticket) -> tuple[Choice, ...]:
    """What can be done to the ticket now; a closed one can only be opened again. What was said comes first:
    nobody can act before having listened."""
    number = ticket.id
    verbs = ["listen"] if list_recordings(caller.session, number or 0) else []
    if TicketStatus(ticket.status) in ENDED:
        # Somebody says already why: then one tap is enough.
        disputed = bool(read_votes(caller.session, ticket).waiting)
        verbs += ["reopen_said", "uphold"] if disputed else ["reopen"]
    elif is_open(ticket):
        verbs += [] if ticket.officer_id is not None else ["claim"]
        verbs += ["reply", "ask", "forward", "reject", "otherwise"]
    return tuple(caller.choice(f"officer.button.{verb}", f"officer.{verb}:{number}") for verb in verbs)


def doubt_button(caller: Speaker, doubt: Disputed) -> Choice:
    """The way to a closed case of which somebody says that it is not done."""
    title = caller.words("cards.doubt", code=doubt.ticket.code)
    return Choice(title, f"officer.show:{doubt.ticket.id}")


def history(caller: Speaker, ticket: Ticket) -> str:
    """What happened to the ticket, oldest first, internal notes included; only the last steps of a long one."""
    events = list_events(caller.session, ticket.id or 0)[-_HISTORY:]
    head = caller.words("cards.history", code=ticket.code, status=status_name(caller, ticket))
    return "\n".join([head, *(_event_line(caller, event) for event in events)])


def list_line(caller: Speaker, ticket: Ticket, number: int, *, with_department: bool = False) -> str:
    """One ticket in one or two lines of a numbered list."""
    words = caller.words("cards.new") if ticket.status in UNCLAIMED_TICKETS else status_name(caller, ticket)
    if ticket.evidence_kind == EvidenceKind.REASON:
        words = caller.words("cards.without_evidence", status=words)
    parts = [category_name(caller, ticket)]
    if ticket.place or ticket.area:
        parts.append(_shorten(ticket.place or area_name(caller, ticket), _LINE_PLACE))
    if with_department:
        parts.append(short_department(caller, ticket.department))
    if ticket.officer_id is not None:
        parts.append(get_staff(caller.session, ticket.officer_id).name)
    return caller.words(
        "cards.line",
        number=number,
        code=ticket.code,
        left=time_left(caller, ticket),
        status=words,
        about=" · ".join(parts),
    )


def duty_name(caller: Speaker, staff: Staff) -> str:
    """What somebody is for the ward: officer of a department, leader, or member of an area's team."""
    if staff.role == StaffRole.LEADER:
        return caller.words("officer.role_leader")
    if staff.role == StaffRole.OFFICER:
        role = "officer.role_head" if staff.is_head else "officer.role_officer"
        return caller.words(role, place=department_name(caller, staff.department or ""))
    if staff.role == StaffRole.OVERSEER:
        return caller.words("officer.role_overseer")
    area = next((one.name for one in caller.house.ward.areas if one.key == staff.area), "")
    role = "officer.role_team_lead" if staff.leads_team else "officer.role_member"
    return caller.words(role, place=area or caller.house.ward.name)


def due_words(ticket: Ticket) -> str:
    """The due date as people say it; with the hour only when it is not the end of an office day."""
    local = ticket.due_at.astimezone(LOCAL)
    in_hours = ticket.due_at - ticket.created_at < _DAY
    return spoken_moment(local) if in_hours else spoken_date(local.date())


def time_left(caller: Speaker, ticket: Ticket) -> str:
    """How much time is left, in the coarsest words that still tell what to do today."""
    if not is_open(ticket):
        return status_name(caller, ticket)
    left = ticket.due_at - caller.now
    days = (local_date(ticket.due_at) - local_date(caller.now)).days
    if left < timedelta(0):
        late = -days
        return caller.words("cards.late_days", days=late) if late else caller.words("cards.late_today")
    if days == 0:
        hours = left // _HOUR
        return caller.words("cards.left_hours", hours=hours) if hours else caller.words("cards.left_soon")
    return caller.words("cards.left_tomorrow") if days == 1 else caller.words("cards.left_days", days=days)


def citizen_photos(caller: Speaker, ticket: Ticket) -> list[StoredFile]:
    """The photos that the citizen sent, without those that officers added as evidence."""
    files = list_photos(caller.session, ticket.id or 0)
    return [file for file in files if file.contact_id == ticket.contact_id and file.kind == "photo"]


def category_name(caller: Speaker, ticket: Ticket) -> str:
    """The name of the ticket's category; the bare key for one that the ward no longer has."""
    found = caller.house.ward.find_category(ticket.category)
    return found.name if found else ticket.category


def area_name(caller: Speaker, ticket: Ticket) -> str:
    """The name of the ticket's area, or nothing."""
    found = next((one for one in caller.house.ward.areas if one.key == ticket.area), None)
    return found.name if found else ticket.area or ""


def status_name(caller: Speaker, ticket: Ticket) -> str:
    """The ticket's state in words."""
    return caller.words(f"tickets.status.{ticket.status}")


def short_department(caller: Speaker, key: str) -> str:
    """The short name of a department, for lists."""
    found = next((one for one in caller.house.ward.departments if one.key == key), None)
    return found.short_name if found else department_name(caller, key)


def is_open(ticket: Ticket) -> bool:
    """True while the office still owes an answer."""
    return TicketStatus(ticket.status) in OPEN_TICKETS


def _place_lines(caller: Speaker, ticket: Ticket) -> list[str]:
    place = ", ".join(part for part in (ticket.place, area_name(caller, ticket)) if part)
    lines = [caller.words("cards.place", place=place)] if place else []
    if ticket.latitude is not None and ticket.longitude is not None:
        point = f"{ticket.latitude:.5f},{ticket.longitude:.5f}"
        lines.append(caller.words("cards.map", point=point))
    return lines


def _state_lines(caller: Speaker, ticket: Ticket) -> list[str]:
    if ticket.status == TicketStatus.NEW and ticket.officer_id is None:
        return []
    if ticket.officer_id is None:
        unclaimed = ticket.status in UNCLAIMED_TICKETS
        status = caller.words("cards.new") if unclaimed else status_name(caller, ticket)
        return [caller.words("cards.state", status=status)]
    name = get_staff(caller.session, ticket.officer_id).name
    return [caller.words("cards.state_by", status=status_name(caller, ticket), name=name)]


def _privacy_lines(caller: Speaker, ticket: Ticket) -> list[str]:
    """What the author chose about the name; nothing for the usual, which every officer knows."""
    chosen = Privacy(ticket.privacy)
    return [] if chosen is Privacy.HIDDEN_PUBLIC else [caller.words(f"cards.privacy.{chosen}")]


def _history_lines(caller: Speaker, ticket: Ticket) -> list[str]:
    """How many have the trouble, and that it has come back."""
    lines = []
    if ticket.paused_at is not None:
        lines.append(caller.words("cards.paused", day=spoken_date(local_date(ticket.paused_at))))
    if ticket.outside_agency is not None and ticket.outside_due_on is not None:
        day = spoken_date(ticket.outside_due_on)
        lines.append(caller.words("cards.outside", agency=ticket.outside_agency, day=day))
    if ticket.promised_on is not None and is_open(ticket):
        lines.append(caller.words("cards.promised", day=spoken_date(ticket.promised_on)))
    if ticket.parent_id is not None:
        parent = caller.session.get_one(Ticket, ticket.parent_id)
        lines.append(caller.words("cards.parent", code=parent.code))
    if people := count_followers(caller.session, ticket.id or 0):
        lines.append(caller.words("cards.people", people=people + 1))
    votes = read_votes(caller.session, ticket)
    if votes.fixed or votes.not_fixed:
        said = {"fixed": len(votes.fixed), "not_fixed": len(votes.not_fixed)}
        lines.append(caller.words("cards.votes", **said))
    if ticket.evidence_kind is not None:
        lines.append(caller.words("cards.evidence", evidence=evidence_words(caller, ticket)))
    before = caller.session.get(Ticket, ticket.recurs_of_id) if ticket.recurs_of_id else None
    if before is not None and before.closed_at is not None:
        day = spoken_date(local_date(before.closed_at))
        lines.append(caller.words("cards.recurs", code=before.code, day=day))
    return lines


def _quote(caller: Speaker, ticket: Ticket, whole: bool) -> str:
    if whole or len(ticket.text) <= SHOWN_TEXT:
        return caller.words("cards.quote", text=ticket.text)
    return caller.words("cards.quote_cut", text=_shorten(ticket.text, SHOWN_TEXT), code=ticket.code)


def _event_line(caller: Speaker, event: TicketEvent) -> str:
    local = event.at.astimezone(LOCAL)
    fields = {
        "when": f"{local:%H:%M} {local.day}/{local.month}",
        "who": who_did(caller, event),
        "what": caller.words(f"tickets.event.{event.kind}"),
    }
    if not event.text or event.kind == "filed":
        return caller.words("cards.event", **fields)
    return caller.words("cards.event_text", text=_shorten(event.text, _HISTORY_TEXT), **fields)


def _pictures(caller: Speaker, photos: list[StoredFile]) -> list[Picture]:
    alt = caller.words("cards.photo_alt")
    return [Picture(photo.name, alt) for photo in photos if photo.name]


def _shorten(text: str, limit: int) -> str:
    """Cut at a blank, so that no word is torn; a single endless word is cut hard."""
    flat = text if len(text) <= limit else text[: limit - 1].rsplit(None, 1)[0] + "…"
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
