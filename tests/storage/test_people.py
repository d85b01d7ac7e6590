"""Contacts, invites, subscriptions and who gets an announcement."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlmodel import Session, select

from core.audience import Audience
from core.messages import Address, Content
from storage import announcements, claims, contacts, outbox, staff
from storage.conversations import break_off, load_conversation
from storage.database import Database
from storage.models import Announcement, Contact, Delivery, Staff, Subscription, WebSession
from storage.statuses import AnnouncementStatus, DeliveryStatus, Lane, StaffRole
from tests.storage.rows import NOW, SECOND, contact, draft


async def test_two_first_messages_at_once_make_one_contact(database: Database) -> None:
    address = Address("zalo", "oa", "1")
    made = await asyncio.gather(
        *(database.run(lambda s: contacts.record_contact(s, address, NOW).id) for _ in range(20))
    )
    assert len(set(made)) == 1


async def test_of_fifty_who_use_an_invite_one_is_let_in(database: Database) -> None:
    people = [database.run_now(lambda s, n=n: contact(s, f"p{n}")) for n in range(50)]
    duty = staff.Duty(StaffRole.OFFICER, department="KT")
    database.run_now(lambda s: staff.add_invite(s, "code", duty, NOW))
    won = await asyncio.gather(
        *(database.run(lambda s, p=p: staff.claim_invite(s, "code", p, NOW)) for p in people)
    )
    assert [one for one in won if one is not None] == [duty]


def test_an_invite_dies_after_a_day_and_a_wrong_code_is_nothing(database: Database) -> None:
    lan = database.run_now(contact)
    database.run_now(lambda s: staff.add_invite(s, "code", staff.Duty(StaffRole.LEADER), NOW))
    late = NOW + staff.INVITE_LIFE
    assert database.run_now(lambda s: staff.claim_invite(s, "cod", lan, NOW)) is None
    assert database.run_now(lambda s: staff.claim_invite(s, "code", lan, late)) is None
    assert database.run_now(lambda s: staff.claim_invite(s, "code", lan, late - SECOND)) is not None


def test_an_officer_who_left_and_came_back_is_the_same_person_with_the_new_duty(database: Database) -> None:
    def work(session: Session) -> list[int | None]:
        lan = contact(session)
        first = staff.enlist(session, lan, staff.Duty(StaffRole.OFFICER, "KT"), "Lan", NOW)
        staff.dismiss(session, first, NOW)
        session.flush()
        assert staff.find_staff(session, lan.id or 0) is None
        assert staff.list_officers(session, "KT") == []
        again = staff.enlist(session, lan, staff.Duty(StaffRole.MEMBER, area="tdp-1"), "Lan", NOW)
        return [first.id, again.id]

    first, again = database.run_now(work)
    assert first == again


def test_the_end_of_a_duty_on_both_back_ends(database: Database) -> None:
    duty = staff.Duty(StaffRole.OFFICER, "KT")

    def begin(session: Session) -> tuple[int, int]:
        lan, group = contact(session), contact(session, "nhóm")
        lan_staff = staff.enlist(session, lan, duty, "Lan", NOW)
        staff.link_group(session, group, lan_staff, NOW)
        for code, other in (("a", duty), ("b", staff.Duty(StaffRole.OFFICER, "CA"))):
            staff.add_invite(session, code, other, NOW)
        for number, kind in enumerate(("card", "ticket")):
            draft_ = outbox.Draft(lan, Content("lời"), kind, dedupe_key=f"k{number}")
            outbox.enqueue(session, draft_, NOW)
        session.add(WebSession(token_hash="t", external_id="lan", created_at=NOW, last_seen_at=NOW))
        load_conversation(session, lan.id or 0, lan.id or 0, NOW).flow = "officer"
        return lan.id or 0, lan_staff.id or 0

    contact_id, staff_id = database.run_now(begin)

    def end(session: Session) -> list[object]:
        lan = staff.lock_staff(session, staff_id)
        assert lan is not None
        staff.dismiss(session, lan, NOW, by=staff_id)
        break_off(session, contact_id)
        return [
            [group.external_id for group in staff.unlink_groups_of(session, staff_id)],
            staff.void_invites(session, duty, NOW),
            outbox.cancel_unsent(session, contact_id, ("card", "desk"), "duty ended"),
            contacts.end_web_sessions(session, contacts.get_contact(session, contact_id)),
        ]

    assert database.run_now(end) == [["nhóm"], 1, 1, 1]
    assert database.run_now(end) == [[], 0, 0, 0]
    assert database.run_now(staff.list_staff) == []
    assert [one.left_by for one, _ in database.run_now(lambda s: staff.list_staff(s, former=True))] == [
        staff_id
    ]
    assert database.run_now(lambda s: load_conversation(s, contact_id, contact_id, NOW).flow) is None


def subscribe(database: Database, name: str, area: str = "", after: timedelta = timedelta()) -> int:
    def work(session: Session) -> int:
        person = contact(session, name)
        announcements.subscribe(session, person.id or 0, area, None, NOW + after)
        return person.id or 0

    return database.run_now(work)


def test_subscribing_twice_is_one_wish_and_the_first_date_stays(database: Database) -> None:
    lan = subscribe(database, "lan")
    subscribe(database, "lan", after=SECOND)
    (wish,) = database.run_now(lambda s: announcements.list_subscriptions(s, lan))
    assert wish.started_at == NOW
    assert database.run_now(lambda s: announcements.unsubscribe(s, lan, NOW + SECOND)) == 1
    assert database.run_now(lambda s: announcements.unsubscribe(s, lan, NOW + SECOND)) == 0
    subscribe(database, "lan", after=2 * SECOND)
    (wish,) = database.run_now(lambda s: announcements.list_subscriptions(s, lan))
    assert wish.started_at == NOW + 2 * SECOND
    assert len(database.run_now(lambda s: s.exec(select(Subscription)).all())) == 1


def test_who_gets_an_announcement(database: Database) -> None:
    everywhere = subscribe(database, "everywhere")
    here = subscribe(database, "here", "tdp-1")
    twice = subscribe(database, "twice", "tdp-1")
    subscribe(database, "twice")
    subscribe(database, "elsewhere", "tdp-2")
    blocked = subscribe(database, "blocked", "tdp-1")
    late = subscribe(database, "late", "tdp-1", after=timedelta(hours=1))
    database.run_now(lambda s: contacts.mark_unreachable(s, blocked, NOW))

    def listed(session: Session, after: int, limit: int) -> list[int | None]:
        announcement = Announcement(
            staff_id=1, chat_id=1, text="x", areas=["tdp-1"], created_at=NOW, confirmed_at=NOW
        )
        found = announcements.list_recipients_after(session, announcement, after, limit, {}, NOW)
        return [one.person_id for one in found]

    assert database.run_now(lambda s: listed(s, 0, 10)) == [everywhere, here, twice]
    assert database.run_now(lambda s: listed(s, everywhere, 1)) == [here]
    assert database.run_now(lambda s: announcements.count_recipients(s, Audience(areas=("tdp-1",)))) == 4, (
        f"{late} counts now"
    )
    assert database.run_now(lambda s: announcements.count_recipients(s, Audience())) == 5


def announce(session: Session, *names: str) -> Announcement:
    author = contact(session, "tổ trưởng")
    member = staff.enlist(session, author, staff.Duty(StaffRole.MEMBER, area="tdp-1"), "Tư", NOW)
    made = Announcement(
        staff_id=member.id or 0,
        chat_id=author.id or 0,
        text="Cúp nước",
        status=AnnouncementStatus.SENDING,
        created_at=NOW,
        confirmed_at=NOW,
    )
    session.add(made)
    session.flush()
    for name in names:
        person = contact(session, name)
        one = draft(person, "Cúp nước", f"a:{person.id}", lane=Lane.BULK, announcement_id=made.id)
        outbox.enqueue(session, one, NOW)
    return made


def statuses(database: Database) -> dict[str, str]:
    query = select(Contact.external_id, Delivery.status).join(Delivery)
    return {name: status for name, status in database.run_now(lambda s: s.exec(query).all())}


def test_who_unsubscribes_gets_nothing_of_what_is_queued_but_keeps_other_answers(database: Database) -> None:
    lan = subscribe(database, "lan")
    database.run_now(lambda s: announce(s, "lan", "hạnh") and None)
    database.run_now(lambda s: outbox.enqueue(s, draft(contact(s, "bà tư")), NOW))
    database.run_now(lambda s: announcements.unsubscribe(s, lan, NOW))
    assert statuses(database) == {"lan": "cancelled", "hạnh": "queued", "bà tư": "queued"}


def test_what_is_on_its_way_while_somebody_unsubscribes_is_not_tried_again(database: Database) -> None:
    lan = subscribe(database, "lan")
    database.run_now(lambda s: announce(s, "lan") and None)
    (flying,) = database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.BULK, "a", NOW, 5))
    database.run_now(lambda s: announcements.unsubscribe(s, lan, NOW))
    database.run_now(lambda s: claims.settle_later(s, flying, NOW, "429"))
    (again,) = database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.BULK, "a", NOW + SECOND, 5))
    assert again.expires_at == NOW, "the sender cancels what has expired"


def test_a_cancelled_announcement_takes_its_queue_along(database: Database) -> None:
    made = database.run_now(lambda s: announce(s, "lan", "hạnh", "tư"))
    (flying,) = database.run_now(lambda s: claims.claim_due(s, "telegram", Lane.BULK, "a", NOW, 1))

    def cancel(session: Session) -> int:
        locked = announcements.lock_announcement(session, made.id or 0)
        assert locked is not None
        return announcements.cancel_announcement(session, locked, NOW)

    assert database.run_now(cancel) == 2
    assert database.run_now(announcements.list_sending) == []
    database.run_now(lambda s: claims.settle_sent(s, flying, ["m"], NOW))
    counts = database.run_now(lambda s: outbox.count_by_status(s, made.id or 0))
    assert counts == {DeliveryStatus.CANCELLED: 2, DeliveryStatus.SENT: 1}


def test_one_replica_at_a_time_writes_an_announcement(database: Database) -> None:
    database.run_now(lambda s: announce(s) and None)

    def outer(session: Session) -> tuple[int, int]:
        mine = len(announcements.list_sending(session))
        if database.dialect == "sqlite":
            return mine, 0
        others = len(database.run_now(announcements.list_sending))
        return mine, others

    assert database.run_now(outer) == (1, 0)


def test_a_chat_that_moved_keeps_its_contact_unless_the_new_address_has_one(database: Database) -> None:
    def work(session: Session) -> tuple[bool, bool]:
        group, other = contact(session, "-1"), contact(session, "-2")
        moved = contacts.move_contact(session, group.id or 0, Address("telegram", "bot", "-1001"))
        session.flush()
        clash = contacts.move_contact(session, other.id or 0, Address("telegram", "bot", "-1001"))
        return moved, clash

    assert database.run_now(work) == (True, False)


def test_only_active_staff_count(database: Database) -> None:
    def work(session: Session) -> list[str]:
        for name, active in (("hạnh", True), ("cũ", False)):
            made = staff.enlist(
                session, contact(session, name), staff.Duty(StaffRole.OFFICER, "KT"), name, NOW
            )
            if not active:
                staff.dismiss(session, made, NOW)
        session.flush()
        return [officer.name for officer, _ in staff.list_officers(session, "KT")]

    assert database.run_now(work) == ["hạnh"]
    assert len(database.run_now(lambda s: s.exec(select(Staff)).all())) == 2
