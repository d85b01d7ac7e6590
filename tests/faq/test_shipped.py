"""The kept form of the shipped knowledge is the knowledge itself, and never an older one."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import faq.matcher as matcher_module
import faq.shipped as shipped
from core.doors import Door
from faq.doors import keep_doors
from faq.gate import OneAtATime

_ASKED = (
    "lam can cuoc mat bao lau",
    "dang ky tam tru can giay to gi",
    "đường trước nhà ngập cả tuần",
    "thoi tiet hom nay the nao",
)

_TOLD = (
    "tôi muốn tố cáo cán bộ địa chính nhận tiền của dân để làm sổ đỏ cho người không đủ điều kiện",
    "đèn đường trước ngõ 12 hỏng cả tuần nay tối om đi lại rất nguy hiểm",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    shipped.load_knowledge(folder)
    return folder


@pytest.fixture
def never_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "build_knowledge", lambda: pytest.fail("built anew"))


@pytest.mark.usefixtures("never_built")
def test_what_was_kept_answers_as_what_was_built(folder: Path) -> None:
    kept = shipped.load_knowledge(folder)
    built = OneAtATime(kept.library, kept.lexicon)
    assert [kept.matcher.match(text) for text in _ASKED] == [built.match(text) for text in _ASKED]
    doors = keep_doors(kept.library)
    assert [kept.doors.find(text) for text in _TOLD] == [doors.find(text) for text in _TOLD]
    assert [doors.find(text) for text in _TOLD] == [Door.DENUNCIATION, None]


@pytest.mark.usefixtures("never_built")
def test_a_change_of_the_entries_reads_no_table_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = shipped.load_knowledge(folder)
    for reader in ("ConceptFinder", "SignReader", "FocusReader"):
        monkeypatch.setattr(matcher_module, reader, lambda _: pytest.fail("read anew"))
    OneAtATime(kept.library, kept.lexicon)


def test_one_changed_letter_in_a_table_or_a_rule_is_another_knowledge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "_ROOT", tmp_path)
    files = [tmp_path / "faq" / "content" / "a.yaml", tmp_path / "core" / "b.py"]
    for file in files:
        file.parent.mkdir(parents=True)
        file.write_text("một")
    seen = {shipped.fingerprint()}
    for file in files:
        file.write_text("hai")
        seen.add(shipped.fingerprint())
    files[0].rename(files[0].with_name("c.yaml"))
    seen.add(shipped.fingerprint())
    assert len(seen) == 4
    (tmp_path / "faq" / "notes.md").write_text("not read")
    assert shipped.fingerprint() in seen


@pytest.fixture
def built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[shipped.Knowledge]:
    """What was built, instead of building it, which takes a second."""
    (file,) = folder.glob("knowledge-*.pickle")
    known, built = shipped._read(file), list[shipped.Knowledge]()

    def build() -> shipped.Knowledge:
        built.append(known)
        return known

    monkeypatch.setattr(shipped, "build_knowledge", build)
    return built


@pytest.mark.parametrize("data", [b"", b"\x80\x05cut", pickle.dumps(("too", "few"))])
def test_a_damaged_file_is_built_anew(tmp_path: Path, built: list[shipped.Knowledge], data: bytes) -> None:
    file = tmp_path / f"knowledge-{shipped.fingerprint()}.pickle"
    file.write_bytes(data)
    assert shipped.load_knowledge(tmp_path) in built
    assert len(shipped.load_knowledge(tmp_path).library) > 160
    assert len(built) == 1


def test_a_folder_that_cannot_be_written_is_no_trouble(
    tmp_path: Path, built: list[shipped.Knowledge]
) -> None:
    (tmp_path / "file").touch()
    assert shipped.load_knowledge(tmp_path / "file") in built


def test_what_was_kept_before_goes(folder: Path, tmp_path: Path) -> None:
    (kept,) = folder.glob("knowledge-*.pickle")
    old = tmp_path / "knowledge-old.pickle"
    old.touch()
    shipped._keep(tmp_path / kept.name, shipped._read(kept))
    assert [file.name for file in tmp_path.iterdir()] == [kept.name]
