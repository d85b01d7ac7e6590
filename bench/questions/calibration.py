"""Whether the chances are true: of the messages said to be right at 80 %, are 80 % right? A table and a picture."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from bench.questions.fit import Sample, outcome_of
from bench.questions.sets import WARDS, load_set
from faq.decision import Outcome, load_decision
from faq.library import Library
from faq.matcher import Matcher

_BINS: Final = 10
_FEW: Final = 15
_BLUE, _ORANGE, _GREY = "#0072b2", "#d55e00", "#777777"
_PICTURE: Final = Path("docs/images/calibration.png")


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages with about the same chance: the mean chance, how many came true, how many there are."""

    said: float
    true: float
    count: int


def bins(pairs: Iterable[tuple[float, bool]]) -> Iterator[Bin]:
    """Ten equal steps of chance; those with too few messages to speak are left out."""
    found: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for chance, came_true in pairs:
        found[min(_BINS - 1, int(chance * _BINS))].append((chance, came_true))
    for group in found:
        if len(group) >= _FEW:
            said, true = (sum(values) / len(group) for values in zip(*group, strict=True))
            yield Bin(said, true, len(group))


def test_samples() -> list[Sample]:
    """The test halves of both wards: nothing of them was used for the fit."""
    found = []
    for name in WARDS:
        given = load_set(name)
        matcher = Matcher(Library.of(given.entries))
        for question in given.half(tune=False).questions:
            seen = matcher.look(question.text)
            ranked = tuple(entry.id for entry in seen.ranking.entries[:3])
            settled = seen.signs.route is not None or seen.signs.stub is not None
            found.append(Sample(seen.evidence, outcome_of(question, ranked), 1.0, question.key, settled))
    return found


def main() -> None:
    """Print the table, draw the picture."""
    model = load_decision()
    chances = [(model.chances(sample.numbers), sample.outcome) for sample in test_samples()]
    figure = Figure(figsize=(5, 5), dpi=130)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=_GREY, linestyle=":", label="perfect")
    for outcome, colour, mark in ((Outcome.FIRST, _BLUE, "o"), (Outcome.REPORT, _ORANGE, "s")):
        rows = list(bins((chance[outcome], true is outcome) for chance, true in chances))
        for row in rows:
            said, true = 100 * row.said, 100 * row.true
            sys.stdout.write(f"{outcome:8s} said {said:5.1f} %  true {true:5.1f} %  of {row.count}\n")
        axes.plot(
            [r.said for r in rows], [r.true for r in rows], color=colour, marker=mark, label=outcome.value
        )
    axes.set(xlabel="chance that was said", ylabel="share that came true", xlim=(0, 1), ylim=(0, 1))
    axes.legend(loc="upper left")
    figure.tight_layout()
    figure.savefig(_PICTURE)


if __name__ == "__main__":
    main()
