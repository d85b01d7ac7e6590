"""Checks that people of seventy can read it on a small screen: lengths, sentences, abbreviations, manners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from faq.entry import Entry
from faq.figures import REFERENCE
from faq.library import Library
from faq.lint.finding import Finding, Rule, Standards

MAX_ANSWER: Final = 600
"""Characters: about five lines of large letters, what is read without scrolling back."""
MAX_STEP: Final = 350
"""Characters of one step with its heading and notes: one step is one message, read while doing it."""
MAX_SHORT: Final = 100
"""Characters of fee, time, place and of each thing to bring: one line of the card, at most two."""
MAX_STEPS: Final = 7
"""More steps are not followed to the end in a chat: such a procedure is for the counter."""
MAX_SENTENCE: Final = 26
"""Syllables: twenty words at about 1.3 syllables, as much as is kept in mind while reading."""
MAX_FIRST: Final = 25
"""Syllables of the first sentence, which has to be the answer and not its preface."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_CAPITALS: Final = re.compile(r"(?<![\w.])[A-ZĐ]*[a-z]{0,2}[A-ZĐ]{2,}[A-Za-zĐđ]*\d*(?![\w])")


def check_reading(entry: Entry, library: Library, standards: Standards, today: date) -> Iterator[Finding]:
    """Everything that makes an entry hard to read."""
    yield from _check_lengths(entry, library, today)
    for name, text in entry.texts:
        for number, sentence in enumerate(part for part in _SENTENCE_END.split(text) if part):
            yield from _check_sentence(entry, name, sentence, is_first=name == "answer" and number == 0)
    yield from _check_abbreviations(entry, standards)
    if (entry.answer or "").lower().count("dạ,") > 1:
        yield Finding(entry.id, "answer", '"Dạ" chỉ dùng một lần', Rule.MANNERS)


def _check_lengths(entry: Entry, library: Library, today: date) -> Iterator[Finding]:
    saying = library.saying(today)
    answer = len(REFERENCE.sub("000.000 đồng", entry.answer or ""))
    if answer > MAX_ANSWER:
        yield Finding(entry.id, "answer", f"dài {answer} ký tự, tối đa {MAX_ANSWER}", Rule.LENGTH, "answer")
    if len(entry.steps) > MAX_STEPS:
        problem = f"có {len(entry.steps)} bước, tối đa {MAX_STEPS}"
        yield Finding(entry.id, "steps", problem, Rule.LENGTH, "steps")
    for number in range(1, len(entry.steps) + 1):
        length = len(saying.step(entry, number))
        if length > MAX_STEP:
            problem = f"bước {number} dài {length} ký tự kể cả lời dặn kèm theo, tối đa {MAX_STEP}"
            yield Finding(entry.id, "steps", problem, Rule.LENGTH, str(number))
    for name, text in entry.texts:
        if name not in ("answer", "steps") and len(text) > MAX_SHORT:
            problem = f"«{_start(text)}» dài {len(text)} ký tự, tối đa {MAX_SHORT}"
            yield Finding(entry.id, name, problem, Rule.LENGTH, text)


def _check_sentence(entry: Entry, name: str, sentence: str, *, is_first: bool) -> Iterator[Finding]:
    # A figure is read as two or more syllables: "7 ngày", "2.000 đồng".
    syllables = len(REFERENCE.sub("0 đồng", sentence).split())
    limit = MAX_FIRST if is_first else MAX_SENTENCE
    if syllables > limit:
        which = "câu đầu phải là câu trả lời, ngắn gọn: " if is_first else "câu dài: "
        problem = f"{which}«{_start(sentence)}» có {syllables} tiếng, tối đa {limit}"
        yield Finding(entry.id, name, problem, Rule.SENTENCE, sentence)


def _check_abbreviations(entry: Entry, standards: Standards) -> Iterator[Finding]:
    texts = entry.texts
    everything = " ".join(text for _, text in texts)
    seen = set[str]()
    for name, text in texts:
        for word in _CAPITALS.findall(text):
            # "mã xác nhận (OTP)" or "OTP (mã xác nhận)", once in the entry.
            explained = f"({word})" in everything or f"{word} (" in everything
            if word not in seen and word not in standards.names and not explained:
                problem = f"chữ viết tắt {word} chưa giải thích, viết như: mã xác nhận (OTP)"
                yield Finding(entry.id, name, problem, Rule.ABBREVIATION, word)
            seen.add(word)


def _start(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40].rstrip()}…"
