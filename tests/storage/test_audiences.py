"""Who an audience is: the database against the rule in plain words, by batches, by indexes, on both back ends."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlmodel import Session

from core.audience import GENERAL, AgeGroup, Audience, Role
from core.reach import Reach, Window
from storage.announcements import subscribe, unsubscribe
from storage.audiences import count_contacts, list_recipients, measure
from storage.database import Database
from storage.models import Contact, ContactLink, Preference, Subscription
from storage.preferences import choose, forget, list_preferences
from storage.staff import Duty, enlist
from storage.statuses import PreferenceKind, StaffRole
from tests.storage.rows import NOW, SECOND

AREAS = ("tdp-1", "tdp-2", "tdp-3")
TOPICS = (GENERAL, "y-te", "dien-nuoc")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Person:
    """Somebody as the test invented them."""

    subscribed: set[str] = field(default_factory=set)
    topics: dict[str, bool] = field(default_factory=dict)
    urgent: dict[str, bool] = field(default_factory=dict)
    business: bool = False
    age: AgeGroup | None = None
    role: StaffRole | None = None
    area: str | None = None
    blocked: bool = False

    def hears(self, audience: Audience) -> bool:
        """The rule, as an officer would say it."""
        on_duty = self.role is not None and Role(self.role.value) in audience.staff_roles
        if on_duty and (not audience.areas or self.area in audience.areas):
            return True
        return Role.CITIZEN in audience.roles and self._wants(audience)

    def _wants(self, audience: Audience) -> bool:
        here = bool(self.subscribed & {*audience.areas, ""}) if audience.areas else bool(self.subscribed)
        traits = (self.business or not audience.business) and (not audience.ages or self.age in audience.ages)
        if audience.urgent:
            places = {place for place, wanted in self.urgent.items() if wanted}
            asked = bool(places & {*audience.areas, ""}) if audience.areas else bool(places)
            return traits and (asked or (here and False not in self.urgent.values()))
        chosen = {topic for topic, wanted in self.topics.items() if wanted}
        topics = set(audience.topics or (GENERAL,))
        accepts = bool(chosen & topics) if chosen else any(self.topics.get(one, True) for one in topics)
        return here and traits and accepts


def invent(dice: random.Random) -> Person:
    role = dice.choice([None, None, None, StaffRole.MEMBER, StaffRole.OFFICER])
    return Person(
        subscribed={area for area in ("", *AREAS) if dice.random() < 0.3},
        topics={topic: dice.random() < 0.5 for topic in TOPICS if dice.random() < 0.35},
        urgent={area: dice.random() < 0.6 for area in ("", "tdp-1") if dice.random() < 0.3},
        business=dice.random() < 0.4,
        age=dice.choice([None, *AgeGroup]),
        role=role,
        area=dice.choice(AREAS) if role is StaffRole.MEMBER else None,
        blocked=dice.random() < 0.1,
    )


def keep(session: Session, number: int, person: Person) -> int:
    row = Contact(
        channel="telegram",
        account="bot",
        external_id=f"p{number}",
        created_at=NOW,
        unreachable_at=NOW if person.blocked else None,
    )
    session.add(row)
    session.flush()
    key = row.id or 0
    for area in person.subscribed:
        subscribe(session, key, area, None, NOW)
    for topic, wanted in person.topics.items():
        choose(session, key, PreferenceKind.TOPIC, topic, None, NOW, wanted=wanted)
    for area, wanted in person.urgent.items():
        choose(session, key, PreferenceKind.URGENT, area, None, NOW, wanted=wanted)
    if person.business:
        choose(session, key, PreferenceKind.BUSINESS, "", None, NOW)
    if person.age:
        choose(session, key, PreferenceKind.AGE, person.age, None, NOW)
    if person.role:
        enlist(session, row, Duty(person.role, area=person.area), "Tư", NOW)
    return key


def some_audience(dice: random.Random) -> Audience:
    return Audience(
        areas=tuple(area for area in AREAS if dice.random() < 0.3),
        roles=tuple(role for role in (Role.CITIZEN, Role.MEMBER, Role.OFFICER) if dice.random() < 0.4)
        or (Role.CITIZEN,),
        topics=tuple(topic for topic in TOPICS if dice.random() < 0.25),
        business=dice.random() < 0.25,
        ages=tuple(age for age in AgeGroup if dice.random() < 0.2),
        urgent=dice.random() < 0.3,
    )


def test_the_database_knows_the_rule(database: Database) -> None:
    dice = random.Random(20261124)
    people = [invent(dice) for _ in range(150)]
    ids = database.run_now(lambda s: [keep(s, number, one) for number, one in enumerate(people)])
    reached = 0
    for _ in range(120):
        audience = some_audience(dice)
        meant = [key for key, one in zip(ids, people, strict=True) if not one.blocked and one.hears(audience)]
        found = database.run_now(
            lambda s, a=audience: [one.person_id for one in list_recipients(s, a, NOW, 0, 1000, {}, NOW)]
        )
        assert found == meant, audience
        assert database.run_now(lambda s, a=audience: count_contacts(s, a)) == len(meant)
        reached += len(meant)
    assert reached > 1000, "the dice left too little to compare"


def test_batches_are_all_of_them_once_in_order(database: Database) -> None:
    def work(session: Session) -> list[int]:
        for number in range(50):
            keep(
                session, number, Person({"tdp-1", ""} if number % 2 else {"tdp-2"}, business=number % 3 == 0)
            )
        audience, after, got = Audience(("tdp-1",), business=True), 0, []
        while batch := list_recipients(session, audience, None, after, 3, {}, NOW):
            got += [one.person_id for one in batch]
            after = got[-1]
        return got

    got = database.run_now(work)
    assert got == sorted(set(got))
    assert len(got) == 8


def test_who_asks_for_it_after_the_moment_is_not_in_it(database: Database) -> None:
    def work(session: Session) -> list[int]:
        ids = [keep(session, number, Person()) for number in range(4)]
        subscribe(session, ids[0], "", None, NOW)
        subscribe(session, ids[1], "", None, NOW + SECOND)
        subscribe(session, ids[2], "", None, NOW)
        choose(session, ids[2], PreferenceKind.TOPIC, "y-te", None, NOW + SECOND)
        choose(session, ids[3], PreferenceKind.URGENT, "", None, NOW + SECOND)
        return [
            len(list_recipients(session, audience, moment, 0, 10, {}, NOW))
            for audience in (Audience(topics=("y-te",)), Audience(urgent=True))
            for moment in (NOW, NOW + SECOND)
        ]

    # A choice made later narrows nothing down afterwards: who chose y-te a second later gets it from then on.
    assert database.run_now(work) == [1, 3, 2, 4]


def test_how_many_by_channel_and_window(database: Database) -> None:
    windows = {"zalo": Window(free=2 * DAY, paid=7 * DAY), "webchat": Window(rings=False)}

    def work(session: Session) -> dict[tuple[str, Reach], int]:
        last = [("zalo", NOW - 2 * DAY), ("zalo", NOW - 2 * DAY - SECOND), ("zalo", NOW - 7 * DAY)]
        last += [("zalo", NOW - 8 * DAY), ("zalo", None), ("telegram", None), ("webchat", NOW - 90 * DAY)]
        for number, (channel, at) in enumerate(last):
            row = Contact(
                channel=channel, account="a", external_id=str(number), created_at=NOW, last_interaction_at=at
            )
            session.add(row)
            session.flush()
            subscribe(session, row.id or 0, "", None, NOW)
            # The rule of one person and the count of all must be the same rule.
            assert windows.get(channel, Window()).reach(at, NOW) in Reach
        keep(session, 99, Person({""}, blocked=True))
        keep(session, 98, Person({""}, topics={"y-te": True}))
        found = measure(session, Audience(), windows, NOW)
        assert (found.total, found.unasked) == (7, 1)
        return dict(found.counts)

    assert database.run_now(work) == {
        ("zalo", Reach.FREE): 1,
        ("zalo", Reach.PAID): 2,
        ("zalo", Reach.TEMPLATE): 2,
        ("telegram", Reach.FREE): 1,
        ("webchat", Reach.FREE): 1,
        ("telegram", Reach.UNREACHABLE): 1,
    }


@pytest.mark.parametrize("seconds", [0, 1, 2 * 86400, 2 * 86400 + 1, 7 * 86400, 7 * 86400 + 1, 10**8, None])
def test_the_count_and_the_rule_of_one_person_agree(database: Database, seconds: int | None) -> None:
    window = Window(free=2 * DAY, paid=7 * DAY)
    last = None if seconds is None else NOW - timedelta(seconds=seconds)

    def work(session: Session) -> Reach:
        row = Contact(channel="zalo", account="a", external_id="1", created_at=NOW, last_interaction_at=last)
        session.add(row)
        session.flush()
        subscribe(session, row.id or 0, "", None, NOW)
        ((_, reach),) = measure(session, Audience(), {"zalo": window}, NOW).counts
        return reach

    assert database.run_now(work) is window.reach(last, NOW)


def test_a_choice_keeps_its_first_proof_and_its_opposite_replaces_it(database: Database) -> None:
    def work(session: Session) -> list[tuple[bool, object, int | None]]:
        key = keep(session, 1, Person())
        seen = []
        for wanted, at, inbox_id in ((True, NOW, 7), (True, NOW + SECOND, 8), (False, NOW + HOUR, 9)):
            choose(session, key, PreferenceKind.TOPIC, "y-te", inbox_id, at, wanted=wanted)
            session.expire_all()
            (row,) = list_preferences(session, key)
            seen.append((row.wanted, row.chosen_at, row.inbox_id))
        assert forget(session, key, PreferenceKind.TOPIC) == 1
        assert list(list_preferences(session, key)) == []
        return seen

    assert database.run_now(work) == [(True, NOW, 7), (True, NOW, 7), (False, NOW + HOUR, 9)]


def test_one_area_can_be_stopped_alone(database: Database) -> None:
    def work(session: Session) -> list[int]:
        key = keep(session, 1, Person({"tdp-1", "tdp-2"}))
        ended = unsubscribe(session, key, NOW, ["tdp-1"])
        return [ended, *(count_contacts(session, Audience((area,))) for area in ("tdp-1", "tdp-2"))]

    assert database.run_now(work) == [1, 0, 1]


def _fill(session: Session) -> None:
    """So many that reading whole tables would never be the shorter way."""
    rows = [
        {"channel": "t", "account": "b", "external_id": str(n), "is_group": False, "created_at": NOW}
        for n in range(20_000)
    ]
    session.execute(insert(Contact), rows)
    ids = [row[0] for row in session.execute(text("SELECT id FROM contact"))]
    session.execute(
        insert(Subscription),
        [{"contact_id": one, "area": f"tdp-{one % 9}", "started_at": NOW} for one in ids],
    )
    chosen = {"kind": "topic", "key": "y-te", "wanted": True, "chosen_at": NOW}
    session.execute(insert(Preference), [{"contact_id": one, **chosen} for one in ids if one % 3 == 0])
    pairs = [(one, one - one % 2) for one in ids if 2 <= one < 4_000]
    session.execute(
        insert(ContactLink),
        [{"contact_id": one, "person_id": home, "linked_at": NOW} for one, home in pairs],
    )
    session.execute(text("ANALYZE"))
    session.expunge_all()


def _plan_of_a_batch(session: Session, audience: Audience) -> list[str]:
    """How the database finds the recipients of one batch."""
    connection, seen = session.connection(), list[str]()
    plan = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"

    @event.listens_for(connection.engine, "before_cursor_execute")
    def note(_conn: object, cursor: Any, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.startswith("SELECT") and "contact" in statement and not seen:
            seen.append("")
            raw = cursor.connection.cursor()
            raw.execute(f"{plan} {statement}", parameters)
            seen.extend(" ".join(map(str, row)) for row in raw.fetchall())

    try:
        list_recipients(session, audience, NOW, 5_000, 200, {}, NOW)
    finally:
        event.remove(connection.engine, "before_cursor_execute", note)
    return seen[1:]


def test_a_batch_is_looked_up_by_indexes(database: Database) -> None:
    """Contacts in the order of their ids, all else by an index of one contact; the few staff may be read."""
    database.run_now(_fill)
    for audience in (
        Audience(("tdp-1",)),
        Audience(("tdp-1", "tdp-2"), topics=("y-te", "dien-nuoc"), business=True, ages=(AgeGroup.SENIOR,)),
        Audience(("tdp-1",), urgent=True),
        Audience(roles=(Role.CITIZEN, Role.MEMBER)),
    ):
        lines = database.run_now(lambda s, a=audience: _plan_of_a_batch(s, a))
        assert lines, audience
        read_whole = [
            one for one in lines if re.search(r"Seq Scan|HashAggregate|Hash Join|\bSCAN (?!CONSTANT)", one)
        ]
        assert [one for one in read_whole if "on staff" not in one] == [], lines
