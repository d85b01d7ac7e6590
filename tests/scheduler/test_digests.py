"""Morning digests: who gets one, when, and word for word what it says."""

from __future__ import annotations

import io
from datetime import date
from functools import partial

import pytest
from PIL import Image
from sqlmodel import Session, col, select

from core.calendar import DayRule, WorkCalendar
from core.fitting import fit
from core.messages import Content
from core.pictures.bars import draw_bars
from core.serial import content_from_json
from faq.entry import Entry
from scheduler import digests
from storage import contacts
from storage.database import Database
from storage.models import Conversation, Delivery, Ticket
from storage.staff import find_staff
from storage.statuses import EvidenceKind, TicketStatus
from tests.props import LIMITS
from tests.scheduler.office import (
    group_of,
    house,
    house_knowing,
    house_with,
    leader,
    local,
    officer,
    outbox,
    person,
    ticket,
)

THURSDAY = "2026-11-26 07:30"


def fill(session: Session) -> None:
    officer(session, "Hạnh", "KT")
    officer(session, "Tuấn", "KT")
    officer(session, "Bình", "VHXH")
    group_of(session, "Nhóm KT", "Hạnh")
    leader(session, "Chủ tịch")
    ticket(session, "PA-1", "KT", filed="2026-11-16 09:00", due="2026-11-20 17:00")
    ticket(session, "PA-2", "KT", filed="2026-11-25 09:00", due="2026-11-26 17:00")
    ticket(
        session,
        "PA-3",
        "KT",
        filed="2026-11-20 09:00",
        due="2026-11-27 17:00",
        status=TicketStatus.IN_PROGRESS,
    )
    ticket(
        session,
        "PA-4",
        "KT",
        filed="2026-11-20 09:00",
        due="2026-11-27 17:00",
        status=TicketStatus.RESOLVED,
        closed="2026-11-25 15:00",
    )
    ticket(session, "PA-5", "TYT", filed="2026-11-20 09:00", due="2026-11-27 17:00")


def answer(name: str, owner: str, review_by: str) -> Entry:
    return Entry(
        id=name, topic="t", question=f"{name}?", owner=owner, review_by=date.fromisoformat(review_by)
    )


def test_answers_to_look_through_again_are_told_on_the_first_working_morning_of_a_week(
    database: Database,
) -> None:
    """Also to a department without a ticket; those of a unit that nobody looks after to the leaders."""
    entries = [answer(f"kt-{n}", "KT", "2026-11-20") for n in range(3)]
    entries += [answer("later", "KT", "2026-12-30"), answer("foreign", "XYZ", "2026-11-20")]
    at_home = house_knowing(*entries)
    database.run_now(lambda s: officer(s, "Hạnh", "KT"))
    database.run_now(lambda s: officer(s, "Bình", "VHXH"))
    database.run_now(lambda s: leader(s, "Chủ tịch"))
    for morning in ("2026-11-30 07:30", "2026-12-01 07:30", "2026-12-04 07:30"):
        database.run_now(partial(digests.run, house=at_home, now=local(morning)))
    told = database.run_now(outbox)
    assert set(told) == {"Hạnh", "Chủ tịch"}
    assert len(told["Hạnh"]) == len(told["Chủ tịch"]) == 1
    assert "• 3 mục hỏi đáp cần kiểm tra lại: nhắn riêng em /hoidap kiểm tra" in told["Hạnh"][0]
    assert "• 4 mục hỏi đáp cần kiểm tra lại" in told["Chủ tịch"][0]


def run(database: Database, now: str = THURSDAY, calendar: WorkCalendar | None = None) -> dict[str, int]:
    at_home = house() if calendar is None else house_with(calendar)
    return database.run_now(lambda s: digests.run(s, at_home, local(now)))


