"""The document of an announcement: when one is waited for, taken, dropped, and the line by which it is opened."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.messages import Address
from handlers.announce_base import DOCUMENT, FLOW, FRESH, LINK, PICTURES, PREVIEW, WRITE
from handlers.house import House
from handlers.turn import Turn
from storage.announcement_documents import (
    attach_document,
    detach_document,
    document_of,
    find_own_document,
    is_document,
)
from storage.contacts import find_contact
from storage.conversations import find_conversation
from storage.models import Announcement, StoredFile
from storage.staff import find_staff
from storage.statuses import StaffRole

PATH: Final = "/van-ban/"
TAKES_DOCUMENT: Final = (WRITE, PREVIEW, PICTURES, DOCUMENT, LINK)
_REFUSALS: Final = ("large", "macro", "old", "kind", "damaged")
_KILO, _MEGA = 1024, 1024 * 1024


def awaits_document(session: Session, house: House, sender: Address, chat: Address, now: datetime) -> bool:
    """Whether a file of this person, in this chat, would go with an announcement; only then is it fetched at all.

    Asked before the Turn exists, because nothing is fetched in a transaction. Whatever changes between then and the
    Turn, a file that no announcement took is deleted within two days.
    """
    contact = find_contact(session, sender) if sender == chat and house.public_url else None
    if contact is None or contact.id is None:
        return False
    staff = find_staff(session, contact.id)
    if staff is None or not staff.active or staff.role == StaffRole.OVERSEER:
        return False
    found = find_conversation(session, contact.id, contact.id)
    if found is None or found.flow != FLOW or found.step not in TAKES_DOCUMENT:
        return False
    return now - found.updated_at <= FRESH


def why_no_document(turn: Turn) -> str:
    """What is said to whoever sent a file that did not come to be kept."""
    if not turn.house.public_url:
        return "announce.no_document"
    refusal = next((file.refusal for file in turn.files if file.refusal), None)
    return f"announce.document_{refusal}" if refusal in _REFUSALS else "announce.document_failed"


def sent_document(turn: Turn) -> StoredFile | None:
    """The document of this message, if it could be kept."""
    return next((file for file in turn.files if is_document(file)), None)


def add_document(turn: Turn, draft: Announcement, file: StoredFile) -> None:
    """It goes with the draft from now on, under an address that nobody can guess."""
    attach_document(turn.session, draft, file, secrets.token_urlsafe(16))


def add_waiting_document(turn: Turn, draft: Announcement) -> None:
    """The document that came before the words goes with the draft that was just made of them."""
    number = turn.data.get("document")
    file = find_own_document(turn.session, int(number), turn.contact.id or 0) if number else None
    if file is not None:
        add_document(turn, draft, file)


def drop_lost_document(turn: Turn, draft: Announcement) -> None:
    """A draft that lay for weeks has lost the bytes of its document: nobody is promised it any more."""
    document = document_of(draft)
    if document and not find_own_document(turn.session, document.file_id, turn.contact.id or 0):
        detach_document(turn.session, draft)


def document_link(public_url: str, announcement: Announcement) -> str:
    """Where it is read; empty where there is none, or no address for it.

    A link works in every chat and on every telephone, so no channel has to carry a file.
    """
    document = document_of(announcement)
    if document is None or document.withdrawn or not public_url:
        return ""
    return f"{public_url}{PATH}{announcement.id}-{document.token}"


def document_line(house: House, announcement: Announcement) -> str:
    """The line under the words of an announcement; empty where nothing can be opened."""
    link = document_link(house.public_url, announcement)
    return (
        house.words.text("broadcast.document", name=document_name(house, announcement), link=link)
        if link
        else ""
    )


def document_name(house: House, announcement: Announcement) -> str:
    """«Lịch tiêm (PDF, 320 KB)»: so that nobody opens a large one on the road without knowing."""
    document = document_of(announcement)
    if document is None:
        return ""
    title = document.title or house.words.text("broadcast.document_untitled")
    kind = house.words.text(f"broadcast.document_kind.{document.ending}")
    return f"{title} ({kind}, {size_said(document.size)})"


def size_said(size: int) -> str:
    """Bytes as people read them: «320 KB», «1,4 MB»."""
    if size < _MEGA:
        return f"{max(1, round(size / _KILO))} KB"
    return f"{size / _MEGA:.1f} MB".replace(".", ",")
