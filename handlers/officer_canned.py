"""An officer takes words that stand ready: sees what fits, fills the blanks, and reads all of it before it goes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from core.calendar import local_date, spoken_date
from core.dates import read_day
from core.messages import Choice
from core.replies import Act, fill, find_blank, is_day
from core.wards import fold
from handlers import desk
from handlers.canned import fill_known, fitting
from handlers.desk_reading import Verb
from handlers.desk_rules import hold, need_open, stored
from handlers.officer_flow import flow_ticket, gathered_files, kept_files, say_gone, show_words
from handlers.officer_prompts import BLANK, CANNED, ask_text, begin, cancel_choice, say
from handlers.turn import Turn
from storage.models import Ticket

_SHOWN: Final = 3
_LONGEST_VALUE, _LONGEST_PLACE = 200, 100
_PLACE: Final = "dia diem"
# The sentence around the blank has the word already.
_AT: Final = re.compile(r"(?:ở|tại)\s+", re.IGNORECASE)
# Nobody promises or reports a day that is further off: then the year was misread.
_FURTHEST: Final = timedelta(days=183)


def show_canned(turn: Turn, ticket_id: int, verb: Verb, offset: int) -> None:
    """The replies that fit, a few at a time, each with all its words; own words can still be typed."""
    ticket = hold(turn, ticket_id)
    need_open(turn, ticket)
    kept = [file.id for file in kept_files(turn)] if flow_ticket(turn) == ticket_id else []
    found = fitting(turn, verb, ticket)
    page = found[offset : offset + _SHOWN]
    if not page:
        return ask_text(turn, verb, ticket_id)
    words = [fill_known(turn, one.text, ticket) for one in page]
    acts = [one.act.value for one in page]
    begin(turn, CANNED, verb, ticket, files=kept, words=words, acts=acts, draft=turn.inbox_id)
    titles = [
        turn.words("officer.canned.title", number=number, title=one.title)
        for number, one in enumerate(page, start=1)
    ]
    lines = [f"{title}\n“{text}”" for title, text in zip(titles, words, strict=True)]
    choices = [
        Choice(title, f"officer.canned_take:{ticket_id}:{turn.inbox_id}:{at}")
        for at, title in enumerate(titles)
    ]
    if len(found) > offset + _SHOWN:
        more = f"officer.canned:{ticket_id}:{verb}:{offset + _SHOWN}"
        choices.append(turn.choice("officer.button.canned_more", more))
    head = turn.words("officer.canned.head", code=ticket.code)
    say(turn, "\n\n".join([head, *lines]), [*choices, cancel_choice(turn)], ticket)
    return None


def take_canned(turn: Turn, ticket_id: int, draft: int, at: int) -> None:
    """One of those that were shown; an old button takes nothing."""
    data = turn.data
    if flow_ticket(turn) != ticket_id or turn.conversation.step != CANNED or data["draft"] != draft:
        return say_gone(turn, ticket_id)
    at = min(at, len(data["words"]) - 1)
    return _go_on(turn, ticket_id, str(data["words"][at]), str(data["acts"][at]))


def take_blank(turn: Turn) -> None:
    """Words for the blank that is asked for; photos are kept beside it."""
    ticket_id, text, act = flow_ticket(turn) or 0, str(turn.data["text"]), str(turn.data["act"])
    if turn.files and not turn.text:
        kept = len(gathered_files(turn))
        lost = not stored(turn.files)
        lead = turn.words("officer.photo_failed") if lost else turn.words("officer.photo_taken", count=kept)
        return _go_on(turn, ticket_id, text, act, lead)
    blank = find_blank(text) or ""
    if fold(turn.text) == fold(turn.words("officer.button.canned_place")) and fold(blank) == _PLACE:
        return take_place(turn, ticket_id, int(turn.data["draft"]))
    try:
        value = _day(turn, act) if is_day(blank) else _value(turn, blank)
    except desk.Refused as refused:
        return _go_on(turn, ticket_id, text, act, turn.words(refused.key, **refused.fields))
    return _go_on(turn, ticket_id, fill(text, {blank: value}), act)


def take_place(turn: Turn, ticket_id: int, draft: int) -> None:
    """The place is the one that the citizen named."""
    data = turn.data
    if flow_ticket(turn) != ticket_id or turn.conversation.step != BLANK or data["draft"] != draft:
        return say_gone(turn, ticket_id)
    place = _filed_place(turn, hold(turn, ticket_id))
    return _go_on(
        turn, ticket_id, fill(str(data["text"]), {_PLACE: place} if place else {}), str(data["act"])
    )


def _go_on(turn: Turn, ticket_id: int, text: str, act: str, lead: str = "") -> None:
    """Ask for the next blank; where none is left, show what would be sent."""
    verb, files = Verb(turn.data["verb"]), gathered_files(turn)
    # What was filled in may stand at the start of the sentence.
    text = text[:1].upper() + text[1:]
    blank = find_blank(text)
    if blank is None:
        midway = verb is Verb.ANSWER and act == Act.ANSWER
        return show_words(turn, verb, ticket_id, text, files, midway=midway)
    ticket = hold(turn, ticket_id)
    need_open(turn, ticket)
    kept = [file.id for file in files]
    begin(turn, BLANK, verb, ticket, text=text, act=act, files=kept, draft=turn.inbox_id)
    key = "officer.canned.ask_day" if is_day(blank) else "officer.canned.ask"
    lines = [lead] if lead else []
    lines += [f"“{text}”", turn.words(key, blank=blank)]
    choices = [cancel_choice(turn)]
    place = _filed_place(turn, ticket) if fold(blank) == _PLACE else ""
    if place:
        lines.append(turn.words("officer.canned.filed_place", place=place))
        action = f"officer.canned_place:{ticket_id}:{turn.inbox_id}"
        choices.insert(0, turn.choice("officer.button.canned_place", action))
    say(turn, "\n\n".join(lines), choices, ticket)
    # «12» is the number of a house here, not that of a button.
    return turn.ask_freely()


def _value(turn: Turn, blank: str) -> str:
    value = _bare(" ".join(turn.text.split())) if fold(blank) == _PLACE else " ".join(turn.text.split())
    if not any(letter.isalnum() for letter in value) or "{" in value or "}" in value:
        raise desk.Refused("officer.canned.no_value")
    if len(value) > _LONGEST_VALUE:
        raise desk.Refused("officer.too_long", limit=_LONGEST_VALUE, length=len(value))
    return value.rstrip(".")


def _day(turn: Turn, act: str) -> str:
    """A day written as people do. What is done may lie behind us: «20/11» is then the one just gone."""
    today = local_date(turn.now)
    first = today - _FURTHEST if act == Act.RESOLVE else today
    day, rest = read_day(turn.text, today)
    if day is not None and day > today + _FURTHEST and first < today:
        day, rest = read_day(turn.text, first)
    if day is None or rest:
        raise desk.Refused("officer.canned.no_day")
    if not _within(day, first, today + _FURTHEST):
        raise desk.Refused("officer.canned.far_day", day=spoken_date(day))
    return spoken_date(day)


def _bare(place: str) -> str:
    return _AT.sub("", place, count=1) if _AT.match(place) else place


def _within(day: date, first: date, last: date) -> bool:
    return first <= day <= last


def _filed_place(turn: Turn, ticket: Ticket) -> str:
    """The place in the citizen's words, or the name of the area; nothing where it would not fit into a sentence."""
    area = next((one.name for one in turn.house.ward.areas if one.key == ticket.area), "")
    place = _bare(" ".join((ticket.place or area).split())).rstrip(".")
    usable = 0 < len(place) <= _LONGEST_PLACE and "{" not in place and "}" not in place
    return place if usable else ""
