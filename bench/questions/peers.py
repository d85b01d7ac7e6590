"""The ordinary ways of doing it, scored beside ours: naive rapidfuzz, BM25, and full-text search in SQLite."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from rapidfuzz import fuzz, process, utils

from bench.questions.score import Reaction, Score
from bench.questions.sets import QuestionSet
from faq.entry import Entry
from faq.normalize import fold

Ranking: TypeAlias = list[tuple[str, float]]
Ranker: TypeAlias = Callable[[str], Ranking]
_WORD: Final = re.compile(r"[^\W_]+")
_STEPS: Final = 24


def _best_of_entries(found: Iterable[tuple[str, float]]) -> Ranking:
    best: dict[str, float] = {}
    for entry_id, score in found:
        best[entry_id] = max(score, best.get(entry_id, -math.inf))
    return sorted(best.items(), key=lambda pair: -pair[1])[:10]


def naive(entries: Iterable[Entry]) -> Ranker:
    """`process.extract` with WRatio, as tutorials do it."""
    known = [(text, entry.id) for entry in entries for text in entry.phrasings]
    texts, ids = [text for text, _ in known], [entry_id for _, entry_id in known]

    def rank(text: str) -> Ranking:
        found = process.extract(text, texts, scorer=fuzz.WRatio, processor=utils.default_process, limit=30)
        return _best_of_entries((ids[at], score) for _, score, at in found)

    return rank


def bm25(entries: Iterable[Entry]) -> Ranker:
    """BM25 over syllables without marks, one document an entry: the best of the ordinary ways."""
    ids, bags = [], []
    for entry in entries:
        ids.append(entry.id)
        bags.append(Counter(_WORD.findall(fold(" ".join((*entry.phrasings, *entry.keywords))))))
    lengths = [bag.total() for bag in bags]
    average = sum(lengths) / max(1, len(lengths))
    frequency = Counter(word for bag in bags for word in bag)
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, bag in enumerate(bags):
        for word, count in bag.items():
            idf = math.log(1 + (len(bags) - frequency[word] + 0.5) / (frequency[word] + 0.5))
            postings[word].append(
                (at, idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[at] / average)))
            )

    def rank(text: str) -> Ranking:
        scores: dict[int, float] = defaultdict(float)
        for word in _WORD.findall(fold(text)):
            for at, value in postings.get(word, ()):
                scores[at] += value
        return _best_of_entries((ids[at], score) for at, score in scores.items())

    return rank


def fts5(entries: Iterable[Entry]) -> Ranker:
    """SQLite's own full-text search, told to ignore marks, one document an entry."""
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, words, tokenize='unicode61 remove_diacritics 2')"
    )
    rows = [(e.id, " ".join((*e.phrasings, *e.keywords)).lower().replace("đ", "d")) for e in entries]
    base.executemany("INSERT INTO t VALUES (?, ?)", rows)

    def rank(text: str) -> Ranking:
        words = _WORD.findall(fold(text))
        if not words:
            return []
        asked = " OR ".join(f'"{word}"' for word in words)
        found = base.execute("SELECT id, -rank FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (asked,))
        return [(str(entry_id), float(score)) for entry_id, score in found]

    return rank


PEERS: Final[Mapping[str, Callable[[Iterable[Entry]], Ranker]]] = {
    "rapidfuzz WRatio": naive,
    "BM25": bm25,
    "SQLite FTS5": fts5,
}


def decided(rank: Ranker, answer_from: float, suggest_from: float) -> Callable[[str], Reaction]:
    """A ranking with two thresholds on its best score."""

    def react(text: str) -> Reaction:
        return _react(rank(text), answer_from, suggest_from)

    return react


def _react(ranking: Ranking, answer_from: float, suggest_from: float) -> Reaction:
    best = ranking[0][1] if ranking else -math.inf
    decision = "answer" if best >= answer_from else "suggest" if best >= suggest_from else "none"
    return Reaction(tuple(entry_id for entry_id, _ in ranking), decision)


def fit_thresholds(rank: Ranker, tune: QuestionSet) -> tuple[float, float]:
    """The two thresholds that give a peer its best headline on the tuning half: it gets a fair chance."""
    rankings = {question.text: rank(question.text) for question in tune.questions}
    scores = sorted(found[0][1] for found in rankings.values() if found)
    steps = [scores[len(scores) * at // _STEPS] for at in range(_STEPS)] + [math.inf]
    pairs = [(high, low) for high in steps for low in steps if low <= high]
    return max(
        pairs,
        key=lambda pair: Score.of(tune.questions, lambda text: _react(rankings[text], *pair)).headline,
    )
