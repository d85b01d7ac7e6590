"""Three hundred citizens' questions in seven spellings each: the same answer comes first."""

from __future__ import annotations

import pytest

from bench.questions.sets import load_set
from bench.questions.spellings import SPELLINGS
from faq.matcher import Matcher

QUESTIONS = 300
ALL_SPELLINGS = 98.0
EACH_BUT_BARE = 99.5


@pytest.fixture(scope="module")
def kept(matcher: Matcher) -> dict[str, float]:
    """For each spelling the share, in percent, of questions whose first entry stays the same."""
    asked = [q.text for q in load_set("ward").questions if q.right and not q.base]
    chosen = asked[:: len(asked) // QUESTIONS][:QUESTIONS]
    assert len(chosen) == QUESTIONS

    def first(text: str) -> str | None:
        ranked = matcher.match(text).ranked
        return ranked[0][0] if ranked else None

    plain = [first(text) for text in chosen]
    return {
        name: 100
        * sum(first(spell(text)) == was for text, was in zip(chosen, plain, strict=True))
        / QUESTIONS
        for name, spell in SPELLINGS.items()
    }


def test_the_spelling_does_not_change_the_answer(kept: dict[str, float]) -> None:
    assert sum(kept.values()) / len(kept) >= ALL_SPELLINGS, kept


@pytest.mark.parametrize("name", sorted(set(SPELLINGS) - {"no marks"}))
def test_what_only_the_machine_sees_changes_nothing(kept: dict[str, float], name: str) -> None:
    assert kept[name] >= EACH_BUT_BARE, kept
