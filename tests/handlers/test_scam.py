"""The scam desk in a conversation: numbers are kept nowhere in clear, and danger that is real goes first."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from sqlalchemy import text as sql
from sqlmodel import select

from handlers.scam_marks import seal_numbers, shown_number
from storage.inbox import REDACTED
from storage.models import Conversation, InboxItem, ScamMark
from storage.statuses import StaffRole
from tests.props import sample_house
from tests.stage import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    stage.welcome("Bà Lan")
    yield stage
    stage.close()


def everything_stored(stage: Stage) -> str:
    """All text of all tables in one string."""
    with stage.engine.connect() as connection:
        names = connection.execute(sql("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        rows = [connection.execute(sql(f'SELECT * FROM "{name}"')).all() for name in names]  # noqa: S608
    return repr(rows)


def test_numbers_and_codes_of_a_pasted_message_are_stored_nowhere(stage: Stage) -> None:
    stage.says(
        "Bà Lan", "ngân hàng kêu đọc mã OTP 482913, chuyển vào STK 19036688123456, gọi 0931222876, lừa không?"
    )
    assert stage.routes[-1] == "scam"
    stored = everything_stored(stage)
    for secret in ("482913", "19036688123456", "0931222876"):
        assert secret not in stored
    assert stage.read(lambda s: s.get_one(InboxItem, stage.last_number).raw) == REDACTED


def test_a_message_without_numbers_stays_as_it_came(stage: Stage) -> None:
    stage.says("Bà Lan", "nó bảo trúng thưởng xe máy, đóng thuế trước mới được nhận, có phải lừa không")
    assert stage.read(lambda s: s.get_one(InboxItem, stage.last_number).raw) != REDACTED


def test_an_officers_number_is_stored_under_its_seal_only(stage: Stage) -> None:
    stage.enlist("Hạnh", StaffRole.OFFICER, "VP")
    stage.says("Hạnh", "/canhbao 0931 222 876 giả điện lực đòi tiền")
    assert "0931222876" not in everything_stored(stage)
    assert "0931 222 876" not in everything_stored(stage)
    kept = stage.read(lambda s: s.get_one(ScamMark, 1))
    assert kept.seal == seal_numbers(stage.house, ["84931222876"])[0]
    assert kept.shown == "093••••876"


def test_two_installations_seal_a_number_differently() -> None:
    ours = sample_house()
    theirs = dataclasses.replace(ours, number_key=b"another key")
    assert seal_numbers(ours, ["0931222876"]) != seal_numbers(theirs, ["0931222876"])
    with pytest.raises(ValueError, match="without a key"):
        seal_numbers(dataclasses.replace(ours, number_key=b""), ["0931222876"])


def test_the_key_is_not_shown_with_the_house() -> None:
    assert "key of the sample ward" not in repr(dataclasses.fields(sample_house()))
    assert shown_number("123456") == "••••56"


def test_real_danger_and_a_denunciation_go_first(stage: Stage) -> None:
    stage.says("Bà Lan", "nó lừa tiền tôi rồi giờ cầm dao dọa giết ngoài cửa")
    assert stage.routes[-1] == "emergency"
    stage.says("Bà Lan", "tôi tố cáo cán bộ nhận tiền bôi trơn lừa dân")
    assert stage.routes[-1] == "denunciation"


def test_what_we_asked_for_is_looked_at_for_a_quarter_of_an_hour(stage: Stage) -> None:
    said = "bên tổ hòa giải nhắn là chiều mai ghé nhà nói chuyện hàng xóm"
    stage.says("Bà Lan", "tin này có thật không")
    stage.says("Bà Lan", said)
    assert stage.routes[-1] == "scam"
    stage.says("Bà Lan", said)
    assert stage.routes[-1] != "scam"


def test_a_draft_of_a_report_survives_a_look(stage: Stage) -> None:
    stage.says("Bà Lan", "đèn đường tổ 5 hỏng mấy hôm nay")
    stage.says("Bà Lan", "tin này có thật không: bấm vcb-digibank.top nhập mã OTP kẻo khóa tài khoản")
    assert stage.routes[-1] == "scam"
    flows = stage.read(lambda s: [one.flow for one in s.exec(select(Conversation)).all()])
    assert flows == ["report"]
