"""Every version of an entry, or of the words for a thing, with who and when; and the way back to one of them."""

from __future__ import annotations

from core.calendar import LOCAL
from core.messages import Choice, Content
from handlers import care_figure_draft
from handlers.care_card import find_version_by_id
from handlers.care_draft import start_restore
from handlers.care_entries import entry_of, find_standing, words_of
from handlers.care_figures import listed, may_propose, period_lines, periods_of
from handlers.care_preview import preview
from handlers.care_rights import CareRefused, caretaker, may_change, owner_key
from handlers.care_show import subject_name, verb_name
from handlers.care_words import start_restore_words
from handlers.steps_guide import say_entries
from handlers.turn import Turn
from storage.knowledge import list_versions
from storage.models import KnowledgeRevision, Staff
from storage.staff import get_staff
from storage.statuses import KnowledgeKind, RevisionVerb, StaffRole

_SHOWN = 8


def show_history(turn: Turn, kind: KnowledgeKind, subject: str) -> None:
    """The versions, newest first, each to look at; and the one before in one tap."""
    staff = caretaker(turn)
    versions = list_versions(turn.session, kind, subject)
    if not versions:
        if kind is KnowledgeKind.ENTRY and find_standing(turn, subject) is None:
            raise CareRefused("care.no_entry")
        return turn.say("care.history_none")
    lines = [turn.words("care.history", about=subject_name(turn, versions[0]))]
    lines += [_line(turn, one) for one in versions[:_SHOWN]]
    choices = [
        turn.choice("care.button.version", f"care.version:{one.id}", number=one.number)
        for one in versions[1:_SHOWN]
    ]
    before = next((one for one in versions[1:] if one.verb != RevisionVerb.RETIRE), None)
    if before is not None and _may_restore(turn, staff, versions[0]):
        undo = turn.choice("care.button.undo", f"care.restore:{before.id}", number=before.number)
        choices.insert(0, undo)
    return turn.reply(Content("\n".join(lines), tuple(choices)))


def show_version(turn: Turn, revision_id: int) -> None:
    """One version as citizens read it then, with the way back to it."""
    staff, version = caretaker(turn), find_version_by_id(turn, revision_id)
    back: tuple[Choice, ...] = ()
    if version.verb != RevisionVerb.RETIRE and _may_restore(turn, staff, version):
        back = (turn.choice("care.button.restore", f"care.restore:{version.id}"),)
    entry = entry_of(version)
    if version.kind == KnowledgeKind.ENTRY and entry is not None:
        turn.reply(Content(say_entries(turn).answer(entry)))
    text = [turn.words("care.version", number=version.number), _line(turn, version)]
    if version.kind == KnowledgeKind.WORDS:
        text.append(", ".join(words_of(version)) or turn.words("care.words_none"))
    if version.kind == KnowledgeKind.FIGURE:
        text += listed(turn, period_lines(turn, periods_of(version)))
    turn.reply(Content("\n".join(text), back))


def restore(turn: Turn, revision_id: int) -> None:
    """Back to a version of an entry: a new one with its words, which a second person approves like any other."""
    version = find_version_by_id(turn, revision_id)
    if version.kind == KnowledgeKind.WORDS:
        return start_restore_words(turn, version)
    if version.kind == KnowledgeKind.FIGURE:
        return care_figure_draft.start_restore(turn, version)
    start_restore(turn, version)
    return preview(turn)


def _may_restore(turn: Turn, staff: Staff, version: KnowledgeRevision) -> bool:
    """Whoever looks after the entry now; the words for things are the whole office's."""
    if version.kind == KnowledgeKind.WORDS:
        return staff.role != StaffRole.MEMBER
    if version.kind == KnowledgeKind.FIGURE:
        return may_propose(turn, staff, version.subject)
    entry = entry_of(version)
    return entry is not None and may_change(staff, owner_key(turn.house, entry))


def _line(turn: Turn, version: KnowledgeRevision) -> str:
    if version.verb == RevisionVerb.SHIPPED:
        return turn.words("care.history_shipped")
    at = (version.decided_at or version.created_at).astimezone(LOCAL)
    return turn.words(
        "care.history_line",
        number=version.number,
        verb=verb_name(turn, version),
        when=f"{at:%H:%M} {at.day}/{at.month}/{at.year}",
        author=_name(turn, version.author_id),
        name=_name(turn, version.decided_by),
    )


def _name(turn: Turn, staff_id: int | None) -> str:
    return get_staff(turn.session, staff_id).name if staff_id else ""
