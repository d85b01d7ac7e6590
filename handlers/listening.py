"""«Nghe ghi âm»: an officer gets a link to what citizens said to a ticket; and what the link shows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlmodel import Session

from core.calendar import spoken_moment
from core.messages import Content
from handlers.cards import card_choices
from handlers.case_download import PATH
from handlers.desk_reading import DESK
from handlers.desk_rules import Refused, hold
from handlers.house import House
from handlers.turn import Turn
from storage.downloads import Part, add_download
from storage.files import list_recordings
from storage.models import Download, Ticket


@dataclass(frozen=True, slots=True)
class Heard:
    """One recording on the page of a link: its row, the name of its file, and what it is called."""

    id: int
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class ListeningPage:
    """What a link to recordings shows."""

    title: str
    how: str
    fetch: str
    recordings: tuple[Heard, ...]


def send_listening_link(turn: Turn, ticket_id: int) -> None:
    """A link for half an hour, into the officer's private chat. Raises Refused.

    In a group everybody could open it under the name of the one who tapped.
    """
    ticket = hold(turn, ticket_id)
    count = len(list_recordings(turn.session, ticket_id))
    if not count:
        raise Refused("officer.listen.none", code=ticket.code)
    if not turn.house.public_url:
        raise Refused("officer.listen.no_address", code=ticket.code)
    token = secrets.token_urlsafe(32)
    add_download(
        turn.session, token, turn.staff.id or 0 if turn.staff else 0, Part(ticket_id=ticket_id), turn.now
    )
    link = f"{turn.house.public_url}{PATH}{token}"
    text = turn.words("officer.listen.link", code=ticket.code, count=count, link=link)
    # What is done next stands under the link: on a channel with few buttons a number is the only way to the last.
    choices = tuple(one for one in card_choices(turn, ticket) if not one.action.startswith("officer.listen:"))
    if not turn.chat.is_group:
        return turn.reply(Content(text, choices), ticket_id=ticket_id)
    turn.notify(turn.contact, Content(text, choices), DESK, f"listen:{turn.inbox_id}", ticket_id)
    return turn.say("officer.listen.sent", code=ticket.code, name=turn.staff.name if turn.staff else "")


def make_listening_page(session: Session, house: House, row: Download) -> ListeningPage:
    """The recordings of the ticket as they are now; only reads."""
    words, ticket = house.words, session.get_one(Ticket, row.ticket_id)
    recordings = tuple(
        Heard(
            file.id or 0,
            file.name or "",
            words.text("officer.listen.one", number=number, when=spoken_moment(file.created_at)),
        )
        for number, file in enumerate(list_recordings(session, row.ticket_id or 0), start=1)
    )
    return ListeningPage(
        words.text("officer.listen.title", code=ticket.code),
        words.text("officer.listen.how", code=ticket.code),
        words.text("officer.listen.fetch"),
        recordings,
    )
