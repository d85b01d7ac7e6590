"""Backup and restore: whole while people write, never from a file that was touched, silent until confirmed."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage import outbox, postgres_tools
from storage.backup import BackupError, backup, confirm_restored, is_quarantined, restore
from storage.database import Database, open_database
from storage.machinery import find_fact, save_fact
from storage.models import Announcement, Delivery, HouseFact
from storage.sqlite_file import copy_database
from storage.statuses import AnnouncementStatus, DeliveryStatus
from tests.storage.rows import NOW, contact, draft
from tests.storage.test_people import announce

PHOTO = b"\xff\xd8" + bytes(range(256)) * 40
DOCUMENT = b"PK\x03\x04" + bytes(range(256))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder with photos, and with things that are none of a backup's business."""
    folder = tmp_path / "data"
    for name in ("media", "incoming"):
        (folder / name).mkdir(parents=True)
    (folder / "media" / "a.jpg").write_bytes(PHOTO)
    (folder / "media" / "a.docx").write_bytes(DOCUMENT)
    (folder / "incoming" / "b.jpg").write_bytes(PHOTO[::-1])
    (folder / "media" / "half.part").write_bytes(b"half")
    (folder / "secret.key").write_text("key")
    return folder


def parts_of(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as file:
        return {m.name: file.extractfile(m).read() for m in file}  # type: ignore[union-attr]


def pack(archive: Path, parts: dict[str, bytes]) -> None:
    with tarfile.open(archive, "w:gz") as file:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))


