"""Looking up a ticket by its code, and one's own tickets; more about them, taking them back, opening them again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from core.codes import CodeTypo, parse_code
from core.messages import Choice, Content, MessageKind
from handlers import desk, lookup_dispute, lookup_more, lookup_rating
from handlers.cards import category_name, due_words, status_name
from handlers.desk_evidence import citizen_lines, evidence_words
from handlers.phrases import count_words, is_said
from handlers.turn import Turn
from storage.followers import count_followers, follows, list_followed
from storage.held import as_told
from storage.models import Ticket
from storage.promises import note_told
from storage.statuses import OPEN_TICKETS, TICKET_MOVES, EvidenceKind, TicketStatus
from storage.tickets import find_ticket, list_own

FLOW = "lookup"
MAX_MISSES = 10
_WINDOW = timedelta(hours=1)
# With fewer words, the code's three among them, the person only wants to see the ticket.
_WORDS_OF_NEWS = 9


def applies(turn: Turn) -> bool:
    """True for our buttons, our flow, the words for it, a code in a text, an answer to news of a ticket."""
    if turn.action is not None:
        return turn.action.name.startswith("lookup.")
    if lookup_more.waits(turn) or lookup_more.answers_news(turn) is not None:
        return True
    return turn.message.kind is MessageKind.TEXT and (
        _asks_for_own(turn) or parse_code(turn.whole_text) is not None or bool(lookup_more.waited_for(turn))
    )


def respond(turn: Turn) -> None:
    """Show, add, reopen or take back."""
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix("lookup."), turn.action.args)
    answered = lookup_more.answers_news(turn)
    if answered is not None:
        return lookup_more.add(turn, answered, turn.text, turn.files)
    found = parse_code(turn.whole_text)
    if lookup_more.waits(turn) and found is None:
        return lookup_more.take(turn)
    if isinstance(found, CodeTypo):
        return _miss(turn, "lookup.typo")
    if found is not None:
        return show(turn, found)
    waited = lookup_more.waited_for(turn)
    return show(turn, waited[0].code) if len(waited) == 1 else show_own(turn)


def show_own(turn: Turn) -> None:
    """The newest tickets of this contact to choose from, and how to look one up by code."""
    tickets = [as_told(turn.session, one, turn.now) for one in list_own(turn.session, turn.contact.id or 0)]
    # What an own ticket was merged into is that ticket already.
    own = {ticket.parent_id for ticket in tickets}
    joined = list_followed(turn.session, turn.contact.id or 0)
    followed = [as_told(turn.session, one, turn.now) for one in joined if one.id not in own]
    menu = turn.choice("welcome.choose_menu", "menu")
    if not (tickets or followed):
        return turn.say("lookup.none", choices=[turn.choice("report.choose_start", "report.start"), menu])
    choices = [Choice(_title(turn, ticket), f"lookup.show:{ticket.code}") for ticket in tickets]
    choices += [Choice(_joined_title(turn, ticket), f"lookup.show:{ticket.code}") for ticket in followed]
    return turn.say("lookup.own", choices=[*choices, menu])


def show(turn: Turn, code: str) -> None:
    """One ticket: everything about an own one, of anybody else's only state and date."""
    ticket = find_ticket(turn.session, code)
    if ticket is None:
        return _miss(turn, "lookup.unknown")
    ticket = as_told(turn.session, ticket, turn.now)
    if ticket.contact_id != turn.contact.id:
        joined = follows(turn.session, ticket.id or 0, turn.contact.id or 0)
        return _show_joined(turn, ticket) if joined else _show_foreign(turn, ticket)
    choices = _own_choices(turn, ticket)
    if count_words(turn.text) >= _WORDS_OF_NEWS and turn.action is None and is_open(ticket):
        turn.keep(said=turn.text)
        choices.insert(0, turn.choice("lookup.choose_add_said", f"lookup.add_said:{code}"))
    turn.reply(Content(_described(turn, ticket), tuple(choices)), ticket_id=ticket.id)
    return None


def is_open(ticket: Ticket) -> bool:
    """True while the office still works on it."""
    return TicketStatus(ticket.status) in OPEN_TICKETS


def _asks_for_own(turn: Turn) -> bool:
    return is_said(turn.text, turn.words("lookup.typed.own"))


def _show_foreign(turn: Turn, ticket: Ticket) -> None:
    # Whoever holds a code may know how it stands; what was written and shown is its author's.
    if _blocked(turn):
        return turn.say("lookup.too_often", choices=[turn.choice("welcome.choose_menu", "menu")])
    status = turn.words(f"tickets.status.{ticket.status}")
    note_told(turn.session, turn.session.get_one(Ticket, ticket.id), turn.now)
    key = "lookup.foreign" if is_open(ticket) else "lookup.foreign_closed"
    choices = [turn.choice("welcome.choose_menu", "menu")]
    return turn.say(key, choices=choices, code=ticket.code, status=status, due=due_words(ticket))


def _show_joined(turn: Turn, ticket: Ticket) -> None:
    """What whoever joined may read: how it stands and what was answered, nothing of the author's words."""
    fields = {
        "code": ticket.code,
        "status": status_name(turn, ticket),
        "category": category_name(turn, ticket),
    }
    people = count_followers(turn.session, ticket.id or 0) + 1
    lines = [turn.words("lookup.joined", people=people, **fields)]
    if is_open(ticket):
        note_told(turn.session, turn.session.get_one(Ticket, ticket.id), turn.now)
        lines.append(turn.words("lookup.due", due=due_words(ticket)))
    lines += _answer_lines(turn, ticket) + lookup_dispute.vote_lines(turn, ticket)
    choices = [turn.choice("lookup.choose_leave", f"lookup.leave:{ticket.code}")]
    if TicketStatus.REOPENED in TICKET_MOVES[TicketStatus(ticket.status)]:
        choices.insert(0, turn.choice("lookup.choose_dispute", f"lookup.reopen:{ticket.code}"))
    choices.append(turn.choice("welcome.choose_menu", "menu"))
    turn.reply(Content("\n".join(lines), tuple(choices)), ticket_id=ticket.id)


