"""After 30 days the words are gone and what proves that they were handled stays."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from core.messages import Content, Envelope
from core.serial import content_from_json
from faq.library import Library
from scheduler import housekeeping
from storage import inbox, machinery, outbox
from storage.database import Database
from storage.models import Delivery, InboxItem, JobRun, WebSession
from storage.statuses import DeliveryStatus, InboxStatus
from tests.scheduler.office import house, local, person

NOW = local("2026-11-26 03:05")
OLD, YOUNG = NOW - timedelta(days=30, seconds=1), NOW - timedelta(days=29)


def run(database: Database) -> dict[str, int]:
    return database.run_now(lambda s: housekeeping.run(s, house(), NOW))


def test_raw_messages_go_and_repeats_are_still_known(database: Database) -> None:
    events = {
        name: Envelope("telegram", "bot", name, f"telegram/bot/{name}", f"lời {name}") for name in "abcd"
    }
    for name, at in (("a", OLD), ("b", OLD), ("c", YOUNG), ("d", OLD)):
        database.run_now(lambda s, n=name, m=at: inbox.record_event(s, events[n], m))

    def settle(session: Session) -> None:
        for claim, ending in zip(inbox.claim_messages(session, "w", NOW, 3), "hps", strict=True):
            if ending == "p":
                inbox.park(session, claim, "E", NOW)
            else:
                inbox.settle_handled(session, claim, NOW)

    database.run_now(settle)
    assert run(database)["inbox"] == 2
    rows = database.run_now(lambda s: {i.external_id: (i.raw, i.status) for i in s.exec(select(InboxItem))})
    assert rows == {
        "a": (inbox.REDACTED, InboxStatus.DONE),
        "b": (inbox.REDACTED, InboxStatus.PARKED),
        "c": ("lời c", InboxStatus.DONE),
        "d": ("lời d", InboxStatus.NEW),
    }
    assert database.run_now(lambda s: inbox.record_event(s, events["a"], NOW)) is None
    assert run(database)["inbox"] == 0


def test_sent_texts_go_and_what_is_open_stays(database: Database) -> None:
    def fill(session: Session) -> None:
        to = person(session, "lan")
        states = [*DeliveryStatus, DeliveryStatus.SENT]
        for number, status in enumerate(states):
            at = YOUNG if number == len(states) - 1 else OLD
            draft = outbox.Draft(to, Content("lời riêng"), "reply", dedupe_key=f"k{number}")
            made = outbox.enqueue(session, draft, at)
            row = session.get_one(Delivery, made)
            row.status = status.value
            row.error = "why" if status is DeliveryStatus.FAILED else None

    database.run_now(fill)
    counts = run(database)
    assert (counts["waiting"], counts["deliveries"]) == (2, 6)
    rows = database.run_now(lambda s: s.exec(select(Delivery)).all())
    kept = {row.status for row in rows if row.content["text"]}
    assert kept == {"queued", "claimed", "sent"}, "one sent a day ago"
    assert all(content_from_json(row.content) for row in rows)
    assert [row.error for row in rows if row.status == "failed"] == ["why"]
    draft = outbox.Draft(
        database.run_now(lambda s: person(s, "lan")), Content("again"), "reply", dedupe_key="k2"
    )
    assert database.run_now(lambda s: outbox.enqueue(s, draft, NOW)) is None
    assert run(database)["deliveries"] == 0


def test_idle_web_sessions_and_old_runs_go(database: Database) -> None:
    def fill(session: Session) -> None:
        for name, seen in (("old", OLD), ("young", YOUNG)):
            session.add(WebSession(token_hash=name, external_id=name, created_at=OLD, last_seen_at=seen))
        for days in (1, 4):
            machinery.claim_slot(session, "digests", NOW - timedelta(days=days), NOW - timedelta(days=days))

    database.run_now(fill)
    counts = run(database)
    assert (counts["sessions"], counts["runs"]) == (1, 1)
    assert database.run_now(lambda s: s.exec(select(WebSession.external_id)).all()) == ["young"]
    assert len(database.run_now(lambda s: s.exec(select(JobRun)).all())) == 1


def test_a_mountain_is_carried_away_over_several_runs(database: Database, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(housekeeping, "_AT_ONCE", 2)
    for number in range(5):
        event = Envelope("telegram", "bot", str(number), f"telegram/bot/{number}", "lời")
        database.run_now(lambda s, e=event: inbox.record_event(s, e, OLD))
    database.run_now(
        lambda s: [inbox.settle_handled(s, c, NOW) for c in inbox.claim_messages(s, "w", NOW, 9)]
    )
    assert [run(database)["inbox"] for _ in range(4)] == [2, 2, 1, 0]


def test_alarms_go_only_when_they_were_settled_long_ago(database: Database) -> None:
    def fill(session: Session) -> None:
        for subject, at in (("old", OLD), ("young", YOUNG), ("open", None)):
            machinery.raise_alarm(session, "message_parked", subject, "E", OLD)
            if at is not None:
                machinery.settle_alarm(session, "message_parked", subject, at)

    database.run_now(fill)
    assert run(database)["alarms"] == 1
    left = database.run_now(lambda s: machinery.list_alarms(s, settled=True))
    assert {one.subject for one in left} == {"young", "open"}


def test_people_are_told_how_long_their_words_are_kept() -> None:
    library = Library.load()
    told = library.answer_text(library.get("phuong-quyen-rieng-tu"), NOW.date())
    assert f"{housekeeping.KEEP.days} ngày" in told
