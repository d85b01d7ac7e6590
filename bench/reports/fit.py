"""Fits the weights of «the same trouble» on the tuning half: `python -m bench.reports.fit` prints them."""

from __future__ import annotations

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve

from bench.reports.sets import load_pairs
from core.nearby import compare
from core.ward import load_ward

_STRENGTH = 3.0
_WANTED_PRECISION = 0.93


def main() -> None:
    """Print WEIGHTS, BIAS and the least chance with the wanted precision on the tuning half."""
    pairs = load_pairs(load_ward("mau"), tune=True)
    rows = numpy.array([compare(pair.one, pair.other).row() for pair in pairs])
    same = numpy.array([pair.same for pair in pairs])
    model = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(rows, same)
    print("WEIGHTS =", tuple(round(float(weight), 2) for weight in model.coef_[0]))
    print("BIAS =", round(float(model.intercept_[0]), 2))
    precisions, recalls, cuts = precision_recall_curve(same, model.predict_proba(rows)[:, 1])
    usable = [
        (cut, recall)
        for precision, recall, cut in zip(precisions, recalls, cuts, strict=False)
        if precision >= _WANTED_PRECISION
    ]
    cut, recall = min(usable)
    print(f"LIKELY = {cut:.2f}  # recall {recall:.2f} on the tuning half")


if __name__ == "__main__":
    main()
