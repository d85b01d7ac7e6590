"""What officers write: tone marks, capitals, slashes and punctuation aside, and never more than was meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers.desk_reading import Verb, is_doubtful, read_command, read_reply, split_code, split_department
from handlers.turn import Turn
from tests.handlers_staff.office import Office

CODE = "B0SB-3PVX-Z15"  # a fixed one: its words name the tests


@pytest.fixture(scope="module")
def read() -> Callable[[str, Callable[[Turn], object]], object]:
    office = Office.open()

    def work(text: str, act: Callable[[Turn], object]) -> object:
        with office.stage.session() as session:
            return act(office.turn(session, "Hạnh", text))

    return work


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("xong: đã thay bóng", Verb.RESOLVE, "Đã thay bóng"),
        ("XONG đã thay bóng", Verb.RESOLVE, "Đã thay bóng"),
        ("Đã xong - đã thay bóng", Verb.RESOLVE, "Đã thay bóng"),
        ("xong", Verb.RESOLVE, ""),
        ("đã xử lý xong, thay bóng mới", Verb.RESOLVE, "đã xử lý xong, thay bóng mới"),
        ("da xu ly xong", Verb.RESOLVE, "da xu ly xong"),
        ("hoi: cột số mấy?", Verb.ASK, "Cột số mấy?"),
        ("Hỏi thêm cột số mấy?", Verb.ASK, "Cột số mấy?"),
        ("chuyển KT", Verb.FORWARD, "KT"),
        ("chuyen cong an: có người phá", Verb.FORWARD, "Cong an: có người phá"),
        ("chuyển sang tuần sau mới làm được", Verb.ANSWER, "chuyển sang tuần sau mới làm được"),
        ("Từ chối: ngoài địa bàn phường", Verb.REJECT, "Ngoài địa bàn phường"),
        ("tu choi", Verb.REJECT, ""),
        ("ghi chú: gọi thợ", Verb.NOTE, "Gọi thợ"),
        ("nhận", Verb.CLAIM, ""),
        ("Nhan.", Verb.CLAIM, ""),
        ("nhận được tin của bác rồi ạ", Verb.ANSWER, "nhận được tin của bác rồi ạ"),
        ("trả lại", Verb.RELEASE, ""),
        ("trả lại tiền cho bác hôm nay", Verb.ANSWER, "trả lại tiền cho bác hôm nay"),
        ("mở lại: đèn vẫn tối", Verb.REOPEN, "Đèn vẫn tối"),
        ("lịch sử", Verb.HISTORY, ""),
        ("Chiều nay tổ điện tới", Verb.ANSWER, "Chiều nay tổ điện tới"),
        ("việc này mai làm", Verb.ANSWER, "việc này mai làm"),
        ("/xong đã thay bóng", Verb.RESOLVE, "Đã thay bóng"),
        ("/tuchoi ngoài địa bàn", Verb.REJECT, "Ngoài địa bàn"),
    ],
)
def test_under_a_card(read, text: str, verb: Verb, rest: str) -> None:  # type: ignore[no-untyped-def]
    order = read(text, read_reply)
    assert (order.verb, order.rest) == (verb, rest)


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        (f"/nhan {CODE}", Verb.CLAIM, ""),
        (f"/NHẬN {CODE.lower()}", Verb.CLAIM, ""),
        (f"nhận {CODE.replace('-', ' ')}", Verb.CLAIM, ""),
        (f"/xong {CODE.replace('-', '')} đã thay bóng\nở ngõ 5", Verb.RESOLVE, "Đã thay bóng\nở ngõ 5"),
        (f"/chuyen {CODE} CA", Verb.FORWARD, "CA"),
        (f"/từ chối {CODE}: trùng", Verb.REJECT, "Trùng"),
        (f"/tu_choi {CODE} trùng", Verb.REJECT, "Trùng"),
        (f"{CODE}", Verb.SHOW, ""),
        (f"phiếu {CODE}", Verb.SHOW, ""),
        (f"/lichsu {CODE}", Verb.HISTORY, ""),
        ("/viec", Verb.LIST, ""),
        ("Việc", Verb.LIST, ""),
        ("/trogiup", Verb.HELP, ""),
        ("/ten Nguyễn Văn An", Verb.RENAME, "Nguyễn Văn An"),
        ("/roi", Verb.LEAVE, ""),
    ],
)
def test_command(read, text: str, verb: Verb, rest: str) -> None:  # type: ignore[no-untyped-def]
    order = read(text, read_command)
    assert (order.verb, order.rest) == (verb, rest)
    assert order.code == (CODE if verb not in (Verb.LIST, Verb.HELP, Verb.RENAME, Verb.LEAVE) else None)


@pytest.mark.parametrize(
    "text",
    [
        "việc này hỏi ai ạ",
        "tên tôi là Hạnh",
        "xong thủ tục khai sinh mất bao lâu",
        f"hỏi về phiếu {CODE} giúp tôi với",
        "chuyển khẩu cần giấy tờ gì",
        "rời phường đi làm xa có phải báo không",
        "",
        "...",
    ],
)
def test_ordinary_sentences_are_no_commands(read, text: str) -> None:  # type: ignore[no-untyped-def]
    assert read(text, read_command) is None


def test_code_inside_a_sentence_is_no_address() -> None:
    assert split_code(f"về {CODE} nhé") == (None, f"về {CODE} nhé")
    assert split_code(f"{CODE}: xong rồi") == (CODE, "xong rồi")


@pytest.mark.parametrize(
    ("text", "key", "comment"),
    [
        ("KT", "KT", ""),
        ("kinh tế, việc của bên mình", "KT", "việc của bên mình"),
        ("Công an: có người phá đèn", "CA", "có người phá đèn"),
        ("trạm y tế gấp lắm", "TYT", "gấp lắm"),
        ("phòng trà đá", None, "phòng trà đá"),
    ],
)
def test_department(read, text: str, key: str | None, comment: str) -> None:  # type: ignore[no-untyped-def]
    assert read(text, lambda turn: split_department(turn, text)) == (key, comment)


def test_doubt() -> None:
    assert is_doubtful("phần dây, bóng thì chưa")
    assert is_doubtful("phan day, bong thi chua")
    assert not is_doubtful("đã thay bóng ở cổng chùa")
