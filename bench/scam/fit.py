"""`python -m bench.scam.fit`: fits the desk's weights on the tuning halves, with the packages of `make fit`."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bench.questions.sets import WARDS, load_set
from bench.scam.sets import Labelled, load_all
from faq.library import CONTENT
from faq.scam.judge import see
from faq.scam.links import load_sites
from faq.scam.reading import Reading, read_message
from faq.scam.table import load_scam_table
from faq.scam.words import FILE

_FEWEST: Final = 2
_FRAUD_WEIGHT: Final = 3.0
_SMOOTH: Final = 1.0
_LEAST: Final = 0.02
_LEAST_RATIO: Final = 0.25
_ABOUT_FRAUD: Final = ("lua-dao", "at-")


def main() -> None:
    """Fit and write `faq/content/_scam_words.json`."""
    frauds = [one for one in load_all() if one.kind and one.is_for_tuning]
    others = [one.text for one in load_all() if one.kind is None and one.is_for_tuning] + list(_questions())
    texts = [*(one.text for one in frauds), *others]
    labels = [1] * len(frauds) + [0] * len(others)
    bias, weights = _fit([see(_read(text), load_scam_table()) for text in texts], labels)
    made = {"bias": bias, "features": weights, "kinds": _kinds(frauds)}
    (CONTENT / FILE).write_text(json.dumps(made, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(frauds)} frauds, {len(others)} others, {len(weights)} weights")


def _fit(rows: list[dict[str, float]], labels: list[int]) -> tuple[float, dict[str, float]]:
    """Logistic regression with a quadratic penalty; frauds weigh three times, because they are few."""
    counts = Counter(name for row in rows for name in row)
    kept = [{name: value for name, value in row.items() if counts[name] >= _FEWEST} for row in rows]
    vectors = DictVectorizer()
    found = LogisticRegression(C=1.0, max_iter=5000).fit(
        vectors.fit_transform(kept),
        labels,
        sample_weight=[_FRAUD_WEIGHT if label else 1.0 for label in labels],
    )
    pairs = zip(vectors.get_feature_names_out(), found.coef_[0], strict=True)
    weights = {str(name): round(float(weight), 3) for name, weight in pairs if abs(weight) >= _LEAST}
    return round(float(found.intercept_[0]), 3), weights


def _questions() -> Iterator[str]:
    """Ordinary questions and reports of the tuning halves; those about frauds are neither one nor the other."""
    for name in WARDS:
        for one in load_set(name).half(tune=True).questions:
            ids = one.right | one.any
            if not any(part.startswith(_ABOUT_FRAUD) for part in ids) and not one.slice.startswith("noise"):
                yield one.text


def _read(text: str) -> Reading:
    return read_message(text, load_scam_table(), load_sites())


def _kinds(frauds: Iterable[Labelled]) -> dict[str, dict[str, float]]:
    """How much a word speaks for a kind among all frauds, as a smoothed log-ratio."""
    seen: dict[str, Counter[str]] = {}
    for one in frauds:
        seen.setdefault(str(one.kind), Counter()).update(set(_read(one.text).tokens))
    everywhere = Counter(name for counter in seen.values() for name in counter.elements())
    total = sum(everywhere.values())
    ratios: dict[str, dict[str, float]] = {}
    for kind, counter in sorted(seen.items()):
        size = sum(counter.values())
        for name, count in sorted(counter.items()):
            usual = everywhere[name] / total * size
            ratio = math.log((count + _SMOOTH) / (usual + _SMOOTH))
            if everywhere[name] >= _FEWEST and ratio >= _LEAST_RATIO:
                ratios.setdefault(name, {})[kind] = round(ratio, 2)
    return ratios


if __name__ == "__main__":
    main()
