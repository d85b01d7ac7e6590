"""What people choose to hear of: proved, changed and stopped at once, and never hiding what they did not choose."""

from __future__ import annotations

import pytest
from sqlmodel import Session, col, select

from core.audience import Audience
from core.messages import IncomingMessage, MessageKind
from handlers.subscription_words import Verb, read_wish
from handlers.turn import Turn, open_turn
from scheduler import broadcasts
from storage.audiences import count_contacts
from storage.models import Announcement, Contact, Delivery, Preference
from storage.statuses import AnnouncementStatus, DeliveryStatus, StaffRole
from tests.stage import Stage

LAN = "Bà Lan"


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.welcome(LAN)
    return made


def _turn(stage: Stage, session: Session, words: str) -> Turn:
    address = stage.person(LAN).address
    message = IncomingMessage(address, address, "w1", MessageKind.TEXT, stage.now, text=words)
    return open_turn(session, stage.house, message, 1, (), stage.now)


def reached(stage: Stage, audience: Audience) -> bool:
    return stage.read(lambda session: count_contacts(session, audience)) == 1


def announce(stage: Stage, audience: Audience) -> int:
    author = stage.enlist("Minh", StaffRole.LEADER)
    with stage.session() as session:
        row = Announcement(
            staff_id=author.id or 0,
            chat_id=author.contact_id,
            text="Lời nhắn",
            areas=list(audience.areas),
            audience=audience.beside_areas,
            status=AnnouncementStatus.SENDING,
            created_at=stage.now,
            confirmed_at=stage.now,
        )
        session.add(row)
        session.flush()
        broadcasts.run(session, stage.house, stage.now)
        return row.id or 0


@pytest.mark.parametrize("named", ["tdp-1", "1", "Tổ dân phố 1", "TDP-1"])
def test_a_tapped_area_is_kept_by_its_key(stage: Stage, named: str) -> None:
    stage.does(LAN, MessageKind.CHOICE, action=f"subscription.on:{named}")
    assert reached(stage, Audience(("tdp-1",)))
    stage.does(LAN, MessageKind.CHOICE, action=f"subscription.stop_area:{named}")
    assert not reached(stage, Audience(("tdp-1",)))


def test_a_choice_is_kept_with_the_message_that_proves_it(stage: Stage) -> None:
    stage.says(LAN, "nhận tin y tế")
    number = stage.last_number
    stage.says(LAN, "nhan tin y te")
    stage.says(LAN, "tôi là hộ kinh doanh")
    rows = stage.read(lambda session: session.exec(select(Preference).order_by(col(Preference.id))).all())
    assert [(row.kind, row.key, row.inbox_id) for row in rows] == [
        ("topic", "y-te", number),
        ("business", "", number + 2),
    ]
    assert rows[0].chosen_at < rows[1].chosen_at


def test_who_scans_the_poster_of_a_topic_gets_that_topic_alone(stage: Stage) -> None:
    stage.does(LAN, MessageKind.TEXT, text="/start", start="tin-y-te")
    assert not reached(stage, Audience(topics=("y-te",))), "a poster that is looked at is no consent"
    stage.taps(LAN, "Nhận thông báo")
    assert reached(stage, Audience(topics=("y-te",)))
    assert not reached(stage, Audience())
    assert not reached(stage, Audience(topics=("dien-nuoc",)))


def test_stopping_the_last_topic_does_not_bring_all_others(stage: Stage) -> None:
    stage.says(LAN, "nhận tin y tế")
    stage.says(LAN, "dừng y tế")
    for topic in stage.house.ward.topics:
        assert not reached(stage, Audience(topics=(topic.key,)))


def test_declining_topic_after_topic_ends_in_silence(stage: Stage) -> None:
    stage.says(LAN, "nhận tin toàn phường")
    for topic in stage.house.ward.topics:
        assert reached(stage, Audience(topics=(topic.key,)))
        stage.says(LAN, f"dừng {topic.name}")
        assert not reached(stage, Audience(topics=(topic.key,)))
    assert "không nhận thông báo nào" in stage.says(LAN, "đang nhận gì")[0].content.text