def test_word_for_word(database: Database) -> None:
    database.run_now(fill)
    assert run(database) == {"digests": 3, "leaders": 1, "nothing": 1}
    told = database.run_now(outbox)
    assert told["Hạnh"] == [
        f"{house().ward.get_department('KT').name}, sáng Thứ Năm 26/11/2026:\n"
        "• Quá hạn: 1\n"
        "• Đến hạn hôm nay: 1\n"
        "• Đang mở: 3\n"
        "• Mới nhận từ sáng Thứ Tư 25/11/2026: 1\n"
        "• Đã giải quyết từ sáng Thứ Tư 25/11/2026: 1\n"
        "Gấp nhất trước, bấm để mở phiếu:"
    ]
    assert told["Tuấn"] == told["Nhóm KT"] == told["Hạnh"]
    short = house().ward.get_department("KT").short_name
    assert told["Chủ tịch"] == [
        "Phường Mẫu, sáng Thứ Năm 26/11/2026: 4 phiếu đang mở, 1 trễ hạn, 3 chưa ai nhận.\n"
        f"• {short}: mở 3, trễ 1, chưa nhận 2, mới 1\n"
        "• Trạm Y tế: mở 1, trễ 0. Đơn vị này chưa có cán bộ nào nhận tin."
    ]
    assert set(told) == {"Hạnh", "Tuấn", "Nhóm KT", "Chủ tịch"}, "nothing to say to the others"


def content_of(session: Session, name: str) -> Content:
    query = select(Delivery).where(Delivery.contact_id == person(session, name, group=name[:4] == "Nhóm").id)
    return content_from_json(session.exec(query.order_by(col(Delivery.id).desc())).first().content)  # type: ignore[union-attr]


def test_each_line_opens_its_ticket_the_late_one_first(database: Database) -> None:
    database.run_now(fill)
    run(database)
    choices = database.run_now(lambda s: content_of(s, "Hạnh")).choices
    category = house().ward.categories[0].name
    assert [one.title for one in choices] == [
        f"PA-1 · TRỄ 6 ngày · {category}",
        f"PA-2 · hôm nay, còn 9 giờ · {category}",
        f"PA-3 · ngày mai · {category}",
    ]
    ids = database.run_now(lambda s: {one.code: one.id for one in s.exec(select(Ticket))})
    assert [one.action for one in choices] == [f"officer.show:{ids[f'PA-{n}']}" for n in (1, 2, 3)]
    in_group = database.run_now(lambda s: content_of(s, "Nhóm KT")).choices
    assert [one.title for one in in_group] == [
        "PA-1 · TRỄ 6 ngày",
        "PA-2 · hôm nay, còn 9 giờ",
        "PA-3 · ngày mai",
    ]
    saved = database.run_now(lambda s: s.get(Conversation, (person(s, "Hạnh").id,) * 2))
    assert saved is not None
    assert [action for _, action in saved.choices] == [one.action for one in choices]


def test_the_picture_tells_the_same_figures(database: Database) -> None:
    database.run_now(fill)
    run(database)
    (picture,) = database.run_now(lambda s: content_of(s, "Hạnh")).pictures
    assert picture.alt.endswith("quá hạn 1, đến hạn hôm nay 1, còn hạn 1.")
    (picture,) = database.run_now(lambda s: content_of(s, "Chủ tịch")).pictures
    assert picture.alt.endswith(
        "Phòng KTHT&ĐT: quá hạn 1, đến hạn hôm nay 1, còn hạn 1; Trạm Y tế: còn hạn 1."
    )
    assert picture.chart is not None
    assert Image.open(io.BytesIO(draw_bars(picture.chart))).width == 1080


def test_an_officer_hears_of_the_own_work_and_of_what_nobody_has_taken(database: Database) -> None:
    """What a colleague holds is counted, not listed; the head sees it."""
    database.run_now(fill)

    def give(session: Session) -> None:
        tuan = find_staff(session, person(session, "Tuấn").id or 0)
        head = find_staff(session, officer(session, "Trưởng phòng", "KT").id or 0)
        assert tuan is not None
        assert head is not None
        head.is_head = True
        row = session.exec(select(Ticket).where(Ticket.code == "PA-1")).one()
        row.officer_id, row.status = tuan.id, TicketStatus.NEEDS_INFO
        row.due_at = local("2026-11-30 17:00")

    database.run_now(give)
    run(database)
    told = database.run_now(outbox)
    assert "• Đang mở: 2\n• Đồng nghiệp đang giữ: 1" in told["Hạnh"][0]
    assert "Chờ người dân" not in told["Hạnh"][0]
    for name in ("Tuấn", "Trưởng phòng"):
        assert "• Chờ người dân bổ sung: 1\n• Đang mở: 3" in told[name][0]
        titles = [one.title for one in database.run_now(lambda s, n=name: content_of(s, n)).choices]  # type: ignore[misc]
        assert titles[1].startswith("PA-1 · chờ dân, còn 4 ngày")


