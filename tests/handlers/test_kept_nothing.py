"""What is dropped or sent to another door leaves nothing behind: no photo, no recording."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from core.messages import MessageKind
from storage.models import StoredFile
from storage.statuses import AttachmentStatus
from tests.stage import Stage


def _statuses(session: Session) -> list[str]:
    return [file.status for file in session.exec(select(StoredFile).order_by(StoredFile.id)).all()]  # type: ignore[arg-type]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.welcome("Lan")
    return stage


def test_a_cancelled_report_keeps_no_photo(stage: Stage) -> None:
    stage.does("Lan", MessageKind.PHOTO, photos=2)
    stage.says("Lan", "Hủy")
    assert stage.read(_statuses) == [AttachmentStatus.FORGOTTEN.value] * 2


def test_a_denunciation_keeps_neither_what_came_with_it_nor_what_came_before(stage: Stage) -> None:
    stage.does("Lan", MessageKind.PHOTO, photos=1)
    told = "tôi tố cáo cán bộ địa chính nhận tiền của dân để làm sổ đỏ"
    stage.does("Lan", MessageKind.PHOTO, photos=1, text=told)
    assert stage.read(_statuses) == [AttachmentStatus.FORGOTTEN.value] * 2


def test_a_sent_report_keeps_its_photos(stage: Stage) -> None:
    stage.says("Lan", "duong truoc nha ngap ca tuan")
    stage.says("Lan", "số 12 ngõ 3")
    stage.does("Lan", MessageKind.PHOTO, photos=1)
    stage.taps("Lan", "Xong")
    stage.taps("Lan", "Gửi")
    assert stage.read(_statuses) == [AttachmentStatus.STORED.value]
