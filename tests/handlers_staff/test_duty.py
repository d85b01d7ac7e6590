"""The end of a duty: every right at once, no ticket lost, everybody told who must know, and nobody twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from handlers import desk
from handlers.desk_duty import FAREWELL, Farewell, dismiss_colleague, end_duty, farewell_lines
from handlers.operator import Operator
from storage.invites import make_invite
from storage.machinery import list_alarms
from storage.models import Contact, Delivery, Staff, StaffGroup, TicketEvent, WebSession
from storage.staff import Duty, find_staff, link_group
from storage.statuses import DeliveryStatus, EventKind, StaffRole, TicketStatus
from tests.handlers_staff.office import Office, finish

ALL = ("Hạnh", "Dũng", "Sơn", "Minh", "Mai")


@pytest.fixture
def office() -> Office:
    return Office.open()


def staff_of(office: Office, name: str) -> Staff:
    def find(session: Session) -> Staff:
        query = select(Staff).join(Contact, col(Contact.id) == Staff.contact_id)
        return session.exec(query.where(Contact.name == name)).one()

    return office.stage.read(find)


def operator_ends(office: Office, name: str) -> Farewell:
    number = staff_of(office, name).id or 0
    with office.stage.session() as session:
        return end_duty(Operator(session, office.stage.house, office.stage.now), number)


def link(office: Office, name: str, group: str) -> None:
    office.does(
        name, lambda turn: link_group(turn.session, turn.chat, turn.staff or Staff(), turn.now), group
    )


def test_a_claimed_ticket_goes_back_with_an_event_and_a_card(office: Office) -> None:
    ticket = office.file()
    office.does("Hạnh", lambda turn: desk.claim(turn, ticket))
    before = office.ticket(ticket)
    farewell = operator_ends(office, "Hạnh")
    after = office.ticket(ticket)
    assert farewell.tickets == (after.code,)
    assert (after.officer_id, after.status, after.due_at) == (None, before.status, before.due_at)
    assert after.version == before.version + 1
    last = office.events(ticket)[-1]
    assert (last.kind, last.text, last.staff_id, last.citizen_sees) == (
        EventKind.RELEASED,
        "Hạnh thôi nhiệm vụ",
        None,
        False,
    )
    cards = [one.content["text"] for one in office.deliveries("Dũng", "card")]
    assert f"PHIẾU {after.code} CẦN NGƯỜI NHẬN: Hạnh thôi nhiệm vụ" in cards[-1]
    office.does("Dũng", lambda turn: finish(turn, ticket))


def test_what_is_closed_stays_with_whoever_closed_it(office: Office) -> None:
    ticket = office.file()
    office.does("Hạnh", lambda turn: finish(turn, ticket))
    hanh = staff_of(office, "Hạnh").id
    assert operator_ends(office, "Hạnh").tickets == ()
    assert office.ticket(ticket).officer_id == hanh
    assert [event.staff_id for event in office.events(ticket)][-1] == hanh


def test_the_person_is_told_once_and_office_mail_stops(office: Office) -> None:
    ticket = office.file()
    waiting = office.deliveries("Hạnh", "card")[0]
    with office.stage.session() as session:
        session.get_one(Delivery, waiting.id).status = DeliveryStatus.WAITING.value
    operator_ends(office, "Hạnh")
    assert [one.status for one in office.deliveries("Hạnh", "card")] == [DeliveryStatus.CANCELLED]
    (farewell,) = office.deliveries("Hạnh", FAREWELL)
    assert "Cảm ơn anh/chị" in farewell.content["text"]
    with pytest.raises(desk.Refused) as refused:
        operator_ends(office, "Hạnh")
    assert refused.value.key == "officer.people.gone"
    assert len(office.deliveries("Hạnh", FAREWELL)) == 1
    # News of an own report are no office mail.
    assert office.ticket(ticket).status == TicketStatus.NEW


def test_own_reports_of_a_former_officer_are_still_answered(office: Office) -> None:
    ticket = office.file(citizen="Hạnh")
    operator_ends(office, "Hạnh")
    office.does("Dũng", lambda turn: finish(turn, ticket))
    assert len(office.deliveries("Hạnh", "ticket")) == 1


def test_a_browser_in_foreign_hands_is_shut_out_and_the_own_one_is_not(office: Office) -> None:
    now = office.stage.now
    for name in ("Hạnh", "Dũng"):
        session_id = office.stage.person(name).address.external_id
        row = WebSession(token_hash=name, external_id=session_id, created_at=now, last_seen_at=now)
        office.stage.read(lambda session, row=row: session.add(row))
    operator_ends(office, "Hạnh")
    office.stage.says("Dũng", "/roi")
    office.stage.taps("Dũng", "Tôi thôi nhiệm vụ")
    left = office.stage.read(lambda session: session.exec(select(WebSession.token_hash)).all())
    assert left == ["Dũng"]
    assert [staff_of(office, name).active for name in ("Hạnh", "Dũng")] == [False, False]


def test_unused_invites_to_the_same_duty_end(office: Office) -> None:
    def invite(duty: Duty) -> str:
        return office.stage.read(lambda session: make_invite(session, duty, office.stage.now)).typed

    same, other = invite(Duty(StaffRole.OFFICER, "KT")), invite(Duty(StaffRole.OFFICER, "CA"))
    assert operator_ends(office, "Hạnh").invites == 1
    assert "không dùng được" in office.stage.says("Hạnh", same)[-1].content.text
    assert "từ nay anh/chị là" in office.stage.says("Ông Tư", other)[-1].content.text


def test_the_group_that_the_person_linked_is_told_and_not_linked_again_by_a_return(office: Office) -> None:
    link(office, "Hạnh", "KTHT")
    assert operator_ends(office, "Hạnh").groups == 1
    assert "một cán bộ gõ /lienket" in office.deliveries("KTHT", FAREWELL)[0].content["text"]
    office.stage.now += timedelta(days=3)
    duty = Duty(StaffRole.OFFICER, "KT")
    invite = office.stage.read(lambda session: make_invite(session, duty, office.stage.now))
    office.stage.says("Hạnh", invite.typed)
    again = staff_of(office, "Hạnh")
    assert (again.active, again.left_at, again.left_by) == (True, None, None)
    assert again.joined_at == office.stage.now
    assert office.stage.read(lambda session: session.exec(select(StaffGroup)).all()) == []


def test_groups_of_others_go_on_and_whoever_dismisses_is_warned(office: Office) -> None:
    link(office, "Dũng", "KTHT")
    farewell = operator_ends(office, "Hạnh")
    assert (farewell.groups, farewell.has_groups) == (0, True)
    with office.stage.session() as session:
        lines = farewell_lines(Operator(session, office.stage.house, office.stage.now), farewell)
    assert any("mời ra khỏi nhóm" in line for line in lines)


@pytest.mark.parametrize("who", ["Hạnh", "Sơn", "Mai", "Bà Lan"])
def test_only_leaders_dismiss(office: Office, who: str) -> None:
    victim = staff_of(office, "Dũng").id or 0
    with pytest.raises(desk.Refused) as refused:
        office.does(who, lambda turn: dismiss_colleague(turn, victim))
    assert refused.value.key == "officer.no_right"
    assert staff_of(office, "Dũng").active


def test_the_books_keep_who_did_it(office: Office) -> None:
    number = staff_of(office, "Dũng").id or 0
    office.does("Minh", lambda turn: dismiss_colleague(turn, number))
    operator_ends(office, "Hạnh")
    office.stage.says("Sơn", "/roi")
    office.stage.taps("Sơn", "Tôi thôi nhiệm vụ")
    ended = {name: staff_of(office, name).left_by for name in ("Dũng", "Hạnh", "Sơn")}
    assert ended == {"Dũng": staff_of(office, "Minh").id, "Hạnh": None, "Sơn": staff_of(office, "Sơn").id}
    told = [one.content["text"] for one in office.deliveries("Minh", "desk")]
    assert "Người thực hiện: người phụ trách máy." in told[0]
    assert "không còn cán bộ nào, phiếu đang mở: 0" in told[0]
    assert "Sơn đã tự thôi nhiệm vụ" in told[1]


def test_a_department_left_without_anybody_is_an_alarm() -> None:
    office = Office.open(cast=("Hạnh", "Sơn"))
    office.file()
    farewell = operator_ends(office, "Hạnh")
    assert (farewell.department, farewell.waiting) == ("KT", 1)
    assert [(one.kind, one.subject) for one in office.stage.read(list_alarms)] == [("no_officer", "KT")]


def test_two_leaders_at_once_end_it_once(office: Office) -> None:
    number = staff_of(office, "Hạnh").id or 0
    ticket = office.file()
    office.does("Hạnh", lambda turn: desk.claim(turn, ticket))
    office.does("Minh", lambda turn: dismiss_colleague(turn, number))
    with pytest.raises(desk.Refused):
        office.does("Minh", lambda turn: dismiss_colleague(turn, number))
    released = [event for event in office.events(ticket) if event.kind == EventKind.RELEASED]
    assert len(released) == 1


def test_namesakes_are_named(office: Office) -> None:
    office.stage.enlist("hanh", StaffRole.OFFICER, "CA")
    assert [one.department for one in operator_ends(office, "Hạnh").namesakes] == ["CA"]


def test_nothing_is_rewritten_in_a_history(office: Office) -> None:
    ticket = office.file()
    office.does("Hạnh", lambda turn: desk.note(turn, ticket, "gọi thợ"))
    before = [event.model_dump() for event in office.events(ticket)]
    operator_ends(office, "Hạnh")
    after: list[TicketEvent] = office.events(ticket)
    assert [event.model_dump() for event in after[: len(before)]] == before
    assert office.stage.read(lambda session: find_staff(session, staff_of(office, "Hạnh").contact_id)) is None
