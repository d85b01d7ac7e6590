"""Walks a citizen through a report: on to the next question, back, around by an edit, and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.phrases import is_said
from handlers.report_draft import ReportDraft, load_draft, save_draft
from handlers.report_nearby import STEP as NEARBY
from handlers.report_nearby import find_nearby, join, offer, the_only_offer, with_answer
from handlers.report_order import STEPS, find_step
from handlers.report_spoken import for_listening, forget_sent, listen_choices, still_kept
from handlers.report_steps import absorb, add_text
from handlers.report_summary import (
    PRIVACY,
    ask_edit,
    ask_privacy,
    send,
    show_summary,
    typed_privacy,
    with_privacy,
)
from handlers.report_summary import STEP as SUMMARY
from handlers.report_taken import Step, Taken
from handlers.turn import Turn


def advance(turn: Turn, draft: ReportDraft, lead: str = "") -> None:
    """Ask the first thing that is not settled; when all is, show the summary."""
    step = find_step(draft.editing) or next((step for step in STEPS if not step.is_done(draft)), None)
    if not draft.compared and not draft.editing and (step is None or step.name == "photos"):
        nearby = find_nearby(turn, draft)
        if nearby:
            return offer(turn, draft, nearby, lead)
        draft = with_answer(draft)
    if step is None:
        return show_summary(turn, draft, lead)
    if not draft.editing:
        behind = tuple(name for name in draft.asked if name != step.name)
        draft = replace(draft, asked=(*behind, step.name))
    save_draft(turn, draft, step.name)
    return step.ask(turn, draft, lead)


def go_back(turn: Turn, draft: ReportDraft) -> None:
    """To the question before; out of an edit to the summary; from the first question out of the report."""
    if draft.editing or turn.conversation.step not in (SUMMARY, *draft.asked[-1:]):
        return advance(turn, replace(draft, editing=""))
    asked = draft.asked if turn.conversation.step == SUMMARY else draft.asked[:-1]
    step = find_step(asked[-1]) if asked else None
    if step is None:
        return cancel(turn)
    return advance(turn, replace(step.reopen(draft), asked=asked[:-1], misses=0))


def let_listen(turn: Turn, draft: ReportDraft) -> None:
    """Whoever cannot type is done: filed at once, unless it is for somebody else, who is then asked about."""
    if not listen_choices(turn, draft):
        return advance(turn, replace(draft, editing=""))
    if not still_kept(turn, draft):
        return advance(turn, replace(draft, spoken=()), turn.words("report.recording_gone"))
    told = for_listening(turn, draft)
    return advance(turn, told) if draft.behalf else send(turn, told)


def cancel(turn: Turn) -> None:
    """Leave with nothing kept."""
    forget_sent(turn)
    turn.end()
    again = turn.choice("report.choose_start", "report.start")
    turn.say("report.cancelled", choices=(again, turn.choice("welcome.choose_menu", "menu")))


def skip(turn: Turn, draft: ReportDraft, name: str) -> None:
    """A place or photos are never compulsory. A button of an earlier question only repeats the present one."""
    if name == turn.conversation.step == "place":
        draft = replace(draft, placed=True, editing="")
    elif name == turn.conversation.step == "photos":
        draft = replace(draft, pictured=True, editing="")
    elif name == turn.conversation.step == "whose":
        draft = replace(draft, named=True)
    elif name == turn.conversation.step == "reach":
        draft = replace(draft, reached=True)
    advance(turn, replace(draft, recognised=False))


def take(turn: Turn) -> None:
    """A message in the midst of a report: photos and pins go in anywhere, a text to the step that asked."""
    before = load_draft(turn)
    typed = _find_typed(turn)
    if typed is not None:
        return typed(turn, before)
    step = find_step(turn.conversation.step)
    if step is not None and step.name == before.editing == "place" and turn.message.location:
        before = replace(step.reopen(before), editing="")
    taken = absorb(turn, before)
    if turn.text:
        read = _read(turn, step, taken.draft)
        lead = "\n".join(part for part in (read.lead, taken.lead) if part)
        taken = Taken(read.draft, lead)
    elif taken.draft == before and not taken.lead:
        taken = Taken(before, turn.words("report.cannot_take"))
    return advance(turn, replace(taken.draft, recognised=False), taken.lead)


def _read(turn: Turn, step: Step | None, draft: ReportDraft) -> Taken:
    if turn.conversation.step == NEARBY:
        return _read_beside_nearby(turn, draft)
    if step is None:
        return add_text(turn, replace(draft, editing=""))
    # An edit begins on clean ground, but what was there stays until the new answer is understood.
    opened = step.reopen(draft) if draft.editing and step.name != "photos" else draft
    taken = step.read(turn, opened)
    if step.is_done(taken.draft):
        return Taken(replace(taken.draft, editing=""), taken.lead)
    return Taken(replace(draft, misses=taken.draft.misses), taken.lead)


def _read_beside_nearby(turn: Turn, draft: ReportDraft) -> Taken:
    """Neither yes nor no goes into the report; said twice, the question is not worth a third time."""
    if is_said(turn.text, turn.words("report.typed.other_matter")):
        return Taken(with_answer(draft))
    if is_said(turn.text, turn.words("report.typed.same_matter")):
        # Which of several is not said yet.
        return Taken(draft)
    told = add_text(turn, draft)
    if draft.misses:
        return Taken(with_answer(replace(told.draft, misses=0)), told.lead)
    return Taken(replace(told.draft, misses=1), told.lead)


def _join_offered(turn: Turn) -> Callable[[Turn, ReportDraft], None] | None:
    code = the_only_offer(turn) if turn.conversation.step == NEARBY else None
    return (lambda turn, draft: join(turn, draft, code)) if code else None


def _find_typed(turn: Turn) -> Callable[[Turn, ReportDraft], None] | None:
    """Words that lead through the steps for people who type instead of tapping."""

    def typed(key: str) -> bool:
        return bool(turn.text) and not turn.files and is_said(turn.text, turn.words(key))

    if typed("report.typed.same_matter") and (joining := _join_offered(turn)):
        return joining
    if typed("report.typed.back"):
        return go_back
    if typed("report.typed.cancel"):
        return lambda turn, _draft: cancel(turn)
    if typed("report.typed.listen"):
        return let_listen
    if turn.conversation.step in (SUMMARY, PRIVACY) and turn.text and not turn.files:
        level = typed_privacy(turn)
        if level:
            return lambda turn, draft: advance(turn, with_privacy(draft, level))
        if turn.conversation.step == PRIVACY or typed("report.typed.privacy"):
            return ask_privacy
    if turn.conversation.step in (SUMMARY, "edit"):
        if typed("report.typed.send"):
            return send
        if typed("report.typed.edit"):
            return ask_edit
    return None
