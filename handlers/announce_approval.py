"""A second person reads a large announcement before it goes; without one only an emergency with its reason leaves."""

from __future__ import annotations

from dataclasses import replace

from core.audience import Audience
from core.calendar import spoken_moment
from core.messages import Choice, Content
from handlers.announce_base import (
    DECIDE,
    EMERGENCY,
    FLOW,
    WHY_NOT,
    audience_said,
    author_of,
    find_own,
    leave_choice,
    list_approvers,
    read_reason,
)
from handlers.announce_content import content_of
from handlers.announce_launch import is_passed, launch, make_draft_again, start
from handlers.announce_reach import reach_lines
from handlers.announce_state import running, say_state
from handlers.turn import Turn
from storage.announcements import count_recipients, lock_announcement
from storage.announcing import record_step
from storage.audiences import aim, audience_of, measure
from storage.contacts import get_contact
from storage.models import Announcement, Contact
from storage.staff import list_leaders
from storage.statuses import AnnouncementStatus, AnnouncementStep

_KIND = "announcement_office"
_WAITING = (AnnouncementStatus.DRAFT, AnnouncementStatus.PENDING)


def submit(turn: Turn, found: Announcement, total: int) -> None:
    """Ask everybody who may approve it; the first answer counts."""
    approvers = list_approvers(turn.session, turn.house, author_of(turn.session, found))
    if not approvers:
        choice = turn.choice("announce.button.emergency", f"announce.emergency:{found.id}")
        limit = turn.house.ward.approve_above
        return turn.say("announce.nobody_approves", choices=[choice], total=total, limit=limit)
    found.status, found.recipients = AnnouncementStatus.PENDING.value, total
    if found.scheduled_at and found.scheduled_at <= turn.now:
        # The draft lay longer than its hour: it goes as soon as it is approved.
        found.scheduled_at = None
    turn.session.add(found)
    record_step(turn.session, found, AnnouncementStep.SUBMITTED, turn.actor, turn.now)
    if turn.in_flow(FLOW):
        turn.end()
    for _, contact in approvers:
        _show(turn, found, contact, "ask", _question(turn, found), _answers(turn, found))
    names = ", ".join(staff.name for staff, _ in approvers)
    pending = (turn.choice("announce.button.emergency", f"announce.emergency:{found.id}"),)
    return turn.say("announce.submitted", choices=pending, names=names)


def ask_again(turn: Turn, announcement_id: int) -> None:
    """The same question once more, from the list."""
    found = _find_to_decide(turn, announcement_id, None)
    if found is not None and not _has_passed(turn, found):
        turn.reply(content_of(turn.house, found))
        turn.reply(Content(_question(turn, found), _answers(turn, found)))


def approve(turn: Turn, announcement_id: int, revision: int) -> None:
    """Let it go, now or at its hour; a second tap, or one under older words, approves nothing."""
    found = _find_to_decide(turn, announcement_id, revision)
    if found is None or _has_passed(turn, found):
        return None
    staff = turn.staff
    found.approved_by = staff.id if staff else None
    record_step(turn.session, found, AnnouncementStep.APPROVED, turn.actor, turn.now)
    total = count_recipients(turn.session, audience_of(found))
    started = launch(turn.session, turn.house, found, total, turn.actor, turn.now)
    when = spoken_moment(found.scheduled_at or turn.now)
    key = "started" if started else "scheduled"
    turn.say(f"announce.approved_you_{key}", total=total, when=when)
    text = turn.words(f"announce.approved_{key}", name=_name(turn), total=total, when=when)
    _tell_author(turn, found, "approved", text, running(turn, found) if started else ())


def refuse(turn: Turn, announcement_id: int, revision: int) -> None:
    """Ask for the reason, which the author will read."""
    found = _find_to_decide(turn, announcement_id, revision)
    if found is not None:
        turn.go(DECIDE, WHY_NOT, refused=announcement_id, revision=revision)
        turn.say("announce.ask_why_not", choices=[leave_choice(turn, found)])


def take_why_not(turn: Turn) -> None:
    """Send it back with the reason: it is a draft again."""
    number, revision = int(turn.data.get("refused") or 0), int(turn.data.get("revision") or 0)
    found = _find_to_decide(turn, number, revision)
    if found is None:
        return turn.end()
    reason = read_reason(turn, leave_choice(turn, found))
    if reason is None:
        return None
    turn.end()
    make_draft_again(turn.session, found)
    record_step(turn.session, found, AnnouncementStep.RETURNED, turn.actor, turn.now, reason)
    turn.say("announce.returned_you", name=author_of(turn.session, found).name)
    revise = turn.choice("announce.button.revise", f"announce.revise:{found.id}")
    text = turn.words("announce.returned", name=_name(turn), reason=reason)
    return _tell_author(turn, found, "returned", text, (revise,))


