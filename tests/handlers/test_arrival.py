"""Private numbers reach no table, by whatever route they come: every table is searched for their digits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, select

from core.masking import MASKED
from core.messages import MessageKind
from core.private_numbers import cover
from handlers.router import ROUTES
from storage.statuses import StaffRole
from tests.stage import Stage, sample_house

Play = Callable[[Stage, str], None]
POTHOLE = "ổ gà to ở ngõ 17 tổ 4, xe máy ngã suốt"


def luhn(body: str) -> str:
    total = 0
    for at, digit in enumerate(reversed(body)):
        value = int(digit) * (1 if at % 2 else 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def grouped(number: str, sign: str) -> str:
    return sign.join(re.findall(r".{1,4}", number))


SIGNS = st.sampled_from(["", " ", ".", "-"])
PHONES = st.builds(
    lambda head, tail, sign: f"gọi {head}{sign}{tail[:3]}{sign}{tail[3:]}",
    st.sampled_from(["0912", "0388", "+84 868", "0702"]),
    digits(6),
    SIGNS,
)
IDENTITIES = st.builds(
    lambda year, tail, sign: f"căn cước {grouped(f'0360{year:02}{tail}', sign)}",
    st.integers(50, 99),
    digits(6),
    SIGNS,
)
CARDS = st.builds(
    lambda body, sign: f"số thẻ {grouped(luhn('4' + body), sign)}",
    digits(14),
    st.sampled_from(["", " ", "-"]),
)
CODES = st.builds(
    lambda code, words: words.format(code),
    digits(6).filter(lambda code: code not in {"000000", "202611"}),
    st.sampled_from(["mã OTP là {}", "mã xác nhận: {}", "{} là mã OTP", "otp {}"]),
)
PAPERS = st.one_of(IDENTITIES, CARDS)
NUMBERS = st.one_of(PHONES, IDENTITIES, CARDS, CODES)


def found_in(session: Session, number: str) -> list[str]:
    """The columns in which the digits stand, with whatever signs between them."""
    wanted = re.sub(r"\D", "", number)
    places = []
    for table in SQLModel.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            for name, value in row.items():
                text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
                if wanted in re.sub(r"[ .\-]", "", text):
                    places.append(f"{table.name}.{name}: {text}")
    return places


def tap(stage: Stage, name: str, title: str) -> None:
    """Where the words were understood otherwise there is no such button: then the story ends here."""
    last = stage.person(name).screen[-1]
    if any(choice.title == title for choice in last.content.choices):
        stage.taps(name, title)


def file(stage: Stage) -> None:
    stage.says("Lan", POTHOLE)
    tap(stage, "Lan", "Không có ảnh")
    tap(stage, "Lan", "Gửi")


def newest_card(stage: Stage) -> None:
    """What the officer answers under."""
    card = next(sent for sent in reversed(stage.person("Hạnh").screen) if sent.ticket_id)
    stage.replies("Hạnh", "hỏi: ổ gà ở trước nhà số mấy ạ?", to=card)


def ask_question(stage: Stage, said: str) -> None:
    stage.says("Lan", f"xin phép cho hỏi chuyện con gà nhà hàng xóm {said}")
    tap(stage, "Lan", "Gặp cán bộ")
    tap(stage, "Lan", "Gửi")


def sure_question(stage: Stage, said: str) -> None:
    stage.says("Lan", f"làm căn cước ở đâu, {said}")
    stage.says("Lan", "làm căn cước ở đâu")
    tap(stage, "Lan", "Chưa đúng")
    stage.says("Lan", f"không rõ lắm vì {said}")


def report(stage: Stage, said: str) -> None:
    stage.says("Lan", f"{POTHOLE}, {said}")
    stage.says("Lan", f"thêm nữa {said}")
    tap(stage, "Lan", "Không có ảnh")
    tap(stage, "Lan", "Gửi")


def place(stage: Stage, said: str) -> None:
    stage.says("Lan", "đèn đường hỏng tối om mấy hôm nay không ai sửa")
    stage.says("Lan", f"trước cổng chùa, {said}")
    tap(stage, "Lan", "Không có ảnh")
    tap(stage, "Lan", "Gửi")


def caption(stage: Stage, said: str) -> None:
    stage.does("Lan", MessageKind.PHOTO, photos=1, text=f"{POTHOLE} {said}")


def edit(stage: Stage, said: str) -> None:
    stage.says("Lan", POTHOLE)
    same = f"m{stage.last_number}"
    stage.does("Lan", MessageKind.EDITED, text=f"{POTHOLE} {said}", message_ids=(same,))
    stage.does("Minh Anh", MessageKind.EDITED, text=f"nhầm, {said}")


def stale_draft(stage: Stage, said: str) -> None:
    stage.says("Lan", POTHOLE)
    stage.now += timedelta(hours=5)
    stage.says("Lan", f"à còn chuyện này, {said}")


def addition(stage: Stage, said: str) -> None:
    file(stage)
    stage.replies("Lan", f"nói thêm: {said}", to=stage.person("Lan").screen[-1])


def asked_by_officer(stage: Stage, said: str) -> None:
    file(stage)
    newest_card(stage)
    stage.says("Lan", f"trước nhà ông Ba, {said}")
    tap(stage, "Lan", "Bổ sung vào phiếu")
    newest_card(stage)
    tap(stage, "Lan", "Bổ sung thông tin")
    stage.says("Lan", f"đầu ngõ, {said}")


def reopening(stage: Stage, said: str) -> None:
    file(stage)
    card = next(sent for sent in reversed(stage.person("Hạnh").screen) if sent.ticket_id)
    stage.replies("Hạnh", "xong: đã vá ổ gà ở ngõ 17 sáng nay", to=card)
    tap(stage, "Hạnh", "Gửi và xong")
    stage.says("Hạnh", "Trời tối quá không chụp được.")
    stage.now += timedelta(minutes=2)
    stage.deliver()
    stage.says("Lan", f"chưa được đâu, {said}")
    tap(stage, "Lan", "Mở lại phiếu")


def person(stage: Stage, said: str) -> None:
    stage.says("Lan", "gặp cán bộ")
    stage.says("Lan", f"tôi muốn hỏi hồ sơ, {said}")


def danger(stage: Stage, said: str) -> None:
    stage.says("Lan", f"cháy nhà ở ngõ 5 rồi, {said}")
    tap(stage, "Lan", "Ghi lại cho cán bộ")


def doors(stage: Stage, said: str) -> None:
    stage.says("Lan", f"tôi tố cáo cán bộ nhận tiền, {said}")
    stage.says("Lan", f"tôi khiếu nại quyết định thu hồi đất, {said}")


def scam(stage: Stage, said: str) -> None:
    stage.says("Lan", f"tin này có thật không: công an báo khóa tài khoản, {said}")
    stage.says("Lan", f"tôi lỡ đọc cho nó rồi, {said}")


def among_people(stage: Stage, said: str) -> None:
    stage.says("Lan", f"mọi người ơi {said}", group="Tổ 4")
    stage.takes_over("Lan")
    stage.says("Lan", f"dạ {said}")


def odds_and_ends(stage: Stage, said: str) -> None:
    for words in (
        "nhận thông báo tổ 4",
        "tra cứu",
        "xin chào",
        "cảm ơn em",
        "mời",
        "/lich",
        "thủ tục khai sinh",
    ):
        stage.says("Lan", f"{words} {said}")
    stage.says("Lan", said)
    stage.does("Lan", MessageKind.PHONE, phone="0912345678", text=said)


def bare_first_words(stage: Stage, said: str) -> None:
    stage.says("Người mới", said)


PLAYS: tuple[Play, ...] = (
    *(ask_question, sure_question, report, place, caption, edit, stale_draft, addition, asked_by_officer),
    *(reopening, person, danger, doors, scam, among_people, odds_and_ends, bare_first_words),
)


def stage_with_people() -> Stage:
    stage = Stage()
    stage.enlist("Hạnh", StaffRole.OFFICER, "KT")
    stage.enlist("Sáu", StaffRole.MEMBER, area="tdp-4")
    stage.welcome("Lan")
    return stage


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.__name__)
def test_no_number_of_a_citizen_is_kept_by_any_route(play: Play) -> None:
    @given(said=NUMBERS)
    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def check(said: str) -> None:
        stage = stage_with_people()
        try:
            play(stage, said)
            assert stage.read(lambda session: found_in(session, said)) == []
        finally:
            stage.close()

    check()


def test_the_plays_take_the_routes_by_which_words_are_kept() -> None:
    taken: set[str] = set()
    for play in PLAYS:
        for said in ("gọi 0912 345 678", "gọi 0912345678"):
            stage = stage_with_people()
            play(stage, said)
            taken |= set(stage.routes)
            stage.close()
    kept = {"question", "report", "addition", "dispute", "lookup", "person", "emergency", "denunciation"}
    kept |= {
        "complaint",
        "scam",
        "correction",
        "edited",
        "taken_over",
        "group",
        "report_resume",
        "question_words",
    }
    assert kept <= {route.name for route in ROUTES}
    assert kept <= taken


@given(said=PAPERS)
@settings(max_examples=6, deadline=None)
def test_papers_and_cards_are_covered_in_what_the_office_writes_and_telephones_stay(said: str) -> None:
    stage = stage_with_people()
    try:
        file(stage)
        card = next(sent for sent in reversed(stage.person("Hạnh").screen) if sent.ticket_id)
        stage.replies("Hạnh", f"xong: đã vá, bác Tư {said} ký xác nhận, cần thì gọi 0912 345 678", to=card)
        tap(stage, "Hạnh", "Gửi và xong")
        stage.replies("Hạnh", f"ghi chú: người gửi {said}", to=card)
        stage.says("Sáu", "/thongbao")
        stage.says("Sáu", f"Bà con đến nhà văn hóa nhận thẻ, {said}, gọi 0388 111 222")
        assert stage.read(lambda session: found_in(session, said)) == []
        assert stage.read(lambda session: found_in(session, "0912345678")) != []
        assert stage.read(lambda session: found_in(session, "0388111222")) != []
    finally:
        stage.close()


LETTERS = st.text("aăbcdđeghiklmnoôơpqrstuưvxy .,?!", max_size=30)


@given(said=NUMBERS, before=LETTERS, after=LETTERS)
def test_no_words_around_a_number_uncover_it(said: str, before: str, after: str) -> None:
    safe = cover(f"{before} {said} {after}", "[số đã che]").text
    assert not any(sign.isdecimal() for sign in safe)


@pytest.mark.parametrize("said", ["thẻ 4000-2000-0000-0008", "gọi 0263-3888-999", "0912-20-2000"])
def test_a_part_that_looks_like_a_date_or_a_code_hides_nothing(said: str) -> None:
    assert not any(sign.isdecimal() for sign in cover(said, "[số đã che]").text)


def test_what_stands_for_a_number_is_no_word_of_the_question() -> None:
    house = sample_house()
    assert house.words.text("report.masked_number") == MASKED
    plain, safe = (
        house.matcher.match(f"đăng ký tạm trú cần giấy tờ gì, gọi em{rest}") for rest in ("", f" {MASKED}")
    )
    assert safe.ranked == plain.ranked


def test_the_sender_reads_one_line_of_it_and_only_one() -> None:
    stage = stage_with_people()
    (sent,) = stage.says("Lan", f"{POTHOLE}, gọi tôi 0912 345 678")
    assert sent.content.text.count("Em đã che") == 1
    assert sent.content.choices
    (sent,) = stage.says("Lan", "mã OTP là 482913")
    assert sent.content.text.count("OTP") == 1
    assert stage.says("Lan", "gọi 0912 345 678 nhé", group="Tổ 4") == []
    stage.says("Sáu", "/thongbao")
    stage.welcome("Ba")
    stage.says("Ba", "nhận thông báo")
    stage.says("Ba", "tổ 4")
    preview, check = stage.says("Sáu", "Bà con nhận thẻ, ai mất căn cước 036085012345 thì báo em")
    assert "Em đã che" not in preview.content.text, "that is what people would read"
    assert "Em đã che" in check.content.text
    stage.close()
