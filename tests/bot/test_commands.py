"""The operator's commands when something is wrong: one clear line that names it, never a traceback."""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import COMMANDS, main
from bot.logs import QUIET
from storage import migrate
from storage.sqlite_file import sqlite_file
from tests.product import free_port

SILENT_PORT = "1"  # nobody listens there
Spoil = Callable[[Path], None]


@pytest.fixture(autouse=True)
def own_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """The commands set up logging for their process, and here they run in the one of all tests."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in (*QUIET, "py.warnings")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> Path:
    """Where nothing was set up yet; a new database is copied there, as taking all steps needs most of a command."""

    upgrade = migrate.upgrade

    def upgrade_or_copy(url: str) -> None:
        file = sqlite_file(url)
        if file is None or file.exists():
            upgrade(url)
        else:
            shutil.copyfile(sqlite_template, file)

    monkeypatch.setattr(migrate, "upgrade", upgrade_or_copy)
    for name in [name for name in os.environ if name.startswith("NGHEDAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NGHEDAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NGHEDAN_PORT", str(free_port()))
    return tmp_path


def _garbage(home: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / "nghedan.db").write_bytes(b"\x93" * 50_000)


def _holes(home: Path) -> None:
    assert main(["invite", "leader", "--no-qr"]) == 0
    file = home / "data" / "nghedan.db"
    whole = bytearray(file.read_bytes())
    for at in range(4096, len(whole), 4096):
        whole[at : at + 2048] = b"\x93" * 2048
    file.write_bytes(whole)


def _folder_instead(home: Path) -> None:
    (home / "data" / "nghedan.db").mkdir(parents=True)


def _newer(home: Path) -> None:
    assert main(["invite", "leader", "--no-qr"]) == 0
    with closing(sqlite3.connect(home / "data" / "nghedan.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _no_folder(home: Path) -> None:
    (home / "data").write_text("a file")


SPOILT: list[tuple[Spoil, str]] = [
    (_garbage, "đã hỏng"),
    (_holes, "đã hỏng"),
    (_folder_instead, "không mở được tệp"),
    (_newer, "bản mới hơn"),
    (_no_folder, "không phải thư mục"),
]


def _foreign(home: Path) -> None:
    (home / "data").mkdir()
    with closing(sqlite3.connect(home / "data" / "nghedan.db")) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE contact (id INTEGER)")


def _of_another_program(home: Path) -> None:
    (home / "data").mkdir()
    with closing(sqlite3.connect(home / "data" / "nghedan.db")) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('a1b2c3')")


# Every command that opens the database; the others are named below, so that none is forgotten.
OPENING = [
    ["run"],
    ["doctor"],
    ["alarms"],
    ["announcements"],
    ["report"],
    ["parked"],
    ["parked", "--retry", "all"],
    ["deliveries"],
    ["invite", "leader"],
    ["invite", "--list"],
    ["invite", "--withdraw", "7K3M-9Q2F-4XHB"],
    ["staff"],
    ["dismiss", "1"],
    ["backup"],
    ["restore", "--confirm"],
    ["import", "tickets", "so.xlsx"],
]
NOT_OPENING = {"faq", "export", "zalo-connect", "simulate"}


def test_the_lists_of_commands_here_are_complete() -> None:
    assert {command[0] for command in OPENING} | NOT_OPENING == {one.name for one in COMMANDS}


@pytest.mark.parametrize("command", OPENING, ids=" ".join)
@pytest.mark.parametrize(("spoil", "reason"), [(_newer, "bản mới hơn"), (_foreign, "của chương trình khác")])
def test_a_database_that_is_not_ours_is_named_in_one_line_by_every_command(
    home: Path, capfd: pytest.CaptureFixture[str], spoil: Spoil, reason: str, command: list[str]
) -> None:
    spoil(home)
    before = (home / "data" / "nghedan.db").read_bytes()
    capfd.readouterr()
    assert main(command) in (1, 2)
    said = capfd.readouterr()
    assert "Traceback" not in said.out + said.err
    if command == ["doctor"]:
        assert [line for line in said.out.splitlines() if reason in line]
    else:
        assert said.err.strip().count("\n") == 0
        assert reason in said.err
    assert (home / "data" / "nghedan.db").read_bytes() == before, "and it is left alone"


@pytest.mark.parametrize("command", [["restore"], ["restore", "--force"]], ids=" ".join)
@pytest.mark.parametrize("spoil", [_newer, _foreign])
def test_a_backup_over_a_database_that_is_not_ours_gives_one_line_or_takes_its_place(
    home: Path, capfd: pytest.CaptureFixture[str], spoil: Spoil, command: list[str]
) -> None:
    assert main(["invite", "leader", "--no-qr"]) == 0
    assert main(["backup", str(home / "copy.tar.gz")]) == 0
    shutil.rmtree(home / "data")
    spoil(home)
    capfd.readouterr()
    code = main([*command, str(home / "copy.tar.gz")])
    said = capfd.readouterr()
    assert "Traceback" not in said.out + said.err
    assert code == (0 if "--force" in command else 2)
    assert said.err.strip().count("\n") == 0


def test_confirming_what_is_no_restored_copy_changes_nothing_and_says_so(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["invite", "leader", "--no-qr"]) == 0
    assert main(["backup", str(home / "copy.tar.gz")]) == 0
    capfd.readouterr()
    assert main(["restore", "--confirm"]) == 2
    assert "không phải bản khôi phục đang chờ xác nhận" in capfd.readouterr().err
    assert main(["restore", "--force", str(home / "copy.tar.gz")]) == 0
    assert main(["restore", "--confirm"]) == 0
    assert main(["restore", "--confirm"]) == 2, "the second time there is nothing left to confirm"


def test_open_invites_are_listed_without_their_codes_and_withdrawn(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["invite", "officer", "--department", "KT", "--no-qr", "--json"]) == 0
    code = json.loads(capfd.readouterr().out)["code"]
    assert main(["invite", "leader", "--no-qr"]) == 0
    capfd.readouterr()
    assert main(["invite", "--list"]) == 0
    listed = capfd.readouterr().out
    assert len(listed.splitlines()) == 2
    assert "cán bộ Phòng Kinh tế, Hạ tầng và Đô thị" in listed
    assert code not in listed
    assert main(["invite", "--withdraw", code.lower().replace("-", " ")]) == 0
    assert "Đã thu hồi" in capfd.readouterr().out
    assert main(["invite", "--list", "--json"]) == 0
    (left,) = json.loads(capfd.readouterr().out)
    assert left["role"] == "leader"
    assert main(["invite", "--withdraw", str(left["number"])]) == 0
    for wrong, reason in ((code, "đã hết hạn hoặc đã thu hồi"), ("khong-co", "không có mã mời")):
        capfd.readouterr()
        assert main(["invite", "--withdraw", wrong]) == 2
        assert reason in capfd.readouterr().err
    assert home.is_dir()


@pytest.mark.parametrize("command", [["run"], ["invite", "leader"], ["backup"]])
@pytest.mark.parametrize(("spoil", "reason"), SPOILT)
def test_spoilt_data_is_named_in_one_line(
    home: Path, capfd: pytest.CaptureFixture[str], spoil: Spoil, reason: str, command: list[str]
) -> None:
    spoil(home)
    capfd.readouterr()
    assert main(command) in (1, 2)
    said = capfd.readouterr().err.strip()
    assert said.count("\n") == 0
    assert reason in said


@pytest.mark.parametrize(("spoil", "reason"), SPOILT)
def test_doctor_names_spoilt_data_and_looks_at_the_rest(
    home: Path, capfd: pytest.CaptureFixture[str], spoil: Spoil, reason: str
) -> None:
    spoil(home)
    capfd.readouterr()
    assert main(["doctor"]) == 1
    found = capfd.readouterr().out.splitlines()
    assert any(line.startswith("!!") and reason in line for line in found)
    assert any("Việc sắp tới" in line for line in found)


WRONG: list[tuple[dict[str, str], list[str], str]] = [
    ({"NGHEDAN_DATA_DIR": "/proc/nowhere"}, ["run"], "NGHEDAN_DATA_DIR"),
    ({"NGHEDAN_DATA_DIR": "/proc/nowhere"}, ["doctor"], ""),
    ({"NGHEDAN_HOST": "999.1.1.1"}, ["run"], "NGHEDAN_HOST"),
    ({"NGHEDAN_HOST": "192.0.2.1"}, ["run"], "NGHEDAN_HOST"),
    ({"NGHEDAN_WARD": "/etc/hostname"}, ["doctor"], "NGHEDAN_WARD"),
    (
        {"NGHEDAN_DATABASE_URL": f"postgresql://u:mat-khau@127.0.0.1:{SILENT_PORT}/x"},
        ["run"],
        "không kết nối",
    ),
    ({"NGHEDAN_DATABASE_URL": f"postgresql://u:mat-khau@127.0.0.1:{SILENT_PORT}/x"}, ["backup"], "DATABASE"),
    ({}, ["backup", "/proc/nowhere/copy.tar.gz"], "/proc/nowhere"),
    ({}, ["simulate", "--port", "99999"], "65535"),
    ({}, ["invite", "king"], "không có: 'king' (chọn một trong"),
    ({}, ["invite"], "còn thiếu"),
    ({}, ["invite", "member", "--department", "KT"], "--department: chỉ dùng với officer"),
    ({}, ["invite", "leader", "--area", "tdp-1"], "--area: chỉ dùng với member"),
    ({}, ["invite", "officer", "--department", "KT", "--area", "tdp-1"], "--area"),
    ({}, [], "còn thiếu"),
]


@pytest.mark.parametrize(("settings", "command", "reason"), WRONG)
def test_what_the_operator_got_wrong_is_one_line(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    settings: dict[str, str],
    command: list[str],
    reason: str,
) -> None:
    assert home.is_dir()
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    try:
        code = main(command)
    except SystemExit as ended:
        code = int(str(ended.code))
    said = capfd.readouterr()
    assert code in (1, 2)
    assert "Traceback" not in said.out + said.err
    assert "mat-khau" not in said.out + said.err
    assert said.err.strip().count("\n") == 0
    assert reason in said.err


@pytest.mark.parametrize("kept", ["", "x", "\n" * 40])
def test_a_cut_off_key_is_refused(home: Path, capfd: pytest.CaptureFixture[str], kept: str) -> None:
    (home / "data").mkdir()
    (home / "data" / "secret.key").write_text(kept)
    assert main(["run"]) == 2
    said = capfd.readouterr().err.strip()
    assert "secret.key" in said
    assert said.count("\n") == 0


def test_a_full_disk_leaves_no_half_of_a_key(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert main(["run"]) == 1
    assert capfd.readouterr().err == "NGHEDAN_DATA_DIR: ổ đĩa đã đầy.\n"
    assert not (home / "data" / "secret.key").exists()


def test_a_backup_that_fails_leaves_nothing_behind(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["invite", "leader", "--no-qr"]) == 0

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (home / "usb").mkdir()
    monkeypatch.setattr(os, "fsync", full)
    assert main(["backup", str(home / "usb")]) == 1
    assert list((home / "usb").iterdir()) == []


def test_other_users_of_the_machine_read_nothing(home: Path) -> None:
    assert main(["invite", "leader", "--no-qr"]) == 0
    for path in (home / "data", home / "data" / "nghedan.db"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_an_invite_says_whose_it_is(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert home.is_dir()
    assert main(["invite", "officer", "--department", "kt", "--no-qr"]) == 0
    assert main(["invite", "member", "--area", "tdp-3", "--no-qr"]) == 0
    said = capfd.readouterr().out
    assert "cán bộ Phòng Kinh tế, Hạ tầng và Đô thị, phường Mẫu:" in said
    assert "Tổ dân phố 3, phường Mẫu:" in said


def test_a_backup_into_a_folder_gets_a_name(home: Path) -> None:
    assert main(["invite", "leader", "--no-qr"]) == 0
    (home / "usb").mkdir()
    assert main(["backup", str(home / "usb")]) == 0
    assert [path.suffixes for path in (home / "usb").iterdir()] == [[".tar", ".gz"]]