def ask_emergency(turn: Turn, announcement_id: int) -> None:
    """The way around the second person: why, told to the leaders at once and kept for ever."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if found.status not in _WAITING:
        return say_state(turn, found)
    turn.go(FLOW, EMERGENCY, emergency=found.id, revision=found.revision)
    total = count_recipients(turn.session, _as_urgent(found))
    return turn.say("announce.ask_emergency", choices=[leave_choice(turn, found)], total=total)


def take_emergency(turn: Turn) -> None:
    """The reason is there: it goes at once, as an urgent one, and the leaders hear of it in the same moment."""
    found = find_own(turn, int(turn.data.get("emergency") or 0))
    if found is None:
        return turn.end()
    if found.status not in _WAITING or found.revision != turn.data.get("revision"):
        turn.end()
        return say_state(turn, found)
    reason = read_reason(turn, leave_choice(turn, found))
    if reason is None:
        return None
    turn.end()
    aim(found, _as_urgent(found))
    found.scheduled_at = None
    total = count_recipients(turn.session, audience_of(found))
    record_step(turn.session, found, AnnouncementStep.EMERGENCY, turn.actor, turn.now, reason)
    start(turn.session, found, total, turn.actor, turn.now)
    text = turn.words("announce.emergency_told", reason=reason, **_facts(turn, found))
    for staff, contact in list_leaders(turn.session):
        if staff.id != found.staff_id:
            _show(turn, found, contact, "emergency", text, running(turn, found))
    return turn.say("announce.started_emergency", choices=running(turn, found), total=total)


def _find_to_decide(turn: Turn, announcement_id: int, revision: int | None) -> Announcement | None:
    found, staff = lock_announcement(turn.session, announcement_id), turn.staff
    if found is None or staff is None:
        turn.say("announce.gone")
        return None
    approvers = list_approvers(turn.session, turn.house, author_of(turn.session, found))
    if staff.id not in [one.id for one, _ in approvers]:
        turn.say("announce.no_approver")
        return None
    if found.status != AnnouncementStatus.PENDING or revision not in (None, found.revision):
        turn.say("announce.decided")
        return None
    return found


def _has_passed(turn: Turn, found: Announcement) -> bool:
    """Nothing goes out late unasked: the author was told, and chooses first; said here."""
    if not is_passed(found, turn.now):
        return False
    if found.valid_until and found.valid_until <= turn.now:
        turn.say("announce.not_valid_then")
    else:
        turn.say("announce.hour_passed", when=spoken_moment(found.scheduled_at or turn.now))
    return True


def _as_urgent(found: Announcement) -> Audience:
    """Danger to life concerns whoever is there, whatever they like to read about."""
    return replace(audience_of(found), urgent=True, topics=())


def _question(turn: Turn, found: Announcement) -> str:
    audience = audience_of(found)
    reached = measure(turn.session, audience, turn.house.windows, turn.now)
    asked = turn.words("announce.ask_approval", **_facts(turn, found))
    lines = [asked, *reach_lines(turn, audience, reached)]
    return "\n".join(lines)


def _answers(turn: Turn, found: Announcement) -> tuple[Choice, ...]:
    tail = f"{found.id}:{found.revision}"
    return (
        turn.choice("announce.button.approve", f"announce.approve:{tail}"),
        turn.choice("announce.button.refuse", f"announce.refuse:{tail}"),
    )


def _facts(turn: Turn, found: Announcement) -> dict[str, object]:
    return {
        "author": author_of(turn.session, found).name,
        "audience": audience_said(turn, found),
        "total": found.recipients,
        "when": spoken_moment(found.scheduled_at) if found.scheduled_at else turn.words("announce.at_once"),
    }


def _show(
    turn: Turn,
    found: Announcement,
    contact: Contact,
    occasion: str,
    text: str,
    choices: tuple[Choice, ...] | list[Choice],
) -> None:
    """First what people will read, exactly; then who wants to send it to whom."""
    key = f"announcement:{found.id}:{occasion}:{found.revision}"
    turn.notify(contact, content_of(turn.house, found), _KIND, f"{key}:words")
    turn.notify(contact, Content(text, tuple(choices)), _KIND, key)


def _tell_author(
    turn: Turn, found: Announcement, occasion: str, text: str, choices: tuple[Choice, ...] | list[Choice]
) -> None:
    contact = get_contact(turn.session, found.chat_id)
    key = f"announcement:{found.id}:{occasion}:{found.revision}"
    turn.notify(contact, Content(text, tuple(choices)), _KIND, key)


def _name(turn: Turn) -> str:
    return turn.staff.name if turn.staff else ""
