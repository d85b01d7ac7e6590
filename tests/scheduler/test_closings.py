"""After an answer: asked once whether it is done, completed after a week of silence, and silence is no opinion."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from scheduler import closings
from storage.closings import count_opinions
from storage.database import Database
from storage.models import Ticket
from storage.statuses import Rating, TicketStatus
from storage.tickets import find_ticket, list_events
from tests.scheduler.office import house, local, officer, outbox, ticket

FILED, DUE, DONE = "2026-11-18 08:00", "2026-11-25 17:00", "2026-11-20 10:00"


def run(database: Database, now: str) -> dict[str, int]:
    return database.run_now(lambda s: closings.run(s, house(), local(now)))


def fill(session: Session) -> None:
    officer(session, "Hạnh", "KT")
    ticket(session, "PA-1", "KT", filed=FILED, due=DUE, status=TicketStatus.RESOLVED, closed=DONE)


def get(session: Session) -> Ticket:
    found = find_ticket(session, "PA-1")
    assert found is not None
    return found


def test_the_author_is_asked_once_after_three_days(database: Database) -> None:
    database.run_now(fill)
    assert run(database, "2026-11-23 09:00") == {"asked": 0, "completed": 0}
    assert run(database, "2026-11-23 10:00") == {"asked": 1, "completed": 0}
    assert run(database, "2026-11-24 10:00") == {"asked": 0, "completed": 0}
    told = [text for texts in database.run_now(outbox).values() for text in texts]
    assert len(told) == 1
    assert "xem giúp thực tế đã được chưa" in told[0]


def test_a_week_of_silence_completes_without_an_opinion(database: Database) -> None:
    database.run_now(fill)
    assert run(database, "2026-11-27 10:00") == {"asked": 0, "completed": 1}

    def look(session: Session) -> tuple[str, datetime | None, str, float | None]:
        found = get(session)
        opinions = count_opinions(session, None, local(DONE) - timedelta(days=1))
        return found.status, found.closed_at, list_events(session, found.id or 0)[-1].text, opinions.percent

    status, closed_at, said, percent = database.run_now(look)
    assert (status, said, percent) == (TicketStatus.COMPLETED, "sau 7 ngày không có ý kiến", None)
    assert closed_at == local(DONE)


def test_whoever_rated_is_not_asked_again(database: Database) -> None:
    def rated(session: Session) -> None:
        fill(session)
        found = get(session)
        found.rating = Rating.BAD.value
        session.add(found)

    database.run_now(rated)
    assert run(database, "2026-11-24 10:00") == {"asked": 0, "completed": 0}
    opinions = database.run_now(lambda s: count_opinions(s, "KT", local(DONE) - timedelta(days=1)))
    assert (opinions.rated, opinions.content, opinions.percent) == (1, 0, 0.0)
