"""The preview of an announcement: kept as a draft, shown as recipients will read it, with what can be done next."""

from __future__ import annotations

from collections.abc import Iterator

from core.audience import Audience
from core.calendar import spoken_moment
from core.messages import Choice, Content
from core.reach import Reached
from handlers.announce_audience import as_kept, ask_audience, chosen_audience
from handlers.announce_base import FLOW, PREVIEW, audience_said, drop_choice, staff_of
from handlers.announce_content import content_of, sign
from handlers.announce_documents import add_waiting_document, drop_lost_document
from handlers.announce_launch import needs_approval
from handlers.announce_reach import reach_lines
from handlers.turn import Turn
from storage.announcements import add_announcement, lock_announcement
from storage.announcing import record_step
from storage.audiences import aim, audience_of, measure
from storage.models import Announcement, Staff
from storage.statuses import AnnouncementStatus, AnnouncementStep


def show(turn: Turn, audience: Audience, changed: str = "") -> None:
    """Keep words and audience in the draft and show it; buttons under an earlier preview do nothing from here on.

    `changed` is what is told in the history.
    """
    found = measure(turn.session, audience, turn.house.windows, turn.now)
    draft = _keep(turn, staff_of(turn), audience, found.total, changed)
    turn.go(FLOW, PREVIEW, **as_kept(audience), draft=draft.id)
    turn.reply(content_of(turn.house, draft))
    lines = [*_facts(turn, draft, found)]
    turn.reply(Content("\n".join(lines), tuple(_choices(turn, draft, found.total))))


def show_again(turn: Turn, changed: str = "") -> None:
    """The preview of the draft in hand, after something that belongs to it has changed."""
    if not turn.in_flow(FLOW) or "text" not in turn.data:
        return turn.say("announce.dropped_before")
    audience = chosen_audience(turn)
    return ask_audience(turn) if audience is None else show(turn, audience, changed)


def draft_in_hand(turn: Turn) -> Announcement | None:
    """The draft that this person is at, locked; None when it has gone its way meanwhile."""
    number = turn.data.get("draft") if turn.in_flow(FLOW) else None
    found = lock_announcement(turn.session, int(number)) if number is not None else None
    if found is None or found.status != AnnouncementStatus.DRAFT or found.staff_id != staff_of(turn).id:
        return None
    return found


def _keep(turn: Turn, staff: Staff, audience: Audience, total: int, changed: str) -> Announcement:
    text = sign(turn, staff, str(turn.data["text"]))
    found = draft_in_hand(turn)
    if found is None:
        draft = Announcement(
            staff_id=staff.id or 0,
            chat_id=turn.chat.id or 0,
            text=text,
            recipients=total,
            pictures=list(turn.data.get("pictures", [])),
            created_at=turn.now,
            changed_at=turn.now,
        )
        aim(draft, audience)
        add_announcement(turn.session, draft)
        add_waiting_document(turn, draft)
        record_step(turn.session, draft, AnnouncementStep.WRITTEN, turn.actor, turn.now)
        return draft
    drop_lost_document(turn, found)
    found.text, found.recipients = text, total
    aim(found, audience)
    # Another chat of the same person may be the one that hears the result now.
    found.chat_id, found.changed_at = turn.chat.id or 0, turn.now
    found.approved_by = None
    found.revision += 1
    turn.session.add(found)
    record_step(turn.session, found, AnnouncementStep.CHANGED, turn.actor, turn.now, changed)
    return found


def _facts(turn: Turn, draft: Announcement, found: Reached) -> Iterator[str]:
    """To whom it goes, when, and what stands in its way."""
    who, quiet = audience_said(turn, draft), turn.house.ward.quiet
    if found.total == 0:
        yield turn.words("announce.empty", audience=who)
        yield from reach_lines(turn, audience_of(draft), found)
        return
    yield turn.words("announce.check", audience=who, total=found.total)
    yield from reach_lines(turn, audience_of(draft), found)
    if draft.scheduled_at:
        yield turn.words("announce.check_when", when=spoken_moment(draft.scheduled_at))
    if draft.urgent:
        yield turn.words("announce.check_urgent", quiet=quiet)
    if draft.night_reason:
        yield turn.words("announce.check_night", quiet=quiet, reason=draft.night_reason)
    if needs_approval(turn.house, draft, found.total):
        yield turn.words("announce.check_approval", limit=turn.house.ward.approve_above)


def _choices(turn: Turn, draft: Announcement, total: int) -> Iterator[Choice]:
    if total:
        key = "send"
        if needs_approval(turn.house, draft, total):
            key = "submit"
        elif draft.scheduled_at and draft.scheduled_at > turn.now:
            key = "send_later"
        yield turn.choice(
            f"announce.button.{key}", f"announce.confirm:{draft.id}:{draft.revision}", total=total
        )
        yield turn.choice(
            "announce.button.change_when" if draft.scheduled_at else "announce.button.when", "announce.when"
        )
    for name in ("test", "look", "more", "edit"):
        yield turn.choice(f"announce.button.{name}", f"announce.{name}")
    yield turn.choice("announce.button.audience", "announce.who")
    yield drop_choice(turn)
