"""Messages that the knowledge base must not answer, and where each goes."""

from __future__ import annotations

import pytest

from faq.decision import Decision
from faq.matcher import Matcher
from faq.routes import Route

ROUTED = {
    Route.FEEDBACK: [
        "đường trước nhà ngập cả tuần",
        "den duong hong may hom roi",
        "đèn đg trước nhà 15 hẻm 2 hỏng mấy hôm r",
        "duong truoc nha ngap ca tuan nay",
        "rác mấy hôm chưa thu, hôi thối kinh khủng",
        "12 giờ đêm còn hát karaoke ầm ầm không ngủ được",
        "vỉa hè bị chiếm hết không còn chỗ đi bộ",
        "cán bộ nói chuyện cộc lốc với người già",
        "nắp cống trước số 12 bị vỡ rất nguy hiểm",
        "cây đổ chắn ngang đường",
        "bao giờ mới sửa đèn đường, tối om cả tháng nay",
        "hàng xóm nuôi heo hôi thối không chịu nổi",
    ],
    Route.HUMAN: [
        "gặp cán bộ",
        "cho gap nguoi that",
        "cho tôi nói chuyện với cán bộ",
        "tôi muốn gặp cán bộ phụ trách",
    ],
    Route.SMALLTALK: ["chào ad", "cảm ơn em nha", "hihi", "alo", "ok em", "xin chào", "cam on nhieu", "👍"],
    Route.EMERGENCY: [
        "cháy nhà rồi",
        "chay nha roi",
        "có tai nạn ở ngã tư",
        "có người đuối nước",
        "cứu với bố tôi ngất xỉu",
        "hàng xóm đang đánh nhau",
    ],
    Route.DENUNCIATION: [
        "cán bộ đòi phong bì",
        "can bo doi phong bi moi lam",
        "tôi tố cáo ông trưởng phòng nhận tiền",
        "cán bộ bắt nộp thêm tiền",
        "phải lót tay mới được việc",
    ],
}


@pytest.mark.parametrize(
    ("route", "text"), [(route, text) for route, texts in ROUTED.items() for text in texts]
)
def test_is_routed_and_not_answered(matcher: Matcher, route: Route, text: str) -> None:
    match = matcher.match(text)
    assert (match.route, match.decision) == (route, Decision.NONE)


@pytest.mark.parametrize(
    "text",
    ["trưa nay ăn gì", "giá xăng hôm nay", "cách trị mụn đầu đen", "trời hôm nay nóng ghê", "kết quả xổ số"],
)
def test_other_matters_are_not_answered(matcher: Matcher, text: str) -> None:
    assert matcher.match(text).decision is Decision.NONE


@pytest.mark.parametrize(
    ("text", "stub"),
    [
        ("làm hộ chiếu ở đâu", "ho-chieu"),
        ("gia hạn visa cho chồng", "thi-thuc"),
        ("thủ tục ly hôn", "ly-hon"),
    ],
)
def test_out_of_scope_matters_get_a_kind_word(matcher: Matcher, text: str, stub: str) -> None:
    match = matcher.match(text)
    assert (match.decision, match.stub) == (Decision.NONE, stub)
    assert matcher.stub_answer(stub)


@pytest.mark.parametrize(
    "text",
    [
        "sổ đỏ bị cháy làm lại ở đâu",
        "hồ sơ trễ cả tháng rồi, tra cứu ở đâu vậy",
        "giấy khai sinh bị hỏng xin lại thế nào",
        "bị lừa chuyển tiền qua mạng thì tố cáo ở đâu?",
        "đổ vật liệu xây dựng trên vỉa hè có được không?",
        "báo đèn đường hỏng ở đâu?",
    ],
)
def test_a_question_in_anger_is_still_a_question(matcher: Matcher, text: str) -> None:
    assert matcher.match(text).route is None


def test_another_office_that_a_tale_only_mentions_does_not_hide_the_question(matcher: Matcher) -> None:
    tale = (
        "Em đi làm hộ chiếu mới phát hiện giấy khai sinh của em ghi sai năm sinh của cha. Ông nội đi khai, nhớ lộn. "
        "Giờ em muốn sửa chỗ sai trong giấy khai sinh thì nộp hồ sơ ở đâu?"
    )
    match = matcher.match(tale)
    assert match.stub is None
    assert "ho-tich-cai-chinh" in [entry_id for entry_id, _ in match.ranked[:3]]


def test_another_office_that_a_tale_asks_about_is_shown(matcher: Matcher) -> None:
    tale = (
        "Vợ chồng em ở riêng hơn một năm nay rồi, tài sản không có gì, con thì theo mẹ, hai bên nói chuyện êm thấm. "
        "Giờ tụi em muốn ly hôn thì nộp đơn ở đâu?"
    )
    assert matcher.match(tale).stub == "ly-hon"
