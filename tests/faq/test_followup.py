"""Short messages after an answer: what they ask of it, and when they ask something of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from faq.entry import ContentError, Entry
from faq.followup import FollowupReader
from faq.followup_table import Field, load_followups
from faq.lexicon import load_lexicon
from faq.library import Library
from faq.matcher import Matcher


@pytest.fixture(scope="module")
def reader(library: Library, matcher: Matcher) -> FollowupReader:
    return FollowupReader(library, matcher)


@pytest.fixture(scope="module")
def household(library: Library) -> Entry:
    """An entry that tells all there is to tell, whatever the content says today."""
    return replace(
        library.get("cu-tru-tach-ho"),
        fee="Không mất tiền.",
        time="5 ngày.",
        place="Công an phường.",
        bring=("Tờ khai",),
    )


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("mất bao nhiêu tiền", (Field.FEE,)),
        ("phi bn vay e", (Field.FEE,)),
        ("bao lâu có?", (Field.TIME,)),
        ("mấy bữa thì xong vậy", (Field.TIME,)),
        ("ở đâu?", (Field.PLACE,)),
        ("làm ở mô rứa", (Field.PLACE,)),
        ("cần mang gì", (Field.BRING,)),
        ("nộp qua mạng được không", (Field.ONLINE,)),
        ("làm ở đâu, mất tiền không", (Field.PLACE, Field.FEE)),
    ],
)
def test_a_field_is_asked_of_the_last_entry(
    reader: FollowupReader, household: Entry, said: str, fields: tuple[Field, ...]
) -> None:
    found = reader.read(said, household)
    assert found is not None
    assert (found.entries, found.fields) == ((household,), fields)


@pytest.mark.parametrize(
    ("last", "said", "meant"),
    [
        ("can-cuoc-lam-the", "con tôi 5 tuổi thì sao", "can-cuoc-tre-em"),
        ("can-cuoc-lam-the", "còn bị mất thì sao", "can-cuoc-mat"),
        ("ho-tich-ket-hon", "còn vợ tôi là người nước ngoài?", "ho-tich-ket-hon-nuoc-ngoai"),
        ("cu-tru-dang-ky-thuong-tru", "thế còn ở trọ thì sao?", "cu-tru-nha-thue-thuong-tru"),
        ("cu-tru-dang-ky-tam-tru", "het han thi sao", "cu-tru-gia-han-tam-tru"),
    ],
)
def test_a_case_is_looked_for_on_the_old_subject(
    reader: FollowupReader, library: Library, last: str, said: str, meant: str
) -> None:
    found = reader.read(said, library.get(last))
    assert found is not None
    assert found.entries[0].id == meant


@pytest.mark.parametrize(
    "said",
    [
        "quên mật khẩu vneid",
        "lệ phí khai sinh bao nhiêu",
        "còn mất sổ đỏ thì làm lại ở đâu",
        "giá vàng hôm nay bao nhiêu",
        "cháy nhà rồi cứu với",
        "đèn đường hỏng cả tuần nay không ai sửa",
        "cảm ơn em",
        "",
        "???",
    ],
)
def test_what_stands_on_its_own_is_left_alone(reader: FollowupReader, household: Entry, said: str) -> None:
    assert reader.read(said, household) is None


def test_a_neighbour_answers_what_the_entry_does_not_tell(reader: FollowupReader, library: Library) -> None:
    bare = replace(library.get("can-cuoc-tre-em"), fee=None, answer="Cha mẹ đưa con đến.")
    found = reader.read("mất bao nhiêu tiền", bare)
    assert found is not None
    assert [entry.id for entry in found.entries] == ["can-cuoc-le-phi"]


def test_every_case_of_the_table_is_a_concept() -> None:
    table, concepts = load_followups(), load_lexicon().concepts
    named = table.cases | {name for names in table.concepts.values() for name in names}
    assert sorted(named - set(concepts)) == []


def test_a_broken_table_says_where(tmp_path: Path) -> None:
    (tmp_path / "_followups.yaml").write_text("fields: {fee: [phí]}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"_followups\.yaml"):
        load_followups(tmp_path)
