"""An audience in words: how it is said to people, and how what somebody types is read, with tone marks or without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from core.audience import AgeGroup, Audience, Kind, Reading, Role
from core.ward import Ward
from core.wards import AREA_WORDS, fold
from core.wording import Wording

_WORD = re.compile(r"[^\W_]+")
_RANGE = re.compile(r"(\d)\s*[-–—]\s*(?=\d)")
# More areas than any ward has.
_MOST = 200
_BREAK = re.compile(r"[,;.\n+&/]")
_WHOLE, _FILLER = "whole", "filler"
# A kind of audience with its key; our two words beside the kinds have none.
_Meaning = tuple[str, str]
_Phrases = Mapping[tuple[str, ...], _Meaning]


def describe(audience: Audience, ward: Ward, words: Wording) -> str:
    """For whoever sends it: where, who, about what. "Tổ dân phố 3; hộ kinh doanh; chủ đề Điện nước"."""
    where = place_names(audience, ward) or words.text("audience.whole_ward")
    parts = [where, *_traits(audience, words)]
    if audience.roles != (Role.CITIZEN,):
        parts.append(", ".join(words.text(f"audience.role.{role}") for role in audience.roles))
    if audience.topics:
        parts.append(words.text("audience.topics", names=topic_names(audience.topics, ward)))
    if audience.urgent:
        parts.append(words.text("audience.urgent"))
    return "; ".join(parts)


def as_sent(audience: Audience, text: str, ward: Ward, words: Wording) -> str:
    """What a recipient reads: who speaks to whom, the words, and how to hear no more of this."""
    head = head_of(audience, ward, words)
    if audience.urgent:
        foot = words.text("broadcast.stop_urgent")
    elif not audience.for_citizens:
        foot = ""
    elif audience.topics:
        foot = words.text("broadcast.stop_topic", topic=topic_names(audience.topics[:1], ward))
    else:
        foot = words.text("broadcast.stop")
    return "\n\n".join(part for part in (head, text, foot) if part)


def head_of(audience: Audience, ward: Ward, words: Wording) -> str:
    """Who speaks to whom: the first line of it, wherever it is read."""
    named = addressed(audience, ward, words)
    kind = "urgent" if audience.urgent else "head"
    return words.text(f"broadcast.{kind}_to" if named else f"broadcast.{kind}", audience=named)


def addressed(audience: Audience, ward: Ward, words: Wording) -> str:
    """The people and places that are meant; empty for everybody in the ward."""
    meant = _traits(audience, words)
    meant += [words.text(f"audience.role.{role}") for role in audience.staff_roles]
    return ", ".join(part for part in (*meant, place_names(audience, ward)) if part)


def place_names(audience: Audience, ward: Ward) -> str:
    """The areas by name in the ward's order; empty for the whole ward."""
    return ", ".join(area.name for area in ward.areas if area.key in audience.areas)


def topic_names(topics: Iterable[str], ward: Ward) -> str:
    """The topics by name in the ward's order."""
    wanted = set(topics)
    return ", ".join(topic.name for topic in ward.topics if topic.key in wanted)


def _traits(audience: Audience, words: Wording) -> list[str]:
    traits = [words.text("audience.business")] if audience.business else []
    if audience.ages:
        traits.append(", ".join(words.text(f"audience.ages.{age}") for age in audience.ages))
    return traits


@dataclass(frozen=True, slots=True)
class _Said:
    """One word as typed and folded, and whether a comma or the like stands before it."""

    written: str
    plain: str
    starts: bool


def read_audience(text: str, ward: Ward, words: Wording) -> Reading:
    """What is typed, such as «hộ kinh doanh tổ 3, tổ 5» or «nguoi cao tuoi to 1-4».

    Every word must mean something: whoever is left out because of a slip must not be left out silently.
    """
    said = list(_said(text))
    phrases = _phrases(ward, words)
    found: list[_Meaning] = []
    unknown: list[str] = []
    at, is_open = 0, False
    while at < len(said):
        taken, meant = _step(said, at, ward, phrases)
        if meant is None:
            written = " ".join(one.written for one in said[at : at + taken])
            # Words that follow each other are one thing that we do not know.
            joins = is_open and not said[at].starts
            unknown = [*unknown[:-1], f"{unknown[-1]} {written}"] if joins else [*unknown, written]
        found += meant or []
        at, is_open = at + taken, meant is None
    told = [one for one in found if one[0] != _FILLER]
    return Reading(_gather(told, ward), bool(told), tuple(unknown))


