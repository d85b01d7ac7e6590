"""Guesses about a citizen's own words: whether they are a report at all, and of which category."""

from __future__ import annotations

from collections.abc import Sequence

from core.categories_match import suggest_categories
from core.ward import Category, Ward
from faq.decision import Decision
from faq.routes import Route
from handlers.phrases import count_words, find_spans, says
from handlers.turn import Turn

# Fewer words are a keyword that somebody looks up, not a story.
_STORY = 6
_NAMED = 2


def sounds_like_report(turn: Turn) -> bool:
    """True for a statement about something wrong: the knowledge base says so, or it names the ward's troubles.

    A wrong guess costs one tap: the first question of the report offers "this is no report".
    """
    if turn.match.route is Route.FEEDBACK:
        return True
    unsure = (
        turn.match.route is None and turn.match.stub is None and turn.match.decision is not Decision.ANSWER
    )
    if not unsure or "?" in turn.text or says(turn.text, turn.words("question.signs.any")):
        return False
    return count_words(turn.text) >= _STORY and _names_troubles(turn)


def _names_troubles(turn: Turn) -> bool:
    """Words of categories for things that one can point at; papers and allowances are asked about, too."""
    outdoor = turn.words("report.signs.outdoor").split()
    likely = suggest_categories(turn.house.ward, turn.text)[:-1]
    spans = {span for one in likely if one.key in outdoor for span in find_spans(turn.text, one.keywords)}
    return len(spans) >= _NAMED


def sure_category(ward: Ward, text: str) -> str:
    """The key of the category that needs no question, or nothing.

    Sure is what is named twice as often as anything else. Without any guess a list would not help either:
    an officer sorts it.
    """
    likely = suggest_categories(ward, text)
    if len(likely) == 1:
        return likely[0].key
    named = sorted(((_count_named(text, one, likely), one.key) for one in likely), reverse=True)
    (most, key), (next_most, _) = named[:2]
    return key if most and most >= 2 * next_most else ""


def _count_named(text: str, category: Category, rivals: Sequence[Category]) -> int:
    """How often the category's words stand in the text, without those that overlap an earlier word of a rival.

    «đèn đường hỏng» names the lamp; that «đường hỏng» is in it too means nothing.
    """
    taken = sorted(span for one in rivals if one is not category for span in find_spans(text, one.keywords))
    own = find_spans(text, category.keywords)
    return sum(not any(start < at < end for start, end in taken) for at, _ in own)
