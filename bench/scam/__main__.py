"""`python -m bench.scam`: the scam desk on the test halves, and how many ordinary questions it takes."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from typing import Final

from rich.console import Console
from rich.table import Table

from bench.questions.sets import WARDS, load_set
from bench.scam.score import make_reaction, score, share_taken
from bench.scam.sets import FIRST, LATER, load_messages
from faq.library import Library
from faq.matcher import Matcher
from faq.scam.desk import look

ABOUT_FRAUD: Final = ("lua-dao", "at-")
SETS: Final = {"first set": FIRST, "later set": LATER}


def figures(*, tune: bool = False) -> dict[str, dict[str, float]]:
    """The figures of each set on one half, in per cent."""
    library = Library.load()
    react = make_reaction(library, Matcher(library))
    return {
        name: score([one for one in load_messages(files) if one.is_for_tuning == tune], react).rows()
        for name, files in SETS.items()
    }


def questions_taken(*, tune: bool = True, every: int = 1) -> dict[str, float]:
    """Per ward, how many per cent of the questions that are not about frauds the desk would take.

    Of every so many questions one is tried.
    """
    found = {}
    for name in WARDS:
        given = load_set(name)
        library = Library.of(given.entries)
        half = given.half(tune=tune).questions
        texts = [one.text for one in half[::every] if not _is_about_fraud(one.right | one.any)]
        found[name] = share_taken(texts, make_reaction(library, Matcher(library)))
    return found


def latency() -> tuple[float, float]:
    """Median and 99th percentile of one look, in ms."""
    times = []
    look("")
    for one in (*load_messages(FIRST), *load_messages(LATER)):
        start = time.perf_counter()
        look(one.text)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def _is_about_fraud(ids: frozenset[str]) -> bool:
    return any(one.startswith(ABOUT_FRAUD) for one in ids)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.scam", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--tune", action="store_true", help="the tuning half: to work on, never to quote")
    options = parser.parse_args(arguments)
    scored, taken = figures(tune=options.tune), questions_taken()
    p50, p99 = latency()
    if options.json:
        sys.stdout.write(json.dumps({"scores": scored, "taken": taken, "ms": [p50, p99]}, indent=1) + "\n")
        return 0
    table = Table("", *scored, title=f"scam desk, {'tuning' if options.tune else 'test'} half, per cent")
    for row in next(iter(scored.values())):
        table.add_row(row, *(f"{scored[name][row]:.1f}" for name in scored))
    console = Console()
    console.print(table)
    console.print(
        "questions taken, per cent: " + ", ".join(f"{name} {share:.2f}" for name, share in taken.items())
    )
    console.print(f"one look: {p50:.2f} ms, slowest per cent {p99:.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
