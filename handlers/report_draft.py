"""The draft of a report: what a citizen has told so far, kept in the conversation until it is sent or dropped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace

from handlers.privacy import mask
from handlers.turn import Turn
from storage.statuses import Privacy

FLOW = "report"
MAX_TEXT = 2000
MAX_PLACE = 200
MAX_PHOTOS = 5
MAX_RECORDINGS = 5


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """One unsent report. `token` tells it from earlier ones, so that an old button cannot send a new draft.

    `placed` and `pictured` say that a step is settled, also when it was skipped; `asked` are the steps that
    were really asked, in order, because "back" must not stop at what was never asked. `editing` is the step
    that was opened again from the summary; what it held stays until something new is told. `recognised`:
    the person did not ask for a report, so the first question offers the way out; `said` is what to do then.
    `compared`: what others reported was shown, or there was nothing to show. `behalf`: somebody of the office
    writes it for another, `whose` and `reach` it is; `named`, `reached` and `settled` say that this was asked.
    `spoken` are the recordings that came with it.
    `landmark` is the key of a place that the words seem to name, `near` what the person said to it: "yes" or "no".
    """

    token: int
    text: str = ""
    text_ids: tuple[str, ...] = ()
    masked: bool = False
    cut: bool = False
    category: str = ""
    area: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    placed: bool = False
    files: tuple[int, ...] = ()
    spoken: tuple[int, ...] = ()
    pictured: bool = False
    asked: tuple[str, ...] = ()
    editing: str = ""
    said: str = ""
    recognised: bool = False
    misses: int = 0
    compared: bool = False
    privacy: str = Privacy.HIDDEN_PUBLIC.value
    behalf: bool = False
    whose: str = ""
    named: bool = False
    reach: str = ""
    reached: bool = False
    settled: bool = False
    agreed_at: str = ""
    landmark: str = ""
    near: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was told yet, so nothing is lost by leaving."""
        return not (self.text or self.files or self.spoken or self.latitude is not None)


def load_draft(turn: Turn) -> ReportDraft:
    """The draft that this person is writing; an empty one when there is none."""
    if not turn.in_flow(FLOW):
        return ReportDraft(token=turn.inbox_id)
    names = {field.name for field in fields(ReportDraft)}
    kept = {name: value for name, value in turn.data.items() if name in names}
    for name in ("text_ids", "files", "spoken", "asked"):
        kept[name] = tuple(kept.get(name, ()))
    return ReportDraft(**kept)


def save_draft(turn: Turn, draft: ReportDraft, step: str) -> None:
    """Keep the draft and stand at a step of it."""
    turn.go(FLOW, step, **asdict(draft))


def with_text(draft: ReportDraft, turn: Turn, text: str) -> ReportDraft:
    """The draft with this text: cut to what a ticket takes, numbers that are nobody's business covered."""
    safe = mask(text.strip(), turn.words("report.masked_number"))
    ids = turn.message.message_ids or (turn.message.external_id,)
    return replace(
        draft,
        text=safe[:MAX_TEXT],
        text_ids=tuple(ids),
        masked=draft.masked or safe != text.strip(),
        cut=len(safe) > MAX_TEXT,
        misses=0,
    )


def with_more_text(draft: ReportDraft, turn: Turn, text: str) -> ReportDraft:
    """The draft with a further line, for what comes to mind after the text was sent."""
    added = with_text(draft, turn, f"{draft.text}\n{text.strip()}" if draft.text else text)
    return replace(added, text_ids=draft.text_ids)
