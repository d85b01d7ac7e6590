"""Every shipped ward loads and says what it lacks; a faulty ward file is refused with one clear line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from core.calendar import LOCAL, load_calendar
from core.ward import OTHER, Ward, WardError, list_wards, load_ward
from core.wards import fold

KEYS = ("co_le", "doan_ket", "dong_xoai", "gia_vien", "mau", "nhi_chieu")
BASE = 'level = "phường"\nshort_name = "Thử"\nsource = "thử"\n'


@pytest.fixture(params=KEYS)
def ward(request: pytest.FixtureRequest) -> Ward:
    return load_ward(str(request.param))


def written(folder: Path, text: str) -> Path:
    file = folder / "thu.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_wards_are_listed() -> None:
    assert list_wards() == KEYS


def test_every_ward_has_what_handlers_rely_on(ward: Ward) -> None:
    assert ward.get_category(OTHER) == ward.categories[-1]
    assert len(ward.categories) == 21
    for category in ward.categories:
        assert ward.get_department(category.department).key == category.department
        assert category.examples
        assert category.keywords or category.key == OTHER
    assert {line.number for line in ward.hotlines if line.number} == {"113", "114", "115", "111", "1900 0368"}


def test_evidence_is_asked_for_where_it_can_be_shown_and_a_ward_may_say_otherwise(tmp_path: Path) -> None:
    usual = {one.key: one.evidence for one in load_ward("mau").categories}
    assert (usual["RAC"], usual["DD"], usual["ANTT"], usual[OTHER]) == ("photo", "document", "none", "none")
    ward = load_ward(written(tmp_path, BASE + '[categories.RAC]\nevidence = "none"\n'))
    assert ward.get_category("RAC").evidence == "none"
    with pytest.raises(WardError, match=r"categories\.RAC\.evidence"):
        load_ward(written(tmp_path, BASE + '[categories.RAC]\nevidence = "video"\n'))


@pytest.mark.parametrize(
    ("seconds", "right"), [(0, True), (60, True), (600, True), (-1, False), (601, False)]
)
def test_how_long_an_answer_can_be_taken_back(tmp_path: Path, seconds: int, right: bool) -> None:
    assert load_ward("mau").undo_seconds == 60
    file = written(tmp_path, f"undo_seconds = {seconds}\n{BASE}")
    if right:
        assert load_ward(file).undo_seconds == seconds
        return
    with pytest.raises(WardError, match="undo_seconds"):
        load_ward(file)


def test_no_keyword_belongs_to_two_categories() -> None:
    seen: dict[str, str] = {}
    for category in load_ward("mau").categories:
        for keyword in category.keywords:
            assert seen.setdefault(keyword, category.key) == category.key, keyword
        assert len(set(category.keywords)) == len(category.keywords), category.key


@pytest.mark.parametrize(
    ("key", "name", "province", "areas", "area_word"),
    [
        ("doan_ket", "phường Đoàn Kết", None, 0, "tổ dân phố"),
        ("co_le", "xã Cổ Lễ", None, 0, "thôn"),
        ("dong_xoai", "phường Đồng Xoài", "tỉnh Đồng Nai", 15, "khu phố"),
        ("nhi_chieu", "phường Nhị Chiểu", None, 0, "tổ dân phố"),
        ("gia_vien", "phường Gia Viên", "thành phố Hải Phòng", 73, "tổ dân phố"),
        ("mau", "phường Mẫu", "tỉnh Mẫu", 12, "tổ dân phố"),
    ],
)
def test_each_ward_says_only_what_its_plan_says(
    key: str, name: str, province: str | None, areas: int, area_word: str
) -> None:
    ward = load_ward(key)
    assert (ward.key, ward.name, ward.province) == (key, name, province)
    assert (len(ward.areas), ward.area_word) == (areas, area_word)
    assert ward.sample is (key == "mau")
    if key != "mau":
        assert (ward.address, ward.office_hours, ward.portal_url) == (None, None, None)


def test_a_commune_has_its_own_words() -> None:
    commune, ward = load_ward("co_le"), load_ward("doan_ket")
    assert commune.get_department("KT").name == "Phòng Kinh tế"
    assert commune.get_department("CA").name == "Công an xã"
    assert ward.get_department("KT").name == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert commune.unit_words["Ward"] == "Xã Cổ Lễ"
    assert ward.unit_words["unit"] == "phường"
    everything = repr(commune.departments + commune.categories + commune.hotlines)
    assert "phường" not in everything.replace("loa phường", "").replace("trang web phường", "")
    assert "{unit}" not in everything


def test_missing_names_every_gap_in_words() -> None:
    lines = load_ward("co_le").missing()
    assert "Chưa có địa chỉ trụ sở." in lines
    assert "Chưa có số điện thoại: Trực ban Công an xã." in lines
    assert "Chưa có danh sách thôn." in lines
    assert any("Trạm Y tế xã" in line and "xác nhận" in line for line in lines)
    assert all("{" not in line for line in lines)


def test_missing_says_that_numbered_areas_are_a_guess() -> None:
    assert any("73 tổ dân phố" in line and "suy từ" in line for line in load_ward("gia_vien").missing())
    assert any("15 khu phố" in line for line in load_ward("dong_xoai").missing())


def test_the_sample_lacks_only_its_numbers() -> None:
    first, *rest = load_ward("mau").missing()
    assert "hồ sơ mẫu" in first
    assert all(line.startswith("Chưa có số điện thoại") for line in rest)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("VHXH", "VHXH"),
        ("vhxh", "VHXH"),
        ("Phòng Văn hóa - Xã hội", "VHXH"),
        ("phong van hoa xa hoi", "VHXH"),
        ("CÔNG AN PHƯỜNG", "CA"),
        ("cong an", "CA"),
        ("KTHT&ĐT", "KT"),
        ("kthtdt", "KT"),
        ("một cửa", "TTPVHCC"),
        ("Văn phòng HĐND&UBND phường", "VP"),
        ("trạm y tế", "TYT"),
        ("phòng", None),
        ("", None),
        ("không có phòng này", None),
    ],
)
def test_officers_may_name_a_department_loosely(text: str, key: str | None) -> None:
    found = load_ward("dong_xoai").find_department(text)
    assert (found.key if found else None) == key


def test_two_departments_that_fit_are_none() -> None:
    ward = load_ward("nhi_chieu")
    assert ward.find_department("văn hóa xã hội") is None
    assert ward.find_department("Ban VHXH") == ward.get_department("BVHXH")


@pytest.mark.parametrize("text", ["kp-3", "Khu phố 3", "khu pho so 03", "KP3", "3", "03"])
def test_areas_by_key_name_or_number(text: str) -> None:
    found = load_ward("dong_xoai").find_area(text)
    assert found is not None
    assert (found.key, found.name) == ("kp-3", "Khu phố 3")


def test_areas_that_do_not_exist_are_none() -> None:
    ward = load_ward("dong_xoai")
    assert [ward.find_area(text) for text in ("tổ 3", "16", "", "khu phố")] == [None] * 4


def test_categories_by_key() -> None:
    ward = load_ward("mau")
    assert ward.find_category("rac") == ward.get_category("RAC")
    assert ward.find_category("KHONG_CO") is None
    with pytest.raises(KeyError):
        ward.get_category("KHONG_CO")
    with pytest.raises(KeyError):
        ward.get_department("KHONG_CO")


def test_a_deadline_follows_the_category_and_the_office_hours() -> None:
    ward, calendar = load_ward("mau"), load_calendar()
    taken = datetime(2026, 2, 12, 20, 0, tzinfo=LOCAL)
    assert ward.due_at(ward.get_category("RAC"), taken, calendar) == datetime(2026, 2, 24, 17, tzinfo=LOCAL)
    assert ward.due_at(ward.get_category("ANTT"), taken, calendar) == datetime(2026, 2, 12, 21, tzinfo=LOCAL)


def test_a_ward_file_overrides_key_by_key(tmp_path: Path) -> None:
    text = BASE + (
        'stated_departments = ["CA"]\n'
        "[office_hours]\nopens = 07:00:00\ncloses = 16:30:00\n"
        '[hotlines.cong_an]\nnumber = "000 000"\n'
        '[categories.RAC]\ndepartment = "VP"\ndeadline_working_days = 1\n'
    )
    ward = load_ward(written(tmp_path, text))
    usual = load_ward("mau").get_category("RAC")
    changed = ward.get_category("RAC")
    assert ward.key == "thu"
    assert (changed.department, changed.deadline_working_days) == ("VP", 1)
    assert (changed.name, changed.keywords) == (usual.name, usual.keywords)
    assert ward.closes.hour == 16
    assert str(ward.office_hours) == "07:00–16:30"
    line = ward.find_hotline("cong_an")
    assert line is not None
    assert (line.label, line.number) == ("Trực ban Công an phường", "000 000")
    assert ward.get_department("CA").stated


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("level = ", "thu.toml: Invalid value"),
        ('level = "quận"\n', "thu.toml: level: must be one of phường, xã"),
        ('level = "xã"\nsource = "thử"\n', "thu.toml: short_name: "),
        (BASE + 'hotline = "113"\n', "thu.toml: hotline: "),
        (
            BASE + '[categories.RAC]\ndepartment = "XYZ"\n',
            "thu.toml: categories.RAC.department: no department",
        ),
        (BASE + "[categories.RAC]\ndeadline_hours = 4\n", "thu.toml: categories.RAC: give exactly one"),
        (BASE + "[categories.RAC]\ndeadlin = 4\n", "thu.toml: categories.RAC.deadlin: "),
        (BASE + '[categories.MOI]\nname = "Mới"\n', "thu.toml: categories.MOI."),
        (BASE + '[departments."A:B"]\nname = "A"\nshort_name = "A"\n', "thu.toml: departments.A:B: a key is"),
        (BASE + '[departments.CA2]\nname = "Công an"\nshort_name = "C"\n', "thu.toml: departments: two are"),
        (BASE + "[departments.VP]\nname = 'a'\n[departments.VP]\nname = 'b'\n", "thu.toml: Cannot declare"),
        (BASE + 'stated_departments = ["XYZ"]\n', "thu.toml: stated_departments: no such department: XYZ"),
        (BASE + "[areas]\ncount = 3\n", "thu.toml: areas.kind: "),
        (BASE + '[areas]\nkind = "quận"\n', "thu.toml: areas.kind: "),
        (
            BASE + '[areas]\nkind = "thôn"\nnames = ["Thôn A", "thôn a"]\n',
            "thu.toml: areas.thon-a: appears twice",
        ),
    ],
)
def test_a_faulty_file_is_refused_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(WardError) as caught:
        load_ward(written(tmp_path, text))
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wanted", ["khong_co", "/khong/co.toml", "../ngoai", "_common/x", "", "."])
def test_a_ward_that_is_not_there(wanted: str) -> None:
    with pytest.raises(WardError, match="no such ward file"):
        load_ward(wanted)


def test_folding_keeps_letters_and_digits() -> None:
    assert fold("Đường Lê  Lợi, số 3-A") == "duong le loi so 3 a"
    assert fold("ĐƯỜNG") == fold("đường") == "duong"
