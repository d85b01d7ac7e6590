"""Changes laid over the shipped knowledge: entries as JSON and back, retired ones gone, words understood."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from faq.entry import ContentError, Entry
from faq.gate import OneAtATime
from faq.lexicon import load_lexicon
from faq.library import Library
from faq.matcher import Match, Matcher
from faq.overlay import from_json, lay_over, to_json, with_forms


def test_every_shipped_entry_survives_the_way_through_json() -> None:
    for entry in Library.load():
        assert from_json(json.loads(json.dumps(to_json(entry)))) == entry


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        {},
        {"id": "a"},
        {"id": "a", "question": "Gì?", "reviewed_on": "hôm qua"},
        {"id": "a", "question": "Gì?", "reviewed_on": 7},
        {"id": "a", "question": "Gì?", "strange": 1},
        {"id": "a", "question": "Gì?", "confidence": "Z"},
        {"id": "a", "question": "Gì?", "alternatives": "x"},
    ],
)
def test_a_row_that_is_no_entry_is_refused_by_name(row: object) -> None:
    with pytest.raises(ContentError):
        from_json(row)


def test_changed_entries_stand_in_their_place_and_new_ones_last() -> None:
    a, b, c = (Entry(id=name, topic="t", question=f"{name}?") for name in "abc")
    other, new = replace(a, answer="khác", review_by=date(2027, 1, 1)), replace(c, id="d")
    assert lay_over((a, b, c), {"b": None, "a": other, "d": new, "e": None}) == (other, c, new)
    assert lay_over((a, b, c), {}) == (a, b, c)


def test_an_added_word_is_understood_as_what_it_means() -> None:
    library, lexicon = Library.load(), load_lexicon()
    [name] = [one for one, forms in lexicon.concepts.items() if ("sổ", "đỏ") in forms][:1]
    richer = with_forms(lexicon, {name: ["Bìa Xanh ruộng", "sổ đỏ", ""]})
    assert richer.concepts[name] == (*lexicon.concepts[name], ("bìa", "xanh", "ruộng"))

    def best(matcher: Matcher, text: str) -> str:
        return matcher.match(text).ranked[0][0]

    plain, knowing = Matcher(library, lexicon), Matcher(library, richer)
    asked = "mất bìa xanh ruộng thì xin cấp lại thế nào"
    wanted = best(plain, "mất sổ đỏ thì xin cấp lại thế nào")
    assert best(knowing, asked) == wanted
    with pytest.raises(ContentError, match="khong-co"):
        with_forms(lexicon, {"khong-co": ["x"]})


def test_threads_match_one_after_the_other_with_the_same_result() -> None:
    library = Library.load()
    gated, plain = OneAtATime(library), Matcher(library)
    inside, most = [0], [0]
    match, count = Matcher.match, threading.Lock()

    def watched(self: Matcher, text: str) -> Match:
        with count:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        try:
            return match(self, text)
        finally:
            with count:
                inside[0] -= 1

    texts = [entry.question for entry in library][:40]
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(8) as threads:
        patch.setattr(Matcher, "match", watched)
        found = list(threads.map(gated.match, texts))
    assert most[0] == 1
    assert found == [plain.match(text) for text in texts]
