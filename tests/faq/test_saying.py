"""Answer, card and steps: the same facts, figures and notes in each, and never a figure that is not sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from faq.entry import CONFIDENCES, Confidence, Entry
from faq.figures import Figure, Figures
from faq.library import Library

TODAY = date(2026, 11, 24)
FEE = Figure("phi", "Phí", "2.000 đồng", "Thông tư thử", "A", date(2026, 11, 1))
TERM = Figure("han", "Hạn", "7 ngày làm việc", "Thông tư thử", "A", date(2026, 11, 1))
ENTRY = Entry(
    id="thu",
    topic="thu",
    question="Làm thẻ thế nào?",
    answer="Phí {figure:phi}, khoảng {figure:han}. Gọi {ward_hotline}.",
    steps=("Lấy tờ khai CT01.", "Nộp {figure:phi}.", "Gõ mã 6 số rồi về."),
    bring=("Tờ khai CT01", "Thẻ căn cước"),
    fee="{figure:phi} mỗi trang",
    time="{figure:han}",
    place="{ward_name}",
    confidence="A",
    reviewed_on=date(2026, 11, 20),
    review_by=date(2027, 5, 20),
)


def library(fee: Figure = FEE, term: Figure = TERM) -> Library:
    return Library.of([ENTRY], Figures((fee, term)))


def test_the_card_tells_papers_fee_time_and_place_in_short_lines() -> None:
    assert library().card_text(ENTRY, TODAY, {"ward_name": "Phường Gia Viên"}) == (
        "Nhớ mang theo:\n– Tờ khai CT01\n– Thẻ căn cước\nLệ phí: 2.000 đồng mỗi trang\n"
        "Thời gian: 7 ngày làm việc\nNơi làm: Phường Gia Viên"
    )


def test_an_entry_that_tells_nothing_to_bring_or_pay_has_no_card() -> None:
    bare = replace(ENTRY, bring=(), fee=None, time=None, place=None)
    assert library().card_text(bare, TODAY) is None


def test_each_step_says_which_of_how_many_it_is() -> None:
    told = [library().step_text(ENTRY, number, TODAY) for number in (1, 2, 3)]
    assert told == [
        "Bước 1/3. Lấy tờ khai CT01.",
        "Bước 2/3. Nộp 2.000 đồng.",
        "Bước 3/3. Gõ mã 6 số rồi về.",
    ]


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_step_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no step"):
        library().step_text(ENTRY, number, TODAY)


@pytest.mark.parametrize("confidence", ["C", "D"])
def test_an_unsure_figure_is_never_said(confidence: Confidence) -> None:
    unsure = library(replace(FEE, confidence=confidence), replace(TERM, confidence=confidence))
    texts = [unsure.answer_text(ENTRY, TODAY), unsure.card_text(ENTRY, TODAY) or ""]
    texts += [unsure.step_text(ENTRY, number, TODAY) for number in (1, 2, 3)]
    everything = "\n".join(texts)
    assert "2.000" not in everything
    assert "7 ngày" not in everything
    assert "Phí theo mức đang niêm yết, khoảng theo bảng niêm yết." in texts[0]
    assert "{" not in everything


@pytest.mark.parametrize("confidence", ["C", "D"])
def test_an_unsure_entry_says_no_figure_however_sure_the_table_is(confidence: Confidence) -> None:
    entry = replace(ENTRY, confidence=confidence)
    card = library().card_text(entry, TODAY) or ""
    assert "Lệ phí: theo mức đang niêm yết mỗi trang" in card
    assert "Thời gian: theo bảng niêm yết" in card
    assert "Tờ khai CT01" in card
    assert library().phrases.notes[confidence] in card
    assert "2.000" not in card + library().answer_text(entry, TODAY)


@pytest.mark.parametrize("confidence", ["C", "D"])
def test_a_plain_figure_in_an_unsure_entry_is_withheld(confidence: Confidence) -> None:
    entry = replace(
        ENTRY, confidence=confidence, fee="5.000 đồng", time="3 ngày", bring=("Bản sao trong 6 tháng", "Thẻ")
    )
    entry = replace(entry, steps=("Nộp 5.000 đồng.", "Chờ. Sau 3 ngày thì đến."))
    card = library().card_text(entry, TODAY) or ""
    assert "5.000" not in card
    assert "6 tháng" not in card
    assert "Lệ phí: theo mức đang niêm yết" in card
    assert "Con số cụ thể chưa được kiểm tra" in card
    first, last = (library().step_text(entry, number, TODAY) for number in (1, 2))
    assert first == "Bước 1/2.\nCon số cụ thể chưa được kiểm tra, xin hỏi cán bộ phụ trách."
    assert "Chờ." in last
    assert "3 ngày" not in last


def test_a_figure_of_confidence_b_brings_its_note_into_a_sure_entry() -> None:
    note = library().phrases.notes["B"]
    doubtful = library(replace(FEE, confidence="B"))
    assert note in doubtful.answer_text(ENTRY, TODAY)
    assert note not in library().answer_text(ENTRY, TODAY)
    assert note not in doubtful.answer_text(replace(ENTRY, answer="Không mất tiền."), TODAY)


def test_an_answer_without_fee_or_term_does_not_send_people_to_the_list_of_fees() -> None:
    notes = library().phrases.notes
    entry = replace(ENTRY, confidence="B", answer="Đừng chuyển tiền, tắt máy.")
    assert library().answer_text(entry, TODAY) == f"Đừng chuyển tiền, tắt máy.\n{notes['B_plain']}"
    for told in ("Phí {figure:phi}.", "Chờ 3 ngày làm việc.", "Nộp 5.000 đồng."):
        assert notes["B"] in library().answer_text(replace(entry, answer=told), TODAY)


def test_a_figure_whose_time_is_over_is_replaced_by_its_stand_in() -> None:
    over = library(replace(FEE, until=date(2026, 11, 23)))
    assert "Lệ phí: theo mức đang niêm yết mỗi trang" in (over.card_text(ENTRY, TODAY) or "")
    assert "2.000 đồng" in (over.card_text(ENTRY, date(2026, 11, 23)) or "")


def test_a_figure_that_is_not_in_the_table_is_never_shown_as_braces() -> None:
    for key in ("khong-co", "phi-1", "Phí lạ", ""):
        entry = replace(ENTRY, answer=f"Phí {{figure:{key}}}.")
        assert library().answer_text(entry, TODAY) == "Phí theo mức đang niêm yết."


def test_notes_of_a_procedure_come_with_its_last_step_only() -> None:
    entry = replace(ENTRY, confidence="B", review_by=date(2026, 11, 23))
    notes = library().phrases.notes
    first, _, last = (library().step_text(entry, number, TODAY) for number in (1, 2, 3))
    assert first == "Bước 1/3. Lấy tờ khai CT01."
    assert notes["B"] in last
    assert "Thông tin kiểm tra lần cuối ngày 20/11/2026" in last


def test_no_shipped_entry_says_a_figure_of_the_table_that_is_not_sure() -> None:
    shipped = Library.load()
    unsure = [row.value for row in shipped.figures.rows if row.confidence in ("C", "D") and row.value]
    assert unsure
    for entry in shipped:
        told = shipped.answer_text(entry, TODAY) + (shipped.card_text(entry, TODAY) or "")
        assert "{" not in told, entry.id
        if entry.id in UNSURE:
            assert not any(char.isdigit() for char in told), entry.id


UNSURE = frozenset(
    {"can-cuoc-le-phi", "bhyt-muc-dong", "an-sinh-mai-tang", "dat-dai-thue-phi", "xay-dung-ho-so"}
)


def test_confidences_of_this_test_are_all_there_are() -> None:
    assert CONFIDENCES == ("A", "B", "C", "D")
