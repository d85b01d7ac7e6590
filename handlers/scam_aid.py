"""What to do now, after money, a code or a picture has gone: one short list, the guided steps, a person."""

from __future__ import annotations

from typing import Final

from core.messages import Choice, Content
from faq.scam.asking import Mishap
from handlers.office import hotline_line
from handlers.turn import Turn

# The entry that leads through it step by step.
_GUIDES: Final = {
    Mishap.PAID: "lua-dao-da-chuyen-tien",
    Mishap.CODE: "lua-dao-cai-ung-dung-la",
    Mishap.APP: "lua-dao-cai-ung-dung-la",
    Mishap.LINK: "lua-dao-cai-ung-dung-la",
}


def ask_mishap(turn: Turn) -> None:
    """Which of the mistakes it was."""
    choices = [turn.choice(f"scam.choose_did_{one}", f"scam.did:{one}") for one in Mishap]
    turn.say("scam.ask_mishap", choices=choices)


def show_aid(turn: Turn, mishap: Mishap) -> None:
    """What to do at once, in order, with the number of the ward's police if it is known."""
    lines = [turn.words(f"scam.did_{mishap}")]
    line = hotline_line(turn, "cong_an")
    lines += [line] if line else []
    if mishap is Mishap.PAID:
        lines.append(turn.words("scam.no_promise"))
    turn.reply(Content("\n".join(lines), (*_guide(turn, mishap), *_ways(turn))))


def _guide(turn: Turn, mishap: Mishap) -> tuple[Choice, ...]:
    entry = turn.house.library.find(_GUIDES.get(mishap, ""))
    if entry is None or not entry.steps:
        return ()
    return (turn.choice("steps.choose_start", f"steps.start:{entry.id}"),)


def _ways(turn: Turn) -> tuple[Choice, ...]:
    return (
        turn.choice("person.choose_person", "person.said"),
        turn.choice("scam.choose_record", "report.said:ANTT"),
        turn.choice("welcome.choose_menu", "menu"),
    )
