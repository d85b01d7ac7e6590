"""What the buttons of the care of answers do: the table of taps, and filling in one part."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers import (
    care_asked,
    care_decide,
    care_draft,
    care_fields,
    care_figure_draft,
    care_figures,
    care_history,
    care_learn,
    care_quantities,
    care_reading,
    care_show,
    care_words,
)
from handlers.care_card import look, show_card
from handlers.care_preview import preview
from handlers.care_review import confirm_review
from handlers.care_rights import CareRefused
from handlers.turn import Action, Turn
from storage.statuses import ClusterStatus, KnowledgeKind

PREFIX = "care."
NUMBER = re.compile(r"\d{1,9}")
Act = Callable[[], None]


def find_act(turn: Turn, action: Action) -> Act:
    """What a button does; one that nobody knows leads to the beginning."""
    name = action.name.removeprefix(PREFIX)
    first, second = (*action.args, "", "")[:2]
    number = int(first) if first.isascii() and NUMBER.fullmatch(first) else 0
    taps = {
        **_taps_to_look(turn, first, number),
        **_taps_to_change(turn, first, second, number),
        **_taps_to_decide(turn, first, number),
        **_taps_to_learn(turn, second, number),
    }
    return taps.get(name, taps["menu"])


def _taps_to_look(turn: Turn, first: str, number: int) -> dict[str, Act]:
    return {
        "menu": lambda: care_show.open_care(turn),
        "show": lambda: care_show.show_entry(turn, first),
        "due": lambda: care_show.show_due(turn),
        "pending": lambda: care_show.show_pending(turn),
        "retired": lambda: care_show.show_retired(turn),
        "card": lambda: show_card(turn, number),
        "look": lambda: look(turn, number),
        "history": lambda: care_history.show_history(turn, KnowledgeKind.ENTRY, first),
        "words_history": lambda: care_history.show_history(turn, KnowledgeKind.WORDS, first),
        "version": lambda: care_history.show_version(turn, number),
        "restore": lambda: care_history.restore(turn, number),
        "figure_history": lambda: care_history.show_history(turn, KnowledgeKind.FIGURE, first),
    }


def _taps_to_change(turn: Turn, first: str, second: str, number: int) -> dict[str, Act]:
    return {
        "new": lambda: care_draft.start_new(turn),
        "answer": lambda: care_draft.start_answer(turn, first),
        "question": lambda: care_draft.start_question(turn, first),
        "parts": lambda: care_fields.show_fields(turn, first),
        "part": lambda: care_fields.start_field(turn, first, second),
        "clear": lambda: look_at(turn, care_fields.clear_field(turn, first)),
        "back": lambda: care_fields.back(turn),
        "use": lambda: look_at(turn, care_quantities.use(turn, first)),
        "alias": lambda: care_draft.start_ways(turn, first),
        "retire": lambda: _then_preview(turn, lambda: care_draft.start_retire(turn, first)),
        "review": lambda: confirm_review(turn, first),
        "owner": lambda: fill(turn, care_draft.OWNER, first),
        "confidence": lambda: fill(turn, care_draft.CONFIDENCE, first),
        "again": lambda: care_draft.ask_again(turn, first),
        "send": lambda: care_decide.send(turn, number),
        "drop": lambda: care_draft.drop(turn),
    }


def _taps_to_decide(turn: Turn, first: str, number: int) -> dict[str, Act]:
    """Decisions, and what is not an entry: words and figures."""
    return {
        "approve": lambda: care_decide.approve(turn, number),
        "return": lambda: care_decide.ask_reason(turn, number),
        "withdraw": lambda: care_decide.withdraw(turn, number),
        "words": lambda: care_words.open_words(turn),
        "means": lambda: care_words.choose(turn, first),
        "send_words": lambda: care_words.send_words(turn, number),
        "figures": lambda: care_figures.open_figures(turn),
        "figure": lambda: care_figures.show_figure(turn, first),
        "change_figure": lambda: care_figure_draft.start_change(turn, first),
        "new_figure": lambda: care_figure_draft.start_new(turn),
        "again_figure": lambda: care_figure_draft.ask_again(turn),
        "figure_sure": lambda: care_figure_draft.take(turn, care_figure_draft.CONFIDENCE, first),
        "figure_today": lambda: care_figure_draft.take(
            turn, care_figure_draft.SINCE, turn.words("care.button.today")
        ),
        "send_figure": lambda: care_figure_draft.send(turn, number),
    }


def _taps_to_learn(turn: Turn, entry_id: str, number: int) -> dict[str, Act]:
    """What can be tapped under what people asked in vain."""
    return {
        "asked": lambda: care_asked.show_report(turn),
        "unanswered": lambda: care_learn.show_unanswered(turn),
        "learn": lambda: care_learn.show_cluster(turn, number),
        "learn_next": lambda: care_learn.show_next(turn),
        "learn_alias": lambda: care_learn.ask_entry(turn, number),
        "learn_to": lambda: care_learn.choose_entry(turn, number, entry_id),
        "learn_entry": lambda: care_learn.start_entry(turn, number),
        "learn_out": lambda: care_learn.ask_out(turn, number),
        "learn_out_only": lambda: care_learn.put_out(turn, number),
        "learn_out_where": lambda: care_learn.start_entry(turn, number, ClusterStatus.OUT_OF_SCOPE),
        "learn_again": lambda: care_learn.take_back(turn, number),
    }


def fill(turn: Turn, step: str, text: str) -> None:
    """A part in words, then a look at the whole. Raises CareRefused."""
    if not care_draft.is_drafting(turn) or turn.conversation.step != step:
        raise CareRefused("care.no_draft")
    if care_quantities.settle(turn, step, care_reading.read(turn, step, text)):
        preview(turn)


def look_at(turn: Turn, done: bool) -> None:
    """The whole, once all parts are there."""
    if done:
        preview(turn)


def _then_preview(turn: Turn, start: Act) -> None:
    start()
    preview(turn)