def find_topics(text: str, ward: Ward) -> tuple[str, ...]:
    """The topics whose words stand in a longer text: a proposal for whoever wrote it, never a decision.

    Words of one syllable say too little: «nước» is in «cả nước» as well.
    """
    plain = f" {fold(text)} "

    def names(word: str) -> bool:
        return " " in fold(word) and f" {fold(word)} " in plain

    return tuple(one.key for one in ward.topics if any(map(names, one.words)))


def _said(text: str) -> Iterator[_Said]:
    ready = _RANGE.sub(r"\1 đến ", text)
    end = 0
    for word in _WORD.finditer(ready):
        starts = end == 0 or bool(_BREAK.search(ready[end : word.start()]))
        end = word.end()
        # What has no letter of ours is a word all the same, and one that means nothing.
        plain = fold(word[0]).split() or [""]
        for at, one in enumerate(plain):
            yield _Said(word[0] if len(plain) == 1 else one, one, starts and at == 0)


@lru_cache(maxsize=8)
def _phrases_of(lines: tuple[tuple[str, str, str], ...]) -> _Phrases:
    return {tuple(fold(line).split()): (kind, key) for kind, key, line in lines if fold(line)}


def _phrases(ward: Ward, words: Wording) -> _Phrases:
    """Every phrase that means something, by its folded words. What the ward itself calls so goes over ours."""
    ours = [
        (_FILLER, "", _FILLER),
        (_WHOLE, "", _WHOLE),
        (Kind.BUSINESS, "", "business"),
        (Kind.URGENT, "", "urgent"),
    ]
    ours += [(Kind.ROLE, role, role) for role in Role] + [(Kind.AGE, age, age) for age in AgeGroup]
    lines = [
        (str(kind), str(key), line)
        for kind, key, name in ours
        for line in words.text(f"audience.typed.{name}").splitlines()
    ]
    lines += [(Kind.TOPIC.value, one.key, line) for one in ward.topics for line in one.called]
    lines += [(Kind.AREA.value, area.key, area.name) for area in ward.areas]
    return _phrases_of(tuple(lines))


def _step(said: list[_Said], at: int, ward: Ward, phrases: _Phrases) -> tuple[int, list[_Meaning] | None]:
    """What begins at a word: how many words it takes and what they mean; None for words that mean nothing."""
    longest = max(len(phrase) for phrase in phrases)
    for size in range(min(longest, len(said) - at), 0, -1):
        meant = phrases.get(tuple(one.plain for one in said[at : at + size]))
        if meant is not None:
            return size, [meant]
    plain = [one.plain for one in said[at : at + 6]]
    heads = [head.split() for head in AREA_WORDS[ward.area_word]]
    lead = next((len(head) for head in heads if plain[: len(head)] == head), 0)
    lead += plain[lead : lead + 1] == ["so"]
    if len(plain) <= lead or not plain[lead].isdecimal():
        return 1, None
    return _numbered(said, at, lead + 1, ward)


def _numbered(said: list[_Said], at: int, taken: int, ward: Ward) -> tuple[int, list[_Meaning] | None]:
    """«tổ 3», «3», «tổ 3 đến tổ 5», «3-5»: `taken` words lead up to the first number and hold it."""
    first = last = int(said[at + taken - 1].plain[:4])
    behind = [one.plain for one in said[at + taken : at + taken + 5]]
    if behind[:1] == ["den"]:
        size = next((n for n, word in enumerate(behind) if word.isdecimal()), 0)
        if size and " ".join(behind[1:size]) in ("", *AREA_WORDS[ward.area_word]):
            last, taken = int(behind[size][:4]), taken + size + 1
    areas = [ward.find_area(str(number)) for number in range(first, min(last, first + _MOST) + 1)]
    if not areas or any(area is None for area in areas):
        return taken, None
    return taken, [(Kind.AREA.value, area.key) for area in areas if area]


def _gather(found: list[_Meaning], ward: Ward) -> Audience:
    def keys(kind: str) -> list[str]:
        return [key for one, key in found if one == kind]

    def has(kind: str) -> bool:
        return any(one == kind for one, _ in found)

    roles = tuple(role for role in Role if role.value in keys(Kind.ROLE))
    audience = Audience(
        # Whoever says «toàn phường» beside an area means the larger.
        areas=() if has(_WHOLE) else tuple(area.key for area in ward.areas if area.key in keys(Kind.AREA)),
        topics=tuple(topic.key for topic in ward.topics if topic.key in keys(Kind.TOPIC)),
        business=has(Kind.BUSINESS),
        ages=tuple(age for age in AgeGroup if age.value in keys(Kind.AGE)),
        urgent=has(Kind.URGENT),
    )
    return replace(audience, roles=roles) if roles else audience
