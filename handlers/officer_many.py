"""/traloichung: choose tickets, write one answer, see for how many it is, and send it with one tap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.codes import CodeTypo
from core.messages import Content
from handlers import desk
from handlers.cards import list_line
from handlers.desk_many import Answered, Pick, answer_many, count_people, is_answerable
from handlers.desk_reading import Verb, is_typed, split_code, words_after
from handlers.desk_rules import need_text
from handlers.officer_lists import desk_of
from handlers.officer_prompts import FLOW, cancel_choice
from handlers.officer_search import read_search
from handlers.officer_undo import held_line, undo_choices
from handlers.turn import Turn
from storage.models import Ticket
from storage.search import search_tickets
from storage.statuses import OPEN_TICKETS
from storage.tickets import find_ticket, list_open_from

MOST: Final = 20
"""Tickets of one answer: what a person can still look through before sending."""
CHOOSE, TEXT, PREVIEW = "many_choose", "many_text", "many_preview"
_NUMBERS: Final = re.compile(r"(\d{1,3})\s*(?:-|–|đến|den|tới|toi)\s*(\d{1,3})|(\d{1,3})")
_MEANT: Final = re.compile(r"(?:[\d\s,;.–-]|và|va|đến|den|tới|toi|phiếu|phieu|số|so)+")


def begin(turn: Turn, said: str) -> None:
    """From codes, or from a search; without either the way to write it. Raises Refused for who has no desk."""
    desk_of(turn)
    if turn.chat.is_group:
        return turn.say("officer.leave_private")
    sought = words_after(turn, said, "officer.typed.find")
    if sought:
        return choose(turn, sought)
    codes, rest = [], said
    while rest:
        code, rest = split_code(rest)
        if isinstance(code, CodeTypo):
            return turn.say("officer.code_typo", written=code.written)
        if code is None:
            return turn.say("officer.many.how")
        codes.append(code)
        rest = rest.lstrip(" ,;")
    if not codes:
        return turn.say("officer.many.how")
    if len(set(codes)) > MOST:
        return turn.say("officer.many.too_many", limit=MOST)
    tickets = [find_ticket(turn.session, code) for code in dict.fromkeys(codes)]
    return _take(turn, [ticket for ticket in tickets if ticket], said=len(set(codes)))


def choose(turn: Turn, sought: str, offset: int = 0) -> None:
    """Number the open tickets of the list, or of a search, and ask which."""
    department = desk_of(turn)
    # What was chosen before is another matter: its versions must not count for these.
    turn.end()
    if sought:
        wanted = read_search(turn, sought).wanted
        statuses = (wanted.statuses or OPEN_TICKETS) & OPEN_TICKETS
        wanted = replace(wanted, statuses=statuses, department=department or wanted.department)
        found = search_tickets(turn.session, wanted, 0, MOST + 1) if statuses else ()
    else:
        found = list_open_from(turn.session, department, offset, MOST + 1)
    tickets = [ticket for ticket in found[:MOST] if is_answerable(turn.staff, ticket)]
    if not tickets:
        return turn.say("officer.many.none")
    _keep(turn, CHOOSE, tickets)
    lines = [
        list_line(turn, ticket, number, with_department=department is None)
        for number, ticket in enumerate(tickets, start=1)
    ]
    head, how = turn.words("officer.many.choose"), turn.words("officer.many.choose_how")
    if len(found) > MOST:
        how = "\n".join([turn.words("officer.many.first", limit=MOST), how])
    every = turn.choice("officer.button.many_all", "officer.many_all", count=len(tickets))
    turn.reply(Content("\n".join([head, *lines, how]), (every, cancel_choice(turn))))
    # «1» is the first ticket, not the first button.
    return turn.ask_freely()


def take_words(turn: Turn) -> None:
    """What was written for the step that waits."""
    if turn.files or not turn.text:
        return turn.say("officer.many.only_text", choices=[cancel_choice(turn)])
    if turn.conversation.step == CHOOSE:
        return _choose_numbers(turn)
    return _preview(turn, turn.text)


def take_all(turn: Turn) -> None:
    """All that were numbered."""
    if not _stands(turn, CHOOSE):
        return turn.say("officer.many.gone")
    return _take(turn, _tickets(turn))


def edit(turn: Turn) -> None:
    """The words again, for the same tickets."""
    if not _stands(turn, PREVIEW):
        return turn.say("officer.many.gone")
    return _ask_text(turn, _tickets(turn))


def send(turn: Turn, draft: int, how: str) -> None:
    """The officer has seen the words and lets them go; an old button sends nothing."""
    data = turn.data
    if not _stands(turn, PREVIEW) or data["draft"] != draft or how not in ("answer", "resolve"):
        return turn.say("officer.many.gone")
    picks = [Pick(int(number), int(seen)) for number, seen in data["tickets"]]
    answered = answer_many(turn, picks, str(data["text"]), resolve=how == "resolve")
    turn.end()
    lines = [_done_line(turn, answered, how), *_skipped_lines(turn, answered)]
    if answered.unheard:
        lines.append(turn.words("officer.many.unheard", codes=", ".join(answered.unheard)))
    choices = [turn.choice("officer.button.list", "officer.list")]
    if answered.done:
        lines += held_line(turn, answered.done[0].event)
        choices = [*undo_choices(turn, answered.done[0].event), *choices]
    return turn.reply(Content("\n".join(lines), tuple(choices)))


def _choose_numbers(turn: Turn) -> None:
    tickets, text = _tickets(turn), turn.text.lower()
    if is_typed(turn, "officer.many.typed.all"):
        return _take(turn, tickets)
    numbers: list[int] = []
    for first, last, single in _NUMBERS.findall(text) if _MEANT.fullmatch(text) else ():
        numbers += range(int(first), int(last) + 1) if first else [int(single)]
    chosen = list(dict.fromkeys(numbers))
    if not chosen or not all(1 <= number <= len(tickets) for number in chosen):
        turn.say("officer.many.choose_again", count=len(tickets), choices=[cancel_choice(turn)])
        return turn.ask_freely()
    return _take(turn, [tickets[number - 1] for number in chosen])


def _take(turn: Turn, tickets: Sequence[Ticket], said: int = 0) -> None:
    """Ask for the words; tickets that cannot be answered are left out and named."""
    parents = [turn.session.get_one(Ticket, one.parent_id) if one.parent_id else one for one in tickets]
    unique = list({one.id: one for one in parents}.values())
    good = [one for one in unique if is_answerable(turn.staff, one)]
    # Whoever may not see a ticket does not learn from us that it exists.
    left_out = [one.code for one in unique if one not in good and desk.may_handle(turn.staff, one)]
    unknown = sum(not desk.may_handle(turn.staff, one) for one in unique) + max(said - len(tickets), 0)
    lines = [turn.words("officer.many.left_out", codes=", ".join(left_out))] if left_out else []
    if unknown:
        lines.append(turn.words("officer.many.unknown", count=unknown))
    if not good:
        return turn.reply(Content("\n".join([*lines, turn.words("officer.many.none")])))
    return _ask_text(turn, good, "\n".join(lines))


def _ask_text(turn: Turn, tickets: Sequence[Ticket], lead: str = "") -> None:
    _keep(turn, TEXT, tickets)
    codes = ", ".join(ticket.code for ticket in tickets)
    prompt = turn.words("officer.many.ask", count=len(tickets), codes=codes)
    text = "\n\n".join(part for part in (lead, prompt) if part)
    turn.reply(Content(text, (cancel_choice(turn),)))


def _preview(turn: Turn, text: str) -> None:
    tickets = _tickets(turn)
    try:
        text = need_text(text)
    except desk.Refused as refused:
        return _ask_text(turn, tickets, turn.words(refused.key, **refused.fields))
    turn.go(FLOW, PREVIEW, text=text, draft=turn.inbox_id)
    shown = turn.words(
        "officer.many.preview",
        text=text,
        count=len(tickets),
        people=count_people(turn.session, tickets),
        codes=", ".join(ticket.code for ticket in tickets),
    )
    choices = [
        turn.choice(f"officer.button.many_{how}", f"officer.many_send:{turn.inbox_id}:{how}")
        for how in ("resolve", "answer")
    ]
    choices += [turn.choice("officer.button.edit", "officer.many_edit"), cancel_choice(turn)]
    return turn.reply(Content(shown, tuple(choices)))


def _done_line(turn: Turn, answered: Answered, how: str) -> str:
    key = f"officer.many.done_{how}" if answered.done else "officer.many.done_none"
    return turn.words(key, count=len(answered.done), people=answered.people)


def _skipped_lines(turn: Turn, answered: Answered) -> list[str]:
    lines = []
    for ticket, refused in answered.skipped:
        status = turn.words(f"tickets.status.{ticket.status}")
        key = "officer.many.changed" if isinstance(refused, desk.Changed) else "officer.many.skipped"
        lines.append(turn.words(key, code=ticket.code, status=status))
    return lines


def _keep(turn: Turn, step: str, tickets: Sequence[Ticket]) -> None:
    """Stand at a step; a ticket stays as it was when the officer first saw it here."""
    known = dict(turn.data.get("tickets", ())) if turn.in_flow(FLOW) else {}
    turn.end()
    seen = [[ticket.id, known.get(ticket.id, ticket.version)] for ticket in tickets]
    turn.go(FLOW, step, verb=Verb.ANSWER_ALL.value, tickets=seen)


def _tickets(turn: Turn) -> list[Ticket]:
    return [turn.session.get_one(Ticket, int(number)) for number, _ in turn.data["tickets"]]


def _stands(turn: Turn, step: str) -> bool:
    return turn.in_flow(FLOW) and turn.conversation.step == step
