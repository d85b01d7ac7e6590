"""The fitted weights: how much signs, phrases and single words speak for a fraud, and for which kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from faq.entry import ContentError
from faq.library import CONTENT

FILE: Final = "_scam_words.json"
# A single word weighs half of what a sign does before fitting: there are many more of them.
_WORD: Final = 0.5
_HAND: Final = 4.0


@dataclass(frozen=True)
class Weights:
    """Log-odds of a fraud by feature, and what each word speaks for among the kinds."""

    bias: float
    features: Mapping[str, float]
    kinds: Mapping[str, Mapping[str, float]]

    def weigh(self, features: Mapping[str, float]) -> float:
        """Log-odds that a message with these features is a fraud."""
        known = self.features
        return self.bias + sum(known.get(name, 0.0) * value for name, value in features.items())

    def lean(self, tokens: Iterable[str]) -> dict[str, float]:
        """How much the words speak for each kind."""
        leans: dict[str, float] = {}
        for token in set(tokens):
            for kind, ratio in self.kinds.get(token, {}).items():
                leans[kind] = leans.get(kind, 0.0) + ratio
        return leans


@dataclass(frozen=True, slots=True)
class Seen:
    """What was counted in a message: the table's reckoning, signs, phrases of kinds, the question mark."""

    hand: float
    signs: Sequence[str]
    telling: int
    about: int
    asks: bool


def features(seen: Seen, tokens: Iterable[str]) -> dict[str, float]:
    """What the fit sees of a message. Bare numbers are left out: they say nothing by themselves."""
    found = {
        "=hand": seen.hand / _HAND,
        "=telling": min(seen.telling, 2) / 2,
        "=about": min(seen.about, 4) / 4,
    }
    found |= {f"={sign}": 1.0 for sign in seen.signs}
    if seen.asks:
        found["=?"] = 1.0
    return found | {token: _WORD for token in tokens if not token.isdecimal()}


@lru_cache(maxsize=2)
def load_weights(folder: Path = CONTENT) -> Weights:
    """Read the fitted weights. Raises ContentError."""
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Weights(float(raw["bias"]), raw["features"], raw["kinds"])
    except (OSError, ValueError, KeyError) as error:
        raise ContentError(f"{FILE}: sai ở {error!r}") from error
