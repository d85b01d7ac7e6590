"""Does what an officer ordered by a command, by words under a card, or by a button; asks for what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.codes import CodeTypo
from handlers import desk, officer_canned, officer_many
from handlers.case_download import send_link
from handlers.desk_reading import (
    PLAIN,
    Order,
    Verb,
    is_doubtful,
    is_typed,
    no_words,
    read_reply,
    split_department,
)
from handlers.desk_rules import hold, stored
from handlers.listening import send_listening_link
from handlers.officer_absence import come_back, take_leave
from handlers.officer_flow import (
    cancel,
    edit,
    explain_without,
    finish_without,
    flow_ticket,
    gathered_files,
    perform,
    send,
    show_words,
    take_input,
)
from handlers.officer_lists import (
    ask_leave,
    leave,
    menu,
    rename,
    show_help,
    show_history,
    show_list,
    show_more,
    show_ticket,
)
from handlers.officer_people import ask_dismiss, dismiss_now, find_person, name_head, show_people
from handlers.officer_prompts import (
    BLANK,
    CANNED,
    FLOW,
    PREVIEW,
    REASON,
    REASONS,
    SENDS,
    TEXT,
    ask_department,
    ask_reason,
    ask_text,
    cancel_choice,
)
from handlers.officer_search import find_tickets
from handlers.officer_undo import undo
from handlers.turn import Action, Turn
from storage.models import StoredFile
from storage.staff import find_group_department
from storage.tickets import find_ticket
from storage.votes import is_disputed

PREFIX = "officer."
_AT_ONCE = frozenset({Verb.CLAIM, Verb.RELEASE, Verb.RESUME, Verb.PART})
# Steps at which own words are written; only there «mẫu» asks for those that stand ready.
_WRITING = frozenset({TEXT, REASON, CANNED, PREVIEW})
_Act = Callable[[], None]


def run_command(turn: Turn, order: Order) -> None:
    """A typed command."""
    if turn.in_flow(FLOW):
        turn.end()
    if order.verb in PLAIN:
        return _run_plain(turn, order)
    if isinstance(order.code, CodeTypo):
        return turn.say("officer.code_typo", written=order.code.written)
    if order.code is None:
        return turn.say("officer.need_code", command=turn.text.split()[0])
    ticket = find_ticket(turn.session, order.code)
    if ticket is None:
        raise desk.Refused("officer.no_ticket")
    if turn.chat.is_group and ticket.department != find_group_department(turn.session, turn.chat.id or 0):
        raise desk.Refused("officer.elsewhere", code=ticket.code)
    return act(turn, order, ticket.id or 0, turn.files)


def _run_plain(turn: Turn, order: Order) -> None:
    acts: dict[Verb, _Act] = {
        Verb.LIST: lambda: show_list(turn),
        Verb.FIND: lambda: find_tickets(turn, order.rest),
        Verb.HELP: lambda: show_help(turn),
        Verb.MENU: lambda: menu(turn),
        Verb.LEAVE: lambda: ask_leave(turn),
        Verb.HEAD: lambda: name_head(turn, order.rest),
        Verb.ABSENT: lambda: take_leave(turn, order.rest),
        Verb.BACK: lambda: come_back(turn),
        Verb.ANSWER_ALL: lambda: officer_many.begin(turn, order.rest),
        Verb.EXPORT: lambda: send_link(turn, order.rest),
        Verb.RENAME: lambda: rename(turn, order.rest),
        Verb.PEOPLE: lambda: find_person(turn, order.rest) if order.rest else show_people(turn),
    }
    acts[order.verb]()


def take_words(turn: Turn) -> None:
    """Words for the step that waits; the known words at the start of an answer still say what to do."""
    if no_words(turn):
        return turn.say("officer.only_text", choices=[cancel_choice(turn)], ticket_id=flow_ticket(turn))
    if is_typed(turn, "officer.typed.cancel"):
        return cancel(turn)
    if turn.data.get("verb") == Verb.ANSWER_ALL:
        return officer_many.take_words(turn)
    if (
        turn.conversation.step in _WRITING
        and turn.data["verb"] in SENDS
        and is_typed(turn, "officer.typed.canned")
    ):
        return officer_canned.show_canned(turn, flow_ticket(turn) or 0, Verb(turn.data["verb"]), 0)
    if turn.conversation.step == BLANK:
        return officer_canned.take_blank(turn)
    order = read_reply(turn)
    answering = turn.data.get("verb") == Verb.ANSWER and turn.conversation.step == TEXT
    if answering and order.verb in (Verb.RESOLVE, Verb.ASK, Verb.NOTE) and order.rest:
        return act(turn, order, flow_ticket(turn) or 0, gathered_files(turn))
    return take_input(turn)


def take_reply(turn: Turn, ticket_id: int) -> None:
    if turn.in_flow(FLOW):
        turn.end()
    act(turn, read_reply(turn), ticket_id, turn.files)


def act(turn: Turn, order: Order, ticket_id: int, files: Sequence[StoredFile]) -> None:
    """Do what the words say; what is missing is asked for."""
    verb, rest = order.verb, order.rest
    if verb is Verb.SHOW:
        return show_ticket(turn, ticket_id)
    if verb is Verb.HISTORY:
        return show_history(turn, ticket_id)
    if verb is Verb.FORWARD:
        return _forward(turn, ticket_id, rest)
    if verb is Verb.REJECT and not rest:
        return ask_reason(turn, ticket_id)
    if verb in (Verb.ANSWER, Verb.RESOLVE) and is_disputed(turn.session, hold(turn, ticket_id)):
        return _settle(turn, ticket_id, rest, files)
    if verb is Verb.ANSWER or (verb is Verb.RESOLVE and is_doubtful(rest)):
        return _answer(turn, ticket_id, rest, files)
    if verb in _AT_ONCE or rest or (verb is Verb.RESOLVE and stored(files)):
        return perform(turn, verb, ticket_id, rest, files)
    return ask_text(turn, verb, ticket_id, files=files)


def _settle(turn: Turn, ticket_id: int, text: str, files: Sequence[StoredFile]) -> None:
    """Words under a closed case of which somebody says that it is not done: its end stands, or it is opened."""
    if text:
        return show_words(turn, Verb.UPHOLD, ticket_id, text, files)
    return ask_text(turn, Verb.UPHOLD, ticket_id, files=stored(files))


def _answer(turn: Turn, ticket_id: int, text: str, files: Sequence[StoredFile]) -> None:
    if text:
        return show_words(turn, Verb.ANSWER, ticket_id, text, files)
    lead = turn.words("officer.photo_taken", count=len(stored(files))) if stored(files) else ""
    lead = turn.words("officer.photo_failed") if files and not lead else lead
    return ask_text(turn, Verb.ANSWER, ticket_id, lead, stored(files))


def _forward(turn: Turn, ticket_id: int, words: str) -> None:
    key, comment = split_department(turn, words)
    if key is None:
        return ask_department(turn, ticket_id, turn.words("officer.unknown_department") if words else "")
    return perform(turn, Verb.FORWARD, ticket_id, key, comment=comment)


def tap(turn: Turn, action: Action) -> None:
    """A button. Whoever forged one learns nothing: the verbs check the right before anything else."""
    if turn.staff is None:
        raise desk.Refused("officer.no_right")
    name, args = action.name.removeprefix(PREFIX), (*action.args, "", "", "")
    number = int(args[0]) if args[0].isascii() and args[0].isdigit() and len(args[0]) < 15 else 0
    draft = int(args[1]) if args[1].isascii() and args[1].isdigit() and len(args[1]) < 15 else 0
    reason = args[1] if args[1] in REASONS else REASONS[0]
    verb = next((one for one in SENDS if one == args[1]), Verb.ANSWER)
    offset = int(args[2]) if args[2].isascii() and args[2].isdigit() and len(args[2]) < 5 else 0
    taps: dict[str, _Act] = {
        "menu": lambda: menu(turn),
        "help": lambda: show_help(turn),
        "list": lambda: show_list(turn, number),
        "find": lambda: find_tickets(turn, args[1], number),
        "many": lambda: officer_many.choose(turn, args[1], number),
        "many_all": lambda: officer_many.take_all(turn),
        "many_edit": lambda: officer_many.edit(turn),
        "many_send": lambda: officer_many.send(turn, number, args[1]),
        "show": lambda: show_ticket(turn, number),
        "history": lambda: show_history(turn, number),
        "listen": lambda: send_listening_link(turn, number),
        "claim": lambda: perform(turn, Verb.CLAIM, number),
        "release": lambda: perform(turn, Verb.RELEASE, number),
        "reply": lambda: ask_text(turn, Verb.ANSWER, number),
        "ask": lambda: ask_text(turn, Verb.ASK, number),
        "reopen": lambda: ask_text(turn, Verb.REOPEN, number),
        "reopen_said": lambda: perform(turn, Verb.REOPEN, number, turn.words("tickets.reopened_said")),
        "uphold": lambda: ask_text(turn, Verb.UPHOLD, number),
        "extend": lambda: ask_text(turn, Verb.EXTEND, number),
        "promise": lambda: ask_text(turn, Verb.PROMISE, number),
        "pause": lambda: ask_text(turn, Verb.PAUSE, number),
        "resume": lambda: perform(turn, Verb.RESUME, number),
        "assign": lambda: ask_text(turn, Verb.ASSIGN, number),
        "outside": lambda: ask_text(turn, Verb.OUTSIDE, number),
        "merge": lambda: ask_text(turn, Verb.MERGE, number),
        "part": lambda: perform(turn, Verb.PART, number),
        "note": lambda: ask_text(turn, Verb.NOTE, number),
        "otherwise": lambda: show_more(turn, number),
        "forward": lambda: ask_department(turn, number),
        "to": lambda: perform(turn, Verb.FORWARD, number, args[1]),
        "reject": lambda: ask_reason(turn, number),
        "because": lambda: show_words(turn, Verb.REJECT, number, turn.words(f"tickets.reason.{reason}"), ()),
        "canned": lambda: officer_canned.show_canned(turn, number, verb, offset),
        "canned_take": lambda: officer_canned.take_canned(turn, number, draft, offset),
        "canned_place": lambda: officer_canned.take_place(turn, number, draft),
        "send": lambda: send(turn, number, draft, args[2]),
        "undo": lambda: undo(turn, number),
        "why": lambda: explain_without(turn, number),
        "without": lambda: finish_without(turn, number, args[1]),
        "edit": lambda: edit(turn),
        "cancel": lambda: cancel(turn),
        "leave": lambda: leave(turn),
        "people": lambda: show_people(turn, number),
        "dismiss": lambda: ask_dismiss(turn, number),
        "dismiss_now": lambda: dismiss_now(turn, number),
    }
    taps.get(name, lambda: menu(turn))()
