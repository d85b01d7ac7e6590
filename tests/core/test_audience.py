"""Audiences as values and as words: what is typed is what is meant, and what makes no sense is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.audience import AgeGroup, Audience, Clash, Role, audience_from, find_clash
from core.audience_words import as_sent, describe, find_topics, read_audience
from core.ward import WardError, list_wards, load_ward
from core.wording import load_wording

WARD = load_ward("mau")
WORDS = load_wording(WARD.unit_words)
SENIORS = Audience(ages=(AgeGroup.SENIOR,))


def areas(*numbers: int) -> tuple[str, ...]:
    return tuple(f"tdp-{number}" for number in numbers)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hộ kinh doanh tổ 3, tổ 5", Audience(areas(3, 5), business=True)),
        ("ho kinh doanh to 3 to 5", Audience(areas(3, 5), business=True)),
        ("HỘ KINH DOANH ở tổ 5 và tổ 3", Audience(areas(3, 5), business=True)),
        ("người cao tuổi", SENIORS),
        ("nguoi cao tuoi", SENIORS),
        ("các ông bà từ 60 tuổi", SENIORS),
        ("tổ 1-4", Audience(areas(1, 2, 3, 4))),
        ("tổ 1 đến tổ 3", Audience(areas(1, 2, 3))),
        ("to 1 den 3, 7", Audience(areas(1, 2, 3, 7))),
        ("tổ dân phố số 05", Audience(areas(5))),
        ("tdp-3", Audience(areas(3))),
        ("3, tổ 5", Audience(areas(3, 5))),
        ("toàn phường", Audience()),
        ("ca phuong", Audience()),
        ("thanh niên, người cao tuổi; tổ 12", Audience(areas(12), ages=(AgeGroup.YOUTH, AgeGroup.SENIOR))),
        ("từ 31 đến 59 tuổi", Audience(ages=(AgeGroup.MIDDLE,))),
        ("tổ viên", Audience(roles=(Role.MEMBER,))),
        ("bà con và tổ viên tổ 2", Audience(areas(2), roles=(Role.CITIZEN, Role.MEMBER))),
        ("can bo, lanh dao", Audience(roles=(Role.OFFICER, Role.LEADER))),
        ("chủ đề điện, nước ở tổ 3", Audience(areas(3), topics=("dien-nuoc",))),
        ("y te tiem chung", Audience(topics=("y-te",))),
        ("tin khẩn tổ 4", Audience(areas(4), urgent=True)),
    ],
)
def test_what_is_typed_is_what_is_meant(text: str, meant: Audience) -> None:
    read = read_audience(text, WARD, WORDS)
    assert (read.audience, read.found, read.unknown) == (meant, True, ())


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("tổ 3, tổ 99", ("tổ 99",)),
        ("tổ 3, xóm chài cũ", ("xóm chài cũ",)),
        ("tổ 11-14", ("tổ 11 đến 14",)),
        ("tổ 5-3", ("tổ 5 đến 3",)),
        ("hội phụ nữ, đoàn xã", ("hội phụ nữ", "đoàn xã")),
        ("²", ("²",)),
    ],
)
def test_a_slip_is_named_and_never_passed_over(text: str, unknown: tuple[str, ...]) -> None:
    assert read_audience(text, WARD, WORDS).unknown == unknown


def test_words_without_a_group_say_nothing() -> None:
    for text in ("", "gửi cho", "?!", "…"):
        assert not read_audience(text, WARD, WORDS).found


@pytest.mark.parametrize("key", list_wards())
def test_every_name_of_a_ward_is_understood_as_it_is_shown(key: str) -> None:
    ward = load_ward(key)
    words = load_wording(ward.unit_words)
    for area in ward.areas:
        assert read_audience(area.name, ward, words).audience == Audience((area.key,))
    for topic in ward.topics:
        for name in topic.called:
            assert read_audience(name, ward, words).audience == Audience(topics=(topic.key,)), name
    for age in AgeGroup:
        assert read_audience(words.text(f"audience.age.{age}"), ward, words).audience.ages == (age,)
    for role in Role:
        assert role in read_audience(words.text(f"audience.role.{role}"), ward, words).audience.roles


@pytest.mark.parametrize(
    ("audience", "clash"),
    [
        (Audience(), None),
        (Audience(areas(3), roles=(Role.MEMBER,)), None),
        (Audience(areas(3), roles=(Role.OFFICER,)), Clash.AREAS_OF_OFFICE),
        (Audience(roles=(Role.CITIZEN, Role.MEMBER), business=True), Clash.TRAITS_OF_STAFF),
        (Audience(roles=(Role.LEADER,), ages=(AgeGroup.YOUTH,)), Clash.TRAITS_OF_STAFF),
        (Audience(topics=("y-te",), urgent=True), Clash.URGENT_TOPIC),
    ],
)
def test_what_makes_no_sense_together(audience: Audience, clash: Clash | None) -> None:
    assert find_clash(audience) is clash


@pytest.mark.parametrize(
    "audience",
    [
        Audience(),
        Audience(areas(3)),
        Audience(areas(3, 5), (Role.CITIZEN, Role.MEMBER), ("y-te",), urgent=False),
        Audience(business=True, ages=(AgeGroup.MIDDLE, AgeGroup.SENIOR)),
        Audience(urgent=True),
    ],
)
def test_an_audience_comes_back_from_json_as_it_was(audience: Audience) -> None:
    stored = json.loads(json.dumps(audience.beside_areas))
    assert audience_from(list(audience.areas), stored) == audience
    assert (stored == {}) is (audience in (Audience(), Audience(areas(3))))


def test_how_an_audience_is_said() -> None:
    said = describe(Audience(areas(5, 3), topics=("y-te",), business=True), WARD, WORDS)
    assert said == "Tổ dân phố 3, Tổ dân phố 5; hộ kinh doanh; chủ đề Y tế – tiêm chủng"
    assert describe(Audience(), WARD, WORDS) == "toàn phường"


@pytest.mark.parametrize(
    ("audience", "head", "foot"),
    [
        (Audience(), "Phường Mẫu thông báo:", "tắt thông báo"),
        (Audience(areas(3), business=True), "gửi hộ kinh doanh, Tổ dân phố 3:", "tắt thông báo"),
        (Audience(topics=("y-te",)), "Phường Mẫu thông báo:", "dừng Y tế – tiêm chủng"),
        (
            Audience(areas(3), urgent=True),
            "TIN KHẨN – Phường Mẫu thông báo, gửi Tổ dân phố 3:",
            "dừng tin khẩn",
        ),
    ],
)
def test_who_reads_it_sees_for_whom_it_is_and_how_to_stop_it(
    audience: Audience, head: str, foot: str
) -> None:
    lines = as_sent(audience, "Lời {nhắn}", WARD, WORDS).split("\n\n")
    assert lines[0].endswith(head)
    assert lines[1] == "Lời {nhắn}"
    assert f'"{foot}"' in lines[2]


def test_what_goes_to_colleagues_says_nothing_of_subscriptions() -> None:
    assert "nhắn" not in as_sent(Audience(roles=(Role.MEMBER,)), "Họp.", WARD, WORDS)


def test_topics_are_proposed_by_words_that_can_mean_nothing_else() -> None:
    assert find_topics("Sáng mai 25/11 cắt điện từ 7 giờ", WARD) == ("dien-nuoc",)
    assert find_topics("Thi đua trong cả nước, đại diện các tổ", WARD) == ()


def test_a_ward_without_general_news_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.ward_problems.GENERAL", "tin-gi-do")
    with pytest.raises(WardError, match=r"topics\.tin-gi-do: is missing"):
        load_ward("mau")


def test_a_ward_names_its_own_topics(tmp_path: Path) -> None:
    own = tmp_path / "rieng.toml"
    topics = '[topics.le-hoi]\nname = "Lễ hội"\nwords = ["hội làng"]\n[topics.so]\nname = "Công dân số"\n'
    own.write_text(f'level = "xã"\nshort_name = "Riêng"\nsource = "thử"\n{topics}', encoding="utf-8")
    ward = load_ward(own)
    words = load_wording(ward.unit_words)
    assert read_audience("hoi lang", ward, words).audience.topics == ("le-hoi",)
    assert describe(Audience(topics=("so",)), ward, words) == "toàn xã; chủ đề Công dân số"
