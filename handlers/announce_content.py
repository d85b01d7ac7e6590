"""What a recipient reads of an announcement: the same in the preview, for the second person and on every screen."""

from __future__ import annotations

from core.audience_words import as_sent, head_of
from core.calendar import local_date, spoken_date
from core.messages import Content, Picture
from handlers.announce_base import own_area
from handlers.announce_documents import document_line
from handlers.desk_rules import department_name
from handlers.house import House
from handlers.turn import Turn
from storage.audiences import audience_of
from storage.models import Announcement, Staff
from storage.statuses import StaffRole

_BEFORE_SENDER = "\n\n"


def content_of(house: House, announcement: Announcement) -> Content:
    """Who speaks to whom, the words, what belongs to them, and how to hear no more."""
    text = whole_text(house, announcement)
    alt = house.words.text("broadcast.picture_alt")
    pictures = tuple(Picture(name, alt) for name in announcement.pictures)
    return Content(as_sent(audience_of(announcement), text, house.ward, house.words), pictures=pictures)


def head_line(house: House, announcement: Announcement) -> str:
    """Who speaks, to whom, and whether it is urgent."""
    return head_of(audience_of(announcement), house.ward, house.words)


def paste_text(house: House, announcement: Announcement, board: str) -> str:
    """The block for groups and the fanpage: the same words, and where to read on and ask."""
    words = house.words
    lines = [head_line(house, announcement), announcement.text, *_below(house, announcement)]
    tail = [words.text("broadcast.board", link=board)] if board else []
    tail += [words.text("broadcast.ask", link=house.public_url)] if house.public_url else []
    return "\n\n".join([*lines, "\n".join(tail)] if tail else lines)


def details(house: House, announcement: Announcement) -> list[str]:
    """What belongs to the words, a line each: where to read more, the document, until when it holds."""
    lines = []
    if announcement.link:
        lines.append(house.words.text("broadcast.link", link=announcement.link))
    if line := document_line(house, announcement):
        lines.append(line)
    if announcement.valid_until:
        day = spoken_date(local_date(announcement.valid_until))
        lines.append(house.words.text("broadcast.valid_until", day=day))
    return lines


def whole_text(house: House, announcement: Announcement) -> str:
    """The words with everything that may stand below them, to know them again when somebody shows them."""
    return "\n\n".join([announcement.text, *_below(house, announcement)])


def _below(house: House, announcement: Announcement) -> list[str]:
    lines = details(house, announcement)
    return ["\n".join(lines)] if lines else []


def sign(turn: Turn, staff: Staff, words: str) -> str:
    """The words with their sender beneath."""
    return f"{words}{_BEFORE_SENDER}{sender_of(turn, staff)}"


def words_of(announcement: Announcement) -> str:
    """The words without their sender."""
    return announcement.text.rpartition(_BEFORE_SENDER)[0] or announcement.text


def sender_of(turn: Turn, staff: Staff) -> str:
    """Whom the announcement comes from, as recipients read it."""
    if staff.role == StaffRole.LEADER:
        return turn.words("announce.sender_leader")
    if staff.role == StaffRole.OFFICER:
        return turn.words("announce.sender_officer", department=department_name(turn, staff.department or ""))
    area = own_area(turn, staff)
    return turn.words("announce.sender_member", place=area.name if area else "")


def short(announcement: Announcement, length: int = 60) -> str:
    """The first words, to tell one announcement from another."""
    line = " ".join(words_of(announcement).split())
    return line if len(line) <= length else f"{line[:length].rstrip()}…"