def _joined_title(turn: Turn, ticket: Ticket) -> str:
    fields = {"category": category_name(turn, ticket), "status": status_name(turn, ticket)}
    return turn.words("lookup.joined_line", **fields)


def _described(turn: Turn, ticket: Ticket) -> str:
    category = turn.house.ward.find_category(ticket.category)
    lines = [
        turn.words("lookup.head", code=ticket.code, status=turn.words(f"tickets.status.{ticket.status}")),
        turn.words("lookup.text", text=_shorten(ticket.text, 200)),
        turn.words("lookup.category", category=category.name if category else ticket.category),
    ]
    if is_open(ticket):
        note_told(turn.session, turn.session.get_one(Ticket, ticket.id), turn.now)
        lines.append(turn.words("lookup.due", due=due_words(ticket)))
    lines += _answer_lines(turn, ticket)
    return "\n".join(lines)


def _answer_lines(turn: Turn, ticket: Ticket) -> list[str]:
    if not ticket.answer:
        return []
    shown = [evidence_words(turn, ticket)] if ticket.evidence_kind == EvidenceKind.PHOTO else []
    shown += citizen_lines(turn, ticket)
    lines = [turn.words("lookup.answer", answer=ticket.answer)]
    return [*lines, *(turn.words("lookup.evidence", evidence=line) for line in shown)]


def _own_choices(turn: Turn, ticket: Ticket) -> list[Choice]:
    moves = TICKET_MOVES[TicketStatus(ticket.status)]
    choices = []
    if is_open(ticket):
        choices.append(turn.choice("lookup.choose_add", f"lookup.add:{ticket.code}"))
    if TicketStatus.WITHDRAWN in moves:
        choices.append(turn.choice("lookup.choose_withdraw", f"lookup.withdraw:{ticket.code}"))
    if TicketStatus.REOPENED in moves:
        choices.append(turn.choice("lookup.choose_reopen", f"lookup.reopen:{ticket.code}"))
    return [*choices, turn.choice("welcome.choose_menu", "menu")]


def _title(turn: Turn, ticket: Ticket) -> str:
    status = turn.words(f"tickets.status.{ticket.status}")
    return turn.words("lookup.line", text=_shorten(ticket.text, 28), status=status)


def _shorten(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


# ------------------------------------------------------------------------------------- wrong tries


def _miss(turn: Turn, key: str) -> None:
    """A code that leads nowhere: help with it, but do not let anybody try out codes."""
    if _blocked(turn):
        return turn.say("lookup.too_often", choices=[turn.choice("welcome.choose_menu", "menu")])
    turn.remember(misses=[*_misses(turn), turn.now.isoformat()])
    choices = (
        turn.choice("lookup.choose_mine", "lookup.mine"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    return turn.say(key, choices=choices)


def _misses(turn: Turn) -> list[str]:
    since = turn.now - _WINDOW
    return [at for at in turn.memory.get("misses", []) if datetime.fromisoformat(at) > since]


def _blocked(turn: Turn) -> bool:
    return len(_misses(turn)) >= MAX_MISSES


# ----------------------------------------------------------------------------------------- buttons


def _tap(turn: Turn, verb: str, args: tuple[str, ...]) -> None:
    if verb == "other" and turn.in_flow(FLOW):
        return lookup_more.leave_offer(turn)
    act = _ON_TICKET.get(verb)
    if act is None or (verb in _WITH_VALUE and len(args) < 2):
        return show_own(turn)
    ticket = find_ticket(turn.session, args[0]) if args else None
    # A button of somebody else's ticket can only have been forged.
    if ticket is None or not _may_tap(turn, ticket, verb):
        return show_own(turn)
    try:
        return act(turn, ticket, args[1]) if verb in _WITH_VALUE else act(turn, ticket)
    except desk.Refused:
        return turn.say("lookup.not_now", choices=_own_choices(turn, ticket), code=ticket.code)


def _may_tap(turn: Turn, ticket: Ticket, verb: str) -> bool:
    own = ticket.contact_id == turn.contact.id
    return own or (verb in _FOR_JOINED and follows(turn.session, ticket.id or 0, turn.contact.id or 0))


def _show_again(turn: Turn, ticket: Ticket) -> None:
    if turn.in_flow(FLOW):
        turn.end()
    show(turn, ticket.code)


_WITH_VALUE = frozenset({"rate", "because"})
_FOR_JOINED = frozenset({"show", "fixed", "leave", "reopen", "reopen_now"})
_ON_TICKET: Mapping[str, Callable[..., None]] = {
    "fixed": lookup_rating.take_fixed,
    "rate": lookup_rating.take_rating,
    "because": lookup_rating.take_reason,
    "show": _show_again,
    "add": lookup_more.ask_addition,
    "add_said": lookup_more.add_said,
    "leave": lookup_more.leave,
    "reopen": lookup_dispute.ask_reopening,
    "reopen_now": lookup_more.reopen,
    "withdraw": lookup_more.ask_withdrawal,
    "withdraw_now": lookup_more.withdraw,
}
