"""What somebody of the office looks at: the way in, entries found by words, one entry, what is due, what waits."""

from __future__ import annotations

from collections.abc import Sequence

from core.calendar import local_date, spoken_date
from core.messages import Choice, Content
from faq.entry import Entry
from handlers.care_asked import verdict_lines
from handlers.care_entries import Standing, entry_of, find_standing, search
from handlers.care_rights import (
    CareRefused,
    caretaker,
    keeper_name,
    list_doubted,
    list_due,
    may_change,
    owner_key,
)
from handlers.desk_rules import Speaker
from handlers.learning import count_waiting
from handlers.steps_guide import say_entries
from handlers.turn import Turn
from storage.knowledge import list_changed, list_proposals, list_proposals_about
from storage.models import KnowledgeRevision, Staff
from storage.statuses import KnowledgeKind, RevisionVerb, StaffRole

FLOW = "care"
SEARCH = "search"
_PAGE = 8
_MOST = 1000
_WAYS = 6


def open_care(turn: Turn) -> None:
    """What can be done here; whatever is typed next is looked for."""
    staff = caretaker(turn)
    turn.end()
    turn.go(FLOW, SEARCH)
    if staff.role == StaffRole.MEMBER:
        return turn.say("care.menu_member")
    due = sum(len(entries) for _, entries in due_for(turn, staff))
    waiting = len(proposals_for(turn, staff))
    choices = [
        turn.choice("care.button.due", "care.due", count=due),
        turn.choice("care.button.pending", "care.pending", count=waiting),
        turn.choice("care.button.new", "care.new"),
        turn.choice("care.button.words", "care.words"),
        turn.choice("care.button.figures", "care.figures"),
        turn.choice("learn.button.unanswered", "care.unanswered", count=count_waiting(turn, staff)),
        turn.choice("learn.button.asked", "care.asked"),
    ]
    return turn.say("care.menu", choices=choices)


def find_by_words(turn: Turn, words: str) -> None:
    """The entries that fit some words, to choose from; a name of an entry shows it at once."""
    caretaker(turn)
    standing = find_standing(turn, words.strip())
    if standing is not None:
        return show_entry(turn, standing.entry.id)
    found = search(turn, words)
    turn.go(FLOW, SEARCH)
    if not found:
        return turn.say("care.none_found", choices=[turn.choice("care.button.new", "care.new")])
    return turn.say("care.found", choices=_entry_choices(found), count=len(found))


def show_entry(turn: Turn, entry_id: str) -> None:
    """The answer and the papers exactly as citizens read them, then who looks after it and what can be done."""
    staff, standing = caretaker(turn), find_standing(turn, entry_id)
    if standing is None:
        raise CareRefused("care.no_entry")
    if turn.in_flow(FLOW):
        turn.end()
    entry = standing.entry
    turn.reply(Content(say_entries(turn).answer(entry)))
    papers = say_entries(turn).card(entry)
    if papers:
        turn.reply(Content(papers))
    department = owner_key(turn.house, entry)
    lines = [
        turn.words("care.entry", question=entry.question, owner=keeper_name(turn.house, department)),
        version_line(turn, standing),
        *_dates(turn, entry),
        *([turn.words("care.entry_stale")] if entry.id in turn.house.library.stale else []),
        *_ways(turn, entry),
        *verdict_lines(turn, entry.id),
    ]
    waiting = len(list_proposals_about(turn.session, KnowledgeKind.ENTRY, entry.id))
    if waiting:
        lines.append(turn.words("care.entry_waiting", count=waiting))
    return turn.reply(Content("\n".join(lines), tuple(_verbs(turn, staff, standing, department))))


def version_line(turn: Turn, standing: Standing) -> str:
    """Which version is in force, and how sure it is."""
    if standing.retired:
        return turn.words("care.entry_retired", number=standing.number)
    sure = turn.words(f"care.confidence.{standing.entry.confidence or 'none'}")
    return turn.words("care.entry_version", number=standing.number, confidence=sure)


def show_due(turn: Turn) -> None:
    """What should have been looked through by now, by department."""
    staff = caretaker(turn)
    if staff.role == StaffRole.MEMBER:
        raise CareRefused("care.member")
    groups = due_for(turn, staff)
    if not groups:
        return turn.say("care.none_due")
    doubted = {entry.id for entry in list_doubted(turn.session, turn.house, turn.now)}
    lines = [turn.words("care.due_head")]
    choices: list[Choice] = []
    for department, entries in groups:
        lines.append(
            turn.words("care.due_unit", owner=keeper_name(turn.house, department), count=len(entries))
        )
        called = [entry.question for entry in entries if entry.id in doubted]
        lines += [turn.words("learn.doubted", question=question) for question in called[:_PAGE]]
        for entry in entries[: _PAGE - len(choices)]:
            choices.append(Choice(entry.question, f"care.show:{entry.id}"))
    return turn.reply(Content("\n".join([*lines, turn.words("care.due_how")]), tuple(choices)))


