"""Whatever is sent, matching answers: any characters, any length, in bounded time."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.questions.sets import load_set
from faq.library import CONTENT
from faq.matcher import Matcher
from tests.examples import examples

PIECES = st.sampled_from(
    ["căn cước", "mất", "k0", "đ", "\u0301", "🏠", "ct07", "bh yt", "ạ" * 9, "\u202e", "7", "?"]
)


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=80).map(" ".join)))
def test_never_raises(matcher: Matcher, text: str) -> None:
    assert len(matcher.match(text).ranked) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "đăng ký tạm trú " * 7_000,
        "🙂" * 100_000,
        "\u0301" * 100_000,
        "x9" * 50_000,
        "a\u200b" * 50_000,
    ],
)
def test_long_text(matcher: Matcher, text: str) -> None:
    assert len(matcher.match(text).ranked) <= 5


@pytest.mark.parametrize("text", ["", " ", "\n", "?", "...", "🙂🙂", "\x00"])
def test_nothing_to_read(matcher: Matcher, text: str) -> None:
    assert matcher.match(text).decision == "none"


def test_the_same_text_gets_the_same_match(matcher: Matcher) -> None:
    assert matcher.match("quên mk vneid") == matcher.match("quên mk vneid")


def test_every_process_sees_the_same() -> None:
    """Two replicas must not answer one question differently because a set has another order there."""
    asked = [question.text for question in load_set("ward").questions[::40]]
    lines = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(asked))
    answers = [
        subprocess.run(
            [sys.executable, "-m", "faq", "match", "--kb", str(CONTENT)],
            input=lines,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert answers[0].count("\n") == len(asked)
    assert answers[0] == answers[1]
