"""`python -m bench.reports`: how well reports are read, on the test halves, beside plain rapidfuzz in one run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rapidfuzz import fuzz, process
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.reports.gate import measure_gate
from bench.reports.sets import Labelled, Pair, half_of, load_labelled, load_pairs
from core.categories_match import shipped_reports, suggest_categories
from core.nearby import LIKELY, same_trouble
from core.ward import Ward, load_ward
from core.wards import fold

OURS: Final = "Nghe Dân"
PEER: Final = "rapidfuzz WRatio"
_Rank = Callable[[str], Sequence[str]]


def measure_categories(ward: Ward, asked: Sequence[Labelled]) -> dict[str, dict[str, float]]:
    """Share of reports whose category is the first, and among the three that are offered, in percent."""
    ways: dict[str, _Rank] = {OURS: _ours(ward), PEER: _peer(ward)}
    found: dict[str, dict[str, float]] = {}
    for name, rank in ways.items():
        ranked = [(one.label, list(rank(one.text))) for one in asked]
        found[name] = {
            "top-1": _percent(keys[:1] == [label] for label, keys in ranked),
            "top-3": _percent(label in keys[:3] for label, keys in ranked),
        }
    return found


def measure_pairs(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Precision and recall of «the same trouble», in percent; the peer's threshold is the best for its F1."""
    same = [pair.same for pair in pairs]
    ours = [same_trouble(pair.one, pair.other) for pair in pairs]
    plain = [fuzz.WRatio(fold(pair.one.text), fold(pair.other.text)) for pair in pairs]
    best = max(sorted(set(plain)), key=lambda cut: _f1(same, [value >= cut for value in plain]))
    return {
        OURS: _precision_recall(same, [value >= LIKELY for value in ours]),
        PEER: _precision_recall(same, [value >= best for value in plain]),
    }


def _ours(ward: Ward) -> _Rank:
    return lambda text: [category.key for category in suggest_categories(ward, text)]


def _peer(ward: Ward) -> _Rank:
    """The usual way: WRatio against everything that is known of each category, the best of each counts."""
    known = [(key, fold(text)) for key, text in shipped_reports() if key != "-"]
    known += [
        (one.key, fold(text)) for one in ward.categories for text in (one.name, *one.keywords, *one.examples)
    ]

    def rank(text: str) -> list[str]:
        scores: dict[str, float] = {}
        texts = [text for _, text in known]
        for _, score, at in process.extract(fold(text), texts, scorer=fuzz.WRatio, limit=None):
            key = known[at][0]
            scores[key] = max(scores.get(key, 0.0), score)
        return sorted(scores, key=lambda key: -scores[key])

    return rank


def _percent(hits: Iterable[bool]) -> float:
    found = list(hits)
    return round(100 * sum(found) / len(found), 1) if found else 0.0


def _precision_recall(same: Sequence[bool], said: Sequence[bool]) -> dict[str, float]:
    right = sum(1 for truth, claim in zip(same, said, strict=True) if truth and claim)
    return {
        "precision": round(100 * right / max(1, sum(said)), 1),
        "recall": round(100 * right / max(1, sum(same)), 1),
    }


def _f1(same: Sequence[bool], said: Sequence[bool]) -> float:
    found = _precision_recall(same, said)
    both = found["precision"] + found["recall"]
    return 2 * found["precision"] * found["recall"] / both if both else 0.0


def _table(title: str, found: dict[str, dict[str, float]]) -> Table:
    table = Table("", *found, title=title)
    for line in next(iter(found.values())):
        table.add_row(line, *(f"{column[line]:.1f}" for column in found.values()))
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; `--json` for scripts."""
    parser = argparse.ArgumentParser(prog="bench.reports", description=__doc__)
    parser.add_argument("--json", action="store_true", help="as JSON")
    asked = parser.parse_args(arguments)
    ward = load_ward("mau")
    reports, pairs = half_of(load_labelled("categories"), tune=False), load_pairs(ward, tune=False)
    found = {"categories": measure_categories(ward, reports), "pairs": measure_pairs(pairs)}
    gate = [*half_of(load_labelled("gate"), tune=False), *reports]
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Hỏi từng tin", total=len(gate))
        found["gate"] = {OURS: measure_gate(gate, lambda: progress.advance(task))}
    if asked.json:
        json.dump(found, sys.stdout, ensure_ascii=False)
        return 0
    console = Console()
    console.print(_table(f"Category of a report, test half ({len(reports)})", found["categories"]))
    same = sum(pair.same for pair in pairs)
    title = f"Doors of the law, test half ({len(gate)} messages, {len(reports)} of them the reports above)"
    console.print(_table(title, found["gate"]))
    console.print(_table(f"The same trouble? Test half ({len(pairs)} pairs, {same} same)", found["pairs"]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
