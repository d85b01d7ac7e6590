"""What citizens write under an announcement becomes a question to the unit that sent it, never noise."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from core.messages import MessageKind
from core.ward import OTHER, Department
from core.wards import fold
from faq.decision import Decision
from handlers.announce_base import author_of, unit_of
from handlers.announce_content import short
from handlers.phrases import has_letters, is_said, says
from handlers.report_filing import Place, file_ticket, may_file, say_filed, say_full
from handlers.report_guess import sounds_like_report
from handlers.turn import Turn
from storage.announcements import find_announcement
from storage.models import Announcement
from storage.notices import find_latest, find_quoted

PREFIX = "notice."
# As long as people remember what came last; later they write of something else.
_FRESH = timedelta(hours=6)
_OPEN = timedelta(minutes=30)
_MAX_SAID, _DAYS = 1500, 1
# Two syllables that follow each other in both are no chance: «cắt điện», «ngõ 5», «tiêm phòng».
_SYLLABLE = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset(
    (
        *("co", "khong", "la", "thi", "ma", "va", "cua", "cho", "o", "tai", "duoc", "nay", "kia", "do"),
        *("ngay", "gio", "phut", "nam", "thang", "tu", "den", "luc"),
    )
)


def answers(turn: Turn) -> bool:
    """True for our buttons, and for a yes or no to our question."""
    if turn.action is not None:
        return turn.action.name.startswith(PREFIX)
    if turn.message.kind is not MessageKind.TEXT or "about" not in turn.data or turn.conversation.flow:
        return False
    fresh = turn.now - turn.conversation.updated_at <= _OPEN
    return fresh and any(is_said(turn.text, turn.words(f"notice.typed.{key}")) for key in ("yes", "no"))


def applies(turn: Turn) -> bool:
    """True for words under an announcement, or soon after it and about it, that nothing else can answer surely."""
    if turn.action is not None or turn.message.kind is not MessageKind.TEXT or not has_letters(turn.text):
        return False
    if turn.staff is not None or turn.message.in_group or turn.conversation.flow is not None:
        return False
    if turn.text.startswith("/") or turn.match.decision is Decision.ANSWER:
        return False
    # «Nhà tôi có bị mất không?» asks about the notice, however much it sounds like a trouble.
    if sounds_like_report(turn) and not turn.match.asks:
        return False
    return _about(turn) is not None


def respond(turn: Turn) -> None:
    """Ask once, then pass it on."""
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix(PREFIX))
    if answers(turn):
        return _tap(turn, "send" if is_said(turn.text, turn.words("notice.typed.yes")) else "other")
    found = _about(turn)
    if found is None:
        return None
    turn.keep(said=turn.text[:_MAX_SAID], about=found.id)
    choices = (
        turn.choice("notice.choose_send", f"{PREFIX}send"),
        turn.choice("notice.choose_other", f"{PREFIX}other"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    return turn.say("notice.ask", choices=choices, short=short(found), department=_unit(turn, found).name)


def _tap(turn: Turn, verb: str) -> None:
    said, number = str(turn.data.get("said", "")), turn.data.get("about")
    found = find_announcement(turn.session, int(number)) if number is not None else None
    menu = turn.choice("welcome.choose_menu", "menu")
    if found is None or not said:
        return turn.say("notice.old", choices=[menu])
    if verb == "other":
        turn.keep(about=None)
        choices = (
            turn.choice("question.choose_report", "report.said"),
            turn.choice("lookup.choose_question", "question.said"),
            menu,
        )
        return turn.say("notice.other", choices=choices)
    if not may_file(turn):
        return say_full(turn)
    turn.end()
    # What is asked of a notice is mostly over in a few days: it does not wait as long as a report.
    sorted_as = turn.house.ward.get_category(OTHER)
    unit = _unit(turn, found).key
    category = replace(sorted_as, department=unit, deadline_working_days=_DAYS, deadline_hours=None)
    text = turn.words("notice.ticket", short=short(found), said=said)
    ticket = file_ticket(turn, category, text, Place(area=turn.contact.area))
    return say_filed(turn, ticket, "notice.filed")


def _about(turn: Turn) -> Announcement | None:
    """The announcement that was quoted, or the one that came last when the words are about it."""
    chat = turn.chat.id or 0
    if turn.message.reply_to is not None:
        return find_quoted(turn.session, chat, turn.message.reply_to)
    found = find_latest(turn.session, chat, turn.now - _FRESH)
    return found if found is not None and _speaks_of(turn, found) else None


def _speaks_of(turn: Turn, found: Announcement) -> bool:
    if says(turn.text, turn.words("notice.signs.about")):
        return True
    asks = "?" in turn.text or says(turn.text, turn.words("question.signs.any"))
    return asks and bool(_pairs(turn.text) & _pairs(found.text))


def _pairs(text: str) -> set[tuple[str, str]]:
    words = _SYLLABLE.findall(fold(text))
    return {pair for pair in pairwise(words) if not _EMPTY.intersection(pair)}


def _unit(turn: Turn, found: Announcement) -> Department:
    """The unit that stands behind the announcement; a leader's words are answered by whom the ward lets sort them."""
    key = unit_of(turn.house, author_of(turn.session, found))
    return turn.house.ward.get_department(key or turn.house.ward.get_category(OTHER).department)
