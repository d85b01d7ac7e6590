"""Replies that stand ready: which are offered, how blanks are filled, and that none leaves with a blank in it."""

from __future__ import annotations

import pytest

from core.calendar import local_date, spoken_date
from core.messages import MessageKind
from core.replies import Act, Reply
from handlers import desk
from handlers.canned import Layer, fitting, laid_replies
from handlers.desk_reading import Verb
from storage.canned import lay_reply, retire_reply
from storage.models import Ticket
from storage.statuses import TicketStatus
from tests.handlers_staff.office import CITIZEN, Office
from tests.stage import Sent

OWN = Reply(Act.ANSWER, "Hẹn ngày sửa đèn", "Tổ điện sẽ đến {địa điểm} trước {ngày}.", "DEN")


@pytest.fixture
def office() -> Office:
    return Office.open()


def lay(office: Office, reply: Reply, department: str | None) -> None:
    with office.stage.session() as session:
        lay_reply(session, reply, department, 1, office.stage.now)


def offered(office: Office, ticket_id: int, verb: Verb = Verb.ANSWER) -> list[Reply]:
    with office.stage.session() as session:
        return fitting(office.turn(session, "Hạnh"), verb, session.get_one(Ticket, ticket_id))


def says(office: Office, text: str) -> str:
    return last(office.stage.says("Hạnh", text), "Hạnh")


def taps(office: Office, title: str) -> str:
    return last(office.stage.taps("Hạnh", title), "Hạnh")


def forges(office: Office, name: str, action: str) -> str:
    return last(office.stage.does(name, MessageKind.CHOICE, action=action), name)


def last(sent: list[Sent], name: str) -> str:
    return [one for one in sent if one.to == name][-1].content.text


def begin(office: Office, title: str, verb: str = "/traloi") -> Ticket:
    """A new ticket, and a reply for it taken by its title."""
    ticket = office.ticket(office.file())
    says(office, f"{verb} {ticket.code}")
    shown = taps(office, "Câu mẫu")
    while title not in shown:
        shown = taps(office, "Mẫu khác")
    (line,) = [one for one in shown.splitlines() if one.startswith("Mẫu ") and one.endswith(title)]
    taps(office, line)
    return ticket


# ------------------------------------------------------------------------------------------- what fits


def test_what_fits_the_category_comes_first_and_other_categories_never(office: Office) -> None:
    found = offered(office, office.file())
    assert {one.category for one in found} == {"DEN", None}
    assert [one.category for one in found[:2]] == ["DEN", "DEN"]


def test_a_ticket_in_work_is_offered_its_end_first(office: Office) -> None:
    ticket_id = office.file()
    assert offered(office, ticket_id)[0].act is Act.ANSWER
    office.set_status(ticket_id, TicketStatus.IN_PROGRESS)
    assert offered(office, ticket_id)[0].act is Act.RESOLVE


@pytest.mark.parametrize(
    ("verb", "acts"),
    [
        (Verb.ANSWER, {Act.ANSWER, Act.RESOLVE}),
        (Verb.RESOLVE, {Act.RESOLVE}),
        (Verb.REJECT, {Act.REJECT}),
        (Verb.ASK, {Act.ASK}),
        (Verb.NOTE, set()),
    ],
)
def test_only_what_is_for_the_verb(office: Office, verb: Verb, acts: set[Act]) -> None:
    assert {one.act for one in offered(office, office.file(), verb)} == acts


def test_the_departments_words_lie_over_the_wards_and_these_over_the_shipped(office: Office) -> None:
    ticket_id = office.file()

    def words() -> list[str]:
        return [one.text for one in offered(office, ticket_id) if one.title == OWN.title]

    (shipped,) = words()
    lay(office, Reply(OWN.act, OWN.title, "Của phường.", "DEN"), None)
    assert words() == ["Của phường."]
    lay(office, OWN, "KT")
    lay(office, Reply(OWN.act, OWN.title, "Của công an.", "DEN"), "CA")
    assert words() == [OWN.text]
    lay(office, Reply(OWN.act, OWN.title, "", "DEN"), "KT")
    assert words() == []
    with office.stage.session() as session:
        assert retire_reply(session, OWN, "KT", office.stage.now) == 1
        assert retire_reply(session, OWN, None, office.stage.now) == 1
    assert words() == [shipped]


def test_a_changed_reply_keeps_its_earlier_words_in_the_books(office: Office) -> None:
    lay(office, OWN, "KT")
    lay(office, Reply(OWN.act, "hen ngay sua den", "Lời mới {ngày}.", "DEN"), "KT")
    with office.stage.session() as session:
        ours = [one for one in laid_replies(session, "KT") if one.layer is Layer.DEPARTMENT]
    assert [one.reply.text for one in ours] == ["Lời mới {ngày}."]
    assert ours[0].covers


# ------------------------------------------------------------------------------------------- the blanks


@pytest.mark.parametrize(
    ("typed", "read"), [("mai", "25/11/2026"), ("thu 6", "27/11/2026"), ("30/11", "30/11/2026")]
)
def test_a_day_is_typed_as_people_do(office: Office, typed: str, read: str) -> None:
    assert spoken_date(local_date(office.stage.now)) == "Thứ Ba 24/11/2026"
    begin(office, "Hẹn ngày sửa đèn")
    says(office, "ngõ 5")
    preview = says(office, typed)
    assert f"sẽ được sửa trước Thứ {read}" in preview.replace("Tư ", "").replace("Sáu ", "").replace(
        "Hai ", ""
    )


