"""One's announcements of the last weeks, those that wait for a second person, and the history of each."""

from __future__ import annotations

from datetime import timedelta

from core.calendar import spoken_moment
from core.messages import Choice, Content
from handlers.announce_base import author_of, find_own, list_approvers, staff_of
from handlers.announce_content import short
from handlers.turn import Turn
from storage.announcing import list_pending, list_steps, list_written_by
from storage.models import Announcement, AnnouncementEvent
from storage.statuses import AnnouncementStep, StaffRole

_RECENT = timedelta(days=30)
_SHOWN, _MOST_PENDING, _TITLE = 8, 20, 40


def show_mine(turn: Turn) -> None:
    """What I wrote (a leader: what anybody wrote) in the last 30 days, newest first, and what waits for me."""
    staff = staff_of(turn)
    leads = staff.role == StaffRole.LEADER
    rows = list_written_by(turn.session, None if leads else staff.id, turn.now - _RECENT, _SHOWN)
    to_decide = [one for one in list_pending(turn.session, _MOST_PENDING) if _may_decide(turn, one)]
    lines = [turn.words("announce.list_head" if rows or to_decide else "announce.list_none")]
    choices: list[Choice] = []
    for one in [*to_decide, *(row for row in rows if row not in to_decide)]:
        lines.append(_line(turn, len(choices) + 1, one))
        action = "ask_decision" if one in to_decide else "progress"
        choices.append(Choice(short(one, _TITLE), f"announce.{action}:{one.id}"))
    choices.append(turn.choice("announce.button.again", "announce.start"))
    turn.reply(Content("\n".join(lines), tuple(choices)))


def show_history(turn: Turn, announcement_id: int) -> None:
    """Who did what, when, from where; nothing is ever taken out of it."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    lines = [turn.words("announce.history_head", short=short(found))]
    for event, staff in list_steps(turn.session, announcement_id):
        name = staff.name if staff else turn.words("announce.by_clock")
        what = turn.words(f"announce.step.{event.kind}")
        tail = f": {_told(turn, event)}" if event.text else ""
        via = f" {turn.words('announce.via', channel=_channel(turn, event.channel))}" if staff else ""
        lines.append(f"• {spoken_moment(event.at)} – {name}{via}: {what}{tail}")
    back = turn.choice("announce.button.progress", f"announce.progress:{found.id}")
    return turn.reply(Content("\n".join(lines), (back,)))


def _told(turn: Turn, event: AnnouncementEvent) -> str:
    """A place is kept by its key, everything else in the words that were said."""
    posting = event.kind in (AnnouncementStep.POSTED, AnnouncementStep.UNPOSTED)
    return turn.words(f"announce.place.{event.text}") if posting else event.text


def _channel(turn: Turn, name: str) -> str:
    key = f"officer.channel.{name}"
    return turn.words(key) if turn.house.words.has(key) else name


def _line(turn: Turn, number: int, one: Announcement) -> str:
    state = turn.words(f"announce.status.{one.status}")
    name = author_of(turn.session, one).name
    return turn.words("announce.list_line", number=number, short=short(one), state=state, name=name)


def _may_decide(turn: Turn, one: Announcement) -> bool:
    approvers = list_approvers(turn.session, turn.house, author_of(turn.session, one))
    return staff_of(turn).id in [staff.id for staff, _ in approvers]
