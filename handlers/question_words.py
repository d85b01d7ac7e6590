"""Choosing and refusing in words: "cái thứ hai", "cái về trẻ em", "không phải", "ý tôi là …"."""

from __future__ import annotations

from core.messages import MessageKind
from faq.decision import Decision
from faq.entry import Entry
from faq.normalize import fold, toned
from handlers.phrases import count_words, is_only, says
from handlers.question_answer import answer, answer_followup, do_not_know, entries_of, offer
from handlers.question_memory import last_entry
from handlers.question_record import record
from handlers.question_verdict import approves, refuse, take_reason, thank, told_reason
from handlers.steps_guide import FLOW as STEPS
from handlers.turn import Turn
from storage.statuses import AskedDecision

_SHOW = "question.show"
_PLACES = ("first", "second", "third", "fourth")
_LONGEST = 8
_COVERED = 0.55
_AHEAD = 0.12


def applies(turn: Turn) -> bool:
    """True for words that choose from what was offered, refuse it, or say what was meant instead."""
    if turn.action is not None or turn.message.kind is not MessageKind.TEXT or turn.message.reply_to:
        return False
    if not turn.text or turn.conversation.flow not in (None, STEPS):
        return False
    if _picked(turn) is not None or _refuses(turn) or _meant(turn) is not None:
        return True
    return not _offered(turn) and (approves(turn) or told_reason(turn) is not None)


def respond(turn: Turn) -> None:
    """Show what was chosen, or offer something else."""
    picked = _picked(turn)
    if picked is not None:
        return answer(turn, picked, picked=True)
    meant = _meant(turn)
    if meant is not None:
        return _answer_meant(turn, meant)
    last = last_entry(turn)
    if _offered(turn) or last is None:
        return do_not_know(turn, str(turn.data.get("said", "")))
    reason = None if _refuses(turn) else told_reason(turn)
    if reason is not None:
        return take_reason(turn, reason)
    return refuse(turn, last) if _refuses(turn) else thank(turn, last.id)


def _offered(turn: Turn) -> list[Entry]:
    """The entries among what was offered last, in their order."""
    actions = [action for _, action in turn.conversation.choices]
    if "question.none" not in actions:
        # "Xem cả câu trả lời" under an answer offers nothing to choose from.
        return []
    names = [action.split(":", 1)[1] for action in actions if action.startswith(f"{_SHOW}:")]
    found = [turn.house.library.find(name) for name in names]
    return [entry for entry in found if entry is not None]


def _picked(turn: Turn) -> Entry | None:
    offered = _offered(turn)
    if not offered or count_words(turn.text) > _LONGEST:
        return None
    return _by_place(turn, offered) or _by_subject(turn, offered)


def _by_place(turn: Turn, offered: list[Entry]) -> Entry | None:
    """ "Cái đầu", "ý 2", "câu thứ ba", "cái cuối": nothing but a place and the words around one."""
    around = f"{turn.words('question.typed.pick')}\n{turn.words('fallback.typed.polite')}"
    places = {name: at for at, name in enumerate(_PLACES)} | {"last": len(offered) - 1}
    for name, at in places.items():
        words = turn.words(f"question.typed.{name}")
        if at < len(offered) and says(turn.text, words) and is_only(turn.text, f"{words}\n{around}"):
            return offered[at]
    return None


def _by_subject(turn: Turn, offered: list[Entry]) -> Entry | None:
    """ "Cái về trẻ em", "báo lỗi": the one of the offered that the words name better than the others."""
    named = [entry for entry in offered if f" {turn.folded} " in f" {fold(entry.question)} "]
    if len(named) == 1 and count_words(turn.text) > 1:
        return named[0]
    ids = {entry.id: entry for entry in offered}
    if turn.match.decision is Decision.ANSWER and turn.match.ranked[0][0] not in ids:
        return None
    ranking = turn.house.matcher.look(turn.text).ranking.entries
    fitting = sorted((one for one in ranking if one.id in ids), key=lambda one: -one.of_query)
    if not fitting or fitting[0].of_query < _COVERED:
        return None
    clear = len(fitting) == 1 or fitting[0].of_query - fitting[1].of_query >= _AHEAD
    return ids[fitting[0].id] if clear else None


def _refuses(turn: Turn) -> bool:
    """True for "không phải" and its like, after an answer or an offer of ours."""
    if not _offered(turn) and last_entry(turn) is None:
        return False
    words = turn.words("question.typed.wrong")
    beside = f"{turn.words('question.typed.beside_wrong')}\n{turn.words('fallback.typed.polite')}"
    return says(turn.text, words) and is_only(turn.text, f"{words}\n{beside}")


def _meant(turn: Turn) -> str | None:
    """What follows "ý tôi là", if it was said to correct an answer of ours."""
    if last_entry(turn) is None:
        return None
    text = toned(turn.text)
    bare = fold(turn.text)
    for phrase in sorted(turn.words("question.typed.meant").splitlines(), key=len, reverse=True):
        for said, line in ((text, toned(phrase.strip())), (bare, fold(phrase))):
            at = f" {said} ".find(f" {line} ")
            if line and 0 <= at <= len("không phải, dạ ") and len(said) > at + len(line):
                return said[at + len(line) :].strip(" ,:;.–-") or None
    return None


def _answer_meant(turn: Turn, meant: str) -> None:
    """The corrected question: by itself, or as a case of what was asked before."""
    last = last_entry(turn)
    turn.keep(said=meant, near="")
    match = turn.house.matcher.match(meant)
    if match.decision is Decision.ANSWER and last is None:
        return answer(turn, turn.house.library.get(match.ranked[0][0]), match=match)
    # Said with "còn" in front it is read like any other case of the last answer.
    found = turn.house.followups.read(f"còn {meant}", last) if last is not None else None
    if found is not None and last is not None:
        return answer_followup(turn, found, last)
    if match.decision is Decision.ANSWER:
        return answer(turn, turn.house.library.get(match.ranked[0][0]), match=match)
    offered = entries_of(turn, match, skip=last.id if last else "")
    record(turn, AskedDecision.OFFERED if offered else AskedDecision.NONE, match=match, words=meant)
    return offer(turn, offered, turn.words("question.others")) if offered else do_not_know(turn, meant)
