"""Fixed phrases: found wherever they stand, however they are typed, and quickly in a text without end."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from handlers.phrases import find_spans, is_said, says

WORDS = ("đang", "dang", "cháy", "chay", "chạy", "nhà", "nha", "hòa", "hoà", "rác", ",", "x")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@given(TEXTS, st.lists(st.sampled_from(WORDS[:-2]), min_size=1, max_size=3).map(" ".join), st.booleans())
def test_a_phrase_is_found_exactly_where_its_words_are_said(text: str, phrase: str, strict: bool) -> None:
    written, size = text.replace(",", " ").split(), len(phrase.split())
    wanted = phrase + ("!" if strict else "")
    windows = [" ".join(written[at : at + size]) for at in range(len(written) - size + 1)]
    assert says(text, wanted) == any(is_said(window, wanted) for window in windows)


@given(TEXTS, st.sampled_from(["đang cháy", "nhà", "hòa", "rác rác"]))
def test_a_span_is_a_phrase_and_reaches_over_no_comma(text: str, phrase: str) -> None:
    pieces = [piece.split() for piece in text.split(",")]
    size = len(phrase.split())
    expected = [
        " ".join(piece[at : at + size])
        for piece in pieces
        for at in range(len(piece) - size + 1)
        if is_said(" ".join(piece[at : at + size]), phrase)
    ]
    assert len(find_spans(text, [phrase])) == len(expected)


def test_a_text_without_end_takes_no_more_time_than_its_beginning() -> None:
    phrases = "\n".join(
        f"đang {word} {other}" for word in WORDS for other in WORDS if "," not in word + other
    )
    text = "đang cháy nhà rác " * 1000

    def seconds(letters: int) -> float:
        began = time.perf_counter()
        for number in range(20):
            says(f"{number} {text[:letters]}", phrases)
        return time.perf_counter() - began

    seconds(3000)
    assert seconds(len(text)) < 4 * seconds(3000)
