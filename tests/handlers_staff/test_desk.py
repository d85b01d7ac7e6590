"""The desk's verbs one by one: who is told what, whose the ticket is, and two officers at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.messages import MessageKind
from handlers import desk
from handlers.cards import SHOWN_TEXT, card, time_left
from storage.contacts import mark_unreachable, record_contact
from storage.models import Alarm, Delivery, StoredFile, Ticket
from storage.staff import dismiss, link_group
from storage.statuses import TICKET_MOVES, EventKind, EvidenceKind, TicketStatus
from tests.handlers_staff.office import CITIZEN, TEXT, Office, finish


@pytest.fixture
def office() -> Office:
    return Office.open()


def _alarms(office: Office) -> list[Alarm]:
    return office.stage.read(lambda session: list(session.exec(select(Alarm)).all()))


# ------------------------------------------------------------------------------------------------ cards


def test_new_ticket_goes_to_group_and_officers(office: Office) -> None:
    def link(turn):  # type: ignore[no-untyped-def]
        link_group(turn.session, turn.chat, turn.staff, turn.now)

    office.does("Hạnh", link, group="KTHT")
    office.file()
    assert [len(office.deliveries(name, "card")) for name in ("KTHT", "Hạnh", "Dũng", "Sơn", "Minh")] == [
        1,
        1,
        1,
        0,
        0,
    ]
    # Later news go to the group alone, where everybody of the department sits.
    office.does("Dũng", lambda turn: desk.claim(turn, 1))
    assert [len(office.deliveries(name, "desk")) for name in ("KTHT", "Hạnh", "Dũng")] == [1, 0, 0]


def test_group_of_a_former_officer_gets_no_cards(office: Office) -> None:
    office.does("Hạnh", lambda turn: link_group(turn.session, turn.chat, turn.staff, turn.now), group="KTHT")  # type: ignore[arg-type]
    office.does("Hạnh", lambda turn: dismiss(turn.session, turn.staff, turn.now))  # type: ignore[arg-type]
    office.file()
    assert [len(office.deliveries(name, "card")) for name in ("KTHT", "Dũng")] == [0, 1]


def test_without_officers_the_leaders_get_the_card() -> None:
    office = Office.open(cast=("Sơn", "Minh", "Mai"))
    office.file()
    assert [len(office.deliveries(name, "card")) for name in ("Minh", "Sơn", "Mai")] == [1, 0, 0]
    assert _alarms(office) == []


def test_without_anybody_an_alarm_is_raised_once() -> None:
    office = Office.open(cast=("Mai",))
    office.file()
    office.file()
    assert [(alarm.kind, alarm.subject, alarm.count) for alarm in _alarms(office)] == [
        ("no_officer", "KT", 2)
    ]


def test_officers_who_blocked_us_do_not_count(office: Office) -> None:
    with office.stage.session() as session:
        for name in ("Hạnh", "Dũng"):
            contact = record_contact(session, office.stage.person(name).address, office.stage.now)
            mark_unreachable(session, contact.id or 0, office.stage.now)
    office.file()
    assert len(office.deliveries("Minh", "card")) == 1


def test_card_names_nobody_and_cuts_long_text(office: Office) -> None:
    ticket = office.file("rất dài " * 200)
    content = office.does("Hạnh", lambda turn: card(turn, turn.session.get_one(Ticket, ticket), "PHIẾU"))
    assert CITIZEN not in content.text
    assert len(content.text) < SHOWN_TEXT + 300
    assert "/phieu" in content.text
    whole = office.does(
        "Hạnh", lambda turn: card(turn, turn.session.get_one(Ticket, ticket), "PHIẾU", whole=True)
    )
    assert len(whole.text) > 1600
    assert "/phieu" not in whole.text


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(minutes=20), "còn chưa tới 1 giờ"),
        (timedelta(hours=5), "hôm nay, còn 5 giờ"),
        (timedelta(days=1), "ngày mai"),
        (timedelta(days=6), "còn 6 ngày"),
        (-timedelta(minutes=5), "TRỄ từ hôm nay"),
        (-timedelta(days=2), "TRỄ 2 ngày"),
    ],
)
def test_time_left(office: Office, left: timedelta, words: str) -> None:
    ticket = office.file()

    def work(turn):  # type: ignore[no-untyped-def]
        row = turn.session.get_one(Ticket, ticket)
        row.due_at = turn.now + left
        return time_left(turn, row)

    assert office.does("Hạnh", work) == words


# ------------------------------------------------------------------------------------------------ verbs


def test_answer_takes_an_unclaimed_ticket_and_leaves_a_claimed_one(office: Office) -> None:
    ticket = office.file()
    office.does("Hạnh", lambda turn: desk.answer(turn, ticket, TEXT))
    owner = office.ticket(ticket).officer_id
    office.does("Dũng", lambda turn: desk.answer(turn, ticket, TEXT))
    assert office.ticket(ticket).officer_id == owner
    assert office.ticket(ticket).status == TicketStatus.IN_PROGRESS


def test_photos_of_an_answer_are_kept_and_shown(office: Office) -> None:
    ticket = office.file()

    def work(turn):  # type: ignore[no-untyped-def]
        desk.resolve(turn, ticket, TEXT, [office.add_photo(turn.session, turn)])

    office.does("Hạnh", work)
    kept = office.stage.read(lambda session: session.exec(select(StoredFile)).one())
    assert kept.ticket_id == ticket
    news = office.deliveries(CITIZEN, "ticket")[-1]
    assert [picture[0] for picture in news.content["pictures"]] == [kept.name]


def test_forward_keeps_the_due_date_and_hides_the_comment_from_the_citizen(office: Office) -> None:
    ticket = office.file()
    due = office.ticket(ticket).due_at
    office.does("Hạnh", lambda turn: desk.forward(turn, ticket, "CA", "nghi có kẻ phá"))
    row = office.ticket(ticket)
    assert (row.department, row.officer_id, row.due_at) == ("CA", None, due)
    assert "kẻ phá" in office.deliveries("Sơn", "card")[-1].content["text"]
    assert not any("kẻ phá" in str(one.content) for one in office.deliveries(CITIZEN))
    assert [event.citizen_sees for event in office.events(ticket) if "kẻ phá" in event.text] == [False]


def test_notes_never_reach_the_citizen(office: Office) -> None:
    ticket = office.file()
    office.does("Hạnh", lambda turn: desk.note(turn, ticket, "người này hay gọi"))
    assert office.deliveries(CITIZEN) == []
    assert office.events(ticket)[-1].citizen_sees is False


def test_reopened_ticket_is_due_anew_and_nobodys(office: Office) -> None:
    ticket = office.file()
    office.does("Hạnh", lambda turn: finish(turn, ticket))
    due = office.ticket(ticket).due_at
    office.stage.now += timedelta(days=3)
    office.does(
        CITIZEN, lambda turn: desk.say_not_done(turn, turn.session.get_one(Ticket, ticket), "vẫn tối")
    )
    row = office.ticket(ticket)
    assert row.due_at > due
    assert (row.officer_id, row.status) == (None, TicketStatus.REOPENED)


def test_answered_question_returns_to_whoever_asked(office: Office) -> None:
    ticket = office.file()
    office.does("Hạnh", lambda turn: desk.ask_citizen(turn, ticket, "Cột đèn số mấy ạ?"))
    before = len(office.deliveries("Dũng"))
    office.does(
        CITIZEN, lambda turn: desk.add_from_citizen(turn, turn.session.get_one(Ticket, ticket), "số 12")
    )
    assert office.ticket(ticket).status == TicketStatus.IN_PROGRESS
    assert "số 12" in office.deliveries("Hạnh", "desk")[-1].content["text"]
    assert len(office.deliveries("Dũng")) == before


def test_officer_hears_that_the_citizen_gets_no_messages(office: Office) -> None:
    ticket = office.file()
    with office.stage.session() as session:
        mark_unreachable(session, office.ticket(ticket).contact_id, office.stage.now)
    assert office.does("Hạnh", lambda turn: finish(turn, ticket)).heard is False


@pytest.mark.parametrize(
    ("said", "kind", "kept"),
    [
        ("bóng treo trên cao", EvidenceKind.REASON, "bóng treo trên cao"),
        ("biên bản số 14/BB-UBND", EvidenceKind.DOCUMENT, "biên bản số 14/BB-UBND"),
    ],
)
def test_finished_without_a_photo_keeps_what_was_said_instead(
    office: Office, said: str, kind: str, kept: str
) -> None:
    ticket = office.file()
    with pytest.raises(desk.EvidenceNeeded):
        office.does("Hạnh", lambda turn: desk.resolve(turn, ticket, TEXT))
    assert office.ticket(ticket).status == TicketStatus.NEW
    assert len(office.events(ticket)) == 1
    office.does("Hạnh", lambda turn: desk.resolve(turn, ticket, TEXT, said=said))
    row = office.ticket(ticket)
    assert (row.status, row.evidence_kind, row.evidence) == (TicketStatus.RESOLVED, kind, kept)
    written = [event for event in office.events(ticket) if event.kind == EventKind.EVIDENCED]
    assert [event.citizen_sees for event in written] == [kind is EvidenceKind.DOCUMENT]
    assert kept in written[0].text
    told = office.deliveries(CITIZEN, "ticket")[-1].content["text"]
    assert (kept in told) == (kind is EvidenceKind.DOCUMENT)


def test_whoever_follows_shares_the_evidence_and_a_reopened_ticket_has_none(office: Office) -> None:
    ticket, child = office.file(), office.file("đèn ngõ 5 không sáng", "Ông Tư")
    code = office.ticket(ticket).code
    office.does("Hạnh", lambda turn: desk.merge(turn, child, code))
    with pytest.raises(desk.Refused) as refused:
        office.does("Hạnh", lambda turn: desk.resolve(turn, child, TEXT))
    assert refused.value.key == "officer.follows_parent"
    office.does("Hạnh", lambda turn: finish(turn, ticket))
    assert office.ticket(child).evidence_kind == EvidenceKind.REASON
    office.does("Hạnh", lambda turn: desk.reopen(turn, ticket, "Bóng mới lại cháy rồi ạ"))
    assert (office.ticket(ticket).evidence, office.ticket(ticket).evidence_kind) == (None, None)


@pytest.mark.parametrize("status", TicketStatus)
def test_every_state_refuses_what_the_table_forbids(office: Office, status: TicketStatus) -> None:
    """The verbs and the table of moves never disagree, whatever state a ticket is found in."""
    verbs = {
        TicketStatus.RESOLVED: lambda turn, ticket: finish(turn, ticket),
        TicketStatus.REJECTED: lambda turn, ticket: desk.reject(turn, ticket, TEXT),
        TicketStatus.FORWARDED: lambda turn, ticket: desk.forward(turn, ticket, "VP"),
        TicketStatus.NEEDS_INFO: lambda turn, ticket: desk.ask_citizen(turn, ticket, TEXT),
        TicketStatus.IN_PROGRESS: lambda turn, ticket: desk.answer(turn, ticket, TEXT),
        TicketStatus.REOPENED: lambda turn, ticket: desk.reopen(turn, ticket, TEXT),
    }
    for to, verb in verbs.items():
        ticket = office.file()
        office.set_status(ticket, status)
        again = to is status and to in (TicketStatus.IN_PROGRESS, TicketStatus.NEEDS_INFO)
        if to in TICKET_MOVES[status] or again:
            office.does("Minh", lambda turn, act=verb, number=ticket: act(turn, number))
            assert office.ticket(ticket).status == to
        else:
            with pytest.raises(desk.Refused) as refused:
                office.does("Minh", lambda turn, act=verb, number=ticket: act(turn, number))
            assert refused.value.key == "officer.illegal"
            assert office.ticket(ticket).status == status


@pytest.mark.parametrize("text", ["", "  ", "ok", "....................", "x" * 1501])
def test_words_that_say_too_little_or_too_much(office: Office, text: str) -> None:
    ticket = office.file()
    with pytest.raises(desk.Refused) as refused:
        office.does("Hạnh", lambda turn: finish(turn, ticket, text))
    assert refused.value.key in ("officer.too_short", "officer.too_long")
    assert office.ticket(ticket).status == TicketStatus.NEW


# --------------------------------------------------------------------------------------- at the same time


def test_two_officers_claim_at_the_same_moment(office: Office) -> None:
    ticket = office.file()
    start, results = threading.Barrier(2), {}

    def claim(name: str, number: int) -> None:
        start.wait()
        try:
            with Session(office.stage.engine, expire_on_commit=False) as session, session.begin():
                office.stage.last_number += number
                desk.claim(office.turn(session, name), ticket)
            results[name] = "won"
        except desk.Refused as refused:
            results[name] = refused.key

    threads = [
        threading.Thread(target=claim, args=(name, at * 100)) for at, name in enumerate(("Hạnh", "Dũng"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results.values()) == ["officer.claimed_by_other", "won"]
    claimed = [event for event in office.events(ticket) if event.kind == EventKind.CLAIMED]
    assert len(claimed) == 1
    assert claimed[0].staff_id == office.ticket(ticket).officer_id
    assert len(office.deliveries(CITIZEN, "ticket")) == 1


# ------------------------------------------------------------------------------------------- under a card


def test_a_reply_to_the_photo_of_a_card_finds_its_ticket(office: Office) -> None:
    """A card with photos arrives as several messages; people answer whichever they see."""
    ticket = office.file()
    office.stage.deliver()
    with office.stage.session() as session:
        row = session.get_one(Delivery, office.deliveries("Hạnh", "card")[-1].id)
        row.external_ids = ["photo1", str(row.external_id)]
    office.stage.says("Hạnh", "xong: đã thay theo 12/TB-UBND", reply_to="photo1")
    assert office.ticket(ticket).status == TicketStatus.RESOLVED


def test_an_officer_is_a_citizen_with_own_reports(office: Office) -> None:
    """News of the own report are answered as its author, not as the desk."""
    ticket = office.file(citizen="Sơn")
    office.does("Hạnh", lambda turn: desk.ask_citizen(turn, ticket, "Cột đèn số mấy ạ?"))
    office.stage.deliver()
    news = office.deliveries("Sơn", "ticket")[-1]
    office.stage.says("Sơn", "xong: cột số 12", reply_to=news.external_id)
    assert office.ticket(ticket).status in (TicketStatus.NEEDS_INFO, TicketStatus.IN_PROGRESS)
    assert all(event.kind != EventKind.RESOLVED for event in office.events(ticket))


def test_an_edited_reply_does_nothing(office: Office) -> None:
    ticket = office.file()
    office.stage.deliver()
    card_id = office.deliveries("Hạnh", "card")[-1].external_id
    sent = office.stage.does("Hạnh", MessageKind.EDITED, text="xong: đã thay bóng đèn", reply_to=card_id)
    assert "Sửa tin nhắn" in sent[0].content.text
    assert office.ticket(ticket).status == TicketStatus.NEW


@pytest.mark.parametrize(
    "verb", [desk.claim, desk.release, lambda turn, child: desk.hand_over(turn, child, 2, "")]
)
def test_who_has_a_merged_ticket_is_its_parents_matter(office: Office, verb: Callable[..., object]) -> None:
    ticket, child = office.file(), office.file("đèn ngõ 5 không sáng", "Ông Tư")
    code = office.ticket(ticket).code
    office.does("Hạnh", lambda turn: desk.merge(turn, child, code))
    with pytest.raises(desk.Refused) as refused:
        office.does("Hạnh", lambda turn: verb(turn, child))
    assert refused.value.key == "officer.follows_parent"
