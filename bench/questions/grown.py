"""A library many times as large: distractors from fields that no ward is asked about, made by combining words."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Final

from bench.questions.sets import QuestionSet
from faq.entry import Entry

_ACTS: Final = (
    "Cấp phép", "Cấp lại phép", "Gia hạn phép", "Sửa đổi phép", "Thu hồi phép", "Thẩm định", "Phê duyệt",
    "Kiểm định", "Công nhận", "Công bố hợp quy", "Đăng kiểm", "Chứng nhận", "Báo cáo định kỳ", "Chấp thuận",
    "Hỗ trợ kinh phí", "Bổ nhiệm", "Giám sát",
)  # fmt: skip
_MATTERS: Final = (
    "nuôi tôm nước lợ", "tàu cá", "giống lúa lai", "phân bón lá", "thuốc thú y", "lò giết mổ", "rừng đặc dụng",
    "mỏ đá", "nước ngầm", "xả thải công nghiệp", "quan trắc khí", "chất thải rắn", "hóa chất độc", "kho xăng dầu",
    "trạm nạp gas", "rượu thủ công", "xuất khẩu hạt điều", "hội chợ thương mại", "khuyến mại", "vận tải hàng",
    "bến thủy", "sát hạch lái tàu", "trạm phát sóng", "nhà in", "trò chơi điện tử", "biểu diễn", "khai quật",
    "bảo tàng tư nhân", "bể bơi", "lữ hành quốc tế", "khách sạn ba sao", "phòng khám răng", "nhà thuốc",
    "máy chụp cắt lớp", "mỹ phẩm", "bếp ăn công nghiệp", "trường mầm non tư", "trung tâm tin học", "du học",
    "dạy nghề hàn", "phái cử thực tập sinh", "an toàn lò hơi", "văn phòng luật sư", "thừa phát lại",
    "đấu giá viên", "giám định viên", "quỹ từ thiện", "cơ sở tôn giáo", "quy hoạch phân khu", "nhà xưởng",
    "sàn bất động sản", "cây xanh", "thoát nước đô thị", "đầu tư công", "gói thầu", "liên hiệp hợp tác xã",
    "công nghệ cao", "nguồn phóng xạ", "chuẩn đo lường", "sáng chế",
)  # fmt: skip
_FOR: Final = (
    "",
    " cho tổ chức",
    " cấp tỉnh",
    " lần thứ hai",
    " trong khu công nghiệp",
    " theo quy định mới",
)
_ASKS: Final = (" cần hồ sơ gì?", " nộp ở cơ quan nào?", " thời hạn bao lâu?", " phí bao nhiêu?")


def _distractors() -> Iterator[Entry]:
    chance = random.Random(7)
    combined = list(itertools.product(_ACTS, _MATTERS, _FOR))
    chance.shuffle(combined)
    for number, (act, matter, whom) in enumerate(combined):
        first, second = chance.sample(_ASKS, 2)
        yield Entry(
            id=f"xa-la-{number}",
            topic="xa_la",
            question=f"{act} {matter}{whom}{first}",
            alternatives=(f"Thủ tục {act.lower()} {matter}{whom}", f"{matter.capitalize()}{whom}{second}"),
            keywords=(matter,),
        )


def grown(given: QuestionSet, phrasings: int) -> QuestionSet:
    """The set with so many phrasings in its library; the questions stay."""
    entries, have = list(given.entries), sum(len(entry.phrasings) for entry in given.entries)
    for entry in _distractors():
        if have >= phrasings:
            break
        entries.append(entry)
        have += len(entry.phrasings)
    return QuestionSet(given.name, tuple(entries), given.questions)