def test_recurring_unclaimed_and_unrated_are_told_apart(database: Database) -> None:
    def many(session: Session) -> None:
        officer(session, "Hạnh", "KT")
        old = ticket(
            session,
            *("PA-1", "KT"),
            filed="2026-11-10 09:00",
            due="2026-11-20 17:00",
            status=TicketStatus.RESOLVED,
            closed="2026-11-19 15:00",
        )
        old.asked_at = local("2026-11-22 09:00")
        again = ticket(
            session,
            *("PA-2", "KT"),
            filed="2026-11-23 09:00",
            due="2026-12-02 17:00",
            status=TicketStatus.IN_PROGRESS,
        )
        again.recurs_of_id = old.id
        ticket(session, "PA-3", "KT", filed="2026-11-23 09:00", due="2026-12-03 17:00")

    database.run_now(many)
    run(database)
    text = database.run_now(outbox)["Hạnh"][0]
    assert (
        "• Chưa ai nhận, còn hạn: 1\n• Tái diễn, đang làm: 1\n• Đã xong, người dân chưa đánh giá: 1" in text
    )
    titles = [one.title for one in database.run_now(lambda s: content_of(s, "Hạnh")).choices]
    assert [title.split(" · ")[:2] for title in titles] == [
        ["PA-3", "chưa ai nhận, còn 7 ngày"],
        ["PA-2", "tái diễn, còn 6 ngày"],
    ]


def test_leaders_hear_how_many_were_finished_with_a_reason_instead_of_evidence(database: Database) -> None:
    database.run_now(fill)

    def mark(session: Session, closed: str) -> None:
        row = session.exec(select(Ticket).where(col(Ticket.closed_at).is_not(None))).one()
        row.evidence, row.evidence_kind = "trời mưa", EvidenceKind.REASON
        row.closed_at = local(closed)

    database.run_now(lambda s: mark(s, "2026-11-25 15:00"))
    run(database)
    told = database.run_now(outbox)
    assert "• Xong mà không có minh chứng: 1. Xem: /tim không minh chứng" in told["Chủ tịch"][0]
    assert "minh chứng" not in told["Hạnh"][0]
    database.run_now(lambda s: mark(s, "2026-11-25 07:00"))
    run(database, "2026-11-27 07:30")
    assert "minh chứng" not in database.run_now(outbox)["Chủ tịch"][-1]


def test_no_citizens_words_leave_the_office(database: Database) -> None:
    database.run_now(fill)
    run(database)
    everything = str(database.run_now(outbox))
    for secret in ("Lan", "0912345678", "ngập", "số 5"):
        assert secret not in everything


def test_a_second_run_on_the_same_day_tells_nobody_twice(database: Database) -> None:
    database.run_now(fill)
    run(database)
    assert run(database, "2026-11-26 08:00") == {}
    assert run(database, "2026-11-27 07:30") == {"digests": 3, "leaders": 1, "nothing": 1}


