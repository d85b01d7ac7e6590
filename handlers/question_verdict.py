"""What a person says of an answer: a thumb by tap or in words, for a thumb down the reason, then something better."""

from __future__ import annotations

from core.messages import Choice
from faq.decision import Decision
from faq.entry import Entry
from handlers.phrases import is_only, says
from handlers.question_answer import OFFERED, guide_choices, offer, offer_others, other_entries
from handlers.question_memory import last_entry
from handlers.question_record import give_reason, judge
from handlers.turn import Turn
from storage.statuses import Reason, Verdict

_BECAUSE = "question.because"
_ASKED = (Reason.NOT_ASKED, Reason.WRONG, Reason.UNCLEAR, Reason.MISSING)
_TOLD = (Reason.WRONG, Reason.UNCLEAR, Reason.MISSING)


def thank(turn: Turn, entry_id: str) -> None:
    """A thumb up: thanks in one line. Whoever tapped may want what people ask next; who wrote thanks is done."""
    judge(turn, entry_id, Verdict.GOOD)
    entry = turn.house.library.find(entry_id) if turn.action is not None else None
    entries = _related(turn, entry)[: OFFERED - 1] if entry is not None else []
    choices = [Choice(one.question, f"question.show:{one.id}") for one in entries]
    choices.append(turn.choice("welcome.choose_menu", "menu"))
    turn.say("question.glad_related" if entries else "question.glad", choices=choices)


def blame(turn: Turn, entry_id: str) -> None:
    """A thumb down: why, in one tap. Of an answer that was judged before nobody is asked again."""
    entry = turn.house.library.find(entry_id)
    if entry is not None and turn.message.action is None and not turn.text.isdecimal():
        return refuse(turn, entry)
    if entry is None or not judge(turn, entry_id, Verdict.BAD):
        return offer_others(turn, entry_id)
    choices = [turn.choice(f"question.because.{one}", f"{_BECAUSE}:{one}:{entry_id}") for one in _ASKED]
    return turn.say("question.why", choices=choices)


def because(turn: Turn, reason: str, entry_id: str, remark: str = "") -> None:
    """The reason: kept once, and answered with what helps against it."""
    known = Reason(reason) if reason in set(Reason) else Reason.OTHER
    give_reason(turn, entry_id, known, remark)
    if known is Reason.NOT_ASKED:
        return offer_others(turn, entry_id)
    person = turn.choice("person.choose_person", "person.said")
    choices = [person, turn.choice("welcome.choose_menu", "menu")]
    entry = turn.house.library.find(entry_id)
    if known is Reason.UNCLEAR and entry is not None:
        choices = [*guide_choices(turn, entry), *choices]
    if known is Reason.MISSING and entry is not None:
        near = _related(turn, entry)[: OFFERED - 1]
        choices = [*(Choice(one.question, f"question.show:{one.id}") for one in near), *choices]
    return turn.say(f"question.sorry.{known}", choices=choices)


# ---------------------------------------------------------------------------------------------- words


def approves(turn: Turn) -> bool:
    """True for "đúng rồi, cảm ơn" after an answer; said twice it counts once. A bare "cảm ơn" is small talk."""
    if last_entry(turn) is None:
        return False
    words = turn.words("question.typed.right")
    around = (words, turn.words("fallback.typed.thanks"), turn.words("fallback.typed.polite"))
    return says(turn.text, words) and is_only(turn.text, "\n".join((*around, _beside(turn))))


def told_reason(turn: Turn) -> Reason | None:
    """The reason that a text gives: in set words after an answer, in any words once we have asked for it."""
    last = last_entry(turn)
    if last is None:
        return None
    for reason in _TOLD:
        words = turn.words(f"question.typed.because.{reason}")
        if says(turn.text, words) and (_was_asked(turn) or is_only(turn.text, f"{words}\n{_beside(turn)}")):
            return reason
    return Reason.OTHER if _was_asked(turn) and _is_no_question(turn) else None


def take_reason(turn: Turn, reason: Reason) -> None:
    """A reason in words, also without a thumb before it."""
    last = last_entry(turn)
    entry_id = last.id if last is not None else ""
    judge(turn, entry_id, Verdict.BAD)
    because(turn, reason, entry_id, turn.text)


def calls_it_wrong(turn: Turn) -> bool:
    """True for "sai rồi": perhaps another question was meant, perhaps the answer itself is wrong."""
    return says(turn.text, turn.words("question.typed.false"))


def refuse(turn: Turn, entry: Entry) -> None:
    """ "Không phải": the next candidates at once; where it may be the answer that is wrong, that can be said too."""
    judged = judge(turn, entry.id, Verdict.BAD)
    if not calls_it_wrong(turn):
        give_reason(turn, entry.id, Reason.NOT_ASKED)
        return offer_others(turn, entry.id)
    others = other_entries(turn, entry.id)[: OFFERED - 1]
    if not judged or not others:
        return offer_others(turn, entry.id)
    wrong = turn.choice("question.because.wrong", f"{_BECAUSE}:{Reason.WRONG}:{entry.id}")
    return offer(turn, others, turn.words("question.others"), (wrong,))


def _was_asked(turn: Turn) -> bool:
    """The reason is what we asked for last: nothing else was said since."""
    return any(action.startswith(f"{_BECAUSE}:{Reason.NOT_ASKED}") for _, action in turn.conversation.choices)


def _is_no_question(turn: Turn) -> bool:
    """Words that nothing answers: so they are what we asked for."""
    match, last = turn.match, last_entry(turn)
    if last is None or "?" in turn.text or turn.house.followups.read(turn.text, last) is not None:
        return False
    return match.decision is Decision.NONE and match.route is None and match.stub is None


def _beside(turn: Turn) -> str:
    return f"{turn.words('question.typed.beside_wrong')}\n{turn.words('fallback.typed.polite')}"


def _related(turn: Turn, entry: Entry) -> list[Entry]:
    found = [turn.house.library.find(name) for name in entry.related]
    return [one for one in found if one is not None and one.answer]
