"""The dialogues: enough of them, and the half that nobody tunes on is understood."""

from __future__ import annotations

import random

import pytest

from bench.questions.sets import load_set
from faq.followup import FollowupReader
from faq.library import Library
from faq.matcher import Matcher
from tests.dialogues.playing import Score, hold
from tests.dialogues.reading import KINDS, load_dialogues, sample_library

UNDERSTOOD = 0.90
BENT = 0.02


@pytest.fixture(scope="module")
def score() -> Score:
    return hold(one for one in load_dialogues() if not one.is_for_tuning)


def test_there_are_enough_dialogues_of_every_kind_in_both_halves() -> None:
    dialogues = load_dialogues()
    assert len(dialogues) >= 150
    assert len({one.name for one in dialogues}) == len(dialogues)
    for kind in KINDS:
        halves = [one.is_for_tuning for one in dialogues if one.kind == kind]
        assert 0.3 < sum(halves) / len(halves) < 0.7, kind


def test_every_entry_that_a_dialogue_means_exists() -> None:
    library, named = sample_library(), set[str]()
    for dialogue in load_dialogues():
        for turn in dialogue.turns:
            for one in turn.meant.replace("+", "|").split("|"):
                name = one.strip().removeprefix("thẻ ").split(".")[0]
                named |= {name} if "-" in name else set()
    assert len(named) > 50
    assert [name for name in named if library.find(name) is None] == []


def test_the_test_half_is_understood(score: Score) -> None:
    assert score.judged.total() > 90
    assert score.share() >= UNDERSTOOD


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_left_behind(score: Score, kind: str) -> None:
    assert score.share(kind) >= 0.8


def test_a_new_question_is_not_bent_to_the_last_subject(score: Score) -> None:
    assert score.bent <= BENT * score.judged["cau-moi"]


@pytest.mark.parametrize("seed", [1, 2])
def test_questions_of_all_registers_keep_their_own_subject(seed: int) -> None:
    """Each question of the test half is asked after an answer about something else."""
    library = Library.load()
    chance, followups = random.Random(seed), FollowupReader(library, Matcher(library))
    asked = [one for one in load_set("ward").half(tune=False).questions if one.right]
    entries = list(library)
    bent = 0
    for question in asked:
        found = followups.read(question.text, chance.choice(entries))
        bent += found is not None and not (found.is_sure and found.entries[0].id in question.right)
    assert len(asked) > 1000
    assert bent <= BENT * len(asked)
