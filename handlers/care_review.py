"""«Still right»: renews the date of review of an entry, at once, because no word of it changes."""

from __future__ import annotations

from core.calendar import local_date, spoken_date
from faq.entry import Entry
from faq.overlay import to_json
from handlers.care_entries import find_standing, reviewed
from handlers.care_rights import CareRefused, list_doubted, need_change, owner_key
from handlers.turn import Turn
from storage.knowledge import Proposal, add_proposal, bring_into_force, turn_down
from storage.statuses import KnowledgeKind, RevisionOutcome, RevisionStatus, RevisionVerb


def confirm_review(turn: Turn, entry_id: str) -> None:
    """Still right: the words stay, the date of review moves. One person is enough where no word changes."""
    standing = find_standing(turn, entry_id)
    if standing is None or standing.retired:
        raise CareRefused("care.no_entry")
    department = owner_key(turn.house, standing.entry)
    staff, today = need_change(turn, department), local_date(turn.now)
    waits = standing.entry in (
        *list_doubted(turn.session, turn.house, turn.now),
        *turn.house.library.list_to_review(today),
    )
    if standing.entry.reviewed_on == today and standing.number > 0 and not waits:
        return turn.say("care.reviewed_before", by=_spoken(standing.entry))
    entry = reviewed(standing.entry, today)
    row, verb = to_json(entry), RevisionVerb.REVIEW
    proposal = Proposal(KnowledgeKind.ENTRY, entry.id, verb, row, standing.number, staff.id or 0, department)
    revision = add_proposal(turn.session, proposal, turn.now)
    shipped = to_json(standing.entry) if standing.number == 0 else None
    outcome = bring_into_force(turn.session, revision.id or 0, staff.id or 0, shipped, turn.now)
    if outcome is not RevisionOutcome.DONE:
        turn_down(turn.session, revision.id or 0, RevisionStatus.WITHDRAWN, staff.id or 0, "", turn.now)
        raise CareRefused("care.changed_meanwhile", question=entry.question)
    turn.changed_knowledge = True
    choices = [turn.choice("care.button.due_more", "care.due")]
    return turn.say("care.reviewed", choices=choices, question=entry.question, by=_spoken(entry))


def _spoken(entry: Entry) -> str:
    return spoken_date(entry.review_by) if entry.review_by else ""
