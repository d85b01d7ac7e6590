"""From proposal to force: sent to a second person, approved, returned with a reason, or taken back."""

from __future__ import annotations

from core.messages import Choice, Content
from faq.overlay import to_json
from handlers.care_card import CARD, card, find_revision, need_decider, say_decided, say_stale
from handlers.care_draft import PREVIEW, drafted, drop_choice
from handlers.care_entries import shipped_row
from handlers.care_figures import tell_owners
from handlers.care_rights import (
    CareRefused,
    caretaker,
    keeper_name,
    list_deciders,
    need_change,
    owner_key,
)
from handlers.care_show import FLOW, proposals_for, subject_name
from handlers.turn import Turn
from storage.clusters import lock_cluster, settle
from storage.contacts import get_contact
from storage.knowledge import Proposal, add_proposal, bring_into_force, newest_number, turn_down
from storage.models import KnowledgeRevision
from storage.staff import get_staff
from storage.statuses import ClusterStatus, KnowledgeKind, RevisionOutcome, RevisionStatus, RevisionVerb

REASON = "reason"
HISTORIES = {
    KnowledgeKind.ENTRY: "history",
    KnowledgeKind.WORDS: "words_history",
    KnowledgeKind.FIGURE: "figure_history",
}
"""The button that leads to the versions of a subject, by what it is."""
_MIN_REASON = 5
_MAX_REASON = 500


def send(turn: Turn, shown: int) -> None:
    """The author lets go of what was just looked at; an old button sends nothing."""
    data = turn.data
    if not turn.in_flow(FLOW) or turn.conversation.step != PREVIEW or data.get("shown") != shown:
        raise CareRefused("care.no_draft")
    old, new = drafted(turn)
    verb, department = RevisionVerb(data["verb"]), owner_key(turn.house, new)
    staff = caretaker(turn) if verb is RevisionVerb.ALIAS else need_change(turn, department)
    base, subject = int(data["base"]), new.id
    if newest_number(turn.session, KnowledgeKind.ENTRY, subject) != base:
        turn.end()
        raise CareRefused("care.changed_meanwhile", question=old.question if old else new.question)
    proposal = Proposal(KnowledgeKind.ENTRY, subject, verb, to_json(new), base, staff.id or 0, department)
    submit(turn, proposal)


def submit(turn: Turn, proposal: Proposal) -> None:
    """Keep a proposal and show it to those who may decide."""
    revision = add_proposal(turn.session, proposal, turn.now)
    learned = _settle_cluster(turn, revision)
    turn.end()
    deciders = list_deciders(turn.session, proposal.department, proposal.author_id)
    content = card(turn, revision)
    for _, contact in deciders:
        turn.notify(contact, content, CARD, f"knowledge:{revision.id}:ask")
    choices = [turn.choice("care.button.withdraw", f"care.withdraw:{revision.id}"), *learned]
    names = ", ".join(one.name for one, _ in deciders)
    if not names:
        owner = keeper_name(turn.house, proposal.department)
        return turn.say("care.sent_to_nobody", choices=choices, number=revision.id, owner=owner)
    return turn.say("care.sent", choices=choices, number=revision.id, names=names)


def _settle_cluster(turn: Turn, revision: KnowledgeRevision) -> list[Choice]:
    """Where the proposal came from unanswered questions they wait no more; the way to the next ones."""
    number, status = turn.data.get("cluster") or (0, "")
    cluster = lock_cluster(turn.session, number) if number else None
    if cluster is None:
        return []
    settle(turn.session, cluster, ClusterStatus(status), caretaker(turn).id or 0, turn.now, revision.id)
    return [turn.choice("learn.button.next", "care.learn_next")]


def approve(turn: Turn, revision_id: int) -> None:
    """Bring it into force, once, if nobody was faster and it is made from the newest version."""
    revision = need_decider(turn, revision_id)
    shipped = shipped_row(turn, revision) if revision.base == 0 else None
    staff = caretaker(turn)
    outcome = bring_into_force(turn.session, revision_id, staff.id or 0, shipped, turn.now)
    if outcome is RevisionOutcome.DECIDED:
        return say_decided(turn, revision)
    if outcome is RevisionOutcome.STALE:
        return say_stale(turn, revision)
    turn.changed_knowledge = True
    about = subject_name(turn, revision)
    _tell_author(turn, revision, "care.told_approved", number=revision_id, about=about, name=staff.name)
    kind = HISTORIES[KnowledgeKind(revision.kind)]
    choices = [turn.choice("care.button.history", f"care.{kind}:{revision.subject}")]
    if revision.kind == KnowledgeKind.FIGURE:
        count = tell_owners(turn, revision)
        done = turn.words("care.figure_done", count=count) if count else turn.words("care.figure_unused")
        about = "\n".join([about, done])
    waiting = len(proposals_for(turn, staff))
    choices += [turn.choice("care.button.pending", "care.pending", count=waiting)] if waiting else []
    turn.say("care.approved", choices=choices, about=about, number=revision.number)


def ask_reason(turn: Turn, revision_id: int) -> None:
    """Why it is returned: the author shall know what to do better."""
    revision = need_decider(turn, revision_id)
    if revision.status != RevisionStatus.PROPOSED:
        return say_decided(turn, revision)
    turn.end()
    turn.go(FLOW, REASON, revision=revision_id)
    turn.say("care.ask.reason", choices=[drop_choice(turn)], number=revision_id)
    return turn.ask_freely()


def give_back(turn: Turn, text: str) -> None:
    """Return the proposal with a reason."""
    revision_id = int(turn.data.get("revision", 0))
    revision, reason = need_decider(turn, revision_id), " ".join(text.split())[:_MAX_REASON]
    if sum(letter.isalnum() for letter in reason) < _MIN_REASON:
        return turn.say("care.short_reason", choices=[drop_choice(turn)])
    staff = caretaker(turn)
    turn.end()
    outcome = turn_down(turn.session, revision_id, RevisionStatus.RETURNED, staff.id or 0, reason, turn.now)
    if outcome is not RevisionOutcome.DONE:
        return say_decided(turn, revision)
    about = subject_name(turn, revision)
    again: tuple[Choice, ...] = ()
    if revision.kind == KnowledgeKind.ENTRY and revision.verb != RevisionVerb.ADD:
        again = (turn.choice("care.button.open", f"care.show:{revision.subject}"),)
    _tell_author(
        turn,
        revision,
        "care.told_returned",
        again,
        number=revision_id,
        about=about,
        name=staff.name,
        reason=reason,
    )
    return turn.say("care.returned", number=revision_id)


def withdraw(turn: Turn, revision_id: int) -> None:
    """The author takes it back."""
    staff, revision = caretaker(turn), find_revision(turn, revision_id)
    if staff.id != revision.author_id:
        raise CareRefused("care.not_author")
    outcome = turn_down(turn.session, revision_id, RevisionStatus.WITHDRAWN, staff.id or 0, "", turn.now)
    if outcome is not RevisionOutcome.DONE:
        return say_decided(turn, revision)
    return turn.say("care.withdrawn", number=revision_id)


def _tell_author(
    turn: Turn, revision: KnowledgeRevision, key: str, choices: tuple[Choice, ...] = (), **fields: object
) -> None:
    author = get_staff(turn.session, revision.author_id) if revision.author_id else None
    if author is not None and author.active:
        content = Content(turn.house.words.text(key, **fields), choices)
        contact = get_contact(turn.session, author.contact_id)
        turn.notify(contact, content, "knowledge_news", f"knowledge:{revision.id}:{revision.status}")
