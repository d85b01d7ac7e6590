"""A proposal on the screen of a second person: who wants what, old words and new; and what became of it since."""

from __future__ import annotations

from core.calendar import spoken_moment
from core.messages import Content
from handlers.care_entries import entry_of, find_standing, words_of
from handlers.care_figures import period_lines, periods_of, user_lines
from handlers.care_preview import citizen_texts, shown_differences
from handlers.care_rights import CareRefused, caretaker, may_decide
from handlers.care_show import subject_name, verb_name
from handlers.turn import Turn
from storage.knowledge import find_newest, find_version, lock_revision, newest_number
from storage.models import KnowledgeRevision
from storage.staff import get_staff
from storage.statuses import KnowledgeKind, RevisionStatus, RevisionVerb

CARD = "knowledge"
"""Kind of the delivery that shows a proposal to a second person."""


def card(turn: Turn, revision: KnowledgeRevision) -> Content:
    """A proposal as a message: who wants what, what stands there now, and what shall."""
    author = get_staff(turn.session, revision.author_id).name if revision.author_id else ""
    head = turn.words(
        "care.card",
        number=revision.id,
        author=author,
        verb=verb_name(turn, revision),
        about=subject_name(turn, revision),
    )
    lines = [head, *_changes(turn, revision)]
    if revision.kind == KnowledgeKind.FIGURE:
        lines += ["", *user_lines(turn, "care.figure_will_mark", revision.subject)]
    names = ["approve", "return"]
    if newest_number(turn.session, KnowledgeKind(revision.kind), revision.subject) != revision.base:
        lines += ["", turn.words("care.card_stale", base=revision.base)]
        names = ["return"]
    if revision.kind == KnowledgeKind.ENTRY:
        names.append("look")
    choices = [turn.choice(f"care.button.{name}", f"care.{name}:{revision.id}") for name in names]
    return Content("\n".join(lines), tuple(choices))


def _changes(turn: Turn, revision: KnowledgeRevision) -> list[str]:
    """What stands there now and what shall, field by field."""
    if revision.verb == RevisionVerb.RETIRE:
        return [turn.words("care.card_retire")]
    lines = []
    changes = {KnowledgeKind.WORDS: _word_changes, KnowledgeKind.FIGURE: _figure_changes}
    for field, before, after in changes.get(KnowledgeKind(revision.kind), _entry_changes)(turn, revision):
        lines += ["", turn.words("care.change_name", name=turn.words(f"care.field.{field}"))]
        lines += [turn.words("care.change_old", text=before)] if before else []
        lines += [turn.words("care.change_new", text=after)] if after else []
    if not lines and revision.verb == RevisionVerb.RESTORE:
        lines = [turn.words("care.card_restore")]
    return lines


def _word_changes(turn: Turn, revision: KnowledgeRevision) -> list[tuple[str, str, str]]:
    before = words_of(find_version(turn.session, KnowledgeKind.WORDS, revision.subject, revision.base))
    after = words_of(revision)
    gone = ", ".join(word for word in before if word not in after)
    added = ", ".join(word for word in after if word not in before)
    return [("words", gone, added)]


def _figure_changes(turn: Turn, revision: KnowledgeRevision) -> list[tuple[str, str, str]]:
    """The periods before and after, a line each; and below the card, which answers tell the figure."""
    base = find_version(turn.session, KnowledgeKind.FIGURE, revision.subject, revision.base)
    figures = turn.house.library.figures
    old = periods_of(base) if base else figures.list_periods(revision.subject)
    before, after = period_lines(turn, old), period_lines(turn, periods_of(revision))
    gone = "\n".join(line for line in before if line not in after)
    added = "\n".join(line for line in after if line not in before)
    return [("figure", gone, added)]


def _entry_changes(turn: Turn, revision: KnowledgeRevision) -> list[tuple[str, str, str]]:
    """Against what the author looked at: for a proposal from an older version that is what it is about."""
    base = find_version(turn.session, KnowledgeKind.ENTRY, revision.subject, revision.base)
    standing, new = find_standing(turn, revision.subject), entry_of(revision)
    old = entry_of(base) if base else standing.entry if standing else None
    return shown_differences(turn, old, new) if new is not None else []


def show_card(turn: Turn, revision_id: int) -> None:
    """A proposal that waits, once more; the author can take it back, the others decide."""
    staff, revision = caretaker(turn), find_revision(turn, revision_id)
    if revision.status != RevisionStatus.PROPOSED:
        return say_decided(turn, revision)
    content = card(turn, revision)
    if may_decide(staff, revision):
        return turn.reply(content)
    mine = staff.id == revision.author_id
    withdraw = (turn.choice("care.button.withdraw", f"care.withdraw:{revision_id}"),) if mine else ()
    return turn.reply(Content(content.text, withdraw))


def look(turn: Turn, revision_id: int) -> None:
    """The proposed answer exactly as citizens would read it."""
    revision = find_revision(turn, revision_id)
    entry = entry_of(revision)
    if entry is None:
        raise CareRefused("care.no_proposal")
    names = ("approve", "return") if revision.status == RevisionStatus.PROPOSED else ()
    choices = [turn.choice(f"care.button.{name}", f"care.{name}:{revision_id}") for name in names]
    standing = find_standing(turn, revision.subject)
    *first, last = citizen_texts(turn, standing.entry if standing else None, entry)
    for text in first:
        turn.reply(Content(text))
    turn.reply(Content(last, tuple(choices)))


def find_revision(turn: Turn, revision_id: int) -> KnowledgeRevision:
    """The revision, locked, for whoever may know of it. Raises CareRefused."""
    staff = caretaker(turn)
    revision = lock_revision(turn.session, revision_id) if 0 < revision_id < 2**31 else None
    if revision is None or (staff.id != revision.author_id and not may_decide(staff, revision)):
        raise CareRefused("care.no_proposal")
    return revision


def need_decider(turn: Turn, revision_id: int) -> KnowledgeRevision:
    """The revision, locked, for a second person. Raises CareRefused."""
    revision = find_revision(turn, revision_id)
    if not may_decide(caretaker(turn), revision):
        raise CareRefused("care.own_proposal")
    return revision


def say_decided(turn: Turn, revision: KnowledgeRevision) -> None:
    """Somebody was faster: what they decided, and when."""
    who = get_staff(turn.session, revision.decided_by).name if revision.decided_by else ""
    turn.say(
        "care.decided",
        number=revision.id,
        status=turn.words(f"care.status.{revision.status}"),
        name=who,
        when=spoken_moment(revision.decided_at) if revision.decided_at else "",
    )


def say_stale(turn: Turn, revision: KnowledgeRevision) -> None:
    """It was made from a version that is no longer in force, so nothing was changed."""
    newest = find_newest(turn.session, KnowledgeKind(revision.kind), revision.subject)
    who = get_staff(turn.session, newest.author_id).name if newest and newest.author_id else ""
    choices = [turn.choice("care.button.return", f"care.return:{revision.id}")]
    turn.say(
        "care.stale",
        choices=choices,
        about=subject_name(turn, revision),
        base=revision.base,
        newest=newest.number if newest else 0,
        name=who,
    )


def find_version_by_id(turn: Turn, revision_id: int) -> KnowledgeRevision:
    """A revision that is or was in force: everybody of the office may look at it. Raises CareRefused."""
    caretaker(turn)
    revision = lock_revision(turn.session, revision_id) if 0 < revision_id < 2**31 else None
    if revision is None or revision.number is None:
        raise CareRefused("care.no_version")
    return revision
