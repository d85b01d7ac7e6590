"""Numbers of documents and articles of law are found as officers type them; dates, houses and rates are none."""

from __future__ import annotations

import unicodedata

import pytest

from core.documents import find_document


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Đã trả kết quả theo 45/TB-UBND ngày 3/11", "45/TB-UBND"),
        ("theo nghi dinh 151/2025/NĐ-CP ạ", "nghi dinh 151/2025/NĐ-CP"),
        ("xem 45/tb-ubnd", "45/tb-ubnd"),
        ("Luật số 72/2025/QH15 quy định", "số 72/2025/QH15"),
        ("Đã lập biên bản số 12 ngày 3/11", "biên bản số 12"),
        ("quyết định số 15/QĐ-UBND của phường", "quyết định số 15/QĐ-UBND"),
        ("Theo Điều 12 Luật Đất đai 2024, ông nộp đơn", "Điều 12 Luật Đất đai 2024"),
        ("khoan 2 dieu 5", "dieu 5"),
        ("luật đất đai 2024 nêu rõ", "luật đất đai 2024"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_documents_are_found_as_written(text: str, found: str, form: str) -> None:
    assert find_document(unicodedata.normalize(form, text)) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        *("Hẹn 30/11/2026", "thu gom 2 lần/ngày", "gom 2/tuần", "số 12/4B khu A", "ngõ 12/5, tổ 4/KP-2"),
        *("đã làm đúng luật rồi", "phạt 500k/xe", "gọi 0263 3888 999", "", "İ ½ ² 𝟙/TB"),
    ],
)
def test_what_is_no_document(text: str) -> None:
    assert find_document(text) is None
