"""How likely two reports tell of the same trouble: what they say, which numbers and names they give, where they lie.

Used when somebody files («is it this one?») and when a ticket comes in after a similar one was closed. Only ever
a suggestion: a person decides.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.categories_match import shipped_reports
from core.wards import fold

_WORD = re.compile(r"[^\W_]+")
# A number counts with the word before it: «ngõ 17» and «số 17» are two places.
_NUMBERED = re.compile(
    r"\b(ngo|hem|so|nha|to|tdp|kp|khu pho|thon|xom|ap|tang|quay|lo|kiet|ngach) ?(\d{1,4})\b"
)
_SPOKEN = re.compile(r"(?i)\b(ngõ|ngo|hẻm|hem|kiệt|ngách|đường|duong|phố|số nhà|số) ?\d{1,4}\b")
_SAME_WORD = {
    "hem": "ngo",
    "kiet": "ngo",
    "ngach": "ngo",
    "nha": "so",
    "tdp": "to",
    "kp": "to",
    "khu pho": "to",
}
_EARTH_METRES = 6_371_000.0
_NEAR_METRES, _FAR_METRES = 80.0, 500.0
# Words that stand in nearly every report say nothing about which one it is.
_UNSEEN_WORTH = 1.3


@dataclass(frozen=True, slots=True)
class Sighting:
    """One report as far as it tells which trouble it means. `area` is a key of the ward's areas."""

    text: str
    category: str
    area: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two sightings have in common, each a number that the fitted weights below are for."""

    words: float
    pairs: float
    kind: float
    numbers: float
    numbers_differ: float
    area_differs: float
    close: float
    far: float

    def row(self) -> tuple[float, ...]:
        """In the order of WEIGHTS."""
        return (
            *(self.words, self.pairs, self.kind, self.numbers, self.numbers_differ),
            *(self.area_differs, self.close, self.far),
        )


# Logistic weights, fitted by `python -m bench.reports fit` on the tuning half of bench/reports/incidents.yaml.
WEIGHTS = (4.92, 1.04, 2.13, 1.02, -0.18, -2.78, 1.26, -0.41)
BIAS = -3.86
# From here on it is worth asking the person; below, the question would be noise.
LIKELY = 0.56


def same_trouble(one: Sighting, other: Sighting) -> float:
    """The chance, 0 to 1, that both mean the same trouble at the same place, whenever each was seen."""
    total = BIAS + sum(
        weight * value for weight, value in zip(WEIGHTS, compare(one, other).row(), strict=True)
    )
    return 1 / (1 + math.exp(-total))


def compare(one: Sighting, other: Sighting) -> Likeness:
    """The numbers behind `same_trouble`."""
    mine, theirs = fold(one.text), fold(other.text)
    metres = distance(one, other)
    shared, differ = _numbers(mine, theirs)
    areas = one.area is not None and other.area is not None
    return Likeness(
        words=_overlap(_words(mine), _words(theirs)),
        pairs=_overlap(_pairs(mine), _pairs(theirs)),
        kind=float(one.category == other.category),
        numbers=float(shared),
        numbers_differ=float(differ),
        area_differs=float(areas and one.area != other.area),
        close=float(metres is not None and metres <= _NEAR_METRES),
        far=float(metres is not None and metres >= _FAR_METRES),
    )


def spoken_place(text: str) -> str:
    """The first numbered place that a text names, as it was written: "ngõ 17"; nothing if there is none."""
    found = _SPOKEN.search(unicodedata.normalize("NFC", text))
    return found.group(0).lower() if found else ""


def distance(one: Sighting, other: Sighting) -> float | None:
    """Metres between the pins of two sightings; None when one has none."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north = math.radians(other.latitude - one.latitude)
    east = math.radians(other.longitude - one.longitude) * math.cos(math.radians(one.latitude))
    return _EARTH_METRES * math.hypot(north, east)


def _numbers(mine: str, theirs: str) -> tuple[bool, bool]:
    """Whether both name the same numbered place, and whether they name different ones of one kind."""
    one, other = _places(mine), _places(theirs)
    kinds = one.keys() & other.keys()
    return any(one[kind] & other[kind] for kind in kinds), any(not one[kind] & other[kind] for kind in kinds)


def _places(plain: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, number in _NUMBERED.findall(plain):
        found.setdefault(_SAME_WORD.get(kind, kind), set()).add(number.lstrip("0"))
    return found


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The worth of what both have, over the worth of the shorter one: a short report is all in a long one."""
    worths = _worths()
    both = sum(worths.get(sign, _UNSEEN_WORTH) for sign in one & other)
    least = min(sum(worths.get(sign, _UNSEEN_WORTH) for sign in side) for side in (one, other))
    return both / least if least else 0.0


def _words(plain: str) -> frozenset[str]:
    return frozenset(_WORD.findall(plain))


def _pairs(plain: str) -> frozenset[str]:
    words = _WORD.findall(plain)
    return frozenset(f"{one} {next_one}" for one, next_one in pairwise(words))


@lru_cache(maxsize=1)
def _worths() -> dict[str, float]:
    """What each word is worth: the rarer in reports, the more it tells of one; 1 for a word seen once."""
    seen = Counter(_signs(fold(text) for key, text in shipped_reports()))
    least = math.log(len(shipped_reports()) + 1)
    return {sign: math.log((len(shipped_reports()) + 1) / times) / least for sign, times in seen.items()}


def _signs(texts: Iterable[str]) -> Iterable[str]:
    for plain in texts:
        yield from _words(plain)
        yield from _pairs(plain)
