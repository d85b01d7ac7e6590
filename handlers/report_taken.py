"""What every step of a report is made of: its functions, what it took from a message, and the ways out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.messages import Choice
from handlers.report_draft import ReportDraft
from handlers.turn import Turn


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step made of a message; `lead` is said before the next question."""

    draft: ReportDraft
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: when it is settled, how it asks, how it reads a text, how it is opened again."""

    name: str
    is_done: Callable[[ReportDraft], bool]
    ask: Callable[[Turn, ReportDraft, str], None]
    read: Callable[[Turn, ReportDraft], Taken]
    reopen: Callable[[ReportDraft], ReportDraft]


def leave_choices(turn: Turn, draft: ReportDraft) -> list[Choice]:
    """Back and cancel; back only where something lies behind, and "no report" where none was asked for."""
    if draft.recognised:
        return [turn.choice("report.choose_no_report", "question.said")]
    behind = len(draft.asked) > 1 or draft.editing
    back = [turn.choice("report.choose_back", "report.back")] if behind else []
    return [*back, turn.choice("report.choose_cancel", "report.cancel")]


def shorten(text: str, limit: int) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
