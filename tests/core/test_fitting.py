"""Fitting: whatever is said fits every channel, in order, with nothing lost."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.fitting import fit, length
from core.messages import Ask, Choice, Content, Limits, Picture

TELEGRAM = Limits(text=4096, caption=1024, choices=8, choice_title=60, pictures=10)
ZALO = Limits(text=2000, caption=2000, choices=4, choice_title=100, pictures=1)
TINY = Limits(text=20, caption=10, choices=2, choice_title=6, pictures=2)
NO_CAPTION = Limits(text=50, caption=0, choices=0, choice_title=0, pictures=1)

_CONTENTS = st.builds(
    Content,
    text=st.text(max_size=300),
    choices=st.lists(
        st.builds(Choice, title=st.text(min_size=1, max_size=80), action=st.just("a")), max_size=12
    ).map(tuple),
    pictures=st.lists(st.builds(Picture, stored=st.just("x.jpg")), max_size=7).map(tuple),
    ask=st.sampled_from(Ask),
)


@given(_CONTENTS, st.sampled_from([TELEGRAM, ZALO, TINY, NO_CAPTION]))
def test_every_part_is_within_the_limits(content: Content, limits: Limits) -> None:
    parts = fit(content, limits)
    assert parts
    for part in parts:
        assert length(part.text) <= (limits.caption if part.pictures and part.text else limits.text)
        assert len(part.choices) <= limits.choices
        assert all(length(choice.title) <= limits.choice_title for choice in part.choices)
        assert len(part.pictures) <= limits.pictures
    assert sum(len(part.pictures) for part in parts) == len(content.pictures)
    assert all(not part.choices for part in parts[:-1])
    assert parts[-1].ask is content.ask


@given(st.text(max_size=400))
def test_no_letter_is_lost(text: str) -> None:
    told = "".join(part.text for part in fit(Content(text), TINY))
    wanted = unicodedata.normalize("NFC", text)
    assert "".join(told.split()) == "".join(wanted.split())


def test_long_text_breaks_between_sentences() -> None:
    parts = fit(Content("Câu thứ nhất dài. Câu thứ hai."), TINY)
    assert [part.text for part in parts] == ["Câu thứ nhất dài.", "Câu thứ hai."]


def test_more_choices_than_buttons_become_a_numbered_menu() -> None:
    choices = tuple(Choice(f"Mục {n}", f"m:{n}") for n in range(1, 7))
    (part,) = fit(Content("Chọn:", choices), ZALO)
    assert part.text == "Chọn:\n\n1. Mục 1\n2. Mục 2\n3. Mục 3\n4. Mục 4\n5. Mục 5\n6. Mục 6"
    assert [choice.title for choice in part.choices] == ["Mục 1", "Mục 2", "Mục 3", "Mục 4"]


def test_short_text_stands_under_its_picture() -> None:
    (part,) = fit(Content("Đã sửa xong.", pictures=(Picture("x.jpg"),)), TELEGRAM)
    assert (part.text, len(part.pictures)) == ("Đã sửa xong.", 1)


def test_accent_is_never_cut_from_its_letter() -> None:
    parts = fit(Content("e\u0302\u0301" * 30), TINY)
    assert all(not unicodedata.combining(part.text[0]) for part in parts)
