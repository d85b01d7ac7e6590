"""What is remembered is bounded, and a flood of odd keys does not drive out the common ones."""

from __future__ import annotations

import gc
import random
import weakref

from bench.questions.sets import load_set
from faq.index import vocabulary
from faq.lexicon import load_lexicon
from faq.library import Library
from faq.recent import Recent
from faq.repair import Repairer


def test_no_more_than_two_generations_are_kept() -> None:
    recent = Recent[str](50)
    for number in range(10_000):
        assert recent.get(str(number), lambda key: key * 2) == f"{number}{number}"
        assert len(recent) <= 100


def test_a_key_that_is_asked_for_in_between_is_made_once() -> None:
    recent, made = Recent[str](50), list[str]()

    def make(key: str) -> str:
        made.append(key)
        return key

    for number in range(2_000):
        recent.get(str(number), make)
        recent.get("giấy", make)
    assert made.count("giấy") == 1


def test_a_repairer_that_has_read_much_reads_as_a_new_one(library: Library) -> None:
    lexicon = load_lexicon()
    known = vocabulary(library, lexicon)
    old, chance = Repairer(lexicon, known), random.Random(3)
    for _ in range(2_000):
        old.repair(" ".join("".join(chance.sample("abcdeghiklmnopqrstuvxy", 5)) for _ in range(9)))
    for question in load_set("ward").questions[::150]:
        assert old.repair(question.text) == Repairer(lexicon, known).repair(question.text)


def test_a_repairer_goes_without_the_garbage_collector(library: Library) -> None:
    """Kept alive by a cycle it would be freed together with others, in one long pause."""
    lexicon = load_lexicon()
    repairer = Repairer(lexicon, vocabulary(library, lexicon))
    repairer.repair("quen mk dinhdanh")
    gone = weakref.ref(repairer)
    gc.disable()
    try:
        del repairer
        assert gone() is None
    finally:
        gc.enable()
