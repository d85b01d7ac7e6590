"""Reports that are spoken: a recording is kept for a person to listen to, and a line of text is asked for."""

from __future__ import annotations

from dataclasses import replace

from core.messages import Choice, MessageKind
from core.ward import OTHER
from handlers.report_draft import FLOW, MAX_RECORDINGS, ReportDraft
from handlers.turn import Turn
from storage.files import forget_files, is_recording, list_files


def with_recordings(turn: Turn, draft: ReportDraft) -> ReportDraft:
    """The draft with the recordings of this message, as far as there is room."""
    fresh = [file.id or 0 for file in turn.files if is_recording(file)]
    return replace(draft, spoken=(*draft.spoken, *fresh)[:MAX_RECORDINGS])


def spoken_notes(turn: Turn, before: ReportDraft) -> list[str]:
    """What became of the recordings of this message, for whoever sent them."""
    sent = [file for file in turn.files if file.kind == MessageKind.VOICE]
    kept = [file for file in sent if is_recording(file)]
    room = MAX_RECORDINGS - len(before.spoken)
    notes = []
    if kept and room > 0:
        notes.append(turn.words("report.got_recording"))
    if len(kept) < len(sent):
        notes.append(turn.words("report.recording_failed"))
    if len(kept) > room:
        notes.append(turn.words("report.recording_extra", limit=MAX_RECORDINGS))
    return notes


def forget_sent(turn: Turn) -> None:
    """What was shown and said to the present draft, and with this message, goes; the draft knows nothing of it."""
    lists = ("files", "spoken", "heard") if turn.in_flow(FLOW) else ()
    numbers = [number for name in lists for number in turn.data.get(name, ())]
    forget_files(turn.session, [*numbers, *(file.id or 0 for file in turn.files)], turn.contact.id or 0)
    if numbers:
        turn.keep(files=[], spoken=[], heard=[])


def still_kept(turn: Turn, draft: ReportDraft) -> bool:
    """False for a draft that lay so long that its recordings are forgotten."""
    return any(is_recording(file) for file in list_files(turn.session, draft.spoken, turn.contact.id or 0))


def listen_choices(turn: Turn, draft: ReportDraft) -> list[Choice]:
    """The way on for whoever cannot type, where there is something to listen to."""
    may = draft.spoken and not draft.text
    return [turn.choice("report.choose_listen", "report.listen")] if may else []


def for_listening(turn: Turn, draft: ReportDraft) -> ReportDraft:
    """The draft with nothing left to ask about the trouble itself: an officer listens and sorts it."""
    return replace(
        draft,
        text=turn.words("report.spoken_text"),
        category=draft.category or OTHER,
        placed=True,
        pictured=True,
        compared=True,
        editing="",
        recognised=False,
    )
