"""The figures of an announcement add up, by channel and by area, on both databases."""

from __future__ import annotations

from sqlmodel import Session, select

from storage.announcement_figures import Figures, make_report
from storage.announcements import subscribe
from storage.database import Database
from storage.models import Announcement, Contact, Delivery
from storage.staff import Duty, enlist
from storage.statuses import DeliveryStatus, StaffRole
from tests.storage.rows import NOW

# channel, where the person lives, whose news they asked for, state, error, seen: and how many such people
ROWS = [
    ("zalo", "tdp-3", "", DeliveryStatus.SENT, None, True, 4),
    ("zalo", None, "tdp-3", DeliveryStatus.SENT, None, False, 3),
    ("zalo", None, "", DeliveryStatus.WAITING, "WindowClosed", False, 2),
    ("telegram", "tdp-5", "tdp-3", DeliveryStatus.SENT, None, False, 5),
    ("telegram", "tdp-5", "", DeliveryStatus.FAILED, "RecipientGone 403", False, 1),
    ("telegram", "tdp-5", "", DeliveryStatus.FAILED, "Rejected 400", False, 1),
    ("webchat", None, "", DeliveryStatus.UNKNOWN, "Ambiguous", False, 1),
    ("webchat", None, "", DeliveryStatus.QUEUED, None, False, 1),
    ("webchat", None, "", DeliveryStatus.CLAIMED, None, False, 1),
    ("webchat", None, "", DeliveryStatus.HELD, None, False, 1),
    ("webchat", None, "", DeliveryStatus.CANCELLED, "unsubscribed", False, 2),
]


def fill(session: Session) -> int:
    author = Contact(channel="telegram", account="a", external_id="author", created_at=NOW)
    session.add(author)
    session.flush()
    staff = enlist(session, author, Duty(StaffRole.LEADER), "Minh", NOW)
    row = Announcement(staff_id=staff.id or 0, chat_id=author.id or 0, text="Tin", created_at=NOW)
    session.add(row)
    session.flush()
    number = 0
    for channel, lives, wished, status, error, seen, count in ROWS:
        for _ in range(count):
            number += 1
            contact = Contact(
                channel=channel, account="a", external_id=str(number), area=lives, created_at=NOW
            )
            session.add(contact)
            session.flush()
            # A second, larger wish must not count anybody twice.
            for area in {wished, ""}:
                subscribe(session, contact.id or 0, area, None, NOW)
            session.add(
                Delivery(
                    contact_id=contact.id or 0,
                    channel=channel,
                    kind="announcement",
                    content={"text": "Tin"},
                    status=status.value,
                    error=error,
                    seen_at=NOW if seen else None,
                    created_at=NOW,
                    due_at=NOW,
                    announcement_id=row.id,
                )
            )
    return row.id or 0


def test_every_message_is_counted_once_and_where_it_belongs(database: Database) -> None:
    number = database.run_now(fill)
    report = database.run_now(lambda session: make_report(session, number))
    everybody = sum(row[-1] for row in ROWS)
    assert report.total == Figures(
        sent=12, seen=4, going=3, waiting=2, blocked=1, failed=1, unknown=1, stopped=2
    )
    assert report.total.written == everybody
    assert report.by_channel == {
        "zalo": Figures(sent=7, seen=4, waiting=2),
        "telegram": Figures(sent=5, blocked=1, failed=1),
        "webchat": Figures(going=3, unknown=1, stopped=2),
    }
    assert report.by_area == {
        "tdp-3": Figures(sent=7, seen=4),
        "tdp-5": Figures(sent=5, blocked=1, failed=1),
        "": Figures(going=3, waiting=2, unknown=1, stopped=2),
    }
    for parts in (report.by_channel, report.by_area):
        assert sum(parts.values(), Figures()) == report.total


def test_another_announcement_is_not_counted(database: Database) -> None:
    number = database.run_now(fill)
    assert database.run_now(lambda session: make_report(session, number + 1)).total == Figures()
    assert len(database.run_now(lambda session: session.exec(select(Delivery)).all())) == 22
