"""The citizen's word about the public board: asked once, of those who are content; taken back at any time."""

from __future__ import annotations

from typing import Final

from core.messages import Content
from handlers.turn import Turn
from storage.models import Ticket
from storage.public_cases import lock_public, record_asked
from storage.staff import find_staff
from storage.statuses import Privacy, PublicStatus
from storage.tickets import find_ticket

PREFIX: Final = "public."


def applies(turn: Turn) -> bool:
    """True for the answers to our question."""
    return turn.action is not None and turn.action.name.startswith(PREFIX)


def question(turn: Turn, ticket: Ticket) -> Content | None:
    """Thanks for the mark and the question, for a case that may be shown; None where nobody is to be asked.

    Nobody who asked for the own name to be hidden from the unit itself, and nothing of a kind that is private.
    """
    category = turn.house.ward.find_category(ticket.category)
    may = turn.house.ward.public_cases and category is not None and category.public
    afraid = ticket.privacy == Privacy.HIDDEN_UNIT
    if not may or afraid or find_staff(turn.session, ticket.contact_id) is not None:
        return None
    if not record_asked(turn.session, ticket.id or 0, turn.now):
        return None
    choices = (
        turn.choice("public.choose_yes", f"{PREFIX}yes:{ticket.code}"),
        turn.choice("public.choose_no", f"{PREFIX}no:{ticket.code}"),
    )
    return Content(turn.words("public.ask", code=ticket.code), choices)


def respond(turn: Turn) -> None:
    """Keep the answer; what is on the board is taken down at once by a no."""
    action = turn.action
    code = action.args[0] if action is not None and action.args else ""
    ticket = find_ticket(turn.session, code)
    found = None if ticket is None else lock_public(turn.session, ticket.id or 0)
    if action is None or ticket is None or found is None or ticket.contact_id != turn.contact.id:
        return turn.say("public.gone")
    menu = turn.choice("welcome.choose_menu", "menu")
    back = turn.choice("public.choose_back", f"{PREFIX}no:{ticket.code}")
    if action.name == f"{PREFIX}yes":
        if found.status == PublicStatus.PUBLISHED:
            return turn.say("public.shown_already", choices=[back, menu])
        if found.status == PublicStatus.REFUSED:
            return turn.say("public.thanks", choices=[menu])
        found.status, found.answered_at = PublicStatus.AGREED.value, turn.now
        turn.session.add(found)
        return turn.say("public.thanks", choices=[back, menu])
    was_shown = found.status == PublicStatus.PUBLISHED
    agreed = found.status in (PublicStatus.AGREED, PublicStatus.PUBLISHED)
    found.status = (PublicStatus.WITHDRAWN if agreed else PublicStatus.DECLINED).value
    found.answered_at = turn.now
    # The words are the citizen's, and so is the say over them.
    found.text, found.answer, found.before, found.after = "", "", [], []
    turn.session.add(found)
    return turn.say("public.taken_down" if was_shown else "public.not_shown", choices=[menu])
