"""«It is not done»: asks whoever filed or joined a ticket what is missing, by a button or by their own words."""

from __future__ import annotations

from handlers import desk
from handlers.lookup_more import FLOW, back
from handlers.phrases import says
from handlers.turn import Turn
from storage.followers import follows
from storage.models import Ticket
from storage.outbox import find_delivery
from storage.screen import find_newest
from storage.statuses import TicketStatus
from storage.votes import ENDED, read_votes


def ask_reopening(turn: Turn, ticket: Ticket) -> None:
    """Wait for what is not done yet; it may be said without a word."""
    if TicketStatus(ticket.status) not in ENDED:
        raise desk.Refused("lookup.not_now", code=ticket.code)
    turn.go(FLOW, "reopen", code=ticket.code)
    word = _word(turn, ticket)
    now = turn.choice(f"lookup.choose_{word}_now", f"lookup.reopen_now:{ticket.code}")
    turn.say(f"lookup.ask_{word}", choices=[now, back(turn, ticket)], code=ticket.code)


def _word(turn: Turn, ticket: Ticket) -> str:
    """Whose word opens it, and whose is one among several."""
    case = turn.session.get_one(Ticket, ticket.parent_id) if ticket.parent_id is not None else ticket
    return "reopening" if desk.decides(turn, case) else "dispute"


def find_disputed(turn: Turn) -> Ticket | None:
    """The ticket, own or joined, whose end stands last on the screen, when the person says that it is not so."""
    if turn.action is not None or turn.conversation.flow is not None or not turn.text:
        return None
    if not says(turn.text, turn.words("lookup.typed.not_done")):
        return None
    chat_id, replied_to = turn.chat.id or 0, turn.message.reply_to
    news = (
        find_delivery(turn.session, chat_id, replied_to)
        if replied_to
        else find_newest(turn.session, chat_id, turn.now)
    )
    ticket = turn.session.get(Ticket, news.ticket_id) if news is not None and news.ticket_id else None
    if ticket is None or TicketStatus(ticket.status) not in ENDED:
        return None
    mine = ticket.contact_id == turn.contact.id
    return ticket if mine or follows(turn.session, ticket.id or 0, turn.contact.id or 0) else None


def offer_reopening(turn: Turn) -> None:
    """Ask whether these words shall go to the office; they are kept until the answer."""
    ticket = find_disputed(turn)
    if ticket is None:
        return
    turn.go(FLOW, "reopen", code=ticket.code, said=turn.text, files=[file.id for file in turn.files])
    word = _word(turn, ticket)
    choices = (
        turn.choice(f"lookup.choose_{word}_now", f"lookup.reopen_now:{ticket.code}"),
        turn.choice("lookup.choose_other", "lookup.other"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    turn.say(f"lookup.offer_{word}", choices=choices, code=ticket.code)


def vote_lines(turn: Turn, ticket: Ticket) -> list[str]:
    """That the own word waits for the office, and until when."""
    votes = read_votes(turn.session, ticket)
    if all(one.contact_id != turn.contact.id for one in votes.waiting):
        return []
    return [turn.words("lookup.disputed", day=desk.look_until(turn, votes))]
