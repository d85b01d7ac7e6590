"""The last step of a report: everything once more on one screen, to send, to change or to drop."""

from __future__ import annotations

from dataclasses import replace

from core.messages import Choice, Content
from handlers.phrases import is_said
from handlers.report_behalf import written
from handlers.report_draft import ReportDraft, save_draft
from handlers.report_filing import file_draft, may_file, say_full
from handlers.report_taken import shorten
from handlers.turn import Turn
from storage.statuses import Privacy

STEP = "summary"
EDIT = "edit"
PRIVACY = "privacy"
EDITABLE = {
    "text": "report.choose_edit_text",
    "category": "report.choose_edit_category",
    "place": "report.choose_edit_place",
    "photos": "report.choose_edit_photos",
}


def show_summary(turn: Turn, draft: ReportDraft, lead: str = "") -> None:
    """Show the draft with the things that can be done with it."""
    save_draft(turn, replace(draft, recognised=False), STEP)
    choices = (
        turn.choice("report.choose_send", f"report.send:{draft.token}"),
        turn.choice("report.choose_edit", "report.edit"),
        turn.choice("report.choose_privacy", "report.privacy"),
        turn.choice("report.choose_cancel", "report.cancel"),
    )
    turn.reply(Content("\n".join(part for part in (lead, _written(turn, draft)) if part), choices))


def _written(turn: Turn, draft: ReportDraft) -> str:
    category = turn.house.ward.get_category(draft.category)
    lines = [
        turn.words("report.summary"),
        turn.words("report.summary_text", text=shorten(draft.text, 300)),
        turn.words("report.summary_category", category=category.name),
        turn.words("report.summary_place", place=spoken_place(turn, draft)),
        turn.words("report.summary_photos", count=len(draft.files) or turn.words("report.no_photo")),
        *([turn.words("report.summary_spoken", count=len(draft.spoken))] if draft.spoken else []),
        *written(turn, draft),
        turn.words(f"report.privacy.{Privacy(draft.privacy)}"),
    ]
    return "\n".join(lines)


def spoken_place(turn: Turn, draft: ReportDraft) -> str:
    """The place in words, and whether a pin was sent."""
    area = turn.house.ward.find_area(draft.area) if draft.area else None
    parts = [draft.place] if draft.place else [area.name] if area else []
    if draft.latitude is not None:
        parts.append(turn.words("report.pin"))
    return ", ".join(parts) or turn.words("report.no_place")


def send(turn: Turn, draft: ReportDraft) -> None:
    """File it, unless today's cap is reached; then the draft stays for tomorrow."""
    if draft.behalf and turn.staff is None:
        turn.end()
        turn.say("officer.no_right")
    elif draft.behalf or may_file(turn):
        file_draft(turn, draft)
    else:
        say_full(turn)


def ask_edit(turn: Turn, draft: ReportDraft) -> None:
    """Which part to change."""
    save_draft(turn, draft, EDIT)
    choices: list[Choice] = [turn.choice(key, f"report.edit:{name}") for name, key in EDITABLE.items()]
    choices.append(turn.choice("report.choose_back", "report.again"))
    turn.say("report.ask_edit", choices=choices)


def ask_privacy(turn: Turn, draft: ReportDraft) -> None:
    """Who may learn the name, in plain words; only whoever taps for it is asked."""
    save_draft(turn, draft, PRIVACY)
    choices = [turn.choice(f"report.choose_{level}", f"report.privacy:{level}") for level in Privacy]
    choices.append(turn.choice("report.choose_back", "report.again"))
    turn.say("report.ask_privacy", choices=choices)


def typed_privacy(turn: Turn) -> str:
    """The level that is named in words, as a whole message; nothing for any other."""
    named = (level for level in Privacy if is_said(turn.text, turn.words(f"report.typed.{level}")))
    return next(named, "")


def with_privacy(draft: ReportDraft, level: str) -> ReportDraft:
    """The draft with the chosen level; a button that names none changes nothing."""
    return replace(draft, privacy=level) if level in list(Privacy) else draft
