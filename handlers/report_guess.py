"""Guesses about a citizen's own words: whether they are a report at all, and of which category."""

from __future__ import annotations

from core.categories_match import guess_categories, suggest_categories
from core.ward import OTHER, Ward
from faq.decision import Decision
from faq.routes import Route
from handlers.phrases import count_words, find_spans, says
from handlers.turn import Turn

# Fewer words are a keyword that somebody looks up, not a story.
_STORY = 6
_NAMED = 2
# From this share of belief on, 97 of 100 first guesses are right (bench.reports, tuning half).
_SURE = 0.6


def sounds_like_report(turn: Turn) -> bool:
    """True for a statement about something wrong: the knowledge base says so, or it names the ward's troubles.

    A wrong guess costs one tap: the first question of the report offers "this is no report".
    """
    if turn.text.startswith("/"):
        return False
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

    Without any guess a list would not help either: an officer sorts it.
    """
    guesses = guess_categories(ward, text)
    if not guesses:
        return OTHER
    return guesses[0].category.key if guesses[0].share >= _SURE else ""
