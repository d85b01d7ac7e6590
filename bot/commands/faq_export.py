"""`nghedan faq export`: the knowledge base in force as an Excel workbook, or as JSON for other assistants."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.commands.database import opened
from bot.house import build_house
from bot.settings import Settings, WrongSetting
from core.calendar import local_date, spoken_moment
from faq.exchange.json_out import Origin, export_json
from faq.exchange.kept import Kept
from faq.exchange.workbook_out import Writer
from faq.library import Library
from faq.saying import Saying
from handlers.care_import import library_of, list_kept, make_labels
from handlers.care_rights import owner_key
from handlers.house import House
from handlers.office import facts_of
from storage.knowledge import knowledge_version


@dataclass(frozen=True, slots=True)
class Standing:
    """The knowledge as it is in force: entries by id, retired ones too; what is answered from; its version."""

    kept: Mapping[str, Kept]
    library: Library
    version: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One of the two forms, and perhaps one department."""
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument("--xlsx", type=Path, metavar="TỆP", help="tệp Excel để cán bộ sửa rồi nộp lại")
    form.add_argument("--json-file", type=Path, metavar="TỆP", help="tệp JSON cho trợ lý khác dùng")
    parser.add_argument("--department", metavar="ĐƠN_VỊ", help="chỉ các mục của một đơn vị, ví dụ KT")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Write the file. Raises WrongSetting for an unknown department or a place that cannot be written."""
    house = build_house(settings)
    with opened(settings) as (database, now):
        standing = database.run_now(lambda session: read_standing(session, house))
    kept = [one for one in standing.kept.values() if _is_wanted(house, one, given.department)]
    path: Path = given.xlsx or given.json_file
    try:
        if given.xlsx:
            _write_workbook(path, house, standing, kept, now)
        else:
            kept = [one for one in kept if not one.retired]
            _write_json(path, house, standing, kept, now)
    except OSError as error:
        raise WrongSetting(f"{path}: không ghi được tệp ({error.strerror}).") from None
    sys.stdout.write(f"Đã xuất {len(kept)} mục ra {path}\n")
    return 0


def read_standing(session: Session, house: House) -> Standing:
    """What is in force by the books; `house` is furnished with what was shipped."""
    kept = list_kept(session, house.library)
    return Standing(kept, library_of(session, house.library, kept), knowledge_version(session))


def _is_wanted(house: House, kept: Kept, department: str | None) -> bool:
    if department is None:
        return True
    found = house.ward.find_department(department)
    if found is None:
        known = ", ".join(f"{one.key} ({one.short_name})" for one in house.ward.departments)
        raise WrongSetting(f"--department: không có «{department}». Các đơn vị có: {known}.")
    return owner_key(house, kept.entry) == found.key


def _write_workbook(path: Path, house: House, standing: Standing, kept: list[Kept], now: datetime) -> None:
    labels = make_labels(house, (one.entry for one in standing.kept.values()))
    Writer(labels, house.words).write(path, kept, standing.library.figures, spoken_moment(now))


def _write_json(path: Path, house: House, standing: Standing, kept: list[Kept], now: datetime) -> None:
    labels = make_labels(house, (one.entry for one in standing.kept.values()))
    library, facts = standing.library, facts_of(house.ward)
    saying = Saying(library.phrases, library.figures, local_date(now), facts)
    origin = Origin(house.ward.key, house.ward.unit_words["Ward"], standing.version, now)
    told = export_json(kept, saying, labels, origin)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
