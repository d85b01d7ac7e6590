"""The office keeps the answers right, in a chat: the table of what can be tapped, typed or written for it."""

from __future__ import annotations

from datetime import timedelta

from core.messages import Content, MessageKind
from faq.normalize import clean, fold
from handlers import (
    care_asked,
    care_decide,
    care_draft,
    care_fields,
    care_figure_draft,
    care_figures,
    care_learn,
    care_quantities,
    care_show,
    care_taps,
    care_words,
)
from handlers.care_card import CARD, show_card
from handlers.care_rights import CareRefused
from handlers.care_taps import NUMBER, PREFIX, Act
from handlers.desk_reading import is_typed, words_after
from handlers.phrases import is_said
from handlers.turn import Action, Turn
from storage.screen import find_newest

_FRESH = timedelta(hours=2)
_SEARCH_FRESH = timedelta(minutes=15)
_LONGEST_SEARCH = 200
_SEARCHES = frozenset({care_show.SEARCH, care_figures.SEARCH})


def applies(turn: Turn) -> bool:
    """True for our buttons, for the command, and for the title of a button on a card of ours."""
    if turn.action is not None:
        tapped = turn.message.kind is MessageKind.CHOICE or not turn.chat.is_group
        return tapped and turn.action.name.startswith(PREFIX)
    if turn.message.kind is not MessageKind.TEXT:
        return False
    if turn.staff is None:
        # Without its slash the command is an ordinary sentence of a citizen.
        return turn.text.startswith("/") and not turn.chat.is_group and _command(turn) is not None
    return _command(turn) is not None or _typed_on_card(turn) is not None


def awaits(turn: Turn) -> bool:
    """True for what a step of ours waits for. Commands and cards of the desk come before it."""
    if (
        turn.action is not None
        or turn.staff is None
        or turn.chat.is_group
        or not turn.in_flow(care_show.FLOW)
    ):
        return False
    searching = turn.conversation.step in _SEARCHES
    fresh = turn.now - turn.conversation.updated_at <= (_SEARCH_FRESH if searching else _FRESH)
    answered = turn.message.reply_to is not None or turn.text.startswith("/")
    return fresh and not answered and turn.message.kind is not MessageKind.EDITED


def respond(turn: Turn) -> None:
    """Do what is meant, or say kindly why not; then nothing has changed."""
    if turn.chat.is_group:
        return turn.say("care.private")
    if turn.staff is None:
        return turn.say("care.no_right")
    try:
        _meant(turn)()
    except CareRefused as refused:
        _explain(turn, turn.words(refused.key, **refused.fields))
    return None


def _explain(turn: Turn, sentence: str) -> None:
    """Why not; a step that waits goes on waiting, with its question."""
    step = turn.conversation.step or ""
    if care_draft.is_drafting(turn) and step in (*care_draft.PARTS, *care_draft.FIELDS):
        return care_draft.ask(turn, step, sentence)
    if care_figure_draft.is_asking(turn):
        return care_figure_draft.ask(turn, step, sentence)
    waits = turn.in_flow(care_show.FLOW) and step not in _SEARCHES
    turn.reply(Content(sentence, (care_draft.drop_choice(turn),) if waits else ()))
    return turn.ask_freely() if waits else None


def _meant(turn: Turn) -> Act:
    action = turn.action or _typed_on_card(turn)
    if action is not None and action.name.startswith(PREFIX):
        return care_taps.find_act(turn, action)
    command = _command(turn) if turn.message.kind is MessageKind.TEXT else None
    return _ordered(turn, command) if command is not None else lambda: _take(turn)


