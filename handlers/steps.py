"""Guided steps: the card of papers, then one step a message, back and on, and a person for whoever is stuck."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.messages import Choice, Content, MessageKind
from faq.decision import Decision
from faq.entry import Entry
from faq.normalize import syllables
from handlers import steps_help
from handlers.phrases import count_words, find_spans, is_only, says
from handlers.question_answer import answer
from handlers.question_memory import last_entry, note
from handlers.question_record import record
from handlers.steps_guide import (
    FLOW,
    Guide,
    current_guide,
    find_guide,
    leave,
    left_guide,
    say_entries,
    stand_at,
)
from handlers.turn import Turn
from storage.statuses import AskedDecision

_LONGEST = 16
# Between two sentences: with large letters on a telephone each is read on lines of its own.
_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-ZĐÀ-ỸẠ-Ỹ])")
_Act = Callable[[], None]


def applies(turn: Turn) -> bool:
    """True for our buttons, for the words that lead through the steps, and for those that ask for them."""
    if turn.action is not None:
        return turn.action.name.startswith("steps.")
    return _typed(turn) is not None


def respond(turn: Turn) -> None:
    """Show the step that is meant."""
    act = _typed(turn) if turn.action is None else None
    if act is not None:
        return act()
    action = turn.action
    return _tap(turn, action.name.removeprefix("steps."), (*action.args, "", "")) if action else None


def start(turn: Turn, entry: Entry) -> None:
    """Begin with the card of an entry; without steps the answer has to do."""
    if not entry.steps:
        turn.say("steps.no_steps")
        return answer(turn, entry)
    return show(turn, Guide(entry, 0))


def show(turn: Turn, guide: Guide) -> None:
    """The card or a step, with the ways on."""
    stand_at(turn, guide)
    note(turn, guide.entry)
    entry, saying = guide.entry, say_entries(turn)
    total = len(entry.steps)
    if guide.number == 0:
        card = saying.card(entry)
        key = "steps.card" if card else "steps.card_none"
        text = turn.words(key, question=entry.question, card=card or "", total=total)
        stop = turn.choice("steps.choose_stop", "steps.stop")
        return turn.reply(Content(text, (_to(turn, "next", guide, 1), _stuck(turn, guide), stop)))
    text = _SENTENCE.sub("\n", saying.step(entry, guide.number))
    if guide.is_last:
        text = f"{text}\n{turn.words('steps.last_hint')}"
    return turn.reply(Content(text, _ways(turn, guide)))


def _ways(turn: Turn, guide: Guide) -> tuple[Choice, ...]:
    onward = _to(turn, "next", guide, guide.number + 1)
    if guide.is_last:
        onward = turn.choice("steps.choose_done", f"steps.done:{guide.entry.id}")
    back = _to(turn, "back", guide, guide.number - 1)
    papers = turn.choice("steps.choose_papers", f"steps.at:{guide.entry.id}:0")
    return (onward, back, _stuck(turn, guide), papers, turn.choice("steps.choose_stop", "steps.stop"))


def _to(turn: Turn, way: str, guide: Guide, number: int) -> Choice:
    # The button names its step: tapped twice, or an hour later, it still leads there.
    key = "steps.choose_next" if way == "next" else "steps.choose_back"
    return turn.choice(key, f"steps.at:{guide.entry.id}:{number}")


def _stuck(turn: Turn, guide: Guide) -> Choice:
    return turn.choice("steps.choose_stuck", f"steps.stuck:{guide.entry.id}:{guide.number}")


def _tap(turn: Turn, verb: str, args: tuple[str, ...]) -> None:
    if verb == "stop":
        return _stop(turn)
    if verb == "done":
        return _finish(turn)
    if verb in ("member", "send_member"):
        return steps_help.tap(turn, verb)
    entry = turn.house.library.find(args[0])
    if verb == "start" and entry is not None:
        return start(turn, entry)
    if verb == "papers" and entry is not None:
        return _show_papers(turn, entry)
    guide = find_guide(turn, args[0], args[1])
    if guide is None:
        return turn.say("steps.gone", choices=[turn.choice("welcome.choose_menu", "menu")])
    if verb == "stuck":
        return steps_help.offer_help(turn, guide)
    return show(turn, guide)


def _show_papers(turn: Turn, entry: Entry) -> None:
    """The card by itself, for an entry that has no steps."""
    card = say_entries(turn).card(entry)
    if entry.steps or card is None:
        return start(turn, entry)
    note(turn, entry)
    whole = turn.choice("question.choose_whole", f"question.show:{entry.id}")
    menu = turn.choice("welcome.choose_menu", "menu")
    return turn.say("steps.papers_only", choices=(whole, menu), question=entry.question, card=card)


def _stop(turn: Turn) -> None:
    turn.end()
    turn.say("steps.stopped", choices=[turn.choice("welcome.choose_menu", "menu")])


def _finish(turn: Turn) -> None:
    leave(turn)
    turn.say("steps.done", choices=[turn.choice("welcome.choose_menu", "menu")])


# ---------------------------------------------------------------------------------------------- words


def _typed(turn: Turn) -> _Act | None:
    """What a typed text means for the steps; nothing for everything else."""
    text_only = turn.message.kind is MessageKind.TEXT and turn.text and turn.message.reply_to is None
    if turn.action is not None or not text_only or turn.conversation.flow not in (None, FLOW):
        return None
    if count_words(turn.text) > _LONGEST:
        return None
    guide = current_guide(turn)
    if guide is not None:
        return _typed_within(turn, guide) or _typed_start(turn)
    left = left_guide(turn)
    if left is not None and _consists_of(turn, "steps.typed.resume"):
        return lambda: show(turn, left)
    return _typed_start(turn)


def _typed_within(turn: Turn, guide: Guide) -> _Act | None:
    entry, number = guide.entry, guide.number
    if _consists_of(turn, "steps.typed.done"):
        return lambda: _finish(turn)
    if _consists_of(turn, "steps.typed.next"):
        if guide.is_last:
            return lambda: _finish(turn)
        return lambda: show(turn, Guide(entry, number + 1))
    if _consists_of(turn, "steps.typed.back"):
        return lambda: show(turn, Guide(entry, max(0, number - 1)))
    if _consists_of(turn, "steps.typed.papers"):
        return lambda: show(turn, Guide(entry, 0))
    if _consists_of(turn, "steps.typed.stop"):
        return lambda: _stop(turn)
    if says(turn.text, turn.words("steps.typed.stuck")) and count_words(turn.text) <= _LONGEST // 2:
        return lambda: steps_help.offer_help(turn, guide)
    return None


def _typed_start(turn: Turn) -> _Act | None:
    """ "Chỉ từng bước" for what was answered last, or together with what it is about."""
    words = turn.words("steps.typed.start")
    if not says(turn.text, words):
        return None
    last = last_entry(turn)
    if is_only(turn.text, _with_small_words(turn, words)):
        if last is None:
            return lambda: turn.say("steps.which", choices=[turn.choice("welcome.choose_menu", "menu")])
        return lambda: start(turn, last)
    match = turn.house.matcher.match(_without(turn.text, words))
    entry = turn.house.library.find(match.ranked[0][0]) if match.ranked else None
    named = match.route is None and match.stub is None and match.decision is not Decision.NONE
    return (lambda: _start_found(turn, entry)) if entry is not None and entry.steps and named else None


def _start_found(turn: Turn, entry: Entry) -> None:
    record(turn, AskedDecision.ANSWERED, entry=entry)
    start(turn, entry)


def _without(text: str, words: str) -> str:
    """The text without the words that ask for steps: what they are wanted for."""
    taken = {at for first, behind in find_spans(text, words.splitlines()) for at in range(first, behind)}
    return " ".join(word for at, word in enumerate(syllables(text)) if at not in taken)


def _consists_of(turn: Turn, key: str) -> bool:
    words = turn.words(key)
    return says(turn.text, words) and is_only(turn.text, _with_small_words(turn, words))


def _with_small_words(turn: Turn, words: str) -> str:
    return "\n".join((words, turn.words("steps.typed.around_start"), turn.words("fallback.typed.polite")))