def test_one_screen_however_much_there_is(database: Database) -> None:
    def many(session: Session) -> None:
        officer(session, "Hạnh", "KT")
        for day in range(9, 1, -1):
            ticket(session, f"PA-{day}", "KT", filed="2026-11-25 09:00", due=f"2026-12-0{day} 17:00")
            ticket(session, f"PA-L{day}", "KT", filed="2026-11-05 09:00", due=f"2026-11-1{day} 17:00")

    database.run_now(many)
    run(database)
    content = database.run_now(lambda s: content_of(s, "Hạnh"))
    assert [one.title.split(" · ")[0] for one in content.choices] == [
        *("PA-L2", "PA-L3", "PA-L4", "PA-L5", "PA-2", "PA-3", "PA-4"),
        "Xem cả 16 phiếu",
    ]
    for name, limits in LIMITS.items():
        texts = [part for part in fit(content, limits) if part.text]
        assert len(texts) == 1, name
        assert len(texts[0].text.splitlines()) < 20, name


def test_a_quiet_office_hears_nothing(database: Database) -> None:
    database.run_now(lambda s: officer(s, "Hạnh", "KT"))
    database.run_now(lambda s: leader(s, "Chủ tịch"))
    assert run(database) == {"nothing": 2}
    database.run_now(lambda s: ticket(s, "PA-1", "KT", filed="2026-11-26 07:40", due="2026-12-01 17:00"))
    assert run(database, "2026-11-26 07:41") == {}, "the morning is over"
    assert database.run_now(outbox) == {}


def test_who_cannot_be_reached_or_has_left_gets_nothing(database: Database) -> None:
    database.run_now(fill)
    database.run_now(lambda s: contacts.mark_unreachable(s, person(s, "Hạnh").id or 0, local(THURSDAY)))
    run(database)
    assert set(database.run_now(outbox)) == {"Tuấn", "Nhóm KT", "Chủ tịch"}


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ("2026-11-22 07:30", "a Sunday"),
        ("2026-11-24 07:30", "the Day of Vietnamese Culture"),
        ("2026-11-28 07:30", "a Saturday"),
        ("2027-01-01 07:30", "New Year"),
        ("2026-04-30 07:30", "Reunification Day"),
        ("2026-09-02 07:30", "National Day"),
    ],
)
def test_nothing_on_days_off(database: Database, now: str, why: str) -> None:
    database.run_now(fill)
    assert run(database, now) == {}, why
    assert database.run_now(outbox) == {}


def test_a_swapped_saturday_works_and_its_monday_does_not(database: Database) -> None:
    swapped = WorkCalendar(
        [DayRule(date(2026, 11, 28), True, "làm bù"), DayRule(date(2026, 11, 30), False, "nghỉ hoán đổi")]
    )
    database.run_now(fill)
    assert run(database, "2026-11-28 07:30", swapped)["digests"] == 3
    assert run(database, "2026-11-30 07:30", swapped) == {}
    assert run(database, "2026-12-01 07:30", swapped)["digests"] == 3
    texts = database.run_now(outbox)["Hạnh"]
    assert "từ sáng Thứ Sáu 27/11/2026" not in texts[0], "zero lines are left out"
    assert "sáng Thứ Ba 1/12/2026" in texts[1]


def test_after_days_off_new_means_since_the_last_digest(database: Database) -> None:
    def weekend(session: Session) -> None:
        officer(session, "Hạnh", "KT")
        ticket(session, "PA-1", "KT", filed="2026-11-20 07:29", due="2026-12-30 17:00")
        ticket(session, "PA-2", "KT", filed="2026-11-20 07:31", due="2026-12-30 17:00")
        ticket(session, "PA-3", "KT", filed="2026-11-22 12:00", due="2026-12-30 17:00")

    database.run_now(weekend)
    run(database, "2026-11-23 07:30")
    (text,) = database.run_now(outbox)["Hạnh"]
    assert "• Mới nhận từ sáng Thứ Sáu 20/11/2026: 2" in text


def test_a_digest_is_stale_at_midnight_and_is_not_repeated_in_doubt(database: Database) -> None:
    database.run_now(fill)
    run(database)
    rows = database.run_now(lambda s: s.exec(select(Delivery)).all())
    assert {row.after_doubt for row in rows} == {"park"}
    assert all(local("2026-11-26 23:59") < (row.expires_at or local(THURSDAY)) for row in rows)
    assert all((row.expires_at or local(THURSDAY)) < local("2026-11-27 00:00") for row in rows)
