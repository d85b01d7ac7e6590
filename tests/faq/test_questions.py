"""Real questions and the entry each must find first; those marked sure must be answered outright."""

from __future__ import annotations

import pytest

from faq.decision import Decision
from faq.matcher import Matcher

SURE = [
    ("lam can cuoc mat bao lau", "can-cuoc-thoi-han"),
    ("Làm căn cước mất bao lâu vậy ạ?", "can-cuoc-thoi-han"),
    ("lam cccd cho con 6 t can gi", "can-cuoc-tre-em"),
    ("mất căn cước làm lại ở đâu", "can-cuoc-mat"),
    ("quên mk vneid", "vneid-quen-mat-khau"),
    ("quen mat khau vneid thi lam sao", "vneid-quen-mat-khau"),
    ("quên passcode vneid", "vneid-quen-passcode"),
    ("kích hoạt tài khoản định danh sao ạ", "vneid-kich-hoat"),
    ("đăng ký tạm trú cần giấy tờ gì", "cu-tru-dang-ky-tam-tru"),
    ("dang ky tam tru can giay to gi", "cu-tru-dang-ky-tam-tru"),
    ("đăngký tạmtrú cần gì", "cu-tru-dang-ky-tam-tru"),
    ("gia hạn tạm trú khi nào", "cu-tru-gia-han-tam-tru"),
    ("tách hộ khẩu cần gì", "cu-tru-tach-ho"),
    ("xin giấy ct07 ở đâu", "cu-tru-ct07"),
    ("nhập hộ khẩu về nhà chồng", "cu-tru-dang-ky-thuong-tru"),
    ("lam giay khai sinh cho con o dau", "ho-tich-khai-sinh"),
    ("đăng ký kết hôn cần giấy tờ gì", "ho-tich-ket-hon"),
    ("dang ky ket hon can gi", "ho-tich-ket-hon"),
    ("xin giấy độc thân ở đâu", "ho-tich-tinh-trang-hon-nhan"),
    ("xin trích lục khai sinh", "ho-tich-trich-luc"),
    ("khai tử trong mấy ngày", "ho-tich-khai-tu"),
    ("sao y bản chính ở đâu bao nhiêu tiền", "chung-thuc-sao-y"),
    ("mất sổ đỏ xin cấp lại ở đâu", "dat-dai-mat-so"),
    ("mat so hong lam lai sao", "dat-dai-mat-so"),
    ("làm sổ đỏ mất bao lâu", "dat-dai-so-bao-lau"),
    ("lên thổ cư ở đâu", "dat-dai-chuyen-muc-dich"),
    ("xây nhà có phải xin giấy phép không", "xay-dung-giay-phep"),
    ("đăng ký hộ kinh doanh cần gì", "kinh-doanh-dang-ky"),
    ("gia hạn bhyt thế nào", "bhyt-gia-han"),
    ("mức đóng bảo hiểm y tế hộ gia đình", "bhyt-muc-dong"),
    ("xin xét hộ nghèo ở đâu", "an-sinh-ho-ngheo"),
    ("tra cứu hồ sơ đã nộp", "dich-vu-cong-tra-cuu"),
    ("đăng nhập dịch vụ công bằng gì", "dich-vu-cong-dang-nhap"),
    ("con tôi có được miễn học phí không", "giao-duc-hoc-phi"),
    ("chữ ký số là gì", "dich-vu-cong-chu-ky-so"),
    ("giờ làm việc của phường", "phuong-gio-lam-viec"),
    ("thu bay phuong co lam viec khong", "phuong-gio-lam-viec"),
    ("địa chỉ phường ở đâu", "phuong-dia-chi"),
    ("lịch tiếp dân của chủ tịch", "phuong-tiep-dan"),
    ("tui bị lừa 50tr giờ làm sao", "lua-dao-da-chuyen-tien"),
    ("bình dân học vụ số là gì", "ky-nang-so-binh-dan"),
]  # fmt: skip

