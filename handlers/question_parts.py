"""Several questions in one message: each is answered, and for one that is not sure choices are offered."""

from __future__ import annotations

from collections.abc import Sequence

from core.messages import Choice, Content
from faq.entry import Entry
from faq.parts import Part
from handlers.question_answer import answer, offer
from handlers.question_memory import note
from handlers.question_record import record
from handlers.steps_guide import resume_choices, say_entries
from handlers.turn import Turn
from storage.statuses import AskedDecision


def answer_parts(turn: Turn, parts: Sequence[Part]) -> None:
    """The sure answers in one message, numbered; then the choices for the first part that is not sure."""
    turn.keep(said=turn.text, near="")
    sure = [part.entry for part in parts if part.entry is not None]
    if len(sure) == 1:
        answer(turn, sure[0], named=len(parts) > 1)
    else:
        _answer_all(turn, sure)
    unsure = next((part for part in parts if part.entry is None), None)
    if unsure is not None:
        said = " ".join(unsure.text.split())[:80]
        record(turn, AskedDecision.OFFERED, words=unsure.text)
        offer(turn, unsure.offers, turn.words("question.part_unsure", text=said))


def _answer_all(turn: Turn, entries: Sequence[Entry]) -> None:
    turn.remember(doubts=0)
    saying = say_entries(turn)
    texts = [turn.words("question.parts", count=len(entries))]
    choices: list[Choice] = []
    for number, entry in enumerate(entries, start=1):
        head = turn.words("question.part", number=number, question=entry.question)
        record(turn, AskedDecision.ANSWERED, entry=entry)
        texts.append(f"{head}\n{saying.answer(entry)}")
        choices.append(turn.choice("question.choose_part", f"question.show:{entry.id}", number=number))
    choices.append(turn.choice("question.choose_wrong", "question.none"))
    note(turn, entries[-1])
    turn.reply(Content("\n\n".join(texts), (*choices, *resume_choices(turn))))
