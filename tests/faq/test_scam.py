"""The scam desk's pure part: addresses, words, verdicts, likeness, and which messages are its matter."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bench.scam.__main__ import figures, questions_taken
from bench.scam.sets import FIRST, LATER, load_all, load_messages
from core.ward import load_ward
from core.wording import load_wording
from faq.entry import ContentError
from faq.library import Library
from faq.normalize import strip_marks
from faq.scam.asking import Mishap
from faq.scam.desk import Purpose, is_ours, look
from faq.scam.judge import Level
from faq.scam.likeness import compare
from faq.scam.links import LinkKind, find_links, is_disguised, load_sites, unfold
from faq.scam.phrases import PhraseBook, expand
from faq.scam.table import load_scam_table

L = LinkKind


def kinds_of(text: str) -> list[LinkKind]:
    return [link.kind for link in find_links(unfold(text), load_sites(), disguised=is_disguised(text))[0]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("vào https://dichvucong.gov.vn xem", L.OFFICIAL),
        ("thuedientu.gdt.gov.vn không vào được", L.OFFICIAL),
        ("dichvucong.gov-vn.online", L.IMITATION),
        ("https://dichvucong.gov.vn@evil.com/x", L.IMITATION),
        ("vneid-capnhat.com", L.IMITATION),
        ("vneld.com", L.IMITATION),
        ("dichvuc0ng.top", L.IMITATION),
        ("vneid [.] top", L.IMITATION),
        ("vneid chấm top nha", L.IMITATION),
        ("vnexрress.net", L.IMITATION),  # with a Cyrillic letter
        ("http://103.45.2.1/a", L.IMITATION),
        ("bấm bit.ly/dinhdanh2", L.SHORTENED),
        ("tải file VNeID.apk nhé", L.APP_FILE),
        ("t.me/vaynhanh_vn", L.CHAT),
        ("thcsledong.edu.vn", L.KNOWN),
        ("fx-invest.vip", L.UNKNOWN),
    ],
)
def test_an_address_is_told_for_what_it_is(text: str, kind: LinkKind) -> None:
    assert kinds_of(text) == [kind]


@pytest.mark.parametrize(
    "text", ["mai ra xa.me oi", "lan@gmail.com", "ve nha.Toi di cho", "TP.HCM", "3.5 triệu"]
)
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert kinds_of(text) == []


def test_a_phrase_may_leave_room_and_name_words() -> None:
    book = PhraseBook()
    for tokens in expand("$ask * tiền", {"ask": ["đòi", "yêu cầu"]}):
        book.add("money", tokens)
    assert [hit.name for hit in book.find(["no", "yeu", "cau", "toi", "chuyen", "tien"])] == ["money"]
    assert book.find(["no", "yeu", "cau", "toi", "phai", "di", "ra", "gap", "tien"]) == []


def test_a_phrase_with_unknown_words_is_refused(tmp_path: Path) -> None:
    folder = tmp_path
    text = "short: {}\njoined: {}\nwords: {}\ncalm: []\nkinds: []\nsigns: [{id: x, weight: 1, phrases: [$none]}]\n"
    (folder / "_scam.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError):
        load_scam_table(folder)


def test_a_warning_is_no_demand() -> None:
    finding = look("Tuyệt đối không cung cấp mã OTP cho bất kỳ ai, kể cả nhân viên ngân hàng")
    assert "sign:doi_otp" not in finding.reading.names
    assert finding.judgement.level is Level.UNSEEN


def test_hidden_words_are_read() -> None:
    plain, hidden = look("chuyển khoản phí trước"), look("ch.u.y.e.n kh0an ph1 tru0c")
    assert plain.reading.tokens[-2:] == hidden.reading.tokens[-2:]


def test_an_imitation_is_never_nothing() -> None:
    assert look("bidv-huyphi.cc").judgement.level is not Level.UNSEEN


def test_a_number_on_the_list_is_likely_a_fraud() -> None:
    assert look("0931 222 876").judgement.level is Level.UNSEEN
    assert look("0931 222 876", ["bi_canh_bao"]).judgement.level is Level.LIKELY


@pytest.mark.parametrize(
    ("text", "mishap"),
    [
        ("tôi lỡ chuyển 20 triệu cho nó", Mishap.PAID),
        ("bị lừa mất 5 triệu rồi", Mishap.PAID),
        ("lo doc ma otp cho nguoi ta roi", Mishap.CODE),
        ("em trót cài app lạ", Mishap.APP),
        ("mẹ em lỡ bấm vào link", Mishap.LINK),
        ("lỡ gửi ảnh căn cước cho nó", Mishap.PAPERS),
    ],
)
def test_a_mistake_is_told_apart(text: str, mishap: Mishap) -> None:
    finding = look(text)
    assert finding.purpose is Purpose.MISHAP
    assert finding.asking.mishap is mishap


@pytest.mark.parametrize(
    "text",
    [
        "tôi đã chuyển tiền nộp thuế rồi mà hệ thống chưa ghi nhận",
        "chuyển tiền nhầm tài khoản thì làm sao lấy lại?",
        "nếu lỡ chuyển tiền cho kẻ lừa đảo thì làm gì",
    ],
)
def test_an_ordinary_payment_or_a_question_is_no_mistake(text: str) -> None:
    assert look(text).purpose is not Purpose.MISHAP


def test_a_short_question_with_a_sure_answer_stays_with_the_knowledge_base() -> None:
    finding = look("có ai gọi bảo cập nhật vneid, có phải thật ko")
    assert not is_ours(finding, answered=True)
    assert is_ours(look("vneid-gov.vip là thật hay giả"), answered=True)


def test_an_announcement_is_recognised_and_a_foreign_address_in_it_is_seen() -> None:
    text = "Tổng vệ sinh đường phố sáng thứ Bảy, mỗi hộ cử một người tham gia, tập trung tại nhà văn hóa"
    other = "Lịch tiêm chủng mở rộng tháng mười hai tại trạm y tế, bà con mang theo sổ tiêm chủng"
    same = compare(look(strip_marks(text)).reading, [other, text])
    assert same is not None
    assert (same.at, same.changed) == (1, False)
    changed = compare(look(f"{text}, đăng ký tại abc-xyz.top").reading, [text])
    assert changed is not None
    assert changed.changed
    assert compare(look("mai họp tổ dân phố ở đâu vậy em ơi").reading, [text, other]) is None


def test_every_kind_leads_to_an_entry_and_says_no_figure_it_may_not_say() -> None:
    library, words = Library.load(), load_wording(load_ward("mau").unit_words)
    allowed = {"111", "113", "115"}
    for kind in load_scam_table().kinds.values():
        assert library.find(kind.entry) is not None, kind.id
        advice = kind.advice.format_map(words.always)
        numbers = {word.strip(".,") for word in advice.split() if word.strip(".,").isdigit()}
        assert kind.confidence in ("A", "B") or numbers <= allowed, kind.id
        assert len(advice) <= 220, kind.id


def test_nothing_that_a_citizen_reads_says_that_something_is_safe() -> None:
    words = load_wording(load_ward("mau").unit_words)
    for key, sentence in words.sentences.items():
        if key.startswith("scam."):
            assert "an toàn" not in sentence.lower(), key


def test_the_sets_are_large_and_every_kind_is_in_them() -> None:
    frauds = [one for one in load_all() if one.kind]
    assert len(frauds) >= 300
    assert len(load_all()) - len(frauds) >= 200
    assert {one.kind for one in load_messages(FIRST) if one.kind} == set(load_scam_table().kinds)
    assert {one.kind for one in load_messages(LATER) if one.kind} == set(load_scam_table().kinds)


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, float]]:
    return figures()


def test_frauds_are_warned_of_and_genuine_messages_are_not(measured: dict[str, dict[str, float]]) -> None:
    first, later = measured["first set"], measured["later set"]
    assert first["recall"] >= 97
    assert first["false alarms"] <= 2.5
    # The words of this set are in no phrase: what can be hoped for with a fraud of tomorrow.
    assert later["recall"] >= 68
    assert later["false alarms"] <= 5


def test_a_named_kind_is_mostly_right(measured: dict[str, dict[str, float]]) -> None:
    assert measured["first set"]["right of those"] >= 95
    assert measured["later set"]["right of those"] >= 70


def test_ordinary_questions_are_left_to_the_knowledge_base() -> None:
    # The desk has learnt from a third of these at most; many of the others tell of a fear of being cheated.
    assert max(questions_taken(every=4).values()) <= 1.4


@pytest.mark.long
def test_every_ordinary_question_is_left_to_the_knowledge_base() -> None:
    assert max(questions_taken().values()) <= 1.4
    assert max(questions_taken(tune=False).values()) <= 1


def test_a_look_takes_less_than_two_milliseconds() -> None:
    texts = [one.text for one in load_all()]
    look("")
    best = []
    for text in texts:
        times = []
        for _ in range(3):
            started = time.perf_counter()
            look(text)
            times.append(time.perf_counter() - started)
        best.append(min(times))
    assert sorted(best)[len(best) * 95 // 100] < 0.002


@pytest.mark.parametrize(
    "text", ["1 2 3 " * 1700, "1.1." * 2500, "a" * 10000, "a-" * 5000, "vneid . " * 1200]
)
def test_a_hostile_message_is_looked_at_within_a_second(text: str) -> None:
    started = time.perf_counter()
    look(text)
    assert time.perf_counter() - started < 1.0
