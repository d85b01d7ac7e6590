"""/giaithich: shows somebody of the office why a question was answered as it was."""

from __future__ import annotations

from core.messages import Content, MessageKind
from faq.explain import explain, explanation_text
from handlers.desk_reading import words_after
from handlers.question_memory import last_entry
from handlers.turn import Turn

_MOST = 500


def applies(turn: Turn) -> bool:
    """True for the command from somebody of the office; for others it is a text like any other."""
    is_text = turn.message.kind is MessageKind.TEXT and turn.text.startswith("/")
    return turn.staff is not None and is_text and _asked(turn) is not None


def respond(turn: Turn) -> None:
    """What carried the match, the first three entries, and the decision with its chances."""
    text = (_asked(turn) or "")[:_MOST]
    if not text:
        return turn.say("explain.empty")
    found = explain(turn.house.library, turn.house.matcher, text)
    lines = [explanation_text(found, turn.house.words), *_after(turn, text), *_several(turn, text)]
    return turn.reply(Content("\n".join(lines)))


def _asked(turn: Turn) -> str | None:
    return words_after(turn, turn.text, "explain.typed.start")


def _after(turn: Turn, text: str) -> list[str]:
    """How the same words would be understood after the last answer in this chat."""
    last = last_entry(turn)
    found = turn.house.followups.read(text, last) if last is not None else None
    if last is None or found is None:
        return []
    named = "; ".join(entry.question for entry in found.entries)
    return [turn.words("explain.followup", question=last.question, found=named)]


def _several(turn: Turn, text: str) -> list[str]:
    parts = turn.house.parts.read(text, turn.house.matcher.match(text))
    if len(parts) < 2:
        return []
    return [turn.words("explain.parts", count=len(parts), found=" | ".join(part.text for part in parts))]
