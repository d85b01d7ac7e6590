"""The question sets are what the documents say: large enough, without doubles, every label known, halves apart."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.questions.noise import LAYERS
from bench.questions.score import Reaction, Score, group_of, worth
from bench.questions.sets import COMMUNE, WARDS, Question, load_set

REGISTERS = {
    "nat_polite", "nat_casual", "nat_nodia", "nat_paraphrase", "nat_elder", "nat_story", "nat_abbr", "nat_dialect",
    "nat_voice", "nat_mixed", "short", "pair", "multi", "complaint_q",
}  # fmt: skip
NEGATIVES = {"neg_complaint", "neg_hard", "neg_offtopic", "neg_smalltalk", "neg_noise"}


@pytest.mark.parametrize("name", WARDS)
def test_every_label_is_an_entry(name: str) -> None:
    given = load_set(name)
    ids = {entry.id for entry in given.entries}
    assert len(ids) >= 150
    assert all(question.right | question.any <= ids for question in given.questions)


@pytest.mark.parametrize("name", WARDS)
def test_every_register_and_layer_is_there(name: str) -> None:
    slices = {question.slice for question in load_set(name).questions}
    assert slices >= REGISTERS | NEGATIVES | {f"noise_{layer}" for layer in LAYERS}


def test_there_are_enough_questions_and_none_twice() -> None:
    written = [q for name in WARDS for q in load_set(name).questions if q.right and not q.base]
    assert len(written) >= 3000
    doubles = [text for text, count in Counter(q.text for q in written).items() if count > 1]
    # Angry questions that look like complaints stand beside the negatives and may fit both wards.
    assert len(doubles) <= 60
    negatives = [q for q in load_set("ward").questions if group_of(q.slice) == "negative" and not q.base]
    assert len({q.text for q in negatives}) >= 500


@pytest.mark.parametrize("name", WARDS)
def test_no_entry_is_in_both_halves(name: str) -> None:
    given = load_set(name)
    tune, test = ({q.key for q in given.half(tune).questions} for tune in (True, False))
    assert not tune & test
    assert 0.25 < len(given.half(tune=False).questions) / len(given.questions) < 0.65


def test_what_is_there_to_learn_from_is_never_scored() -> None:
    given, ward = load_set(COMMUNE), load_set("ward")
    assert len({q.expect for q in given.questions if q.right}) >= 150
    assert not given.half(tune=False).questions
    scored = {q.text for name in WARDS for q in load_set(name).half(tune=False).questions}
    negatives = {q.text for q in ward.questions if q.only_learnt}
    assert len(negatives) >= 190
    assert not negatives & scored


@pytest.mark.parametrize("layer", LAYERS)
def test_noise_is_the_same_every_time(layer: str) -> None:
    text = "Đăng ký tạm trú cho người ở trọ thì nộp giấy tờ gì?"
    assert LAYERS[layer](text) == LAYERS[layer](text) != text


def test_what_a_reaction_is_worth() -> None:
    asked, noise = Question("a", "nat_polite", "x"), Question("b", "neg_complaint", complaint=True)
    vague = Question("c", "ambiguous", any=frozenset("xy"))
    three = ("z", "x", "y")
    assert worth(asked, Reaction(("x",), "answer")) == 1.0
    assert worth(asked, Reaction(three, "answer")) == -1.0
    assert worth(asked, Reaction(three, "suggest")) == 0.6
    assert worth(noise, Reaction(three, "none", filed=True)) == 1.0
    assert worth(noise, Reaction(three, "none")) == 0.5
    assert worth(vague, Reaction(three, "suggest")) == 1.0


def test_saying_nothing_to_everybody_is_worth_little() -> None:
    assert Score.of(load_set("ward").questions, lambda _text: Reaction((), "none")).headline < 25