FIRST = [
    ("em muốn dk tạm trú cho 2 bạn cùng phòng", "cu-tru-dang-ky-tam-tru"),
    ("có ai gọi bảo cập nhật vneid, có phải thật ko", "lua-dao-xung-cong-an"),
    ("mẹ tui 76t có lãnh dc trợ cấp ko", "an-sinh-huu-tri-xa-hoi"),
    ("hồ sơ nộp 10 ngày r chưa thấy j", "dich-vu-cong-qua-hen"),
    ("vneid ko vao dc", "vneid-loi"),
    ("lafm cawn cuwowcs owr ddaau", "can-cuoc-lam-the"),
    ("dang ky ta5m tru1 can gi", "cu-tru-dang-ky-tam-tru"),
    ("khai xinh cho con", "ho-tich-khai-sinh"),
    ("căng cước bị mất", "can-cuoc-mat"),
    ("ông nội tôi mất rồi phải làm giấy tờ gì", "ho-tich-khai-tu"),
    ("bé 4 tuổi làm thẻ căn cước có phải đưa đi không", "can-cuoc-tre-em"),
    ("mở quán cà phê nhỏ cần đăng ký gì", "kinh-doanh-dang-ky"),
    ("chích ngừa cho bé ở đâu", "y-te-tiem-chung"),
    ("đi khám quên thẻ bhyt có sao không", "bhyt-mat-the"),
    ("bố mẹ cho đất thì sang tên thế nào", "dat-dai-sang-ten"),
    ("chủ trọ giữ cccd của em có đúng không", "can-cuoc-cam-co"),
    ("đổi sdt vneid", "vneid-doi-so-dien-thoai"),
    ("điện thoại mới đăng nhập vneid sao", "vneid-doi-may"),
    ("mất điện thoại khóa vneid kiểu gì", "vneid-khoa-tai-khoan"),
    ("cmnd cũ còn xài được ko", "can-cuoc-the-cu"),
    ("người yêu cũ dọa tung ảnh nóng", "lua-dao-tong-tien"),
    ("lấy chồng Đài Loan đăng ký ở đâu", "ho-tich-ket-hon-nuoc-ngoai"),
    ("uỷ quyền cho con lãnh lương", "chung-thuc-chu-ky"),
    ("nộp hs online sao ạ", "dich-vu-cong-nop-ho-so"),
    ("điện lực gọi đòi tiền dọa cắt điện", "lua-dao-dien-nuoc"),
    ("thế nào là phi địa giới", "dich-vu-cong-phi-dia-gioi"),
    ("nhà có khách ở lại qua đêm phải báo ai", "cu-tru-luu-tru"),
    ("Không đồng ý quyết định xử phạt thì khiếu nại ở đâu?", "phuong-khieu-nai"),
    ("muốn tố cáo thì gửi đơn ở đâu?", "phuong-to-cao"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SURE)
def test_is_answered(matcher: Matcher, text: str, expected: str) -> None:
    match = matcher.match(text)
    assert (match.ranked[0][0], match.decision, match.route) == (expected, Decision.ANSWER, None)


@pytest.mark.parametrize(("text", "expected"), FIRST)
def test_comes_first_and_is_not_lost(matcher: Matcher, text: str, expected: str) -> None:
    match = matcher.match(text)
    assert match.ranked[0][0] == expected
    assert match.decision is not Decision.NONE
    assert match.route is None


@pytest.mark.parametrize("text", ["vneid", "sổ đỏ", "căn cước"])
def test_one_bare_word_offers_a_choice(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.decision is not Decision.NONE
    assert len(match.ranked) >= 3


def test_scores_are_ordered_and_bounded(matcher: Matcher) -> None:
    scores = [score for _, score in matcher.match("đăng ký tạm trú ở đâu").ranked]
    assert len(scores) <= 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