def due_for(turn: Turn, staff: Staff) -> list[tuple[str, list[Entry]]]:
    """The overdue entries that this person looks after."""
    due = list_due(turn.session, turn.house, turn.now)
    return [(department, entries) for department, entries in due.items() if may_change(staff, department)]


def show_pending(turn: Turn) -> None:
    """Proposals that wait: those to decide, and one's own."""
    staff = caretaker(turn)
    waiting = proposals_for(turn, staff)
    if not waiting:
        return turn.say("care.none_pending")
    return turn.say("care.pending", choices=list_choices(turn, waiting), count=len(waiting))


def list_choices(caller: Speaker, waiting: Sequence[KnowledgeRevision]) -> list[Choice]:
    """The first proposals of a list, to open; the next come up when these are decided."""
    return [Choice(proposal_title(caller, one), f"care.card:{one.id}") for one in waiting[:_PAGE]]


def proposals_for(turn: Turn, staff: Staff) -> Sequence[KnowledgeRevision]:
    """What waits in this person's reach: leaders all, officers their department's, members their own."""
    if staff.role == StaffRole.OFFICER:
        return list_proposals(turn.session, staff.department or "", _MOST)
    waiting = list_proposals(turn.session, None, _MOST)
    if staff.role == StaffRole.MEMBER:
        waiting = [one for one in waiting if one.author_id == staff.id]
    return waiting


def proposal_title(turn: Speaker, revision: KnowledgeRevision) -> str:
    """A proposal in one line."""
    return turn.words(
        "care.proposal_title",
        number=revision.id,
        verb=verb_name(turn, revision),
        about=subject_name(turn, revision),
    )


def verb_name(turn: Speaker, revision: KnowledgeRevision) -> str:
    """What a revision does, in words."""
    own = {
        (KnowledgeKind.WORDS.value, RevisionVerb.ALIAS.value): "words",
        (KnowledgeKind.FIGURE.value, RevisionVerb.ADD.value): "add_figure",
        (KnowledgeKind.FIGURE.value, RevisionVerb.EDIT.value): "edit_figure",
    }
    return turn.words(f"care.verb.{own.get((revision.kind, revision.verb), revision.verb)}")


def subject_name(turn: Speaker, revision: KnowledgeRevision) -> str:
    """What a revision is about: the entry's question, the word that people say for a thing, or the figure's name."""
    if revision.kind == KnowledgeKind.ENTRY:
        entry = entry_of(revision)
        return entry.question if entry else revision.subject
    if revision.kind == KnowledgeKind.FIGURE:
        return str(revision.row.get("name") or revision.subject)
    return turn.words("care.word_group", name=str(revision.row.get("known") or revision.subject))


def show_retired(turn: Turn) -> None:
    """Entries that were taken out of use; each can be brought back."""
    staff = caretaker(turn)
    if staff.role == StaffRole.MEMBER:
        raise CareRefused("care.member")
    changed = list_changed(turn.session, KnowledgeKind.ENTRY)
    retired = [one for one in changed if one.verb == RevisionVerb.RETIRE][:_PAGE]
    if not retired:
        return turn.say("care.none_retired")
    choices = [Choice(subject_name(turn, one), f"care.show:{one.subject}") for one in retired]
    return turn.say("care.retired_list", choices=choices)


def _entry_choices(entries: Sequence[Entry]) -> list[Choice]:
    return [Choice(entry.question, f"care.show:{entry.id}") for entry in entries]


def _dates(turn: Turn, entry: Entry) -> list[str]:
    if entry.reviewed_on is None or entry.review_by is None:
        return []
    overdue = entry.is_overdue(local_date(turn.now))
    key = "care.entry_overdue" if overdue else "care.entry_reviewed"
    return [turn.words(key, on=spoken_date(entry.reviewed_on), by=spoken_date(entry.review_by))]


def _ways(turn: Turn, entry: Entry) -> list[str]:
    if not entry.alternatives:
        return []
    shown = "; ".join(entry.alternatives[:_WAYS])
    more = len(entry.alternatives) - _WAYS
    key = "care.entry_ways_more" if more > 0 else "care.entry_ways"
    return [turn.words(key, ways=shown, **({"more": more} if more > 0 else {}))]


def _verbs(turn: Turn, staff: Staff, standing: Standing, department: str) -> list[Choice]:
    names = ["alias", "history"]
    if may_change(staff, department):
        names = ["answer", "parts", "alias", "question", "review", "retire", "history"]
    if standing.retired:
        names = ["history"]
    return [turn.choice(f"care.button.{name}", f"care.{name}:{standing.entry.id}") for name in names]
