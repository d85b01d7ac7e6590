"""Where a person stands in the guided steps of a procedure, and which texts belong there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.calendar import local_date
from core.messages import Choice
from faq.entry import Entry
from faq.saying import Saying
from handlers.office import ward_facts
from handlers.turn import Turn

FLOW = "steps"
_KEPT = timedelta(days=7)
_KEY = "guide"


@dataclass(frozen=True, slots=True)
class Guide:
    """An entry and the step that is shown, counted from 1; 0 is the card of papers before the first step."""

    entry: Entry
    number: int

    @property
    def is_last(self) -> bool:
        """Whether no step follows."""
        return self.number >= len(self.entry.steps)


def stand_at(turn: Turn, guide: Guide) -> None:
    """Be at this step, also after other conversations in between: it is remembered for a week."""
    turn.go(FLOW, "at", entry=guide.entry.id, number=guide.number)
    turn.remember(**{_KEY: [guide.entry.id, guide.number, turn.now.isoformat()]})


def current_guide(turn: Turn) -> Guide | None:
    """The step at which this person stands now."""
    if not turn.in_flow(FLOW):
        return None
    return find_guide(turn, str(turn.data.get("entry", "")), str(turn.data.get("number", 0)))


def left_guide(turn: Turn) -> Guide | None:
    """The step at which this person stood before something else came in between, at most a week ago."""
    entry_id, number, at = turn.memory.get(_KEY) or ("", 0, "")
    if not entry_id or turn.now - datetime.fromisoformat(at) > _KEPT:
        return None
    return find_guide(turn, entry_id, str(number))


def find_guide(turn: Turn, entry_id: str, number: str) -> Guide | None:
    """The step that a button names, if the entry still has it."""
    entry = turn.house.library.find(entry_id)
    if entry is None or not entry.steps or not number.isascii() or not number.isdigit():
        return None
    return Guide(entry, min(int(number[:3]), len(entry.steps)))


def leave(turn: Turn) -> None:
    """No longer in the steps, and nothing to go on with."""
    turn.end()
    turn.remember(**{_KEY: None})


def resume_choices(turn: Turn) -> list[Choice]:
    """The way back to the step, for whoever asked something else in between."""
    guide = current_guide(turn)
    if guide is None:
        return []
    action = f"steps.at:{guide.entry.id}:{guide.number}"
    if guide.number == 0:
        return [turn.choice("steps.choose_resume_card", action)]
    return [turn.choice("steps.choose_resume", action, number=guide.number, total=len(guide.entry.steps))]


def say_entries(turn: Turn) -> Saying:
    """How entries are said today in this ward."""
    return turn.house.library.saying(local_date(turn.now), ward_facts(turn))
