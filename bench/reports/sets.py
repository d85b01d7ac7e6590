"""The labelled reports and incidents: how they are read, and split into a tuning and a test half."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from bench.questions.sets import is_for_tuning
from core.categories_match import guess_categories
from core.nearby import Sighting
from core.ward import OTHER, Ward

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message and what a person of the office says it is."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sightings, and whether they are of the same trouble at the same place."""

    one: Sighting
    other: Sighting
    same: bool


def load_labelled(name: str) -> list[Labelled]:
    """All messages of a file: "categories" or "gate"."""
    return [Labelled(label, text) for label, texts in _read(name).items() for text in texts]


def half_of(labelled: Iterable[Labelled], *, tune: bool) -> list[Labelled]:
    """The tuning half, or the test half, by the hash of each text."""
    return [one for one in labelled if is_for_tuning(one.text) == tune]


def load_pairs(ward: Ward, *, tune: bool) -> list[Pair]:
    """Pairs of one half of the incidents: all within an incident, and the hard ones across.

    Hard: of the same category or in the same area; the rest nobody would take for the same. As in the product,
    one report has the category that an officer left standing, and the one that comes in only the first guess.
    """
    sightings = [
        (matter, sighting) for matter, sighting in _sightings() if is_for_tuning(f"incident {matter}") == tune
    ]
    return [
        Pair(one, _as_filed(ward, other), mine == theirs)
        for (mine, one), (theirs, other) in itertools.combinations(sightings, 2)
        if mine == theirs or one.category == other.category or (one.area and one.area == other.area)
    ]


def _sightings() -> Iterator[tuple[int, Sighting]]:
    for incident in _read("incidents"):
        # The same trouble that came back is the same matter: whether it is joined or flagged, the state decides.
        matter = incident.get("recurs", incident["id"])
        for _, area, pin, text in incident["reports"]:
            latitude, longitude = map(float, pin.split(",")) if pin else (None, None)
            yield matter, Sighting(text, incident["category"], area or None, latitude, longitude)


def _as_filed(ward: Ward, sighting: Sighting) -> Sighting:
    guesses = guess_categories(ward, sighting.text)
    key = guesses[0].category.key if guesses else OTHER
    return Sighting(sighting.text, key, sighting.area, sighting.latitude, sighting.longitude)


def _read(name: str) -> Any:
    return yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
