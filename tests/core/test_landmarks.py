"""Places of the ward told in words: with and without marks, abbreviated, mistyped; and what is none of them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.landmarks import find_landmark
from core.ward import Landmark, load_ward
from core.wards import WardError, fold

WARD = load_ward("mau")


def named(text: str, *, by_kind: bool = False) -> str:
    sight = find_landmark(WARD, text, by_kind=by_kind)
    return sight.landmark.key if sight else ""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("gan nvh to 5", "nvh-5"),
        ("nvh to5", "nvh-5"),
        ("NVH tdp số 5", "nvh-5"),
        ("nhà văn hoá tổ 05", "nvh-5"),
        ("nhf văn hóa tổ 5", "nvh-5"),
        ("nha van hoa to 15", ""),
        ("trước nhà văn hóa", ""),
        ("từ nhà văn hóa tổ 5 đến nhà văn hóa tổ 9", ""),
        ("th hoa mai", "tieu-hoc"),
        ("truong thcs hoa mai", "thcs"),
        ("hoa mai", ""),
        ("gần chợ hoa sen", "cho-hoa-sen"),
        ("gần chỗ hoa sen", ""),
        ("duong hoa sen", "duong-hoa-sen"),
        ("QL999 đoạn cây xăng", "ql-999"),
        ("quoc lo 99", ""),
        ("cổng trạm xá", "tram-y-te"),
        ("ubnd phường", "ubnd"),
        ("", ""),
    ],
)
def test_names_are_found_as_people_type_them(text: str, key: str) -> None:
    assert named(text) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("gan cho", "cho-hoa-sen"),
        ("trước cổng chợ", "cho-hoa-sen"),
        ("gần chỗ", ""),
        ("cho em hỏi", ""),
        ("den hong o cho toi", ""),
        ("cạnh nhà văn hóa", ""),
        ("cạnh trạm y tế", "tram-y-te"),
        ("cạnh chợ tổ 9", ""),
    ],
)
def test_the_only_one_of_its_kind_needs_no_name(text: str, key: str) -> None:
    assert named(text, by_kind=True) == key


@given(
    st.sampled_from(WARD.landmarks), st.sampled_from(["", "gần ", "trước cổng ", "đoạn qua "]), st.booleans()
)
def test_every_name_is_found_with_and_without_marks(landmark: Landmark, before: str, bare: bool) -> None:
    text = f"{before}{landmark.name}"
    sight = find_landmark(WARD, fold(text) if bare else unicodedata.normalize("NFD", text))
    assert sight is not None
    assert sight.landmark == landmark
    assert sight.exact is not bare


@given(st.text(max_size=80))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    find_landmark(WARD, text, by_kind=True)


def test_a_ward_without_landmarks_finds_none() -> None:
    assert find_landmark(replace(WARD, landmarks=()), "gần nhà văn hóa tổ 5", by_kind=True) is None


def test_a_landmark_in_an_unknown_area_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(
        'level = "phường"\nshort_name = "X"\nsource = "thử"\n'
        '[areas]\nkind = "tổ dân phố"\ncount = 2\n[landmarks.cho]\nname = "Chợ X"\narea = "tdp-3"\n',
        encoding="utf-8",
    )
    with pytest.raises(WardError, match=r"landmarks\.cho\.area"):
        load_ward(file)
