"""The contract of sending: what a person sees, and which error says what, the same for every channel."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.channels.contract import (
    Ambiguous,
    ConnectionFailed,
    RecipientMoved,
    Rejected,
    SendError,
    Throttled,
)
from core.fitting import fit
from core.messages import Address, Ask, Choice, Content, Picture
from core.serial import content_from_json, content_to_json
from tests.channels.harness import Harness
from tests.channels.suite import CHART, ERRORS, NEVER, picture
from tests.examples import examples


async def test_text_and_choices_are_shown(harness: Harness) -> None:
    choices = (Choice("Gửi phản ánh", "report"), Choice("Hỏi thủ tục", "ask"))
    result = await harness.channel.send(harness.citizen, Content("Bác cần gì ạ?", choices))
    shown = harness.shown()[-1]
    assert "Bác cần gì ạ?" in shown.text
    for choice in choices:
        assert choice.title in shown.choices or choice.title in shown.text
    if result.external_ids:
        assert shown.external_id in result.external_ids


async def test_a_link_can_be_shown(harness: Harness) -> None:
    link = Choice("Cổng dịch vụ công", url="https://dichvucong.gov.vn/")
    await harness.channel.send(harness.citizen, Content("Xem thêm:", (link,)))
    shown = harness.shown()[-1]
    assert link.title in shown.choices or link.title in shown.text


@pytest.mark.parametrize("ask", list(Ask))
async def test_asking_for_something_shows_the_question_and_its_choices(harness: Harness, ask: Ask) -> None:
    content = Content("Ở đâu ạ?", (Choice("Bỏ qua", "skip"),), ask=ask)
    await harness.channel.send(harness.citizen, content)
    shown = harness.shown()[-1]
    assert "Ở đâu ạ?" in shown.text
    assert any("Bỏ qua" in words for words in (shown.text, *shown.choices))


@pytest.mark.parametrize("number", [1, 2, 12])
async def test_pictures_are_shown_with_their_text(harness: Harness, tmp_path: Path, number: int) -> None:
    pictures = []
    for index in range(number):
        (tmp_path / "media" / f"p{index}.png").write_bytes(picture("green"))
        pictures.append(Picture(f"p{index}.png", "hố ga"))
    content = Content("Đã sửa xong", pictures=tuple(pictures))
    before = len(harness.shown())
    for part in fit(content, harness.channel.limits):
        await harness.channel.send(harness.citizen, part)
    shown = harness.shown()[before:]
    assert sum(one.pictures for one in shown) == number
    assert any("Đã sửa xong" in one.text for one in shown)


async def test_a_chart_is_drawn_when_it_is_sent(harness: Harness, tmp_path: Path) -> None:
    content = Content("Sáng nay", (Choice("Xem phiếu", "list"),), (Picture.drawn(CHART),))
    before = len(harness.shown())
    for part in fit(content_from_json(content_to_json(content)), harness.channel.limits):
        await harness.channel.send(harness.citizen, part)
    shown = harness.shown()[before:]
    assert sum(one.pictures for one in shown) == 1
    assert any("Sáng nay" in one.text for one in shown)
    assert list((tmp_path / "media").iterdir()) == []


async def test_a_missing_picture_is_refused(harness: Harness) -> None:
    for name in ("absent.png", "../outside.png"):
        with pytest.raises(Rejected):
            await harness.channel.send(harness.citizen, Content("", pictures=(Picture(name),)))


async def test_long_content_arrives_whole_and_in_order(harness: Harness) -> None:
    text = "\n".join(f"{line}. Phường sẽ cắt nước để sửa ống 🔧." for line in range(1, 401))
    before = len(harness.shown())
    for part in fit(Content(text, (Choice("Đã hiểu", "ok"),)), harness.channel.limits):
        await harness.channel.send(harness.citizen, part)
    shown = " ".join(one.text for one in harness.shown()[before:])
    at = [shown.index(f"{line}. Phường") for line in (1, 50, 200, 400)]
    assert at == sorted(at)
    assert shown.count("cắt nước") == 400


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
async def test_each_error_surfaces_as_itself(harness: Harness, error: type[SendError]) -> None:
    possible = await harness.fail_next(error)
    assert possible is (error not in NEVER[harness.name])
    if not possible:
        return
    with pytest.raises(SendError) as caught:
        await harness.channel.send(harness.citizen, Content("nhà bà Lan số 12"))
    raised = caught.value
    assert type(raised) is error
    assert "Lan" not in f"{raised!s} {raised.code} {raised.reason}"
    if isinstance(raised, Throttled):
        assert raised.seconds > 0
    if isinstance(raised, RecipientMoved):
        assert raised.new != harness.citizen


@pytest.mark.parametrize("error", [ConnectionFailed, Throttled, Ambiguous, Rejected])
async def test_after_an_error_the_next_message_goes_out(harness: Harness, error: type[SendError]) -> None:
    if not await harness.fail_next(error):
        return
    with pytest.raises(error):
        await harness.channel.send(harness.citizen, Content("lần một"))
    await harness.channel.send(harness.citizen, Content("lần hai"))
    assert "lần hai" in harness.shown()[-1].text


async def test_an_unknown_person_is_an_error_of_the_contract(harness: Harness) -> None:
    nobody = Address(harness.channel.name, harness.channel.account, "999000111")
    try:
        await harness.channel.send(nobody, Content("Có ai không?"))
    except SendError as error:
        assert not isinstance(error, Ambiguous)  # noqa: PT017  (some channels keep it for the stranger)


# Control characters and halves of letters never come out of our own wording.
_LETTERS = st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n")
_WORDS = st.text(_LETTERS, min_size=1, max_size=90)
_CHOICES = st.lists(
    st.builds(Choice, _WORDS, st.from_regex(r"[a-z]{1,20}:[0-9]{1,20}", fullmatch=True)), max_size=12
)


@settings(
    max_examples=examples(40),
    deadline=None,
    # The same chat may serve all examples: what stands in it does not matter.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.text(_LETTERS, min_size=1, max_size=120), times=st.integers(1, 120), choices=_CHOICES)
async def test_what_fits_is_taken(harness: Harness, seed: str, times: int, choices: list[Choice]) -> None:
    # A provider shows nothing of blanks and marks alone, and refuses that.
    assume(any(letter.isalnum() for letter in seed) and all(c.title[:1].isalnum() for c in choices))
    for part in fit(Content(seed * times, tuple(choices)), harness.channel.limits):
        await harness.channel.send(harness.citizen, part)
