"""What a conversation remembers of a reminder that is being written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from handlers.turn import Turn
from storage.models import Reminder
from storage.statuses import AnswerDemand

FLOW: Final = "remind"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was gathered so far; `number` is that of the reminder being changed."""

    title: str = ""
    rule: dict[str, Any] | None = None
    audience: tuple[str, ...] = ()
    answer: str = ""
    fields: tuple[str, ...] = ()
    line: str = ""
    readings: tuple[dict[str, Any], ...] = ()
    number: int | None = None

    def as_reminder(self, turn: Turn) -> Reminder:
        """The row that would come of it."""
        return Reminder(
            title=self.title,
            rule=self.rule or {},
            audience=list(self.audience),
            answer=self.answer or AnswerDemand.NONE.value,
            fields=list(self.fields),
            author_id=turn.staff.id if turn.staff else None,
            created_at=turn.now,
            since_at=turn.now,
        )


def draft_of(turn: Turn) -> Draft:
    """What the conversation remembers."""
    data = turn.data.get("draft", {})
    lists = {name: tuple(data[name]) for name in ("audience", "fields", "readings") if name in data}
    return Draft(**{**data, **lists})


def keep_draft(turn: Turn, step: str, draft: Draft) -> None:
    stored = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    turn.go(
        FLOW, step, draft={name: list(one) if isinstance(one, tuple) else one for name, one in stored.items()}
    )