def _ordered(turn: Turn, rest: str) -> Act:
    """What stands behind the command."""
    bare: dict[str, Act] = {
        "due": lambda: care_show.show_due(turn),
        "pending": lambda: care_show.show_pending(turn),
        "retired": lambda: care_show.show_retired(turn),
        "new": lambda: care_draft.start_new(turn),
        "words": lambda: care_words.open_words(turn),
        "unanswered": lambda: care_learn.show_unanswered(turn),
        "asked": lambda: care_asked.show_report(turn),
        "figures": lambda: care_figures.open_figures(turn),
    }
    for name, act in bare.items():
        if is_said(rest, turn.words(f"care.typed.{name}")):
            return act
    first, _, number = rest.rpartition(" ")
    if NUMBER.fullmatch(number) and number.isascii() and is_said(first, turn.words("care.typed.pending")):
        return lambda: show_card(turn, int(number))
    figures = words_after(turn, rest, "care.typed.figures", glued=False)
    if figures:
        return lambda: care_figures.open_figures(turn, figures[:_LONGEST_SEARCH])
    if rest:
        return lambda: care_show.find_by_words(turn, rest[:_LONGEST_SEARCH])
    return lambda: care_show.open_care(turn)


def _take(turn: Turn) -> None:
    """Words for the step that waits."""
    if turn.message.kind is not MessageKind.TEXT or not turn.text:
        return turn.say("care.only_text", choices=[care_draft.drop_choice(turn)])
    if is_typed(turn, "officer.typed.cancel"):
        return care_draft.drop(turn)
    step, text = turn.conversation.step or "", turn.text
    if step in care_draft.FIELDS and is_typed(turn, "care.typed.back"):
        return care_fields.back(turn)
    if step in care_draft.FIELDS and is_typed(turn, "care.typed.clear"):
        return care_taps.look_at(turn, care_fields.clear_field(turn, step))
    if step in care_figure_draft.PARTS:
        return care_figure_draft.take(turn, step, text)
    steps: dict[str, Act] = {
        care_figures.SEARCH: lambda: care_figures.open_figures(turn, text[:_LONGEST_SEARCH]),
        care_figure_draft.PREVIEW: lambda: turn.say("care.tap_first"),
        care_show.SEARCH: lambda: care_show.find_by_words(turn, text[:_LONGEST_SEARCH]),
        care_decide.REASON: lambda: care_decide.give_back(turn, text),
        care_words.WORD: lambda: care_words.take_word(turn, text),
        care_words.MEANING: lambda: care_words.take_meaning(turn, text),
        care_words.PREVIEW: lambda: turn.say("care.tap_first"),
        care_draft.PREVIEW: lambda: turn.say("care.tap_first"),
        care_learn.WHICH: lambda: care_learn.find_entry(turn, text[:_LONGEST_SEARCH]),
        care_fields.MENU: lambda: care_fields.show_fields(turn, ""),
        care_quantities.CHOICE: lambda: care_quantities.offer_again(turn),
    }
    return steps.get(step, lambda: care_taps.fill(turn, step, text))()


def _command(turn: Turn) -> str | None:
    """What follows the command; without its slash only where nobody can mean anything else."""
    text = clean(turn.text)
    if text.startswith("/") and words_after(turn, text, "care.typed.unanswered") is not None:
        return turn.words("care.typed.unanswered").splitlines()[0]
    rest = words_after(turn, text, "care.typed.start", glued=text.startswith("/"))
    if rest is None or text.startswith("/"):
        return rest
    names = ("due", "pending", "retired", "new", "words", "unanswered", "asked", "figures")
    known = not rest or any(is_said(rest, turn.words(f"care.typed.{name}")) for name in names)
    return rest if known and not turn.chat.is_group else None


def _typed_on_card(turn: Turn) -> Action | None:
    """The title of a button, typed while a proposal stands last on the screen. A bare number is no approval."""
    if turn.message.kind is not MessageKind.TEXT or turn.message.reply_to is not None or turn.chat.is_group:
        return None
    if turn.action is not None or not turn.text or len(turn.text) > _LONGEST_SEARCH:
        return None
    last, typed = find_newest(turn.session, turn.chat.id or 0, turn.now), fold(turn.text).rstrip(" .!")
    if last is None or last.kind != CARD:
        return None
    shown = last.content.get("choices", [])
    return next((Action.parse(action) for title, action, _ in shown if fold(title) == typed), None)
