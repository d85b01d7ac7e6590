"""A file of changes handed in at the machine: what is in force now, who may change it, and proposals for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from core.messages import Content
from faq.entry import ContentError, Entry
from faq.exchange.columns import Labels
from faq.exchange.comparing import Change
from faq.exchange.kept import Kept, Problem
from faq.figures import Figures
from faq.library import Library
from faq.overlay import from_json, lay_over, periods_from_json, to_json, with_figures
from handlers.care_rights import keeper_name, list_deciders, may_change, owner_key
from handlers.care_show import list_choices
from handlers.desk_rules import Speaker
from handlers.house import House
from storage.contacts import get_contact
from storage.knowledge import Proposal, add_proposal, list_changed, list_proposals_about
from storage.models import KnowledgeRevision, Staff
from storage.statuses import KnowledgeKind, RevisionVerb, StaffRole

NEWS: Final = "knowledge_news"


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a file: proposals made now, and changes for which the same one waits already."""

    proposals: tuple[KnowledgeRevision, ...]
    waiting: tuple[KnowledgeRevision, ...]


def list_kept(session: Session, shipped: Library) -> dict[str, Kept]:
    """Every entry with its version in force by id, in the order of the content, new ones last, retired ones too."""
    kept = {entry.id: Kept(entry) for entry in shipped}
    for revision in reversed(list_changed(session, KnowledgeKind.ENTRY)):
        entry = _entry_of(revision) or (kept[revision.subject].entry if revision.subject in kept else None)
        if entry is not None:
            retired = revision.verb == RevisionVerb.RETIRE
            kept[revision.subject] = Kept(entry, revision.number or 0, retired)
    return kept


def library_of(session: Session, shipped: Library, kept: Mapping[str, Kept]) -> Library:
    """What citizens are answered from now, with the figures that are in force."""
    changed = {key: None if one.retired else one.entry for key, one in kept.items()}
    return Library(lay_over(shipped, changed), shipped.phrases, figures_of(session, shipped))


def figures_of(session: Session, shipped: Library) -> Figures:
    """The table of figures as the office has it now; one that cannot be read stays as it was shipped."""
    changed = {}
    for revision in list_changed(session, KnowledgeKind.FIGURE):
        try:
            changed[revision.subject] = periods_from_json(revision.subject, revision.row.get("periods"))
        except ContentError:
            continue
    return with_figures(shipped.figures, changed)


def make_labels(house: House, kept: Iterable[Entry]) -> Labels:
    """Topics and units as files call them: all that are known, and all that are in use."""
    entries = list(kept)
    topics = tuple(dict.fromkeys([*house.library.topics, *(entry.topic for entry in entries)]))
    units = dict.fromkeys([*house.library.phrases.owners, *(one.owner for one in entries if one.owner)])
    return Labels(house.words, topics, {unit: unit_name(house, unit) for unit in units})


def unit_name(house: House, unit: str) -> str:
    """A unit as this ward calls it; one that has no office in the ward by its common name."""
    own = next((one.name for one in house.ward.departments if one.key == unit), None)
    return own or house.library.phrases.owners.get(unit, unit)


def check_rights(house: House, author: Staff, changes: Iterable[Change]) -> tuple[Problem, ...]:
    """The changes that this person may not propose, each with its place in the file."""
    return tuple(
        Problem(
            change.row.place_of("owner"),
            house.words.text(
                "exchange.wrong.no_right", department=keeper_name(house, department), name=author.name
            ),
            change.new.id,
        )
        for change in changes
        for department in _owners(house, change)
        if not may_change(author, department)
    )


def is_of_office(staff: Staff) -> bool:
    """Whether somebody may hand in a file at all: members of the teams propose ways of asking only."""
    return staff.role != StaffRole.MEMBER


def _owners(house: House, change: Change) -> list[str]:
    """Who looks after it now, and who would: nobody hands an entry over for somebody else."""
    before = [owner_key(house, change.old.entry)] if change.old else []
    return list(dict.fromkeys([*before, owner_key(house, change.new)]))


def hand_in(caller: Speaker, author: Staff, changes: Sequence[Change]) -> Handed:
    """Make a proposal of every change, and tell the second persons, each once for the whole file."""
    made, waiting = [], []
    for change in changes:
        row = to_json(change.new)
        same = [
            one
            for one in list_proposals_about(caller.session, KnowledgeKind.ENTRY, change.new.id)
            if one.row == row and one.verb == change.step.value
        ]
        if same:
            waiting.append(same[0])
        else:
            made.append(_propose(caller, author, change))
    _tell(caller, author, made)
    return Handed(tuple(made), tuple(waiting))


def _propose(caller: Speaker, author: Staff, change: Change) -> KnowledgeRevision:
    owner = owner_key(caller.house, change.old.entry if change.old else change.new)
    proposal = Proposal(
        kind=KnowledgeKind.ENTRY,
        subject=change.new.id,
        verb=RevisionVerb(change.step.value),
        row=to_json(change.new),
        base=change.old.number if change.old else 0,
        author_id=author.id or 0,
        department=owner,
    )
    return add_proposal(caller.session, proposal, caller.now)


def _tell(caller: Speaker, author: Staff, made: Sequence[KnowledgeRevision]) -> None:
    """One message for each second person, and one for the author: nobody hands in a file in another's name unseen."""
    if not made:
        return
    asked: dict[str, None] = {}
    for department in dict.fromkeys(one.department for one in made):
        own = [one for one in made if one.department == department]
        for staff, contact in list_deciders(caller.session, department, author.id or 0):
            asked[staff.name] = None
            text = caller.words("care.told_imported", name=author.name, count=len(own))
            content = Content(text, tuple(list_choices(caller, own)))
            caller.notify(contact, content, NEWS, f"knowledge:{own[0].id}:file")
    names = ", ".join(asked) or keeper_name(caller.house, made[0].department)
    text = caller.words("care.imported", count=len(made), names=names)
    choices = (caller.choice("care.button.pending", "care.pending", count=len(made)),)
    contact = get_contact(caller.session, author.contact_id)
    caller.notify(contact, Content(text, choices), NEWS, f"knowledge:{made[0].id}:author")


def _entry_of(revision: KnowledgeRevision) -> Entry | None:
    try:
        return from_json(revision.row)
    except ContentError:
        return None
