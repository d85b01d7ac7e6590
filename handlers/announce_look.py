"""How an announcement will look before anybody gets it: sent to oneself, and cut as each channel cuts it."""

from __future__ import annotations

from core.fitting import fit
from core.messages import Content
from handlers.announce_base import back_choice
from handlers.announce_content import content_of
from handlers.announce_preview import draft_in_hand
from handlers.turn import Turn
from storage.outbox import Draft, enqueue
from storage.statuses import AfterDoubt, Lane


def send_to_myself(turn: Turn) -> None:
    """One real message by the same way as to everybody: the same lane, the same channel, the same cuts."""
    draft = draft_in_hand(turn)
    if draft is None:
        return turn.say("announce.dropped_before")
    test = Draft(
        contact=turn.chat,
        content=content_of(turn.house, draft),
        kind="announcement_test",
        lane=Lane.BULK,
        after_doubt=AfterDoubt.PARK,
        dedupe_key=f"announcement:{draft.id}:test:{turn.inbox_id}",
        inbox_id=turn.inbox_id,
    )
    enqueue(turn.session, test, turn.now)
    return turn.say("announce.tested", choices=[back_choice(turn)])


def show_channels(turn: Turn) -> None:
    """Each channel's messages one by one, as they are cut there, with their pictures."""
    draft = draft_in_hand(turn)
    if draft is None:
        return turn.say("announce.dropped_before")
    content = content_of(turn.house, draft)
    shown = list(turn.house.channels.items())
    for number, (name, limits) in enumerate(shown, start=1):
        parts = fit(content, limits)
        lines = [
            turn.words("announce.look_head", channel=turn.words(f"officer.channel.{name}"), count=len(parts))
        ]
        for at, part in enumerate(parts, start=1):
            lines.append(_part(turn, at, part))
        choices = (back_choice(turn),) if number == len(shown) else ()
        turn.reply(Content("\n".join(lines), choices))
    return None


def _part(turn: Turn, number: int, part: Content) -> str:
    """One message: its pictures, its words, how long they are."""
    pictures = turn.words("announce.look_pictures", count=len(part.pictures)) if part.pictures else ""
    length = turn.words("announce.look_length", count=len(part.text)) if part.text else ""
    head = turn.words(
        "announce.look_part", number=number, what=" + ".join(one for one in (pictures, length) if one)
    )
    return f"{head}\n{part.text}" if part.text else head
