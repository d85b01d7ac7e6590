"""The parts of a ward profile, and how the TOML files of this folder are read and laid over each other."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

AreaKind = Literal["tổ dân phố", "khu phố", "thôn"]
# What people call an area of each kind, folded, longest first. "Tổ 5" in a ward of khu phố is a smaller
# thing than an area, so the words of one kind never stand for another.
AREA_WORDS: Mapping[str, tuple[str, ...]] = {
    "tổ dân phố": ("to dan pho", "tdp", "to"),
    "khu phố": ("khu pho", "kp", "khu"),
    "thôn": ("thon", "xom", "ap", "ban"),
}
COMMON = "_common.toml"
_AREA_PREFIX: Mapping[str, str] = {"tổ dân phố": "tdp", "khu phố": "kp", "thôn": "thon"}
# What the office shows when it finishes a report: a picture of the result, a document's number or basis in law.
EvidenceDemand = Literal["photo", "document", "none"]
_Record = TypeVar("_Record")
# A misspelt key in a ward file must be an error, or its value would silently stay the national one.
STRICT = ConfigDict(extra="forbid")


class WardError(ValueError):
    """A ward file cannot be used; the message is one line that names the file and the key."""


def fold(text: str) -> str:
    """Lower case without marks, only letters and digits, one blank between words: "Đèn Đ.Lê" → "den d le"."""
    plain = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", kept))


@dataclass(frozen=True, slots=True)
class Hotline:
    """A telephone number to give to people; without `number` nobody has confirmed one yet."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: str
    label: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """An office of the ward; `stated` is False when only the national frame says that it exists.

    It looks after the answers that name its key as their owner, and after those of the units in `looks_after`,
    which have no office in the ward.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: str
    name: str
    short_name: str
    aliases: tuple[str, ...] = ()
    looks_after: tuple[str, ...] = ()
    stated: bool = False

    @property
    def called(self) -> tuple[str, ...]:
        """Everything that people may write when they mean it."""
        return (self.key, self.name, self.short_name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the ward with its own head: tổ dân phố, khu phố or thôn."""

    key: str
    name: str
    kind: AreaKind


@dataclass(frozen=True, slots=True)
class AreaTable:
    """The [areas] table: either `names`, or `count` numbered areas; `basis` says where the number is from."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    kind: AreaKind | None = None
    names: tuple[str, ...] = ()
    count: int = 0
    pattern: str = "{kind} {number}"
    confirmed: bool = False
    basis: str | None = None

    def listed(self) -> tuple[Area, ...]:
        """The areas with keys such as "kp-3" and "thon-dong-ha". Raises ValueError when the kind is missing."""
        if self.kind is None:
            if self.names or self.count:
                raise ValueError("areas.kind: say what the areas are called")
            return ()
        kind, prefix = self.kind, _AREA_PREFIX[self.kind]
        pattern = self.pattern.replace("{kind}", kind.capitalize())
        numbered = [
            Area(f"{prefix}-{number}", pattern.replace("{number}", str(number)), kind)
            for number in range(1, self.count + 1)
        ]
        return (*(Area(fold(name).replace(" ", "-"), name, kind) for name in self.names), *numbered)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place by which people say where something is: a culture house, school, market, street.

    `area` is the key of the area in which it lies; a street may lie in several and then has none.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: str
    name: str
    area: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A group of reports, its owner and its deadline: exactly one of working days and clock hours.

    `urgent_hint` tells people what to do at once when it is urgent; `urgent_hours` is the time for the
    first step on the spot in that case. `evidence` is what an officer who finishes such a report is asked to show.
    `public`: may finished cases be shown on the ward's public board, with their citizen's consent.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: str
    name: str
    department: str
    examples: tuple[str, ...]
    keywords: tuple[str, ...]
    deadline_working_days: int | None = None
    deadline_hours: int | None = None
    urgent_hint: str | None = None
    urgent_hours: int | None = None
    evidence: EvidenceDemand = "none"
    public: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of announcements that people choose; `words` are other ways to say it, also in an announcement."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: str
    name: str
    words: tuple[str, ...] = ()

    @property
    def called(self) -> tuple[str, ...]:
        """Everything that people may type when they mean it."""
        return (self.key, self.name, *self.words)


@dataclass(frozen=True, slots=True)
class ReminderPreset:
    """A duty with dates that a leader switches on by one tap: `when` is a rule as people write it.

    `whom`: "areas", "department:KT", "role:leader". `answer` as in storage.statuses.AnswerDemand; `fields` are the
    figures asked for. `basis` says which plan it stands in; with `check` the dates must be looked up before use.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: str
    what: str
    when: str
    whom: tuple[str, ...]
    answer: Literal["none", "done", "figures"] = "none"
    fields: tuple[str, ...] = ()
    basis: str = ""
    check: bool = False


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Opening hours of a working day, local time; deadlines in days end at `closes`."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    opens: time
    closes: time
    noon_from: time | None = None
    noon_to: time | None = None

    def __str__(self) -> str:
        if self.noon_from is None or self.noon_to is None:
            return f"{self.opens:%H:%M}–{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}–{self.noon_from:%H:%M}, {self.noon_to:%H:%M}–{self.closes:%H:%M}"


def packaged(name: str) -> Traversable:
    """A file of this folder, also when the product is installed as a package."""
    return files("core").joinpath("wards", name)


def locate(key_or_path: str | Path) -> Traversable:
    """The file of a shipped ward's key, or the file at a path. Raises WardError when there is none."""
    text = str(key_or_path)
    shipped = isinstance(key_or_path, str) and re.fullmatch(r"[a-z][a-z0-9_]*", text)
    source = packaged(f"{text}.toml") if shipped else Path(text)
    if not source.is_file():
        raise WardError(f"{text}: no such ward file")
    return source


def read(source: Traversable) -> dict[str, Any]:
    """One TOML file as tables. Raises WardError with the parser's line and column."""
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise WardError(f"{source.name}: {error}") from None


def lay_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both tables in one, key by key and level by level; what `above` says wins, the order of `below` stays."""
    merged = dict(below)
    for key, value in above.items():
        known = merged.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            merged[key] = lay_over(known, value)
        else:
            merged[key] = value
    return merged


def fill_unit(value: Any, unit: str) -> Any:
    """The same tables with "phường" or "xã" in the place of {unit}."""
    if isinstance(value, str):
        return value.replace("{unit}", unit)
    if isinstance(value, Mapping):
        return {key: fill_unit(one, unit) for key, one in value.items()}
    return [fill_unit(one, unit) for one in value] if isinstance(value, list) else value


def build(kind: type[_Record], tables: Mapping[str, Any], prefix: str = "") -> _Record:
    """A checked value from TOML tables. Raises ValueError: one line, the place by keys and what is wrong."""
    try:
        return TypeAdapter(kind).validate_python(tables)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join([prefix, *_place(tables, first["loc"])]).lstrip(".")
        raise ValueError(f"{place}: {first['msg']}") from None


def _place(tables: Any, path: tuple[int | str, ...]) -> Iterator[str]:
    """The path to a fault with the key of a record where the checker only knows its position in a list."""
    here = tables
    for part in path:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            here = None
        by_key = isinstance(part, int) and isinstance(here, Mapping)
        yield str(here["key"] if by_key else part)
