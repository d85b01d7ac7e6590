"""Changes laid over the shipped knowledge: entries as JSON and back, retired ones gone, words understood."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from faq.entry import ContentError, Entry
from faq.everyday import Everyday
from faq.gate import OneAtATime
from faq.lexicon import load_lexicon
from faq.library import Library
from faq.matcher import Look, Matcher
from faq.overlay import from_json, lay_over, to_json, with_forms
from tests.props import shipped

LIBRARY, LEXICON, MATCHER, _ = shipped()


def test_every_shipped_entry_survives_the_way_through_json() -> None:
    for entry in LIBRARY:
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


def test_forms_are_added_to_what_the_lexicon_knows() -> None:
    lexicon = load_lexicon()
    richer = with_forms(lexicon, {"so_do": ["Bìa Xanh ruộng", "sổ đỏ", ""]})
    assert richer.concepts["so_do"] == (*lexicon.concepts["so_do"], ("bìa", "xanh", "ruộng"))
    with pytest.raises(ContentError, match="khong-co"):
        with_forms(lexicon, {"khong-co": ["x"]})


ADDED = {"so_do": ["bìa xanh ruộng", "bìa xanh"]}
SENTENCES = ("làm {}", "{}", "mất {} thì làm sao", "làm {} lần đầu ở đâu", "xin cấp {}, cần gì?")


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("word", ["bìa xanh ruộng", "Bia xanh ruong", "BÌA XANH"])
def test_an_added_word_is_understood_like_the_known_one_in_every_sentence(sentence: str, word: str) -> None:
    plain, knowing = MATCHER, OneAtATime(LIBRARY, with_forms(LEXICON, ADDED), ADDED)
    assert knowing.match(sentence.format(word)).decision is plain.match(sentence.format("sổ đỏ")).decision
    assert (
        knowing.match(sentence.format(word)).ranked[0][0]
        == plain.match(sentence.format("sổ đỏ")).ranked[0][0]
    )


def test_other_marks_are_other_words_and_a_text_without_them_stays_as_it_is() -> None:
    everyday = Everyday(LEXICON, ADDED)
    assert everyday.read("bia xanh, BÌA XANH RUỘNG!") == "sổ đỏ, sổ đỏ!"
    for text in ("bịa xanh", "xanh bìa", "bìa  trắng\u200b", "", "{}%s"):
        assert everyday.read(text) is text
    assert Everyday(LEXICON, {}).read_library(LIBRARY) is LIBRARY


def test_a_way_to_ask_that_has_an_added_word_is_still_found() -> None:
    entry = LIBRARY.get("phuong-dia-chi")
    asking = replace(entry, alternatives=(*entry.alternatives, "bìa xanh ruộng nhà ông nội để đâu"))
    library = Library.of([asking if one.id == entry.id else one for one in LIBRARY])
    knowing = OneAtATime(library, with_forms(LEXICON, ADDED), ADDED)
    assert knowing.match("bìa xanh ruộng nhà ông nội để đâu").ranked[0][0] == entry.id


@pytest.mark.parametrize("text", ["cháy nhà rồi cứu với", "tôi tố cáo cán bộ nhận tiền"])
def test_no_added_word_hides_danger_or_a_denunciation(text: str) -> None:
    """Even a word that should never have been approved."""
    harmful = {"so_do": ["cháy nhà rồi", "tố cáo"]}
    knowing = OneAtATime(LIBRARY, with_forms(LEXICON, harmful), harmful)
    assert knowing.match(text).route is MATCHER.match(text).route
    assert knowing.match(text).route is not None


def test_threads_match_one_after_the_other_with_the_same_result() -> None:
    gated, plain = OneAtATime(LIBRARY, LEXICON), MATCHER
    inside, most = [0], [0]
    look, count = Matcher.look, threading.Lock()

    def watched(self: Matcher, text: str) -> Look:
        with count:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        try:
            return look(self, text)
        finally:
            with count:
                inside[0] -= 1

    texts = [entry.question for entry in LIBRARY][:40]
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(8) as threads:
        patch.setattr(Matcher, "look", watched)
        found = list(threads.map(gated.match, texts))
    assert most[0] == 1
    assert found == [plain.match(text) for text in texts]
