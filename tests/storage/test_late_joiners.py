"""Late joiners: what is still valid reaches whoever asks for it now, once, and nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from core.audience import Audience, Role
from core.messages import Content
from storage import links
from storage.announcements import subscribe, unsubscribe
from storage.contacts import mark_unreachable
from storage.database import Database
from storage.late_joiners import list_late_joiners
from storage.models import Announcement, Contact
from storage.outbox import Draft, enqueue
from storage.preferences import choose
from storage.staff import Duty, enlist
from storage.statuses import AnnouncementStatus, PreferenceKind, StaffRole
from tests.storage.rows import NOW

HOUR = timedelta(hours=1)
LATER, END = NOW + HOUR, NOW + timedelta(days=3)


def contact(session: Session, name: str, last: datetime = LATER) -> int:
    row = Contact(channel="telegram", account="a", external_id=name, created_at=NOW, last_interaction_at=last)
    session.add(row)
    session.flush()
    return row.id or 0


def announce(
    session: Session, audience: Audience | None = None, status: str = AnnouncementStatus.SENT
) -> Announcement:
    author = session.get_one(Contact, contact(session, "tác giả", NOW))
    staff = enlist(session, author, Duty(StaffRole.LEADER), "Minh", NOW - HOUR)
    meant = audience or Audience(("tdp-1",))
    row = Announcement(
        staff_id=staff.id or 0,
        chat_id=author.id or 0,
        text="Cúp nước",
        areas=list(meant.areas),
        audience=meant.beside_areas,
        status=status,
        created_at=NOW,
        confirmed_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def send(
    session: Session, announcement: Announcement, contact_id: int, person_id: int | None = None
) -> int | None:
    draft = Draft(
        session.get_one(Contact, contact_id),
        Content("Cúp nước"),
        "announcement",
        dedupe_key=f"announcement:{announcement.id}:{person_id or contact_id}",
        announcement_id=announcement.id,
    )
    return enqueue(session, draft, LATER)


def late(
    session: Session, announcement: Announcement, until: datetime | None = END, limit: int = 10
) -> list[int]:
    session.flush()
    return [one.person_id for one in list_late_joiners(session, announcement, until, {}, LATER, limit)]


def test_who_asks_since_gets_it_and_who_has_it_not_again(database: Database) -> None:
    def work(session: Session) -> None:
        announcement = announce(session)
        had, new, elsewhere = (contact(session, name) for name in ("đã nhận", "mới", "nơi khác"))
        subscribe(session, had, "tdp-1", None, NOW - HOUR)
        send(session, announcement, had)
        subscribe(session, new, "tdp-1", None, LATER)
        subscribe(session, elsewhere, "tdp-2", None, LATER)
        assert late(session, announcement) == [new]
        assert send(session, announcement, new) is not None
        assert late(session, announcement) == []
        assert send(session, announcement, new) is None, "two at work at the same moment"

    database.run_now(work)


@pytest.mark.parametrize(
    ("until", "status"),
    [
        (None, AnnouncementStatus.SENT),
        (LATER, AnnouncementStatus.SENT),
        (NOW, AnnouncementStatus.SENT),
        (END, AnnouncementStatus.SENDING),
        (END, AnnouncementStatus.CANCELLED),
        (END, AnnouncementStatus.DRAFT),
    ],
)
def test_what_is_over_or_stopped_or_on_its_way_is_for_nobody(
    database: Database, until: datetime | None, status: AnnouncementStatus
) -> None:
    def work(session: Session) -> None:
        announcement = announce(session, status=status)
        subscribe(session, contact(session, "mới"), "tdp-1", None, LATER)
        assert late(session, announcement, until) == []

    database.run_now(work)


def test_who_stopped_is_left_alone_even_after_asking_anew(database: Database) -> None:
    def work(session: Session) -> None:
        announcement = announce(session)
        lan, tu = contact(session, "lan"), contact(session, "tư")
        for one in (lan, tu):
            subscribe(session, one, "tdp-1", None, NOW - HOUR)
            send(session, announcement, one)
            unsubscribe(session, one, LATER)
        subscribe(session, lan, "tdp-1", None, LATER)
        assert late(session, announcement) == []

    database.run_now(work)


def test_a_choice_made_since_counts_and_one_against_it_as_well(database: Database) -> None:
    def work(session: Session) -> None:
        announcement = announce(session, Audience(("tdp-1",), topics=("y-te",)))
        chose, declined, shop = (contact(session, name) for name in "abc")
        for one in (chose, declined, shop):
            subscribe(session, one, "tdp-1", None, LATER)
        choose(session, chose, PreferenceKind.TOPIC, "y-te", None, LATER)
        choose(session, declined, PreferenceKind.TOPIC, "y-te", None, LATER, wanted=False)
        choose(session, shop, PreferenceKind.TOPIC, "dien-nuoc", None, LATER)
        assert late(session, announcement) == [chose]

    database.run_now(work)


def test_a_person_who_has_it_on_another_channel_does_not_get_it_again(database: Database) -> None:
    def work(session: Session) -> None:
        announcement = announce(session)
        old, fresh, both = (contact(session, name) for name in ("cũ", "mới", "hai kênh"))
        subscribe(session, old, "tdp-1", None, NOW - HOUR)
        send(session, announcement, old)
        subscribe(session, fresh, "tdp-1", None, LATER)
        links.link(session, fresh, old, LATER)
        subscribe(session, both, "tdp-1", None, LATER)
        links.link(session, both, contact(session, "kênh hai"), LATER)
        assert late(session, announcement) == [both]

    database.run_now(work)


def test_who_is_blocked_and_who_took_up_a_duty_since(database: Database) -> None:
    def work(session: Session) -> None:
        announcement = announce(session, Audience(("tdp-1",), (Role.MEMBER,)))
        member, blocked = contact(session, "tổ viên"), contact(session, "đã chặn")
        for one in (member, blocked):
            duty = Duty(StaffRole.MEMBER, area="tdp-1")
            enlist(session, session.get_one(Contact, one), duty, "Tư", LATER)
        mark_unreachable(session, blocked, LATER)
        session.expire_all()
        assert late(session, announcement) == [member]

    database.run_now(work)


def test_a_limit_is_kept_and_nobody_is_passed_over(database: Database) -> None:
    def work(session: Session) -> None:
        announcement = announce(session)
        people = [contact(session, str(number)) for number in range(12)]
        for number, one in enumerate(people):
            subscribe(session, one, "tdp-1", None, LATER)
            if number % 3 == 0:
                # Those who have it by another channel must not fill a batch and end the search.
                second = contact(session, f"kênh hai {number}")
                links.link(session, one, second, LATER)
                send(session, announcement, second, one)
        wanted = [one for number, one in enumerate(people) if number % 3]
        got: list[int] = []
        while batch := late(session, announcement, limit=3):
            assert len(batch) <= 3
            for one in batch:
                send(session, announcement, one)
            got += batch
        assert got == wanted

    database.run_now(work)
