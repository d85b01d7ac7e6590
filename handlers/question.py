"""Questions: the answer, up to three choices, or an honest "I do not know" with a person at hand."""

from __future__ import annotations

from collections.abc import Sequence

from core.calendar import local_date
from core.messages import Choice, Content, MessageKind
from faq.decision import Decision
from faq.entry import Entry
from faq.matcher import Match
from handlers.phrases import count_words, has_letters, says
from handlers.turn import Turn

_MOST_LINKS = 2
_OFFERED = 3
_SENTENCE = 5


def applies(turn: Turn) -> bool:
    """True for our buttons and for any text that has letters: the last resort of words."""
    if turn.action is not None:
        return turn.action.name.startswith("question.")
    return turn.message.kind is MessageKind.TEXT and has_letters(turn.text)


def respond(turn: Turn) -> None:
    """Answer a text or a button."""
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix("question."), turn.action.args)
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
    turn.reply(Content(_answer_text(turn, entry)))


def show_entry(turn: Turn, entry_id: str) -> bool:
    """Answer with a given entry; False when there is none of that id any more."""
    entry = turn.house.library.find(entry_id)
    if entry is None:
        return False
    _answer(turn, entry)
    return True


def _answer_match(turn: Turn, match: Match, text: str) -> None:
    if match.decision is Decision.ANSWER:
        turn.keep(said=text)
        return _answer(turn, turn.house.library.get(match.ranked[0][0]))
    if match.stub is not None:
        return _show_way(turn, match.stub, text)
    offered = _entries(turn, match, skip="")
    if match.decision is Decision.SUGGEST and offered:
        turn.keep(said=text)
        return _offer(turn, offered, "question.suggest")
    return _do_not_know(turn, text)


def _answer(turn: Turn, entry: Entry) -> None:
    turn.remember(doubts=0)
    choices = [Choice(turn.words("question.choose_link", site=_site(link)), url=link) for link in entry.links]
    choices = choices[:_MOST_LINKS]
    choices.append(turn.choice("question.choose_right", f"question.right:{entry.id}"))
    choices.append(turn.choice("question.choose_wrong", f"question.wrong:{entry.id}"))
    turn.reply(Content(_answer_text(turn, entry), tuple(choices)))


def _answer_text(turn: Turn, entry: Entry) -> str:
    return turn.house.library.answer_text(entry, local_date(turn.now), _facts(turn))


def _show_way(turn: Turn, stub: str, text: str) -> None:
    """A matter that is not the ward's: where to go with it."""
    turn.remember(doubts=0)
    turn.keep(said=text)
    person = turn.choice("person.choose_person", "person.said")
    choices = (person, turn.choice("welcome.choose_menu", "menu"))
    turn.reply(Content(turn.house.matcher.stub_answer(stub), choices))


def _facts(turn: Turn) -> dict[str, str]:
    """What answers may say about this ward; the library has stand-ins for what is not known."""
    ward = turn.house.ward
    hotline = ward.find_hotline("hanh_chinh_cong")
    return {
        "ward_name": ward.unit_words["Ward"],
        "ward_address": ward.address or "",
        "ward_hotline": hotline.number or "" if hotline else "",
        "ward_office_hours": str(ward.office_hours or ""),
    }


def _offer(turn: Turn, entries: Sequence[Entry], key: str) -> None:
    choices = [Choice(entry.question, f"question.show:{entry.id}") for entry in entries]
    if _may_be_report(turn):
        choices.append(turn.choice("question.choose_report", "report.said"))
    turn.say(key, choices=[*choices, turn.choice("question.choose_none", "question.none")])


def _may_be_report(turn: Turn) -> bool:
    """True for a sentence that does not ask: perhaps nothing was asked at all."""
    asks = "?" in turn.text or says(turn.text, turn.words("question.signs.any"))
    return turn.action is None and count_words(turn.text) >= _SENTENCE and not asks


def _do_not_know(turn: Turn, text: str) -> None:
    """Say so. The second time in a row a person is offered first: nobody is asked a third time."""
    doubts = int(turn.memory.get("doubts", 0)) + 1
    turn.remember(doubts=doubts)
    turn.keep(said=text)
    person = turn.choice("person.choose_person", "person.said")
    report = turn.choice("question.choose_report", "report.said")
    menu = turn.choice("welcome.choose_menu", "menu")
    if doubts > 1:
        turn.say("question.unknown_again", choices=(person, report, menu))
    else:
        turn.say("question.unknown", choices=(person, report, menu))


def _tap(turn: Turn, verb: str, args: tuple[str, ...]) -> None:
    said = str(turn.data.get("said", ""))
    if verb == "show" and args and show_entry(turn, args[0]):
        return None
    if verb == "right":
        return _related(turn, args[0] if args else "")
    if verb == "wrong" and said:
        return _others(turn, said, args[0] if args else "")
    if verb == "said" and said:
        turn.end()
        return _look_again(turn, said)
    if verb in ("none", "wrong"):
        return _do_not_know(turn, said)
    return turn.say("question.ask", choices=[turn.choice("welcome.choose_menu", "menu")])


def _look_again(turn: Turn, said: str) -> None:
    """The person says that it is a question after all: offer what is near, even if it looked like a report."""
    match = turn.house.matcher.match(said)
    if match.decision is Decision.ANSWER:
        return _answer_match(turn, match, said)
    offered = _entries(turn, match, skip="")
    turn.keep(said=said)
    return _offer(turn, offered, "question.suggest") if offered else _do_not_know(turn, said)


def _related(turn: Turn, entry_id: str) -> None:
    """Thanks for the word, and what people ask next."""
    entry = turn.house.library.find(entry_id)
    found = [turn.house.library.find(name) for name in entry.related] if entry else []
    entries = [one for one in found if one is not None and one.answer][: _OFFERED - 1]
    choices = [Choice(one.question, f"question.show:{one.id}") for one in entries]
    choices.append(turn.choice("welcome.choose_menu", "menu"))
    turn.say("question.glad_related" if entries else "question.glad", choices=choices)


def _others(turn: Turn, said: str, wrong: str) -> None:
    """Not what was meant: the next best, and a person."""
    offered = _entries(turn, turn.house.matcher.match(said), skip=wrong)
    if offered:
        _offer(turn, offered, "question.others")
    else:
        _do_not_know(turn, said)


def _entries(turn: Turn, match: Match, skip: str) -> list[Entry]:
    found = [turn.house.library.find(name) for name, _ in match.ranked]
    return [entry for entry in found if entry is not None and entry.id != skip and entry.answer][:_OFFERED]


def _site(link: str) -> str:
    return link.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")
