"""The explanation says what carried the match, and the decision with its chances."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import pytest

from core.wording import load_wording
from faq.__main__ import main
from faq.decision import Decision
from faq.explain import explain, explanation_text
from faq.library import Library
from faq.matcher import Matcher
from faq.routes import Route

WORDS = load_wording({})


def test_words_concepts_candidates_and_chances(library: Library, matcher: Matcher) -> None:
    found = explain(library, matcher, "lm cccd mat bao lau")
    assert ("cccd", "can cuoc cong dan") in found.repaired
    assert {"can_cuoc", "bao_lau"} <= {name for name, _ in found.concepts}
    first = found.candidates[0]
    assert first.entry.id == "can-cuoc-thoi-han"
    assert {"can", "cuoc"} <= set(first.words)
    assert len(found.candidates) == 3
    assert found.decision is Decision.ANSWER
    assert sum(found.chances.values()) == pytest.approx(1)
    text = explanation_text(found, WORDS)
    assert "cccd → can cuoc cong dan" in text
    assert "Kết quả: trả lời mục đứng đầu." in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "???",
        "xyzzy",
        "cháy nhà rồi",
        "làm hộ chiếu ở đâu",
        "tôi tố cáo cán bộ ăn tiền",
        "vneid",
        "chào em",
    ],
)
def test_whatever_is_asked_is_explained(library: Library, matcher: Matcher, text: str) -> None:
    found = explain(library, matcher, text)
    assert "Kết quả:" in explanation_text(found, WORDS)


def test_every_way_a_message_can_go_has_words() -> None:
    assert [route for route in Route if not WORDS.has(f"explain.route.{route.value}")] == []
    assert [one for one in Decision if not WORDS.has(f"explain.decision.{one.value}")] == []


def test_the_command_explains() -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["ask", "quên mk vneid", "--explain"]) == 0
    assert "vneid-quen-mat-khau" in out.getvalue()
