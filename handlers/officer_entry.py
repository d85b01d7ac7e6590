"""/nhap: a case that came by telephone, paper or another system becomes a ticket, once for each outside code."""

from __future__ import annotations

from core.area_match import suggest_area
from core.categories_match import guess_categories
from core.doors import Door
from core.private_numbers import find_private_numbers
from core.ward import OTHER
from handlers.cards import due_words, short_department
from handlers.desk_reading import words_after
from handlers.phrases import count_words, says
from handlers.privacy import mask
from handlers.report_draft import MAX_TEXT
from handlers.report_filing import Origin, Place, file_ticket
from handlers.turn import Turn
from storage.inbox import redact
from storage.statuses import Privacy, Source, StaffRole
from storage.tickets import find_entered

_MAX_CODE = 40
_DOORS = {
    Door.DENUNCIATION: "entry.denunciation",
    Door.COMPLAINT: "entry.complaint",
    Door.SECRET: "entry.secret",
}


def applies(turn: Turn) -> bool:
    """True for the command from somebody of the office; for others it is a text like any other."""
    typed = turn.action is None and turn.text.startswith("/")
    return turn.staff is not None and typed and words_after(turn, turn.text, "entry.typed.start") is not None


def respond(turn: Turn) -> None:
    """File it, or say what is missing, who may not, or that it is here already."""
    rest = words_after(turn, turn.text, "entry.typed.start") or ""
    head, colon, told = rest.partition(":")
    found = _source(turn, head)
    if turn.staff is None or turn.staff.role == StaffRole.MEMBER:
        return turn.say("officer.no_right")
    if turn.chat.is_group:
        return turn.say("officer.leave_private")
    if found is None or not colon or count_words(told) < 2:
        return turn.say("entry.how")
    source, code = found
    if find_private_numbers(code) or len(code) > _MAX_CODE:
        redact(turn.session, turn.inbox_id)
        return turn.say("entry.no_number")
    door = _door(turn, told)
    if door is not None:
        redact(turn.session, turn.inbox_id)
        return turn.say(door)
    before = find_entered(turn.session, source, code) if code else None
    if before is not None:
        return turn.say(
            "entry.twice", ticket_id=before.id, code=before.code, status=_status(turn, before.status)
        )
    return _file(turn, source, code, told.strip())


def _file(turn: Turn, source: Source, code: str, told: str) -> None:
    ward = turn.house.ward
    guesses = guess_categories(ward, told)
    category = guesses[0].category if guesses else ward.get_category(OTHER)
    area = suggest_area(ward, told)
    origin = Origin(
        privacy=Privacy.HIDDEN_PUBLIC.value,
        source=source.value,
        outside_code=code or None,
        filed_by=turn.staff.id if turn.staff else None,
    )
    safe = mask(told, turn.words("report.masked_number"))[:MAX_TEXT]
    files = [file.id or 0 for file in turn.files]
    ticket = file_ticket(turn, category, safe, Place(area.key if area else None), files, origin)
    turn.say(
        "entry.filed",
        ticket_id=ticket.id,
        code=ticket.code,
        category=category.name,
        department=short_department(turn, ticket.department),
        place=area.name if area else turn.words("report.no_place"),
        due=due_words(ticket),
    )


def _source(turn: Turn, head: str) -> tuple[Source, str] | None:
    """The source that the head names, and the code behind it, in one spelling."""
    for source in Source:
        if source is Source.CHAT:
            continue
        rest = words_after(turn, head, f"entry.typed.{source}", glued=False)
        if rest is not None:
            return source, " ".join(rest.split()).upper()
    return None


def _door(turn: Turn, told: str) -> str | None:
    """The refusal, where the words belong behind another door: of a denunciation nothing may be kept here."""
    if says(told, turn.words("safety.signs.denunciation")):
        return _DOORS[Door.DENUNCIATION]
    door = turn.house.doors.find(told)
    return _DOORS.get(door) if door is not None else None


def _status(turn: Turn, status: str) -> str:
    return turn.words(f"tickets.status.{status}")
