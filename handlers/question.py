"""Questions: the answer, up to three choices, or an honest "I do not know" with a person at hand."""

from __future__ import annotations

from core.messages import Content, MessageKind
from faq.decision import Decision
from faq.matcher import Match
from handlers.phrases import has_letters, says
from handlers.question_answer import (
    answer,
    answer_followup,
    do_not_know,
    entries_of,
    offer,
    show_way,
)
from handlers.question_memory import last_entry
from handlers.question_parts import answer_parts
from handlers.question_record import record
from handlers.question_verdict import because, blame, thank
from handlers.steps_guide import say_entries
from handlers.turn import Turn
from storage.statuses import AskedDecision


def applies(turn: Turn) -> bool:
    """True for our buttons and for any text that has letters: the last resort of words."""
    if turn.action is not None:
        return turn.action.name.startswith("question.")
    return turn.message.kind is MessageKind.TEXT and has_letters(turn.text)


def respond(turn: Turn) -> None:
    """Answer a text or a button."""
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix("question."), turn.action.args)
    last = last_entry(turn)
    found = turn.house.followups.read(turn.text, last) if last is not None else None
    if found is not None and last is not None:
        return answer_followup(turn, found, last)
    parts = turn.house.parts.read(turn.text, turn.match)
    if parts:
        return answer_parts(turn, parts)
    return _answer_match(turn, turn.match, turn.text)


def is_asked_amid(turn: Turn, *, strict: bool) -> bool:
    """True for a question in the midst of something else, if it looks like one and has a sure answer.

    `strict`: any sentence would be a fitting reply there, so only an unmistakable question counts.
    """
    if turn.action is not None or turn.message.kind is not MessageKind.TEXT or not turn.text:
        return False
    signs = "question.signs.sure" if strict else "question.signs.any"
    asks = "?" in turn.text or says(turn.text, turn.words(signs))
    return asks and turn.match.decision is Decision.ANSWER


def answer_amid(turn: Turn) -> None:
    """Only the answer, without buttons: the conversation goes on where it was."""
    entry = turn.house.library.get(turn.match.ranked[0][0])
    record(turn, AskedDecision.ANSWERED, entry=entry, match=turn.match)
    turn.reply(Content(say_entries(turn).answer(entry)))


def show_entry(turn: Turn, entry_id: str) -> bool:
    """Answer with a given entry; False when there is none of that id any more."""
    entry = turn.house.library.find(entry_id)
    if entry is None:
        return False
    answer(turn, entry, picked=any(action == "question.none" for _, action in turn.conversation.choices))
    return True


def _answer_match(turn: Turn, match: Match, text: str) -> None:
    turn.keep(said=text, near="")
    if match.decision is Decision.ANSWER:
        return answer(turn, turn.house.library.get(match.ranked[0][0]), match=match)
    if match.stub is not None:
        record(turn, AskedDecision.STUB, match=match)
        return show_way(turn, match.stub, text)
    offered = entries_of(turn, match)
    if match.decision is Decision.SUGGEST and offered:
        record(turn, AskedDecision.OFFERED, match=match, words=text)
        return offer(turn, offered, turn.words("question.suggest"))
    record(turn, AskedDecision.NONE, match=match, words=text)
    return do_not_know(turn, text)


def _tap(turn: Turn, verb: str, args: tuple[str, ...]) -> None:
    said = str(turn.data.get("said", ""))
    if verb == "show" and args and show_entry(turn, args[0]):
        return None
    if verb == "right":
        return thank(turn, args[0] if args else "")
    if verb == "wrong" and said:
        return blame(turn, args[0] if args else "")
    if verb == "because" and len(args) == 2:
        return because(turn, args[0], args[1])
    if verb == "said" and said:
        turn.end()
        return _look_again(turn, said)
    if verb in ("none", "wrong"):
        return do_not_know(turn, said)
    return turn.say("question.ask", choices=[turn.choice("welcome.choose_menu", "menu")])


def _look_again(turn: Turn, said: str) -> None:
    """The person says that it is a question after all: offer what is near, even if it looked like a report."""
    match = turn.house.matcher.match(said)
    if match.decision is Decision.ANSWER:
        return _answer_match(turn, match, said)
    offered = entries_of(turn, match)
    turn.keep(said=said, near="")
    record(turn, AskedDecision.OFFERED if offered else AskedDecision.NONE, match=match, words=said)
    return offer(turn, offered, turn.words("question.suggest")) if offered else do_not_know(turn, said)
