"""What goes with the words of an announcement: pictures, a document, one link, and until when it holds."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Final
from urllib.parse import urlsplit

from core.calendar import at, local_date
from core.dates import read_day
from core.messages import Ask, Choice, MessageKind
from handlers.announce_base import DOCUMENT, FLOW, LINK, PICTURES, UNTIL, WRITE, back_choice, drop_choice
from handlers.announce_documents import add_document, sent_document, why_no_document
from handlers.announce_preview import draft_in_hand, show_again
from handlers.turn import Turn
from storage.announcement_documents import detach_document
from storage.models import Announcement
from storage.statuses import AttachmentStatus

MAX_PICTURES, MAX_LINK = 5, 400
_ONE_DAY, _FURTHEST, _MIDNIGHT = timedelta(days=1), timedelta(days=400), time.min
# What stands before the day in «đến hết 30/11», as typed with and without marks.
_UNTIL = re.compile(
    r"^(?:(?:có|co) (?:hiệu|hieu) (?:lực|luc) )?(?:(?:đến|den|tới|toi) )?(?:(?:hết|het) )?", re.IGNORECASE
)
_HOST = re.compile(r"(?:[a-z0-9à-ỹđ-]+\.)+[a-z]{2,}", re.IGNORECASE)
_ASKS: Final = {"pictures": PICTURES, "document": DOCUMENT, "link": LINK, "until": UNTIL}
# Where a page has a button of its own for what is asked.
_ASKED: Final = {"pictures": Ask.PHOTO, "document": Ask.DOCUMENT}


def show_more(turn: Turn) -> None:
    """What can be added to the draft in hand, and what of it can be taken away."""
    draft = draft_in_hand(turn)
    if draft is None:
        return turn.say("announce.dropped_before")
    turn.say("announce.more", choices=_more(turn, draft), limit=MAX_PICTURES)


def ask(turn: Turn, what: str) -> None:
    """Ask for pictures, a document, the link or the last day; or take it away again («no_link»)."""
    draft = draft_in_hand(turn)
    if draft is None:
        return turn.say("announce.dropped_before")
    if what == "document" and not turn.house.public_url:
        return turn.say("announce.no_document", choices=[back_choice(turn)])
    if what in _ASKS:
        turn.go(FLOW, _ASKS[what])
        asked = _ASKED.get(what, Ask.NOTHING)
        turn.say(f"announce.ask_{what}", choices=[back_choice(turn)], ask=asked, limit=MAX_PICTURES)
        return turn.ask_freely()
    if what == "no_pictures":
        draft.pictures = []
    elif what == "no_document":
        detach_document(turn.session, draft)
    elif what == "no_link":
        draft.link = None
    elif what == "no_until":
        draft.valid_until = None
    return _kept(turn, draft, what)


def take_pictures(turn: Turn) -> None:
    """Photos at any step: they go with the draft in hand, or with the words that are about to be written."""
    names = [one.name for one in turn.files if one.status == AttachmentStatus.STORED and one.name]
    if not names:
        return turn.say("announce.picture_failed", choices=[drop_choice(turn)])
    draft = draft_in_hand(turn)
    had = draft.pictures if draft else list(turn.data.get("pictures", []))
    if len(had) + len(names) > MAX_PICTURES:
        return turn.say("announce.too_many_pictures", choices=[drop_choice(turn)], limit=MAX_PICTURES)
    if draft is not None:
        draft.pictures = [*had, *names]
        return _kept(turn, draft, "pictures")
    turn.go(FLOW, WRITE, pictures=[*had, *names])
    return turn.say("announce.pictures_kept", choices=[drop_choice(turn)], count=len(had) + len(names))


def take_document(turn: Turn) -> None:
    """A document at any step where one is understood; another one takes the place of the first."""
    file = sent_document(turn)
    draft = draft_in_hand(turn)
    if file is None:
        out = back_choice(turn) if draft is not None else drop_choice(turn)
        return turn.say(why_no_document(turn), choices=[out])
    if sum(one.kind is MessageKind.FILE for one in turn.message.attachments) > 1:
        turn.say("announce.document_one")
    if draft is not None:
        add_document(turn, draft, file)
        return _kept(turn, draft, "document")
    turn.go(FLOW, WRITE, document=file.id)
    return turn.say("announce.document_kept", choices=[drop_choice(turn)])


def drop_document(turn: Turn) -> None:
    """«bỏ tệp», typed: also before there are any words."""
    draft = draft_in_hand(turn)
    if draft is not None:
        return ask(turn, "no_document")
    turn.keep(document=None)
    return turn.say("announce.document_dropped", choices=[drop_choice(turn)])


def take_link(turn: Turn) -> None:
    """An address on the web, with or without «https://»."""
    link = read_link(turn.text)
    draft = draft_in_hand(turn)
    if draft is None:
        return turn.say("announce.dropped_before")
    if link is None:
        return turn.say("announce.wrong_link", choices=[back_choice(turn)])
    draft.link = link
    return _kept(turn, draft, "link")


def take_until(turn: Turn) -> None:
    """«đến hết 30/11», «hết thứ sáu tuần sau»: the whole of that day still counts."""
    today = local_date(turn.now)
    day, rest = read_day(_UNTIL.sub("", turn.text.strip(" .")), today)
    draft = draft_in_hand(turn)
    if draft is None:
        return turn.say("announce.dropped_before")
    if day is None or rest or not today <= day <= today + _FURTHEST:
        turn.say("announce.wrong_until", choices=[back_choice(turn)])
        return turn.ask_freely()
    # The last second of that day, so that the date on the wall is the one that was said.
    draft.valid_until = at(day + _ONE_DAY, _MIDNIGHT) - timedelta(seconds=1)
    return _kept(turn, draft, "until")


def read_link(text: str) -> str | None:
    """The address that a text is, complete with its scheme; None when it is none that people could open."""
    written = text.strip()
    if not written or any(letter.isspace() for letter in written) or len(written) > MAX_LINK:
        return None
    link = written if "://" in written else f"https://{written}"
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return None
    plain = parts.scheme in ("http", "https") and port is None and "@" not in parts.netloc
    return link if plain and parts.hostname and _HOST.fullmatch(parts.hostname) else None


def _kept(turn: Turn, draft: Announcement, what: str) -> None:
    turn.session.add(draft)
    show_again(turn, turn.words(f"announce.note.{what}"))


def _more(turn: Turn, draft: Announcement) -> list[Choice]:
    names = ["pictures", *(["document"] if turn.house.public_url else []), "link", "until"]
    names += ["no_pictures"] if draft.pictures else []
    names += ["no_document"] if draft.document else []
    names += ["no_link"] if draft.link else []
    names += ["no_until"] if draft.valid_until else []
    choices = [turn.choice(f"announce.button.{name}", f"announce.add:{name}") for name in names]
    return [*choices, back_choice(turn)]
