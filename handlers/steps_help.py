"""Help for whoever is stuck at a step: an officer, or somebody of the digital-tech team of the person's area."""

from __future__ import annotations

from collections.abc import Sequence

from core.codes import spell
from core.messages import Content
from core.ward import OTHER, Area
from handlers.cards import due_words
from handlers.privacy import mask
from handlers.report_draft import MAX_TEXT
from handlers.report_filing import Place, file_ticket, may_file, say_full
from handlers.steps_guide import Guide, current_guide, left_guide, say_entries, stand_at
from handlers.turn import Turn
from storage.models import Contact, Ticket
from storage.staff import list_members


def offer_help(turn: Turn, guide: Guide) -> None:
    """A person, the team of the area if it can be reached, or another try."""
    stand_at(turn, guide)
    turn.keep(said=_said(turn, guide))
    choices = [turn.choice("person.choose_person", "person.said")]
    if _reachable_members(turn):
        choices.append(turn.choice("steps.choose_member", "steps.member"))
    again = turn.choice("steps.choose_again", f"steps.at:{guide.entry.id}:{guide.number}")
    turn.say("steps.stuck", choices=[*choices, again, turn.choice("steps.choose_stop", "steps.stop")])


def tap(turn: Turn, verb: str) -> None:
    """Ask before anything is passed on to the team, then pass it on."""
    area, members = _area(turn), _reachable_members(turn)
    guide = current_guide(turn) or left_guide(turn)
    if area is None or not members or guide is None:
        person = turn.choice("person.choose_person", "person.ask")
        return turn.say("steps.member_gone", choices=[person, turn.choice("welcome.choose_menu", "menu")])
    if verb == "member":
        turn.keep(said=_said(turn, guide))
        choices = (
            turn.choice("report.choose_send", "steps.send_member"),
            turn.choice("report.choose_cancel", f"steps.at:{guide.entry.id}:{guide.number}"),
        )
        return turn.say("steps.ask_member", choices=choices, place=area.name, said=_said(turn, guide))
    return _tell_members(turn, guide, area, members)


def _tell_members(turn: Turn, guide: Guide, area: Area, members: Sequence[Contact]) -> None:
    """A ticket, so that nobody is forgotten, and a word to each member of the area."""
    if not may_file(turn):
        return say_full(turn)
    said = _said(turn, guide)
    text = mask(said, turn.words("report.masked_number"))[:MAX_TEXT]
    ticket = file_ticket(turn, turn.house.ward.get_category(OTHER), text, Place(area=area.key))
    for member in members:
        _tell_member(turn, member, ticket, area, said)
    way_back = turn.choice("steps.choose_again", f"steps.at:{guide.entry.id}:{guide.number}")
    choices = (turn.choice("lookup.choose_show", f"lookup.show:{ticket.code}"), way_back)
    words = {"place": area.name, "code": ticket.code, "spoken": spell(ticket.code), "due": due_words(ticket)}
    return turn.reply(Content(turn.words("steps.member_told", **words), choices), ticket_id=ticket.id)


def _tell_member(turn: Turn, member: Contact, ticket: Ticket, area: Area, said: str) -> None:
    name = turn.contact.name or turn.words("steps.nameless")
    text = turn.words("steps.for_member", place=area.name, name=name, said=said, code=ticket.code)
    turn.notify(member, Content(text), "steps", f"steps:{ticket.id}")


def _said(turn: Turn, guide: Guide) -> str:
    """What is passed on: the procedure and the step, never more."""
    entry = guide.entry
    if guide.number == 0:
        return turn.words("steps.said_card", question=entry.question)
    step = say_entries(turn).step(entry, guide.number).split("\n")[0]
    return turn.words("steps.said", question=entry.question, step=step)


def _area(turn: Turn) -> Area | None:
    return turn.house.ward.find_area(turn.contact.area) if turn.contact.area else None


def _reachable_members(turn: Turn) -> list[Contact]:
    """The members of the area where this person lives, as far as that was told by a poster or a subscription."""
    area = _area(turn)
    if area is None:
        return []
    found = (contact for _, contact in list_members(turn.session, area.key))
    return [one for one in found if one.unreachable_at is None and one.id != turn.contact.id]
