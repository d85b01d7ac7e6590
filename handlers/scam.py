"""The scam desk: "tin này có thật không?", a pasted message, a link, a number, or help after a mistake."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.messages import Choice, Content, MessageKind
from faq.decision import Decision
from faq.scam.asking import Mishap
from faq.scam.desk import Finding, Purpose, is_ours, look
from faq.scam.judge import Level
from faq.scam.links import LinkKind
from handlers.phrases import count_words, is_said
from handlers.scam_aid import ask_mishap, show_aid
from handlers.scam_answer import answer, keep_safely, tell
from handlers.turn import Turn

_PREFIX: Final = "scam."
_WAITS: Final = timedelta(minutes=15)
_MEMORY: Final = "scam"
_FEWEST_WORDS: Final = 4
# Addresses that nobody puts into a report or a wish by chance.
_BAD: Final = (LinkKind.IMITATION, LinkKind.SHORTENED, LinkKind.APP_FILE)


def applies(turn: Turn) -> bool:
    """True for our buttons, for what we asked for, and for what looks like a fraud or asks whether it is one."""
    if turn.action is not None:
        return turn.action.name.startswith(_PREFIX)
    if turn.message.kind is MessageKind.PHOTO:
        return _waits(turn) or (bool(turn.text) and _asks_for_check(turn))
    if turn.message.kind is not MessageKind.TEXT or not turn.text:
        return False
    if _typed(turn, "start") or _typed(turn, "mishap"):
        return True
    finding = look(turn.whole_text)
    if turn.conversation.flow is not None:
        return _is_urgent_amid(finding)
    return is_ours(finding, answered=_is_answered(turn, finding)) or _is_what_we_asked_for(turn, finding)


def quotes_danger(turn: Turn) -> bool:
    """True when an accident is only told to get money: a number to call an ambulance would miss the point.

    Only with a demand for money and the clear marks of a kind that speaks of accidents; else danger goes first.
    """
    if turn.action is not None or turn.message.kind is not MessageKind.TEXT or turn.staff is not None:
        return False
    judgement = look(turn.whole_text).judgement
    signs = {sign.id for sign in judgement.signs}
    wants_money = not signs.isdisjoint({"doi_tien", "phi_truoc", "co_tai_khoan", "tai_khoan_rieng"})
    quoted = judgement.kind is not None and judgement.kind.quotes_danger
    return quoted and wants_money and judgement.level is Level.LIKELY


def respond(turn: Turn) -> None:
    """Let a button, a photo or the words answer."""
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix(_PREFIX), turn.action.args)
    if turn.message.kind is MessageKind.PHOTO:
        keep_safely(turn)
        _wait(turn)
        return turn.say("scam.photo", choices=[turn.choice("scam.choose_mishap", "scam.mishap")])
    if _typed(turn, "start"):
        return ask(turn)
    if _typed(turn, "mishap"):
        return ask_mishap(turn)
    waited = _waits(turn)
    turn.remember(**{_MEMORY: None})
    return _answer(turn, look(turn.whole_text), waited)


def ask(turn: Turn) -> None:
    """Ask for the words; for a quarter of an hour whatever comes is looked at."""
    choices = (turn.choice("scam.choose_mishap", "scam.mishap"), turn.choice("welcome.choose_menu", "menu"))
    turn.reply(Content(turn.words("scam.ask"), choices))
    _wait(turn)


def _answer(turn: Turn, finding: Finding, waited: bool) -> None:
    if finding.purpose is Purpose.MISHAP and finding.asking.mishap is not None:
        keep_safely(turn)
        return show_aid(turn, finding.asking.mishap)
    if finding.purpose is Purpose.TELL:
        return tell(turn)
    if finding.purpose is Purpose.SECRET:
        keep_safely(turn)
        # The answer itself says that nobody may have them.
        turn.caution = turn.words("scam.covered") if turn.covered else ""
        return turn.say("scam.secret", choices=_ways(turn))
    if finding.purpose is Purpose.CHECK and _is_empty(turn, finding):
        _wait(turn)
        return turn.say("scam.ask_again" if waited else "scam.ask", choices=_ways(turn))
    return answer(turn, finding)


def _ways(turn: Turn) -> tuple[Choice, ...]:
    return (turn.choice("scam.choose_mishap", "scam.mishap"), turn.choice("welcome.choose_menu", "menu"))


def _is_empty(turn: Turn, finding: Finding) -> bool:
    """Whether somebody asks about "this message" and there is none."""
    reading, unseen = finding.reading, finding.judgement.level is Level.UNSEEN
    nothing = not reading.links and not reading.numbers and not reading.has_money
    return nothing and unseen and count_words(turn.text) <= 10


def _tap(turn: Turn, verb: str, args: tuple[str, ...]) -> None:
    if verb == "mishap":
        return ask_mishap(turn)
    if verb == "did" and args and args[0] in tuple(Mishap):
        return show_aid(turn, Mishap(args[0]))
    return ask(turn)


def _is_answered(turn: Turn, finding: Finding) -> bool:
    """Whether the knowledge base has a sure answer; asked only where it matters."""
    return finding.purpose is not None and turn.match.decision is Decision.ANSWER


def _is_what_we_asked_for(turn: Turn, finding: Finding) -> bool:
    """Whether this is the text that we asked for, and no sure question about something else."""
    if not _waits(turn) or count_words(turn.text) < _FEWEST_WORDS:
        return False
    asks_else = turn.match.decision is Decision.ANSWER and turn.match.asks
    return finding.purpose is not None or not asks_else


def _is_urgent_amid(finding: Finding) -> bool:
    """In the midst of something else only what cannot be an answer to it: a doubt with something to look up."""
    bad_link = any(link.kind in _BAD for link in finding.reading.links)
    likely = finding.judgement.level is Level.LIKELY
    return likely and (bad_link or (finding.purpose is Purpose.CHECK and finding.has_evidence))


def _asks_for_check(turn: Turn) -> bool:
    finding = look(turn.whole_text)
    return finding.purpose is Purpose.CHECK and (
        finding.asking.points or finding.judgement.level is not Level.UNSEEN
    )


def _typed(turn: Turn, name: str) -> bool:
    return is_said(turn.text, turn.words(f"scam.typed.{name}"))


def _wait(turn: Turn) -> None:
    turn.remember(**{_MEMORY: turn.now.isoformat()})


def _waits(turn: Turn) -> bool:
    asked = str(turn.memory.get(_MEMORY) or "")
    return (
        bool(asked) and turn.conversation.flow is None and turn.now - datetime.fromisoformat(asked) <= _WAITS
    )
