"""«Tôi cũng bị»: whoever reports what is reported already may join it in one tap; what comes back is flagged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.calendar import local_date, spoken_date
from core.messages import Choice, Content
from core.nearby import LIKELY, Sighting, same_trouble, spoken_place
from handlers import desk
from handlers.cards import area_name, category_name, due_words, status_name
from handlers.report_draft import ReportDraft, save_draft
from handlers.turn import Turn
from storage.followers import count_followers, list_done_like, list_open_like
from storage.models import Ticket
from storage.tickets import find_ticket

STEP = "nearby"
# What was closed longer ago and is broken again is a new case, not a repair that did not hold.
RECURRENCE = timedelta(days=30)
_OFFERED = 2
_SAME = "report.same:"
_PLACE = 60


def find_nearby(turn: Turn, draft: ReportDraft) -> list[Ticket]:
    """Open tickets of others that most likely tell of the same trouble as the draft, the likeliest first.

    Own tickets are left out: what somebody reports twice is another matter, or is added to the first one.
    """
    found = list_open_like(turn.session, [draft.category], draft.area or None)
    mine = _sighting(draft)
    scored = [
        (same_trouble(_sighting(ticket), mine), ticket)
        for ticket in found
        if ticket.contact_id != turn.contact.id
    ]
    likely = sorted((pair for pair in scored if pair[0] >= LIKELY), key=lambda pair: -pair[0])
    return [ticket for _, ticket in likely[:_OFFERED]]


def offer(turn: Turn, draft: ReportDraft, tickets: list[Ticket], lead: str) -> None:
    """Show what is reported already. Nothing of its author's words stands here: they belong to the author."""
    save_draft(turn, draft, STEP)
    lines = [turn.words("report.nearby_head"), *(_line(turn, ticket) for ticket in tickets)]
    choices = [_join_choice(turn, ticket, len(tickets)) for ticket in tickets]
    choices.append(turn.choice("report.choose_other_matter", "report.other_matter"))
    text = "\n".join(lines)
    turn.reply(Content(f"{lead}\n{text}" if lead else text, tuple(choices)))


def the_only_offer(turn: Turn) -> str | None:
    """The code of the ticket that was offered, when it was one: then a typed yes says enough."""
    actions = [action for _, action in turn.conversation.choices if action.startswith(_SAME)]
    return actions[0].removeprefix(_SAME) if len(actions) == 1 else None


def join(turn: Turn, draft: ReportDraft, code: str) -> None:
    """Join the ticket in the place of filing; words and photos of the draft go to the officers with it."""
    ticket = find_ticket(turn.session, code)
    if ticket is None:
        return say_gone(turn)
    try:
        outcome = desk.join_ticket(turn, ticket, draft.text, (*draft.files, *draft.spoken))
    except desk.Refused:
        return say_gone(turn)
    turn.end()
    ticket = outcome.ticket
    choices = (
        turn.choice("lookup.choose_show", f"lookup.show:{ticket.code}"),
        turn.choice("lookup.choose_leave", f"lookup.leave:{ticket.code}"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    people = count_followers(turn.session, ticket.id or 0) + 1
    words = turn.words(outcome.key, **outcome.fields, people=people, due=due_words(ticket))
    return turn.reply(Content(words, choices), ticket_id=ticket.id)


def say_gone(turn: Turn) -> None:
    """It was closed in the meantime: the report is filed as one of its own."""
    turn.say("report.nearby_gone", choices=[turn.choice("report.choose_go_on", "report.other_matter")])


def find_recurring(turn: Turn, ticket: Ticket) -> Ticket | None:
    """The ticket that was reported as done lately and that this one says is not, or not any more."""
    mine = _sighting(ticket)
    done = list_done_like(turn.session, ticket.category, turn.now - RECURRENCE)
    chances = {one.id: same_trouble(_sighting(one), mine) for one in done if one.id != ticket.id}
    # The newest stand first: of equally likely ones the first report is the one that came back.
    likely = [one for one in reversed(done) if chances.get(one.id, 0.0) >= LIKELY]
    return max(likely, default=None, key=lambda one: chances[one.id])


def with_answer(draft: ReportDraft) -> ReportDraft:
    """The draft whose author said that it is another matter: never asked again."""
    return replace(draft, compared=True)


def _join_choice(turn: Turn, ticket: Ticket, offered: int) -> Choice:
    key = "report.choose_same" if offered == 1 else "report.choose_same_as"
    return turn.choice(key, f"{_SAME}{ticket.code}", code=ticket.code)


def _line(turn: Turn, ticket: Ticket) -> str:
    place = ", ".join(
        part
        for part in ((ticket.place or spoken_place(ticket.text))[:_PLACE], area_name(turn, ticket))
        if part
    )
    return turn.words(
        "report.nearby_line",
        code=ticket.code,
        category=category_name(turn, ticket),
        place=place or turn.words("report.no_place"),
        when=spoken_date(local_date(ticket.created_at)),
        status=status_name(turn, ticket),
        people=count_followers(turn.session, ticket.id or 0) + 1,
    )


def _sighting(told: Ticket | ReportDraft) -> Sighting:
    text = f"{told.text}\n{told.place}" if told.place else told.text
    return Sighting(text, told.category, told.area or None, told.latitude, told.longitude)
