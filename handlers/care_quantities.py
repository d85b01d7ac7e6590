"""Figures typed into an entry: the table's own is offered in their place, and one without a source is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.messages import Choice
from faq.entry import Entry
from faq.overlay import from_json
from faq.quantities import Quantity, find_new, list_figures
from handlers.care_draft import LISTS, drop_choice, find_base, is_drafting, keep_part
from handlers.care_rights import CareRefused
from handlers.care_show import FLOW
from handlers.turn import Turn
from storage.statuses import RevisionVerb

CHOICE = "figure_choice"
QUANTIFIED = frozenset({"answer", "steps", "bring", "fee", "time", "place"})
"""Parts that people read, in which every figure comes from the table or the law."""
_OFFERED = 4


def settle(turn: Turn, step: str, value: Any, accepted: Sequence[str] = ()) -> bool:
    """Keep a part once its figures are settled. True when all is there and can be looked at. Raises CareRefused."""
    if step not in QUANTIFIED:
        return keep_part(turn, step, value)
    text = "\n".join(value) if step in LISTS else str(value)
    for quantity in find_new(text, _standing_text(turn)):
        if quantity.text in accepted:
            continue
        keys = list_figures(turn.house.library.figures, quantity)
        stays = _may_stay(turn, quantity)
        if not keys and not stays:
            raise CareRefused(_reason(turn, quantity), figure=quantity.text)
        if keys:
            _offer(turn, step, text, quantity, keys, accepted, stays=stays)
            return False
    return keep_part(turn, step, text.split("\n") if step in LISTS else text)


def use(turn: Turn, key: str) -> bool:
    """Put the reference to a figure in the place of what was typed; "" leaves it as typed where that may be."""
    pending = turn.data.get("pending")
    if not is_drafting(turn) or turn.conversation.step != CHOICE or not pending:
        raise CareRefused("care.no_draft")
    text, accepted = str(pending["text"]), list(pending["accepted"])
    quantity = next((one for one in find_new(text, _standing_text(turn)) if one.text not in accepted), None)
    if quantity is None:
        raise CareRefused("care.no_draft")
    if key in list_figures(turn.house.library.figures, quantity):
        text = f"{text[: quantity.start]}{{figure:{key}}}{text[quantity.end :]}"
    elif _may_stay(turn, quantity):
        accepted.append(quantity.text)
    else:
        raise CareRefused(_reason(turn, quantity), figure=quantity.text)
    step = str(pending["step"])
    return settle(turn, step, text.split("\n") if step in LISTS else text, accepted)


def offer_again(turn: Turn) -> None:
    """The same choice once more, for whoever wrote instead of choosing. Raises CareRefused."""
    pending = turn.data.get("pending")
    if not is_drafting(turn) or not pending:
        raise CareRefused("care.no_draft")
    step, text = str(pending["step"]), str(pending["text"])
    settle(turn, step, text.split("\n") if step in LISTS else text, list(pending["accepted"]))


def _offer(
    turn: Turn,
    step: str,
    text: str,
    quantity: Quantity,
    keys: Sequence[str],
    accepted: Sequence[str],
    *,
    stays: bool,
) -> None:
    turn.go(FLOW, CHOICE, pending={"step": step, "text": text, "accepted": list(accepted)})
    figures = turn.house.library.figures
    choices = [Choice(figures.list_periods(key)[0].name, f"care.use:{key}") for key in keys[:_OFFERED]]
    choices += [turn.choice("care.button.keep_typed", "care.use:")] if stays else []
    choices += [turn.choice("care.button.again", f"care.again:{step}"), drop_choice(turn)]
    turn.say("care.offer_figure", choices=choices, figure=quantity.text)


def _may_stay(turn: Turn, quantity: Quantity) -> bool:
    """A time may be told by the law that the entry names; money and shares always stand in the table."""
    row = turn.data["row"]
    if quantity.is_rate or row.get("confidence") in ("C", "D"):
        return False
    return turn.data["verb"] == RevisionVerb.ADD or bool(row.get("legal_basis"))


def _reason(turn: Turn, quantity: Quantity) -> str:
    if turn.data["row"].get("confidence") in ("C", "D"):
        return "care.figure_unsure"
    return "care.figure_unknown" if quantity.is_rate else "care.term_unknown"


def _standing_text(turn: Turn) -> str:
    """All that people read of the entry today: what stands there was looked at when it was written."""
    base = find_base(turn)
    old: Entry | None = from_json(base) if base else None
    return "\n".join(text for _, text in old.texts) if old else ""
