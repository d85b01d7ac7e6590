"""`python -m bench.questions`: the matcher on the test halves, beside the ordinary ways, in one run."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.questions.grown import grown
from bench.questions.peers import PEERS, decided, fit_thresholds, naive
from bench.questions.score import Reaction, Score
from bench.questions.sets import WARDS, QuestionSet, load_set
from faq.library import Library
from faq.matcher import Matcher
from faq.routes import Route

OURS: Final = "Nghe Dân"
NAIVE: Final = "rapidfuzz WRatio"
Times: TypeAlias = dict[str, tuple[float, float]]
_TIMED: Final = 400
_PHRASINGS: Final = 10_000


def our_reaction(matcher: Matcher) -> Callable[[str], Reaction]:
    """Our matcher as the scorer sees it."""

    def react(text: str) -> Reaction:
        match = matcher.match(text)
        ids = tuple(entry_id for entry_id, _ in match.ranked)
        return Reaction(ids, match.decision.value, match.route is Route.FEEDBACK)

    return react


def score_all(name: str, progress: Progress, *, tune: bool = False) -> dict[str, Score]:
    """Everybody's figures on one half of one ward; the peers' thresholds are fitted on the tuning half."""
    given = load_set(name)
    half, tuning = given.half(tune), given.half(tune=True)
    task = progress.add_task(f"{name}: {len(half.questions)} câu", total=1 + len(PEERS))
    found = {OURS: Score.of(half.questions, our_reaction(Matcher(Library.of(given.entries))))}
    progress.advance(task)
    for peer, make in PEERS.items():
        rank = make(given.entries)
        found[peer] = Score.of(half.questions, decided(rank, *fit_thresholds(rank, tuning)))
        progress.advance(task)
    return found


def latency(given: QuestionSet) -> Times:
    """Median and 99th percentile in ms of ours and of naive rapidfuzz, asked in turn in the same run."""
    texts = [question.text for question in given.questions][:: max(1, len(given.questions) // _TIMED)]
    ours, other = Matcher(Library.of(given.entries)).match, naive(given.entries)
    times: dict[str, list[float]] = {OURS: [], NAIVE: []}
    for text in texts[:20]:
        ours(text)
    for text in texts:
        times[OURS].append(_seconds(ours, text))
        times[NAIVE].append(_seconds(other, text))
    return {name: (statistics.median(t), statistics.quantiles(t, n=100)[98]) for name, t in times.items()}


def _seconds(ask: Callable[[str], object], text: str) -> float:
    # Computed, not waited: on a busy machine the slowest hundredth would tell of other programs.
    start = time.process_time()
    ask(text)
    return 1000 * (time.process_time() - start)


def _summary_table(title: str, scores: dict[str, Score]) -> Table:
    table = Table("", *scores, title=title)
    rows = {name: score.summary() for name, score in scores.items()}
    for figure in next(iter(rows.values())):
        table.add_row(figure, *(f"{rows[name][figure]:.1f}" for name in scores))
    return table


def _slice_table(score: Score) -> Table:
    columns = ("n", "top1", "top3", "answer", "suggest", "wrong", "filed", "worth")
    table = Table("slice", *columns, title=f"{OURS}, each slice")
    for name in score.judged:
        row = score.slice_row(name)
        table.add_row(name, *(f"{row[column]:.1f}" if column in row else "" for column in columns))
    return table


def _speed_table(sets: Iterable[QuestionSet], speed: Mapping[str, tuple[Times, Times]]) -> Table:
    title = "Time of one match, as a ratio to naive rapidfuzz in the same run"
    table = Table("library", "p50", "p99", "growth of p50", title=title)
    for given in sets:
        small, large = speed[given.name]
        growth = f"{large[OURS][0] / small[OURS][0]:.2f}"
        for name, found, grew in (
            (f"{given.name}, {len(given.entries)} entries", small, ""),
            (f"{given.name}, {_PHRASINGS} phrasings", large, growth),
        ):
            (p50, p99), (naive50, naive99) = found[OURS], found[NAIVE]
            table.add_row(name, f"{p50 / naive50:.3f}", f"{p99 / naive99:.3f}", grew)
    return table


def main(arguments: list[str] | None = None) -> int:
    """Score, time, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.questions", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--slices", action="store_true", help="also each slice")
    parser.add_argument(
        "--tune", action="store_true", help="the tuning half instead: to work on, never to quote"
    )
    options = parser.parse_args(arguments)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        scored = {name: score_all(name, progress, tune=options.tune) for name in WARDS}
    sets = [load_set(name) for name in WARDS]
    speed = {given.name: (latency(given), latency(grown(given, _PHRASINGS))) for given in sets}
    if options.json:
        figures = {name: {who: s.summary() for who, s in scores.items()} for name, scores in scored.items()}
        sys.stdout.write(json.dumps({"scores": figures, "ms": speed}, indent=1) + "\n")
        return 0
    console = Console()
    half = "tuning" if options.tune else "test"
    for name, scores in scored.items():
        console.print(_summary_table(f"{name}, {half} half", scores))
        if options.slices:
            console.print(_slice_table(scores[OURS]))
    console.print(_speed_table(sets, speed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
