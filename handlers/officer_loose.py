"""Words of an officer that stand under no card: for which ticket are they, or are they a report of the officer's own?

Who is tired writes «đã sửa xong đèn ngõ 5» into the chat instead of under the card. Taken for a citizen's report it
would make a second ticket of the work that was just done.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from core.messages import Choice, MessageKind
from faq.decision import Decision
from handlers import report
from handlers.cards import category_name, is_open
from handlers.desk_reading import CARD, DESK, Order, Verb, read_reply
from handlers.desk_rules import Refused, may_handle, stored
from handlers.mistyped import lacks_code
from handlers.officer_acts import act
from handlers.officer_flow import kept_files
from handlers.turn import Turn
from storage.models import Ticket
from storage.screen import find_newest, list_tickets_shown
from storage.statuses import StaffRole

FLOW: Final = "loose"
PREFIX: Final = "loose."
_MOST: Final = 3
_TITLE: Final = 60
# Cards of longer ago are behind whatever was said since.
_RECENT: Final = timedelta(days=3)


def applies(turn: Turn) -> bool:
    """True for its buttons, and for loose words of somebody whose desk has had a card of late."""
    if turn.action is not None:
        return turn.action.name.startswith(PREFIX)
    return _is_loose(turn) and bool(_candidates(turn))


def respond(turn: Turn) -> None:
    """Ask for which ticket, keeping the words; or do what was chosen."""
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix(PREFIX), (*turn.action.args, "")[0])
    order, tickets = read_reply(turn), _candidates(turn)
    turn.go(
        FLOW,
        "which",
        said=turn.text,
        verb=str(order.verb),
        rest=order.rest,
        files=[file.id for file in stored(turn.files)],
    )
    choices = [Choice(_title(turn, one), f"{PREFIX}for:{one.id}") for one in tickets]
    choices.append(turn.choice("officer.button.loose_report", f"{PREFIX}report"))
    choices.append(turn.choice("officer.button.loose_drop", f"{PREFIX}drop"))
    return turn.say("officer.loose", choices=choices)


def _tap(turn: Turn, name: str, number: str) -> None:
    if not turn.in_flow(FLOW):
        return turn.say("officer.nothing_to_edit")
    data, files = turn.data, kept_files(turn)
    if name == "report":
        turn.files = files
        return report.start_with(turn, str(data["said"]), recognised=True)
    turn.end()
    if name != "for" or not number.isascii() or not number.isdigit() or len(number) > 14:
        return turn.say("officer.cancelled")
    try:
        return act(turn, Order(Verb(data["verb"]), None, str(data["rest"])), int(number), files)
    except Refused as refused:
        turn.end()
        return turn.say(refused.key, **refused.fields)


def _is_loose(turn: Turn) -> bool:
    staff = turn.staff
    if staff is None or staff.role not in (StaffRole.OFFICER, StaffRole.LEADER) or turn.chat.is_group:
        return False
    if turn.conversation.flow not in (None, FLOW) or turn.message.reply_to is not None:
        return False
    if turn.message.kind not in (MessageKind.TEXT, MessageKind.PHOTO):
        return False
    return (report.begins(turn) and not report.is_asked_for(turn)) or lacks_code(turn) or _answers_card(turn)


def _answers_card(turn: Turn) -> bool:
    """Words that mean nothing else, and the last thing on the screen is a card."""
    if turn.message.kind is not MessageKind.TEXT or turn.match.decision is not Decision.NONE:
        return False
    newest = find_newest(turn.session, turn.chat.id or 0, turn.now)
    return newest is not None and newest.kind == CARD


def _candidates(turn: Turn) -> list[Ticket]:
    """The open tickets of which this person was shown something last, the newest first."""
    shown = list_tickets_shown(turn.session, turn.chat.id or 0, (CARD, DESK), turn.now - _RECENT)
    return [one for one in shown if is_open(one) and may_handle(turn.staff, one)][:_MOST]


def _title(turn: Turn, ticket: Ticket) -> str:
    title = turn.words("officer.loose_line", code=ticket.code, category=category_name(turn, ticket))
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"
