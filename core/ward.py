"""The ward profile: what one phường or xã is called, who answers for what, which areas and categories it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict

from core.calendar import WorkCalendar
from core.indicators import Indicator
from core.quiet import QuietHours
from core.ward_problems import OTHER, list_problems
from core.wards import (
    AREA_WORDS,
    COMMON,
    STRICT,
    Area,
    AreaKind,
    AreaTable,
    Category,
    Department,
    Hotline,
    Landmark,
    OfficeHours,
    ReminderPreset,
    Topic,
    WardError,
    build,
    fill_unit,
    fold,
    lay_over,
    locate,
    packaged,
    read,
)

__all__ = [
    "OTHER",
    "Area",
    "Category",
    "Department",
    "Hotline",
    "Landmark",
    "OfficeHours",
    "ReminderPreset",
    "Topic",
    "Ward",
    "WardError",
    "list_wards",
    "load_ward",
]

# Long enough to read the own words once more and to tap; no citizen notices a minute after days of waiting.
UNDO_SECONDS = 60
# From here on a second person reads an announcement before it goes: a mistake that reaches fewer is soon made good.
APPROVE_ABOVE = 200


@dataclass(frozen=True, slots=True)
class Ward:
    """One ward. What its own plan does not give is None or empty here and listed by `missing`.

    `undo_seconds` is how long an officer's answer is held before the citizen is told; 0 sends it at once.
    `public_cases`: are content citizens asked whether their case may be shown on the public board.
    An announcement to more than `approve_above` people is approved by a second person. From `quiet_from` to
    `quiet_until`, local time, nobody gets one that is not urgent.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: str
    level: Literal["phường", "xã"]
    short_name: str
    source: str
    departments: tuple[Department, ...]
    categories: tuple[Category, ...]
    hotlines: tuple[Hotline, ...]
    areas: tuple[Area, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    topics: tuple[Topic, ...] = ()
    reminders: tuple[ReminderPreset, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    area_kind: AreaKind | None = None
    areas_confirmed: bool = False
    areas_basis: str | None = None
    province: str | None = None
    address: str | None = None
    office_hours: OfficeHours | None = None
    reception_day: str | None = None
    portal_url: str | None = None
    acceptance_working_days: int = 1
    deadlines_confirmed: bool = False
    sample: bool = False
    undo_seconds: int = UNDO_SECONDS
    public_cases: bool = False
    approve_above: int = APPROVE_ABOVE
    quiet_from: time = time(21)
    quiet_until: time = time(6, 30)

    @property
    def name(self) -> str:
        """With its level, as in running text: "phường Đoàn Kết"."""
        return f"{self.level} {self.short_name}"

    @property
    def area_word(self) -> str:
        """What an area is called here; the usual word of the level when the plan does not say."""
        return self.area_kind or ("thôn" if self.level == "xã" else "tổ dân phố")

    @property
    def opens(self) -> time:
        """Beginning of the office day; 7:30 until the ward has stated its hours."""
        return self.office_hours.opens if self.office_hours else time(7, 30)

    @property
    def closes(self) -> time:
        """End of the office day; 17:00 until the ward has stated its hours."""
        return self.office_hours.closes if self.office_hours else time(17)

    @property
    def working_spans(self) -> tuple[tuple[time, time], ...]:
        """The hours of a working day at which somebody sits at the desk: without the noon break."""
        hours = self.office_hours
        if hours is None or hours.noon_from is None or hours.noon_to is None:
            return ((self.opens, self.closes),)
        return ((hours.opens, hours.noon_from), (hours.noon_to, hours.closes))

    @property
    def quiet(self) -> QuietHours:
        """When nobody is disturbed by what can wait."""
        return QuietHours(self.quiet_from, self.quiet_until)

    @property
    def unit_words(self) -> dict[str, str]:
        """The words that differ between phường and xã, to fill the blanks of sentences."""
        return {
            "unit": self.level,
            "Unit": self.level.capitalize(),
            "ward": self.name,
            "Ward": f"{self.level.capitalize()} {self.short_name}",
            "area": self.area_word,
        }

    def get_department(self, key: str) -> Department:
        """By its exact key. Raises KeyError."""
        return {one.key: one for one in self.departments}[key]

    def find_department(self, text: str) -> Department | None:
        """By key, name, short name or alias, marks and case aside; a part of a name if it is only one's."""
        wanted = fold(text)
        names = [(one, [fold(name) for name in one.called]) for one in self.departments]
        exact = [one for one, known in names if wanted in known]
        near = [one for one, known in names if any(f" {wanted} " in f" {name} " for name in known)]
        return exact[0] if exact else near[0] if wanted and len(near) == 1 else None

    def find_owner(self, unit: str | None) -> Department | None:
        """The department that looks after the answers of a unit; None: the leaders do."""
        return next((one for one in self.departments if unit and unit in (one.key, *one.looks_after)), None)

    def find_area(self, text: str) -> Area | None:
        """By key, name or bare number: "tdp-12", "Tổ 12", "12". For free sentences: `suggest_area`."""
        label = self._area_label(text)
        found = [one for one in self.areas if label in (fold(one.key), self._area_label(one.name))]
        return found[0] if len(found) == 1 else None

    def find_landmark(self, key: str) -> Landmark | None:
        """By its exact key. For what people write: `core.landmarks.find_landmark`."""
        return next((one for one in self.landmarks if one.key == key), None)

    def find_topic(self, key: str) -> Topic | None:
        """By its exact key. For what people write: `core.audience_words.read_audience`."""
        return next((one for one in self.topics if one.key == key), None)

    def find_indicator(self, number: int) -> Indicator | None:
        """A target of the plan by its number there."""
        return next((one for one in self.indicators if one.number == number), None)

    def find_category(self, key: str) -> Category | None:
        """By its key, case aside."""
        return next((one for one in self.categories if one.key == key.strip().upper()), None)

    def get_category(self, key: str) -> Category:
        """By its key. Raises KeyError."""
        return {one.key: one for one in self.categories}[key]

    def find_hotline(self, key: str) -> Hotline | None:
        """By its exact key; it may still lack a number."""
        return next((one for one in self.hotlines if one.key == key), None)

    def due_at(self, category: Category, moment: datetime, calendar: WorkCalendar) -> datetime:
        """When a ticket of this category that was taken at `moment` must be answered, in UTC."""
        if category.deadline_working_days is not None:
            return calendar.add_working_days(moment, category.deadline_working_days, self.closes)
        return calendar.add_hours(moment, category.deadline_hours or 0)

    def missing(self) -> list[str]:
        """What the ward still has to give or confirm, one Vietnamese line each, most visible first."""
        lines: dict[str, str] = read(packaged(COMMON))["missing"]
        fields = ("province", "address", "office_hours", "reception_day", "portal_url")
        found = [lines["sample"]] if self.sample else []
        found += [lines[field] for field in fields if getattr(self, field) is None]
        found += [lines["hotline"].format(label=one.label) for one in self.hotlines if one.number is None]
        if unstated := [one.name for one in self.departments if not one.stated]:
            found.append(lines["departments"].format(names="; ".join(unstated)))
        if not self.areas_confirmed:
            line = lines["areas_unconfirmed"] if self.areas else lines["areas"]
            basis = f" {self.areas_basis}" if self.areas_basis else ""
            found.append(line.format(count=len(self.areas), kind=self.area_word) + basis)
        return found if self.deadlines_confirmed else [*found, lines["deadlines"]]

    def _area_label(self, text: str) -> str:
        words = "|".join(AREA_WORDS[self.area_word])
        bare = re.sub(rf"^(?:{words})(?:\s+(?:so\s*)?|(?=\d))", "", fold(text))
        return re.sub(r"^0+(?=\d)", "", bare)


def list_wards() -> tuple[str, ...]:
    """Keys of the shipped wards in alphabetical order, the sample "mau" among them."""
    names = (entry.name for entry in packaged("").iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml") and name[0] != "_"))


def load_ward(key_or_path: str | Path) -> Ward:
    """A shipped ward by its key, or the profile in a TOML file. Raises WardError: one line, file and key."""
    source = locate(key_or_path)
    own, common = read(source), read(packaged(COMMON))
    level = str(own.get("level"))
    if level not in common["level"]:
        raise WardError(f"{source.name}: level: must be one of {', '.join(common['level'])}")
    frame = lay_over(common["national"], common["level"][level])
    tables = fill_unit(lay_over(frame, own), level)
    tables.setdefault("key", source.name.removesuffix(".toml"))
    try:
        ward = build(Ward, _records(tables))
    except ValueError as error:
        raise WardError(f"{source.name}: {error}") from None
    for problem in list_problems(ward):
        raise WardError(f"{source.name}: {problem}")
    return ward


def _records(tables: dict[str, Any]) -> dict[str, Any]:
    """Tables by key, comfortable to override in TOML, as lists of records with their key inside."""
    stated = tables.pop("stated_departments", [])
    areas = build(AreaTable, tables.pop("areas", {}), "areas")
    if unknown := sorted(set(stated) - set(tables["departments"])):
        raise ValueError(f"stated_departments: no such department: {', '.join(unknown)}")
    for key, record in tables["departments"].items():
        record["stated"] = key in stated
    for group in ("departments", "hotlines", "categories", "landmarks", "topics", "reminders", "indicators"):
        tables[group] = [{"key": key, **record} for key, record in tables.get(group, {}).items()]
    return tables | {
        "areas": areas.listed(),
        "area_kind": areas.kind,
        "areas_confirmed": areas.confirmed,
        "areas_basis": areas.basis,
    }
