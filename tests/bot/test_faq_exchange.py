"""`nghedan faq export` and `import`: from the books to a file and, by a second person, back; on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from bot.cli import main
from core.messages import Address
from faq.entry import Entry
from faq.library import Library
from faq.overlay import to_json
from handlers.house import House
from storage.contacts import record_contact
from storage.database import Database
from storage.knowledge import Proposal, add_proposal, bring_into_force, list_proposals
from storage.models import Delivery, KnowledgeRevision
from storage.staff import Duty, enlist
from storage.statuses import KnowledgeKind, RevisionOutcome, RevisionVerb, StaffRole
from tests.faq.workbooks import column_number, put, sheet
from tests.props import sample_house

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ENTRY = "phuong-dia-chi"
OTHER = "phuong-gio-lam-viec"
PEOPLE = (
    ("Hạnh", Duty(StaffRole.OFFICER, "TTPVHCC")),
    ("Dũng", Duty(StaffRole.OFFICER, "TTPVHCC")),
    ("Sơn", Duty(StaffRole.OFFICER, "CA")),
    ("Mai", Duty(StaffRole.MEMBER, area="tdp-3")),
)
Output = Callable[[], str]


@cache
def small_house() -> House:
    """With a few of the entries: writing, reading and checking all of them takes seconds a command."""
    shipped = sample_house().library
    some = {one.id for owner in ("TTPVHCC", "CA") for one in _owned(shipped, owner)[:8]}
    for changed in (ENTRY, OTHER):
        some |= {changed, *shipped.get(changed).related}
    return replace(sample_house(), library=Library.of(one for one in shipped if one.id in some))


def _owned(library: Library, owner: str) -> list[Entry]:
    return [one for one in library if one.owner == owner]


@pytest.fixture
def office(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Database:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NGHEDAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NGHEDAN_DATABASE_URL", database_url)

    for command in ("faq_export", "faq_import"):
        monkeypatch.setattr(f"bot.commands.{command}.build_house", lambda _: small_house())

    def fill(session: Session) -> None:
        for name, duty in PEOPLE:
            person = record_contact(session, Address("webchat", "1", name), NOW)
            enlist(session, person, duty, name, NOW)

    database.run_now(fill)
    return database


@pytest.fixture
def out(capsys: pytest.CaptureFixture[str]) -> Output:
    return lambda: capsys.readouterr().out


def change(path: Path, entry_id: str, column: str, value: object) -> None:
    """One cell of the row of an entry."""
    book = load_workbook(path)
    entries = sheet(book, "entries")
    row = next(cells[0].row for cells in entries.iter_rows(min_row=2) if cells[0].value == entry_id)
    put("entries", row or 0, column, value)(book)
    book.save(path)


_AS_SHIPPED: dict[str, bytes] = {}


def exported(out: Output, name: str = "a.xlsx", *, anew: bool = False) -> Path:
    """The whole knowledge in a file; written `anew` where that is what matters, or the office has changed it."""
    path = Path(name)
    if not anew and name in _AS_SHIPPED:
        path.write_bytes(_AS_SHIPPED[name])
        return path
    option = "--xlsx" if name.endswith("xlsx") else "--json-file"
    assert main(["faq", "export", option, name]) == 0
    assert f"mục ra {name}" in out()
    if not anew:
        _AS_SHIPPED[name] = path.read_bytes()
    return path


def revisions(database: Database) -> list[KnowledgeRevision]:
    return database.run_now(lambda s: list(s.exec(select(KnowledgeRevision)).all()))


@pytest.mark.parametrize("name", ["a.xlsx", "a.json"])
def test_export_and_import_of_all_change_nothing(
    office: Database, out: Output, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ("faq_export", "faq_import"):
        monkeypatch.setattr(f"bot.commands.{command}.build_house", lambda _: sample_house())
    exported(out, name, anew=True)
    assert main(["faq", "import", name, "--by", "Hạnh"]) == 0
    said = out()
    assert f"thêm 0, sửa 0, ngừng dùng 0, dùng lại 0, không đổi {len(Library.load())}, sai 0." in said
    assert "Đã nộp 0 đề nghị" in said
    assert revisions(office) == []


def test_one_changed_cell_becomes_one_proposal_that_a_second_person_approves(
    office: Database, out: Output
) -> None:
    path = exported(out)
    change(path, ENTRY, "question", "Trụ sở phường nằm ở đâu?")
    assert main(["faq", "import", "a.xlsx", "--dry-run"]) == 0
    assert f"SỬA  {ENTRY}: Trụ sở phường nằm ở đâu?" in out()
    assert revisions(office) == []
    assert main(["faq", "import", "a.xlsx", "--by", "Hạnh"]) == 0
    assert "Đã nộp 1 đề nghị" in out()
    [proposal] = revisions(office)
    assert (proposal.status, proposal.verb, proposal.base, proposal.department) == (
        "proposed",
        "edit",
        0,
        "TTPVHCC",
    )
    shipped = Library.load().get(ENTRY)
    assert proposal.row == to_json(shipped) | {"question": "Trụ sở phường nằm ở đâu?"}
    told = office.run_now(lambda s: list(s.exec(select(Delivery)).all()))
    assert sorted(one.content["text"].split(":")[0] for one in told) == [
        "Em đã nhận tệp của anh/chị", "Hạnh vừa nộp một tệp",
    ]  # fmt: skip
    # Handing the same file in once more asks nobody twice.
    assert main(["faq", "import", "a.xlsx", "--by", "Hạnh"]) == 0
    assert "1 thay đổi đã có đề nghị giống hệt đang chờ" in out()
    assert len(revisions(office)) == 1


def test_an_edit_since_the_export_is_named_and_not_overwritten(office: Database, out: Output) -> None:
    path = exported(out)
    entry = Library.load().get(ENTRY)
    _approved(office, {**to_json(entry), "question": "Phường ở chỗ nào?"})
    change(path, ENTRY, "question", "Trụ sở phường nằm ở đâu?")
    assert main(["faq", "import", "a.xlsx", "--by", "Hạnh"]) == 1
    assert "đã có bản mới hơn (1)" in out()
    assert len(office.run_now(lambda s: list_proposals(s, None, 9))) == 0


def test_a_retired_entry_goes_out_marked_and_can_be_brought_back(office: Database, out: Output) -> None:
    entry = Library.load().get(ENTRY)
    _approved(office, to_json(entry), RevisionVerb.RETIRE)
    path = exported(out, anew=True)
    assert main(["faq", "import", "a.xlsx", "--dry-run"]) == 0
    assert "sửa 0, ngừng dùng 0, dùng lại 0" in out()
    change(path, ENTRY, "retired", None)
    assert main(["faq", "import", "a.xlsx", "--by", "Hạnh"]) == 0
    [proposal] = office.run_now(lambda s: list_proposals(s, None, 9))
    assert (proposal.verb, proposal.base) == ("restore", 1)
    exported(out, "a.json", anew=True)
    assert ENTRY not in {one["id"] for one in json.loads(Path("a.json").read_text("utf-8"))["entries"]}


def test_nothing_is_stored_when_anything_is_wrong_unless_asked(office: Database, out: Output) -> None:
    path = exported(out)
    change(path, ENTRY, "question", "Trụ sở phường nằm ở đâu?")
    change(path, OTHER, "fee", "Mất 50.000 đồng")
    assert main(["faq", "import", "a.xlsx", "--by", "Hạnh", "--json"]) == 1
    told = json.loads(out())
    assert (told["stored"], told["proposals"]) == (False, [])
    assert any(
        "50.000 đồng" in one["problem"] and one["place"].endswith("cột Lệ phí") for one in told["problems"]
    )
    assert revisions(office) == []
    assert main(["faq", "import", "a.xlsx", "--by", "Hạnh", "--skip-bad"]) == 1
    assert "Đã nộp 1 đề nghị" in out()
    [proposal] = revisions(office)
    assert proposal.subject == ENTRY


def test_nobody_hands_in_what_another_unit_looks_after(office: Database, out: Output) -> None:
    path = exported(out)
    change(path, ENTRY, "question", "Trụ sở phường nằm ở đâu?")
    assert main(["faq", "import", "a.xlsx", "--by", "Sơn"]) == 1
    assert "do Trung tâm Phục vụ hành chính công phụ trách, Sơn không sửa được" in out()
    assert main(["faq", "import", "a.xlsx", "--by", "Mai"]) == 2
    assert main(["faq", "import", "a.xlsx", "--by", "Không Có"]) == 2
    assert main(["faq", "import", "a.xlsx"]) == 2
    assert revisions(office) == []


def test_old_findings_block_nobody_and_new_ones_do(office: Database, out: Output) -> None:
    entry = Library.load().get(ENTRY)
    long = " ".join(["chữ"] * 40) + "."
    _approved(office, {**to_json(entry), "answer": long})
    path = exported(out, anew=True)
    change(path, ENTRY, "question", "Trụ sở phường nằm ở đâu?")
    assert main(["faq", "import", "a.xlsx", "--dry-run"]) == 0
    change(path, ENTRY, "answer", long + " " + " ".join(["thêm"] * 40) + ".")
    assert main(["faq", "import", "a.xlsx", "--dry-run"]) == 1
    assert "cột Câu trả lời: câu dài" in out()


def test_a_department_can_take_out_its_own(office: Database, out: Output) -> None:
    assert main(["faq", "export", "--xlsx", "ca.xlsx", "--department", "CA"]) == 0
    entries = sheet(load_workbook("ca.xlsx"), "entries")
    owners = {
        cells[column_number(entries, "entries", "owner") - 1].value for cells in entries.iter_rows(min_row=2)
    }
    assert owners == {"Công an phường"}
    assert main(["faq", "import", "ca.xlsx", "--dry-run"]) == 0
    assert main(["faq", "export", "--xlsx", "ca.xlsx", "--department", "Phòng Mây"]) == 2


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["import", "a.txt", "--dry-run"], "chỉ nhận tệp .xlsx hoặc .json"),
        (["import", "b.xlsx", "--dry-run"], "Không có tệp b.xlsx"),
        (["export", "--xlsx", "khong/co/a.xlsx"], "không ghi được tệp"),
    ],
)
def test_a_slip_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NGHEDAN_DATA_DIR", str(tmp_path / "data"))
    assert main(["faq", *arguments]) == 2
    err = capsys.readouterr().err
    assert line in err
    assert err.count("\n") == 1


def _approved(database: Database, row: dict[str, object], verb: RevisionVerb = RevisionVerb.EDIT) -> None:
    def work(session: Session) -> RevisionOutcome:
        proposal = Proposal(KnowledgeKind.ENTRY, ENTRY, verb, row, 0, 1, "TTPVHCC")
        revision = add_proposal(session, proposal, NOW)
        return bring_into_force(session, revision.id or 0, 2, to_json(Library.load().get(ENTRY)), NOW)

    assert database.run_now(work) is RevisionOutcome.DONE
