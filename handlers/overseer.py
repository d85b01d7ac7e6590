"""Who oversees the office, of the Fatherland Front or the People's Council: what they may ask, and how they leave."""

from __future__ import annotations

from typing import Final

from core.messages import MessageKind
from handlers.cards import duty_name
from handlers.desk_duty import end_duty
from handlers.desk_reading import words_after
from handlers.turn import Turn

PREFIX: Final = "overseer."
_ORDERS: Final = ("leave", "help", "menu")


def applies(turn: Turn) -> bool:
    """True for help and farewell; whatever else an overseer writes is a citizen's."""
    if turn.overseer is None or turn.chat.is_group:
        return False
    if turn.action is not None:
        return turn.action.name.startswith(PREFIX)
    return _order(turn) is not None


def respond(turn: Turn) -> None:
    """Say what can be seen, or end the duty after a second tap."""
    overseer = turn.overseer
    if overseer is None:
        return None
    duty = duty_name(turn, overseer)
    wish = turn.action.name.removeprefix(PREFIX) if turn.action is not None else _order(turn)
    if wish == "leave":
        yes = turn.choice("officer.button.leave_yes", f"{PREFIX}leave_now")
        no = turn.choice("officer.button.leave_no", f"{PREFIX}help")
        return turn.say("overseer.leave", choices=[yes, no], duty=duty)
    if wish == "leave_now":
        # Ended by the person: colleagues hear it so, and the own page stays open.
        turn.staff = overseer
        farewell = end_duty(turn, overseer.id or 0)
        turn.staff = turn.overseer = None
        turn.end()
        return turn.say("officer.left", duty=farewell.duty)
    return turn.say(
        "overseer.help", choices=[turn.choice("overseer.button.report", "figures.ask")], duty=duty
    )


def _order(turn: Turn) -> str | None:
    if turn.message.kind is not MessageKind.TEXT or not turn.text.startswith("/"):
        return None
    return next((one for one in _ORDERS if words_after(turn, turn.text, f"officer.typed.{one}") == ""), None)
