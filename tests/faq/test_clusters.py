"""Questions that are one come together, others stay apart; the same texts give the same clusters; soon enough."""

from __future__ import annotations

import random
import time
from itertools import combinations

from bench.questions.sets import load_set
from faq.clusters import Cluster, Known, gather, likeness
from faq.lexicon import load_lexicon
from faq.library import Library
from faq.matcher import Matcher

ASKED = [
    "biển số nhà bị mất làm lại ở đâu",
    "mất biển số nhà",
    "lịch cúp điện tuần này",
    "MAT BIEN SO NHA",
    "học bơi cho bé",
    "cắt điện đến mấy giờ",
    "đăng ký học bơi cho bé",
]


def together(clusters: list[Cluster]) -> set[frozenset[int]]:
    return {frozenset(one.members) for one in clusters}


def test_one_question_in_several_wordings_is_one_cluster(matcher: Matcher) -> None:
    found = together(gather(matcher, ASKED))
    assert frozenset({0, 1, 3}) in found
    assert frozenset({4, 6}) in found
    assert sum(len(one) for one in found) == len(ASKED)


def test_the_best_example_is_the_most_frequent_with_marks(matcher: Matcher) -> None:
    (first, *_) = gather(matcher, ["mat bien so nha", "mất biển số nhà ***", "mất biển số nhà"])
    assert first.members[0] == 2


def test_the_same_texts_give_the_same_clusters_every_time(matcher: Matcher) -> None:
    assert gather(matcher, ASKED) == gather(Matcher(Library.load(), load_lexicon()), ASKED)


def test_a_question_joins_what_is_known(matcher: Matcher) -> None:
    known = [Known(one.features, len(one.members)) for one in gather(matcher, ASKED)]
    (found,) = gather(matcher, ["bien so nha bi mat"], known)
    assert found.known is not None
    assert "bien" in known[found.known].features
    (other,) = gather(matcher, ["mượn sân bóng chuyền"], known)
    assert other.known is None


def test_texts_without_words_do_no_harm(matcher: Matcher) -> None:
    assert gather(matcher, []) == []
    assert together(gather(matcher, ["?", "…", "ạ"])) >= {frozenset({2})}
    assert likeness({}, {}) == 0.0


def test_of_what_is_put_together_seven_of_eight_pairs_belong_together() -> None:
    """Fifty entries are taken out of the library: their questions are what nobody can answer."""
    given = load_set("ward")
    out = set(random.Random(3).sample(sorted(entry.id for entry in given.entries), 50))
    library = Library.of([entry for entry in given.entries if entry.id not in out])
    asked = [(q.text, min(q.right)) for q in given.questions if not q.base and len(q.right) == 1]
    asked = [(text, entry) for text, entry in asked if entry in out]
    assert len(asked) > 300
    clusters = gather(Matcher(library, load_lexicon()), [text for text, _ in asked])
    pairs = [pair for one in clusters for pair in combinations(one.members, 2)]
    right = sum(asked[a][1] == asked[b][1] for a, b in pairs)
    assert right / len(pairs) >= 0.82
    assert len(clusters) <= 0.6 * len(asked)


def test_two_thousand_different_questions_take_less_than_five_seconds(matcher: Matcher) -> None:
    texts = [q.text for q in load_set("ward").questions if not q.base][:2000]
    assert len(set(texts)) > 1900
    before = time.process_time()
    gather(matcher, texts)
    assert time.process_time() - before < 5