def test_a_round_trip(
    database: Database, database_url: str, empty_again: str, data_dir: Path, tmp_path: Path
) -> None:
    database.run_now(lambda s: save_fact(s, "who", "bà Lan ở đường Nguyễn Huệ"))
    seen: list[float] = []
    archive = tmp_path / "b.tar.gz"
    made = backup(database_url, data_dir, archive, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert archive.stat().st_mode & 0o777 == 0o600
    assert set(parts_of(archive)) - {"manifest.json"} == {p.path for p in made.parts}
    assert {p.path for p in made.parts if "database" not in p.path} == {
        "media/a.jpg",
        "media/a.docx",
        "incoming/b.jpg",
    }

    elsewhere = tmp_path / "elsewhere"
    assert restore(archive, empty_again, elsewhere) == made
    assert (elsewhere / "media" / "a.jpg").read_bytes() == PHOTO
    assert (elsewhere / "media" / "a.docx").read_bytes() == DOCUMENT
    assert (elsewhere / "incoming" / "b.jpg").read_bytes() == PHOTO[::-1]
    assert not list(elsewhere.glob(".restore-*"))
    copy = open_database(empty_again)
    assert copy.run_now(lambda s: find_fact(s, "who")) == "bà Lan ở đường Nguyễn Huệ"
    assert copy.run_now(is_quarantined)
    assert not database.run_now(is_quarantined)
    copy.close()


@pytest.fixture
def empty_again(database_url: str, tmp_path: Path, request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    """The URL of a second, empty database on the same back end."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'nghedan.db'}"
        return
    server = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


def test_under_load_the_copy_is_one_moment(
    database: Database, database_url: str, empty_again: str, data_dir: Path, tmp_path: Path
) -> None:
    """Two facts change together all the time: in every copy they must agree."""
    started, stop = threading.Event(), threading.Event()

    def write_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1

            def both(session: Session, number: int = number) -> None:
                save_fact(session, "left", str(number))
                save_fact(session, f"padding {number % 500}", "x" * 2_000)
                session.flush()
                save_fact(session, "right", str(number))

            database.run_now(both)
            started.set()

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        assert started.wait(30)
        for round_ in range(4):
            archive = tmp_path / f"{round_}.tar.gz"
            backup(database_url, data_dir, archive)
            restore(archive, empty_again, tmp_path / "elsewhere", overwrite=round_ > 0)
            copy = open_database(empty_again)
            left, right = (copy.run_now(lambda s, n=name: find_fact(s, n)) for name in ("left", "right"))
            copy.close()
            assert left == right
            assert left, f"round {round_}"
    finally:
        stop.set()
        writer.join()


def with_changed_photo(parts: dict[str, bytes]) -> None:
    parts["media/a.jpg"] = parts["media/a.jpg"][:-1] + b"?"


def with_changed_database(parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.startswith("database"))
    parts[name] = parts[name].replace(b"Lan", b"Han") + b"?"


def without_a_photo(parts: dict[str, bytes]) -> None:
    del parts["media/a.jpg"]


def with_one_more(parts: dict[str, bytes]) -> None:
    parts["media/evil.jpg"] = b"x"


def with_a_way_out(parts: dict[str, bytes]) -> None:
    parts["media/../../evil"] = b"x"


def with_an_absolute_name(parts: dict[str, bytes]) -> None:
    parts["/tmp/evil"] = b"x"


def with_another_file_of_the_house(parts: dict[str, bytes]) -> None:
    parts["secret.key"] = b"x"


def without_a_manifest(parts: dict[str, bytes]) -> None:
    del parts["manifest.json"]


def with_a_strange_manifest(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = b"[]"


def of_a_newer_version(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    parts["manifest.json"] = json.dumps({**manifest, "revision": "9999"}).encode()


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (with_changed_photo, "wrong_part"),
        (with_changed_database, "wrong_part"),
        (without_a_photo, "wrong_part"),
        (with_one_more, "wrong_part"),
        (with_a_way_out, "wrong_part"),
        (with_an_absolute_name, "wrong_part"),
        (with_another_file_of_the_house, "wrong_part"),
        (without_a_manifest, "not_a_backup"),
        (with_a_strange_manifest, "not_a_backup"),
        (of_a_newer_version, "newer"),
    ],
)
def test_a_touched_archive_changes_nothing(
    tamper: Callable[[dict[str, bytes]], None],
    reason: str,
    database: Database,
    database_url: str,
    empty_again: str,
    data_dir: Path,
    tmp_path: Path,
) -> None:
    archive = tmp_path / "b.tar.gz"
    database.run_now(lambda s: save_fact(s, "who", "Lan"))
    backup(database_url, data_dir, archive)
    parts = parts_of(archive)
    tamper(parts)
    pack(archive, parts)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BackupError) as caught:
        restore(archive, empty_again, tmp_path / "elsewhere")
    assert caught.value.reason == reason
    assert str(caught.value).endswith(".")
    assert set(tmp_path.rglob("*")) - set(before) <= {tmp_path / "elsewhere"}
    assert not Path("/tmp/evil").exists()


def test_a_cut_or_foreign_file_is_no_backup(sqlite_template: Path, data_dir: Path, tmp_path: Path) -> None:
    archive, url = tmp_path / "b.tar.gz", f"sqlite:///{tmp_path / 'new.db'}"
    backup(f"sqlite:///{sqlite_template}", data_dir, archive)
    whole = archive.read_bytes()
    for content in (whole[: len(whole) // 2], b"not a backup", b""):
        archive.write_bytes(content)
        with pytest.raises(BackupError) as caught:
            restore(archive, url, tmp_path / "new")
        assert caught.value.reason == "not_a_backup"
    with pytest.raises(BackupError):
        restore(tmp_path / "missing", url, tmp_path / "new")


def test_links_are_refused(sqlite_template: Path, data_dir: Path, tmp_path: Path) -> None:
    archive = tmp_path / "b.tar.gz"
    backup(f"sqlite:///{sqlite_template}", data_dir, archive)
    parts = parts_of(archive)
    with tarfile.open(archive, "w:gz") as file:
        link = tarfile.TarInfo("media/a.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file.addfile(link)
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    with pytest.raises(BackupError) as caught:
        restore(archive, f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "new")
    assert caught.value.reason == "wrong_part"


def test_a_damaged_database_is_noticed_although_its_hash_is_right(
    sqlite_template: Path, data_dir: Path, tmp_path: Path
) -> None:
    file = tmp_path / "nghedan.db"
    copy_database(sqlite_template, file)
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 3 + 2000] = b"\x55" * 2000
    from storage import archive as archive_module

    file.write_bytes(content)
    broken = tmp_path / "database.sqlite"
    shutil.move(file, broken)
    archive = tmp_path / "b.tar.gz"
    archive_module.write(archive, [(broken, "database.sqlite")], "0001", "", lambda _done: None)
    with pytest.raises(BackupError) as caught:
        restore(archive, f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "new")
    assert caught.value.reason == "damaged"
    assert not (tmp_path / "new.db").exists()


def test_what_is_there_is_not_overwritten_unless_told(
    database: Database, database_url: str, data_dir: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "b.tar.gz"
    database.run_now(lambda s: save_fact(s, "who", "Lan"))
    backup(database_url, data_dir, archive)
    database.run_now(lambda s: save_fact(s, "who", "later"))
    with pytest.raises(BackupError) as caught:
        restore(archive, database_url, data_dir)
    assert caught.value.reason == "not_empty"
    database.close()
    restore(archive, database_url, data_dir, overwrite=True)
    again = open_database(database_url)
    assert again.run_now(lambda s: find_fact(s, "who")) == "Lan"
    assert again.run_now(is_quarantined)
    assert (data_dir / "secret.key").read_text() == "key"
    again.close()


def test_the_two_back_ends_do_not_mix(
    database_url: str, data_dir: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    archive = tmp_path / "b.tar.gz"
    backup(database_url, data_dir, archive)
    if database_url.startswith("sqlite"):
        server = request.getfixturevalue("postgres")
        name = server.create()
        other = server.url(name)
    else:
        other = f"sqlite:///{tmp_path / 'x.db'}"
    with pytest.raises(BackupError) as caught:
        restore(archive, other, tmp_path / "new")
    assert caught.value.reason == "other_kind"
    if database_url.startswith("sqlite"):
        server.drop(name)


def test_nothing_to_back_up(empty_url: str, data_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError) as caught:
        backup(empty_url, data_dir, tmp_path / "b.tar.gz")
    assert caught.value.reason == "no_database"
    assert not list(tmp_path.glob("b.tar.gz*"))


def test_without_postgresqls_programs_the_operator_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres_tools.shutil, "which", lambda _name: None)
    with pytest.raises(BackupError, match="pg_dump"):
        postgres_tools.dump("postgresql://nobody@localhost/x", tmp_path / "x.dump")


def test_the_password_is_not_on_the_command_line() -> None:
    where, environment = postgres_tools._connection("postgresql+psycopg://lan:s3cret@db:5433/nghedan")
    assert where == ["--dbname=postgresql://lan@db:5433/nghedan"]
    assert environment == {"PGPASSWORD": "s3cret"}


def test_a_failing_program_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump")
    with pytest.raises(BackupError, match="pg_dump"):
        postgres_tools.dump(f"postgresql://x@/x?host={tmp_path}", tmp_path / "x.dump")


@pytest.mark.parametrize("keep", [False, True])
def test_confirming_lifts_the_quarantine_and_silences_what_waited(database: Database, keep: bool) -> None:
    def fill(session: Session) -> None:
        save_fact(session, "quarantine", NOW.isoformat())
        outbox.enqueue(session, draft(contact(session)), NOW)
        announce(session, "hạnh")

    database.run_now(fill)
    cancelled = database.run_now(lambda s: confirm_restored(s, keep_queued=keep))
    assert cancelled == (0 if keep else 2)
    assert not database.run_now(is_quarantined)
    statuses = set(database.run_now(lambda s: s.exec(select(Delivery.status)).all()))
    assert statuses == {DeliveryStatus.QUEUED if keep else DeliveryStatus.CANCELLED}
    announcement = database.run_now(lambda s: s.exec(select(Announcement.status)).one())
    assert announcement == (AnnouncementStatus.SENDING if keep else AnnouncementStatus.CANCELLED)
    assert database.run_now(lambda s: s.exec(select(HouseFact)).all()) == []
