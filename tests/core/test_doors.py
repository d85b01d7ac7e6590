"""The doors of the law: nothing accusing becomes a report, and hardly a report is taken for an accusation."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.reports.sets import half_of, load_labelled
from core.codes import ALPHABET
from core.doors import DANGERS, Door, DoorKeeper

KEEPER = DoorKeeper()


def share(labels: tuple[str, ...], wanted: set[Door | None]) -> float:
    asked = [one for one in half_of(load_labelled("gate"), tune=False) if one.label in labels]
    assert asked
    return sum(KEEPER.find(one.text) in wanted for one in asked) / len(asked)


def test_denunciations_are_found() -> None:
    assert share(("denunciation",), {Door.DENUNCIATION}) >= 0.95


def test_complaints_are_found() -> None:
    assert share(("complaint",), {Door.COMPLAINT}) >= 0.9


def test_danger_is_found_and_told_apart() -> None:
    assert share(DANGERS, set(DANGERS)) >= 0.9
    found = [(one.label, KEEPER.find(one.text)) for one in half_of(load_labelled("gate"), tune=False)]
    kinds = [(label, door) for label, door in found if label in DANGERS and door in DANGERS]
    assert sum(label == door for label, door in kinds) / len(kinds) >= 0.85


def test_secrets_are_found() -> None:
    assert share(("secret",), {Door.SECRET}) >= 0.9


def test_danger_weighs_more_than_what_only_sounds_like_it() -> None:
    now = KEEPER.judge("bà nội té xỉu trong bếp, gọi không trả lời, ai cứu với").danger
    past = KEEPER.judge("năm ngoái chỗ này có người té, xin làm lan can").danger
    assert now > 0 > past
    assert KEEPER.judge("???").danger == 0


def test_ordinary_messages_are_let_through() -> None:
    assert share(("ordinary",), {None}) >= 0.9
    reports = half_of(load_labelled("categories"), tune=False)
    stopped = [
        one for one in reports if KEEPER.find(one.text) in (Door.DENUNCIATION, Door.COMPLAINT, Door.SECRET)
    ]
    assert len(stopped) / len(reports) <= 0.04


@pytest.mark.parametrize("text", ["", "tố cáo", "???", "rác", "123 456"])
def test_a_word_or_two_is_no_case(text: str) -> None:
    assert KEEPER.find(text) is None


@given(st.text(max_size=60))
def test_any_text_has_at_most_one_door(text: str) -> None:
    assert KEEPER.find(text) in (None, *Door)


@pytest.mark.parametrize("said", ["liên kết {}", "lien ket {}", "phiếu {}", "tra cuu {}", "mời {}", "{}"])
def test_a_typed_code_opens_no_door(said: str) -> None:
    """Its letters are no words in short: «liên kết 08S5-K8X» is nobody's secret."""
    chance = random.Random(20261127)
    for groups in ((4, 3), (4, 4, 3), (4, 4, 4)) * 60:
        code = "-".join("".join(chance.choices(ALPHABET, k=size)) for size in groups)
        if any(letter.isdigit() for letter in code):
            assert KEEPER.judge(said.format(code)).door is None, code
            assert KEEPER.judge(said.format(code.lower())).door is None, code
