"""What a check of the content finds, under which rule, and which findings somebody has accepted with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from faq.entry import ContentError, read_yaml


class Rule(StrEnum):
    """The rules, by the name that exceptions use."""

    MISSING = "thieu"
    PROCEDURE = "thu-tuc"
    UNKNOWN = "khong-co"
    RELATED = "lien-quan"
    LINK = "duong-dan"
    LENGTH = "qua-dai"
    SENTENCE = "cau-dai"
    ABBREVIATION = "viet-tat"
    MANNERS = "xung-ho"
    FIGURE = "con-so"
    TABLE = "bang-so"
    REVIEW = "kiem-tra-lai"
    LIKENESS = "giong-muc-khac"
    TWICE = "hai-lan"
    TWO_MEANINGS = "hai-nghia"
    UNREACHED = "khong-toi"
    COMMON_WORDS = "chu-hay-gap"
    NO_MEANING = "khong-nghia"
    OUT_OF_SCOPE = "ngoai-pham-vi"
    EXCEPTION = "ngoai-le"
    HINT = "goi-y"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct. `about` is the piece of text that is meant.

    `entry_id` is the key for a figure, the name of the thing or the short form for a table of words.
    """

    entry_id: str
    field: str
    problem: str
    rule: Rule
    about: str = ""

    def __str__(self) -> str:
        return f"{self.entry_id}, {self.field}: {self.problem} [{self.rule}]"


def findings_text(findings: Sequence[Finding], entries: int) -> str:
    """The findings for a person, one a line, and at the end how many there are among how many entries."""
    lines = [*map(str, findings), f"{entries} mục, {len(findings)} lỗi"]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A finding that was looked at and accepted. An empty `about` accepts all of that rule in the entry."""

    rule: Rule
    entry_id: str
    about: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is the accepted one."""
        same = (finding.rule, finding.entry_id) == (self.rule, self.entry_id)
        return same and self.about in ("", finding.about)


@dataclass(frozen=True, slots=True)
class Standards:
    """What the checks take as given: official sites, names everybody knows, and accepted findings."""

    hosts: frozenset[str]
    names: frozenset[str]
    accepted: tuple[Acceptance, ...]

    def sift(self, findings: Iterable[Finding], entry_ids: frozenset[str]) -> Iterator[Finding]:
        """The findings that nobody accepted, and then the acceptances of shipped entries that accept nothing."""
        used = set[Acceptance]()
        for finding in findings:
            covering = [one for one in self.accepted if one.covers(finding)]
            used.update(covering)
            if not covering:
                yield finding
        for one in self.accepted:
            if one not in used and one.entry_id in entry_ids:
                problem = f"ngoại lệ {one.rule} không còn cần, hãy bỏ khỏi _standards.yaml"
                yield Finding(one.entry_id, "_standards.yaml", problem, Rule.EXCEPTION, one.about)


_FILE: Final = "_standards.yaml"


def load_standards(folder: Path) -> Standards:
    """The standards of a content folder. Raises ContentError: each row needs its reason."""
    raw = read_yaml(folder / _FILE)
    try:
        hosts = frozenset(_reasoned(row, "host") for row in raw["hosts"])
        names = frozenset(_reasoned(row, "name") for row in raw["names"])
        accepted = tuple(_acceptance(row) for row in raw["accepted"] or ())
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{_FILE}: dòng thiếu hoặc sai {error}") from error
    return Standards(hosts, names, accepted)


def _reasoned(row: Mapping[str, Any], name: str) -> str:
    if not row["reason"]:
        raise ValueError(f"lý do của {row[name]}")
    return str(row[name])


def _acceptance(row: Mapping[str, Any]) -> Acceptance:
    entry_id = _reasoned(row, "entry")
    return Acceptance(Rule(row["rule"]), entry_id, str(row.get("about") or ""), str(row["reason"]))
