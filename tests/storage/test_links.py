"""Linked channels: a code works once and for minutes, wishes are one, an announcement comes once, at the best one."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from core.audience import Audience
from core.reach import Door, Window, best_door
from handlers.house import House
from scheduler import broadcasts
from storage import links
from storage.announcements import list_subscriptions, subscribe, unsubscribe
from storage.audiences import count_contacts, measure
from storage.contacts import mark_unreachable
from storage.database import Database
from storage.models import Announcement, Contact, Delivery, LinkCode
from storage.persons import home_of, list_channels
from storage.preferences import choose, list_preferences
from storage.staff import Duty, enlist
from storage.statuses import AnnouncementStatus, DeliveryStatus, PreferenceKind, StaffRole
from tests.scheduler.office import house
from tests.storage.rows import NOW, SECOND

DAY = timedelta(days=1)
ZALO = {"zalo": Window(free=2 * DAY, paid=7 * DAY)}


def contact(session: Session, name: str, channel: str = "telegram", last: datetime | None = NOW) -> int:
    row = Contact(channel=channel, account="a", external_id=name, created_at=NOW, last_interaction_at=last)
    session.add(row)
    session.flush()
    return row.id or 0


def announce(session: Session, audience: Audience | None = None) -> Announcement:
    author = session.get_one(Contact, contact(session, f"tác giả {random.random()}"))
    staff = enlist(session, author, Duty(StaffRole.LEADER), "Minh", NOW)
    meant = audience or Audience()
    row = Announcement(
        staff_id=staff.id or 0,
        chat_id=author.id or 0,
        text="Cúp nước",
        areas=list(meant.areas),
        audience=meant.beside_areas,
        status=AnnouncementStatus.SENDING,
        created_at=NOW,
        confirmed_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def _zalo_house() -> House:
    return replace(house(), windows=ZALO)


def run(session: Session) -> None:
    broadcasts.run(session, house(), NOW)


def receivers(session: Session) -> list[int]:
    query = select(Delivery.contact_id).where(
        Delivery.kind == "announcement", Delivery.status != DeliveryStatus.CANCELLED
    )
    return list(session.exec(query.order_by(col(Delivery.id))).all())


async def test_of_many_who_use_a_code_at_once_one_gets_it(database: Database) -> None:
    giver = await database.run(lambda s: contact(s, "lan"))
    code = await database.run(lambda s: links.make_code(s, giver, NOW))
    got = await asyncio.gather(
        *(database.run(lambda s: links.claim_code(s, code, NOW)) for _ in range(20)),
    )
    assert sorted(one for one in got if one is not None) == [giver]


def test_a_code_is_dead_after_its_time_after_use_and_after_the_next(database: Database) -> None:
    def work(session: Session) -> list[bool]:
        giver = contact(session, "lan")
        first = links.make_code(session, giver, NOW)
        late = links.find_giver(session, first, NOW + links.CODE_LIFE)
        in_time = links.find_giver(session, first, NOW + links.CODE_LIFE - SECOND)
        second = links.make_code(session, giver, NOW)
        replaced = links.claim_code(session, first, NOW)
        used = links.claim_code(session, second, NOW)
        again = links.find_giver(session, second, NOW)
        return [one is None for one in (late, in_time, replaced, used, again)]

    assert database.run_now(work) == [True, False, True, False, True]


def test_a_code_is_read_however_it_is_typed_and_never_kept(database: Database) -> None:
    def work(session: Session) -> None:
        giver = contact(session, "lan")
        code = links.make_code(session, giver, NOW)
        for typed in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')}. "):
            found = links.find_giver(session, typed, NOW)
            assert found is not None, typed
            assert found.id == giver
        kept = session.exec(select(LinkCode.code_hash)).one()
        assert code.replace("-", "") not in kept
        assert not any(map(links.is_code, ("", "hello", "1234567890", "một hai", "AAAAAAA", "²²²²²²²")))

    database.run_now(work)


def test_wishes_of_both_are_one_and_what_was_declined_stays_declined(database: Database) -> None:
    def work(session: Session) -> None:
        lan, second = contact(session, "lan"), contact(session, "máy hai")
        subscribe(session, lan, "tdp-1", 7, NOW)
        subscribe(session, second, "tdp-2", 8, NOW)
        choose(session, lan, PreferenceKind.TOPIC, "y-te", None, NOW, wanted=False)
        choose(session, second, PreferenceKind.TOPIC, "dien-nuoc", None, NOW, wanted=False)
        choose(session, second, PreferenceKind.BUSINESS, "", 9, NOW)
        assert links.link(session, lan, second, NOW)
        assert not links.link(session, second, lan, NOW)
        assert home_of(session, second) == home_of(session, lan) == lan
        assert [(one.area, one.inbox_id) for one in list_subscriptions(session, lan)] == [
            ("tdp-1", 7),
            ("tdp-2", 8),
        ]
        kept = {(one.kind, one.key, one.wanted) for one in list_preferences(session, lan)}
        assert kept == {("topic", "y-te", False), ("topic", "dien-nuoc", False), ("business", "", True)}
        assert count_contacts(session, Audience()) == 1
        assert not list_subscriptions(session, second)

    database.run_now(work)


@pytest.mark.parametrize("narrowed", ["lan", "máy hai"])
def test_who_hears_all_on_one_channel_does_not_hear_less_by_linking(
    database: Database, narrowed: str
) -> None:
    def work(session: Session) -> None:
        people = {name: contact(session, name) for name in ("lan", "máy hai")}
        for one in people.values():
            subscribe(session, one, "", None, NOW)
        choose(session, people[narrowed], PreferenceKind.TOPIC, "y-te", None, NOW)
        links.link(session, people["lan"], people["máy hai"], NOW)
        for topic in ("y-te", "dien-nuoc", "chung"):
            assert count_contacts(session, Audience(topics=(topic,))) == 1

    database.run_now(work)


@pytest.mark.parametrize("leaver", [0, 1, 2])
def test_whoever_leaves_and_whoever_stays_keeps_the_wishes(database: Database, leaver: int) -> None:
    def work(session: Session) -> None:
        people = [contact(session, str(number)) for number in range(3)]
        subscribe(session, people[0], "tdp-1", 7, NOW)
        links.link(session, people[0], people[1], NOW)
        links.link(session, people[1], people[2], NOW)
        assert [one.id for one in list_channels(session, people[2])] == people
        assert links.unlink(session, people[leaver], NOW)
        assert count_contacts(session, Audience(("tdp-1",))) == 2
        left = [one for one in people if one != people[leaver]]
        assert [one.id for one in list_channels(session, left[0])] == left
        assert home_of(session, people[leaver]) == people[leaver]
        assert [one.area for one in list_subscriptions(session, people[leaver])] == ["tdp-1"]
        assert links.unlink(session, left[0], NOW)
        assert not links.unlink(session, left[1], NOW)
        assert count_contacts(session, Audience(("tdp-1",))) == 3

    database.run_now(work)


def test_a_crowd_is_no_person(database: Database) -> None:
    def work(session: Session) -> list[bool]:
        first = contact(session, "0")
        return [links.link(session, first, contact(session, str(n)), NOW) for n in range(1, links.MOST + 1)]

    assert database.run_now(work) == [True] * (links.MOST - 1) + [False]


def test_an_announcement_comes_once_on_the_channel_that_takes_it_now(database: Database) -> None:
    def work(session: Session) -> None:
        zalo = contact(session, "zalo", "zalo", NOW - 9 * DAY)
        telegram = contact(session, "telegram", "telegram", NOW - 30 * DAY)
        for one in (zalo, telegram):
            subscribe(session, one, "", None, NOW)
        found = measure(session, Audience(), ZALO, NOW)
        assert found.total == 2
        links.link(session, zalo, telegram, NOW)
        found = measure(session, Audience(), ZALO, NOW)
        assert dict(found.counts) == {("telegram", "free"): 1}
        announce(session)
        broadcasts.run(session, _zalo_house(), NOW)
        assert receivers(session) == [telegram]

    database.run_now(work)


def test_who_blocked_one_channel_gets_it_on_the_other(database: Database) -> None:
    def work(session: Session) -> None:
        lan, second = contact(session, "lan"), contact(session, "máy hai")
        subscribe(session, lan, "", None, NOW)
        links.link(session, lan, second, NOW)
        mark_unreachable(session, lan, NOW)
        session.expire_all()
        assert count_contacts(session, Audience()) == 1
        announce(session)
        run(session)
        assert receivers(session) == [second]

    database.run_now(work)


@pytest.mark.parametrize("late", ["link", "unlink"])
def test_who_links_or_parts_while_it_goes_out_gets_it_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    monkeypatch.setattr(broadcasts, "BATCH", 1)

    def work(session: Session) -> None:
        first, second = contact(session, "máy một"), contact(session, "máy hai", last=NOW + SECOND)
        for one in (first, second):
            subscribe(session, one, "", None, NOW)
        if late == "unlink":
            links.link(session, first, second, NOW)
        announce(session)
        run(session)
        assert receivers(session) == [second if late == "unlink" else first]
        if late == "link":
            # From now on the wishes are kept at the second, whose turn is still to come.
            links.link(session, second, first, NOW)
        else:
            links.unlink(session, second, NOW)
        for _ in range(5):
            run(session)
        # The person has it already, on whichever channel: parting makes no second person of the first one's news.
        assert len(receivers(session)) == 1

    database.run_now(work)


def test_stop_on_one_channel_stops_what_is_queued_for_the_other(database: Database) -> None:
    def work(session: Session) -> None:
        lan, second = contact(session, "lan"), contact(session, "máy hai", last=NOW + SECOND)
        subscribe(session, lan, "", None, NOW)
        links.link(session, lan, second, NOW)
        announce(session)
        run(session)
        assert receivers(session) == [second]
        unsubscribe(session, home_of(session, lan), NOW)
        session.expire_all()
        assert receivers(session) == []

    database.run_now(work)


def test_a_duty_parts_the_channels(database: Database) -> None:
    def work(session: Session) -> None:
        lan, second = contact(session, "lan"), contact(session, "máy hai")
        subscribe(session, lan, "", None, NOW)
        links.link(session, lan, second, NOW)
        enlist(session, session.get_one(Contact, second), Duty(StaffRole.MEMBER, area="tdp-1"), "Tư", NOW)
        assert home_of(session, second) == second

    database.run_now(work)


@pytest.mark.parametrize(
    ("doors", "best"),
    [
        ([Door(1, "zalo", NOW), Door(2, "telegram", NOW - DAY)], 1),
        ([Door(1, "zalo", NOW - 3 * DAY), Door(2, "telegram", NOW - 90 * DAY)], 2),
        ([Door(1, "zalo", NOW - 9 * DAY), Door(2, "webchat", NOW - DAY)], 2),
        ([Door(1, "zalo", NOW), Door(2, "webchat", NOW)], 1),
        ([Door(1, "zalo", NOW, blocked=True), Door(2, "webchat", NOW - 90 * DAY)], 2),
        ([Door(1, "telegram", None), Door(2, "telegram", NOW)], 2),
        ([Door(1, "telegram", None, blocked=True)], 1),
    ],
)
def test_where_a_message_goes(doors: list[Door], best: int) -> None:
    windows = {**ZALO, "webchat": Window(rings=False)}
    assert best_door(doors, windows, NOW).contact_id == best


def test_an_approved_template_goes_before_a_page_that_nobody_opens() -> None:
    doors = [Door(1, "zalo", NOW - 9 * DAY), Door(2, "webchat", NOW - 30 * DAY)]
    windows = {"zalo": Window(2 * DAY, 7 * DAY, has_template=True), "webchat": Window(rings=False)}
    assert best_door(doors, windows, NOW).contact_id == 1


def _after_first_try(
    session: Session, status: DeliveryStatus, **values: object
) -> tuple[int, int, Announcement]:
    """Somebody with two channels; the first did not take the announcement."""
    lan, second = contact(session, "lan", last=NOW + SECOND), contact(session, "máy hai")
    subscribe(session, lan, "", None, NOW)
    links.link(session, lan, second, NOW)
    announcement = announce(session)
    run(session)
    row = session.exec(select(Delivery).where(Delivery.contact_id == lan)).one()
    row.status = status.value
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return lan, second, announcement


@pytest.mark.parametrize("status", [DeliveryStatus.FAILED, DeliveryStatus.WAITING])
def test_what_one_channel_does_not_take_goes_to_the_other_once(
    database: Database, status: DeliveryStatus
) -> None:
    def work(session: Session) -> None:
        lan, second, announcement = _after_first_try(session, status)
        mark_unreachable(session, lan, NOW)
        session.expire_all()
        for _ in range(3):
            run(session)
        assert receivers(session) == [second]
        session.expire_all()
        first = session.exec(select(Delivery).where(Delivery.contact_id == lan)).one()
        assert (first.status, first.error) == (DeliveryStatus.CANCELLED, "other_channel")
        # The last of the channels fails as well: it ends there, and the author hears of one person.
        other = session.exec(select(Delivery).where(Delivery.contact_id == second)).one()
        other.status = DeliveryStatus.FAILED.value
        session.flush()
        run(session)
        session.expire_all()
        assert session.get_one(Announcement, announcement.id).progress["unreachable"] == 1
        assert session.get_one(Announcement, announcement.id).progress["total"] == 1

    database.run_now(work)


@pytest.mark.parametrize(
    ("status", "values"),
    [
        (DeliveryStatus.SENT, {}),
        (DeliveryStatus.QUEUED, {}),
        (DeliveryStatus.UNKNOWN, {}),
        (DeliveryStatus.FAILED, {"parts_sent": 1}),
        (DeliveryStatus.WAITING, {"knocked_at": NOW}),
    ],
)
def test_what_may_be_on_a_screen_is_not_sent_elsewhere(
    database: Database, status: DeliveryStatus, values: dict[str, object]
) -> None:
    def work(session: Session) -> None:
        lan, _, _ = _after_first_try(session, status, **values)
        run(session)
        assert receivers(session) == [lan]

    database.run_now(work)


def test_a_channel_that_is_shut_as_well_is_no_way_out(database: Database) -> None:
    def work(session: Session) -> None:
        lan, second, _ = _after_first_try(session, DeliveryStatus.WAITING)
        mark_unreachable(session, second, NOW)
        session.expire_all()
        run(session)
        assert receivers(session) == [lan]

    database.run_now(work)