@pytest.mark.parametrize("typed", ["sớm", "31/11", "20/11", "mai nhé bác", "1/1/2030", "24/11/2025"])
def test_what_is_no_day_or_cannot_be_meant_is_asked_for_again(office: Office, typed: str) -> None:
    begin(office, "Hẹn ngày sửa đèn")
    says(office, "ngõ 5")
    assert "{ngày}" in says(office, typed)


def test_a_day_of_what_is_done_lies_behind(office: Office) -> None:
    lay(office, Reply(Act.RESOLVE, "Sửa hôm", "Đèn đã sửa {ngày}, nay sáng.", "DEN"), "KT")
    begin(office, "Sửa hôm", "/xong")
    assert "Đèn đã sửa Thứ Sáu 20/11/2026, nay sáng." in says(office, "20/11")


@pytest.mark.parametrize("typed", ["ở ngõ 5", "tại ngõ 5", "ngõ 5."])
def test_a_place_does_not_repeat_the_word_before_it(office: Office, typed: str) -> None:
    begin(office, "Đã sửa đèn")
    assert "Đèn ở ngõ 5 đã được sửa" in says(office, typed)


@pytest.mark.parametrize("typed", ["{ngày}", "…", "a{", "x" * 201])
def test_what_would_leave_a_blank_or_nothing_is_asked_for_again(office: Office, typed: str) -> None:
    begin(office, "Đã sửa đèn")
    assert "{địa điểm}" in says(office, typed)


def test_a_number_for_a_blank_is_no_button(office: Office) -> None:
    lay(office, Reply(Act.RESOLVE, "Số đèn", "Đã thay {số bóng} bóng đèn ngõ 5.", "DEN"), "KT")
    begin(office, "Số đèn", "/xong")
    assert "Đã thay 1 bóng đèn" in says(office, "1")


def test_what_the_ticket_knows_is_filled_by_itself(office: Office) -> None:
    lay(office, Reply(Act.ASK, "Biết sẵn", "{Đơn vị}, {ma}, {nhóm việc}: số mấy ạ?", "DEN"), "KT")
    ticket = office.ticket(office.file())
    says(office, f"/hoi {ticket.code}")
    shown = taps(office, "Câu mẫu")
    assert f"“Phòng Kinh tế, Hạ tầng và Đô thị, {ticket.code}, đèn đường, chiếu sáng: số mấy ạ?”" in shown


# ----------------------------------------------------------------------------------- nothing half leaves


@pytest.mark.parametrize("verb", ["/traloi", "/xong", "/hoi", "/tuchoi", "/tamdung", "/molai"])
def test_no_words_with_a_blank_reach_the_citizen(office: Office, verb: str) -> None:
    ticket = office.ticket(office.file())
    if verb == "/molai":
        office.set_status(ticket.id or 0, TicketStatus.RESOLVED)
    before = len(office.deliveries(CITIZEN))
    said = says(office, f"{verb} {ticket.code} Tổ điện sẽ sửa đèn ngõ 5 trước {{ngày}} nhé ạ")
    assert "Còn chỗ trống «ngày» chưa điền" in said
    assert len(office.deliveries(CITIZEN)) == before


def test_the_desk_itself_refuses_a_blank(office: Office) -> None:
    ticket_id = office.file()
    with pytest.raises(desk.Refused, match="unfilled"):
        office.does("Hạnh", lambda turn: desk.ask_citizen(turn, ticket_id, "Cột đèn {số} ở đâu ạ?", None))


def test_words_typed_under_the_preview_of_a_finished_ticket_are_shown_again(office: Office) -> None:
    begin(office, "Đã sửa đèn", "/xong")
    says(office, "ngõ 5")
    before = len(office.deliveries(CITIZEN))
    assert "XEM LẠI" in says(office, "gửi luôn đi em nhé, cảm ơn em")
    assert len(office.deliveries(CITIZEN)) == before


def test_words_of_work_that_goes_on_do_not_offer_its_end_first(office: Office) -> None:
    begin(office, "Hẹn ngày sửa đèn")
    says(office, "ngõ 5")
    office.stage.says("Hạnh", "mai")
    shown = office.stage.person("Hạnh").screen[-1].content
    assert "phiếu vẫn đang xử lý?" in shown.text
    assert [one.title for one in shown.choices][:2] == ["Chỉ trả lời, chưa xong", "Gửi và xong"]
    assert "kết thúc phiếu?" in says(office, "Tổ điện đã sửa đèn ngõ 5 xong rồi")


def test_whoever_may_not_handle_the_ticket_sees_no_replies(office: Office) -> None:
    ticket_id = office.file()
    said = forges(office, "Sơn", f"officer.canned:{ticket_id}:answer")
    assert "không thao tác được" in said


@pytest.mark.parametrize("action", ["canned_take:{}:1:0", "canned_place:{}:1"])
def test_an_old_button_takes_nothing(office: Office, action: str) -> None:
    ticket_id = office.file()
    said = forges(office, "Hạnh", f"officer.{action.format(ticket_id)}")
    assert "đã gửi hoặc đã bỏ" in said