def test_urgent_news_pass_over_topics_and_over_stop_all_only_if_asked_for(stage: Stage) -> None:
    urgent = Audience(("tdp-5",), urgent=True)
    stage.says(LAN, "nhận tin tổ 5")
    stage.says(LAN, "chỉ nhận tin y tế")
    assert reached(stage, urgent)
    stage.says(LAN, "dừng tất cả")
    assert not reached(stage, urgent)
    stage.says(LAN, "nhận tin khẩn")
    assert reached(stage, urgent)
    assert not reached(stage, Audience(("tdp-9",), urgent=True))
    stage.says(LAN, "dừng tất cả")
    assert reached(stage, urgent)
    stage.says(LAN, "dung tin khan")
    stage.says(LAN, "nhận tin tổ 5")
    assert not reached(stage, urgent)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("dừng y tế", {"dien-nuoc", "khẩn"}),
        ("dừng tổ 3", {"khẩn"}),
        ("dừng tin khẩn", {"dien-nuoc", "y-te"}),
        ("tắt thông báo", {"khẩn"}),
        ("chỉ nhận tin trường học", {"khẩn"}),
    ],
)
def test_what_is_stopped_does_not_leave_even_if_it_is_queued(
    stage: Stage, words: str, left: set[str]
) -> None:
    stage.says(LAN, "nhận tin tổ 3")
    stage.says(LAN, "nhận tin khẩn")
    numbers = {
        "dien-nuoc": announce(stage, Audience(("tdp-3",), topics=("dien-nuoc",))),
        "y-te": announce(stage, Audience(("tdp-3",), topics=("y-te",))),
        "khẩn": announce(stage, Audience(("tdp-3",), urgent=True)),
    }
    with stage.session() as session:
        # The window is shut: they wait until she writes, and her word is that she wants them no more.
        for row in session.exec(select(Delivery).where(Delivery.kind == "announcement")).all():
            row.status = DeliveryStatus.WAITING.value
    stage.says(LAN, words)
    rows = stage.read(
        lambda s: s.exec(select(Delivery.announcement_id).where(Delivery.status == DeliveryStatus.SENT)).all()
    )
    assert {name for name, number in numbers.items() if number in rows} == left


def test_only_one_place_ends_the_others(stage: Stage) -> None:
    stage.says(LAN, "nhận tin tổ 3")
    stage.says(LAN, "nhận tin tổ 5")
    stage.says(LAN, "chỉ nhận tin tổ 7")
    assert [reached(stage, Audience((f"tdp-{number}",))) for number in (3, 5, 7)] == [False, False, True]


def test_an_age_group_is_one_at_a_time_and_can_be_taken_back(stage: Stage) -> None:
    stage.says(LAN, "tôi là người cao tuổi")
    stage.says(LAN, "toi la thanh nien")
    rows = stage.read(lambda s: s.exec(select(Preference.key)).all())
    assert list(rows) == ["youth"]
    stage.taps(LAN, "Nhóm tuổi")
    stage.taps(LAN, "Không ghi nhóm tuổi")
    assert stage.read(lambda s: s.exec(select(Preference.key)).all()) == []
    assert stage.read(lambda s: {c.area for c in s.exec(select(Contact)).all()}) == {None}


@pytest.mark.parametrize(
    "words",
    [
        "đăng ký kinh doanh",
        "đăng ký tạm trú",
        "nhận tin nhắn lạ",
        "dừng đèn đỏ bị phạt bao nhiêu",
        "tắt điện rồi",
        "không nhận được tiền trợ cấp",
        "tôi là hộ kinh doanh, nộp thuế ở đâu",
        "nhận lương hưu ở đâu",
        "không nhận lương hưu tháng này",
        "thôi nhận nuôi con",
    ],
)
def test_what_only_begins_like_a_wish_is_none(stage: Stage, words: str) -> None:
    with stage.session() as session:
        assert read_wish(_turn(stage, session, words)) is None


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        ("Dừng!", Verb.STOP_SOME),
        ("dung dien nuoc", Verb.STOP_OF),
        ("đừng gửi tin y tế", Verb.STOP_OF),
        ("chi nhan tin truong hoc", Verb.ONLY_OF),
        ("đăng ký nhận tin về môi trường", Verb.START_OF),
        ("luôn nhận tin khẩn", Verb.START_OF),
        ("STOP", Verb.STOP),
        ("tắt hết", Verb.STOP),
    ],
)
def test_wishes_as_people_type_them(stage: Stage, words: str, verb: Verb) -> None:
    with stage.session() as session:
        wish = read_wish(_turn(stage, session, words))
        assert wish is not None
        assert wish.verb is verb
