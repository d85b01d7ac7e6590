"""Checks the word tables: nothing twice, no clash, every form can be reached, and none fires in common words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Final

import yaml

from faq.concepts import PhraseFinder
from faq.entry import ContentError
from faq.index import vocabulary
from faq.lexicon import Lexicon, Words
from faq.library import Library
from faq.lint.finding import Finding, Rule
from faq.normalize import fold, has_marks, one_tone, strip_marks, syllables
from faq.repair import Repairer

CONCEPTS: Final = "_concepts.yaml"
SHORT: Final = "_abbreviations.yaml"
STUBS: Final = "_outofscope.yaml"
COMMON: Final = 3
"""So often something stands in the entries before a form that looks like it without marks is a clash."""
HIDDEN: Final = 5
"""In so many forms and ways of asking a word stands before a short form may not take its place."""
_SHORT_FORM: Final = 2
_LONGEST_SHORT: Final = 2


class WordCheck:
    """Looks through the tables of one content folder, as they meet the entries of one library."""

    def __init__(self, library: Library, lexicon: Lexicon) -> None:
        self._library = library
        self._lexicon = lexicon
        self._repairer = Repairer(lexicon, vocabulary(library, lexicon))

    def check(self, folder: Path) -> Iterator[Finding]:
        """Everything in the order of the tables. Raises ContentError for a file that cannot be read."""
        yield from _list_twice(folder / CONCEPTS)
        yield from _list_twice(folder / SHORT)
        yield from self._shared()
        yield from self._unreached()
        yield from self._fires_elsewhere()
        yield from self._short_forms()
        yield from self._hidden_words()
        yield from self._out_of_scope()

    def _shared(self) -> Iterator[Finding]:
        """One form that names two things weighs twice, and neither is told from the other by it."""
        homes: dict[Words, list[str]] = defaultdict(list)
        for name, forms in self._lexicon.concepts.items():
            for form in forms:
                homes[form].append(name)
        for form, names in homes.items():
            text = " ".join(form)
            if len(set(names)) > 1:
                problem = f"«{text}» vừa ở nhóm {' vừa ở nhóm '.join(names)}, để ở một nhóm"
                yield Finding(names[-1], CONCEPTS, problem, Rule.TWO_MEANINGS, text)
            elif len(names) > 1:
                yield Finding(names[0], CONCEPTS, f"«{text}» viết hai lần", Rule.TWICE, text)

    def _unreached(self) -> Iterator[Finding]:
        """A form with a word that is read as another one before forms are looked up is never found."""
        stubs = {stub.id: stub.words for stub in self._lexicon.stubs}
        for file, tables in ((CONCEPTS, self._lexicon.concepts), (STUBS, stubs)):
            finder = PhraseFinder(tables, tolerant=False)
            for name, form in ((name, form) for name, forms in tables.items() for form in forms):
                text = " ".join(form)
                query = self._repairer.repair(text)
                if not any(hit.name == name for hit in finder.find(query)):
                    read = " ".join(word for slot in query.slots for word in slot.first)
                    problem = f"không bao giờ nhận ra «{text}», vì đọc thành «{read}»"
                    yield Finding(name, file, problem, Rule.UNREACHED, text)

    def _fires_elsewhere(self) -> Iterator[Finding]:
        """A form of one or two words that, without marks, is what entries say of something else."""
        spoken = _count_spoken(self._library)
        for name, forms in self._lexicon.concepts.items():
            for form in forms:
                if len(form) > _SHORT_FORM:
                    continue
                others = {
                    other: count
                    for other, count in spoken.get(_bare(form), {}).items()
                    if other not in forms and not _same_but_tone(other, form)
                }
                if sum(others.values()) >= COMMON:
                    text, other = " ".join(form), " ".join(max(others.items(), key=itemgetter(1))[0])
                    problem = f"«{text}» không dấu giống «{other}», gặp trong câu hỏi của mục khác"
                    yield Finding(name, CONCEPTS, problem, Rule.COMMON_WORDS, text)

    def _short_forms(self) -> Iterator[Finding]:
        """Short forms that lead to a word nothing knows, or that are never read as they stand."""
        known = vocabulary(self._library, replace(self._lexicon, short_forms={}))
        for key, meaning in self._meanings():
            foreign = [word for word in meaning if strip_marks(word) not in known]
            if foreign:
                text = " ".join(meaning)
                problem = f"«{key}» đọc là «{text}», mà không mục nào, nhóm từ nào có chữ «{foreign[0]}»"
                yield Finding(key, SHORT, problem, Rule.NO_MEANING, text)
        for word in self._lexicon.dialect:
            if not has_marks(word):
                problem = f"«{word}» không có dấu nên không bao giờ nhận ra, ghi vào phần plain"
                yield Finding(word, SHORT, problem, Rule.UNREACHED, word)
        for pair, meaning in self._lexicon.short_pairs.items():
            key = " ".join(pair)
            if self._repairer.repair(key).slots[0].first != _bare(meaning):
                problem = f"không bao giờ nhận ra «{key}», vì chữ đầu đã đọc thành chữ khác"
                yield Finding(key, SHORT, problem, Rule.UNREACHED, key)

    def _meanings(self) -> Iterator[tuple[str, Words]]:
        """Every short form and dialect word with each of its readings."""
        for key, readings in self._lexicon.short_forms.items():
            yield from ((key, reading.syllables) for reading in readings)
        yield from ((" ".join(pair), meaning) for pair, meaning in self._lexicon.short_pairs.items())
        yield from self._lexicon.dialect.items()

    def _hidden_words(self) -> Iterator[Finding]:
        """Short forms that look like a common word without marks and do not keep that word as a reading."""
        uses = _count_words(self._library, self._lexicon)
        for key, readings in self._lexicon.short_forms.items():
            if any(_bare(reading.syllables) == (key,) for reading in readings):
                continue
            meant = {word for reading in readings for word in reading.syllables}
            others = {word: n for word, n in uses.get(key, {}).items() if word not in {*meant, key}}
            if sum(others.values()) >= HIDDEN:
                word = max(others.items(), key=itemgetter(1))[0]
                problem = f"«{key}» che mất chữ «{word}» khi viết không dấu, thêm cách đọc «{word}»"
                yield Finding(key, SHORT, problem, Rule.COMMON_WORDS, word)

    def _out_of_scope(self) -> Iterator[Finding]:
        """Ways of asking with a word that sends the message to another office, though the ward has the answer."""
        stubs = {stub.id: stub.words for stub in self._lexicon.stubs}
        finder = PhraseFinder(stubs, tolerant=False)
        for entry in self._library:
            subject = f" {fold(entry.question)} "
            keywords = {fold(text) for text in entry.keywords}
            for number, phrasing in enumerate(entry.phrasings):
                for name in {hit.name for hit in finder.find(self._repairer.repair(phrasing))}:
                    forms = [fold(" ".join(form)) for form in stubs[name]]
                    # The same reading as when a message is answered: its subject may well be that matter.
                    if not any(f" {form} " in subject or form in keywords for form in forms):
                        field = "alternatives" if number else "question"
                        problem = f"cách hỏi «{phrasing}» có chữ của việc nơi khác ({name}), thêm vào từ khóa"
                        yield Finding(entry.id, field, problem, Rule.OUT_OF_SCOPE, phrasing)


def _list_twice(path: Path) -> Iterator[Finding]:
    """Names and short forms that a file has twice: the later one silently takes the place of the first."""
    for table in _tables(path):
        seen = set[str]()
        for key, _ in table.value:
            if key.value in seen:
                yield Finding(key.value, path.name, "có hai dòng cùng tên", Rule.TWICE, key.value)
            seen.add(key.value)
            if path.name == SHORT and len(syllables(key.value)) > _LONGEST_SHORT:
                problem = f"«{key.value}» dài quá hai chữ, không dùng được"
                yield Finding(key.value, path.name, problem, Rule.UNREACHED, key.value)


def _tables(path: Path) -> list[yaml.MappingNode]:
    """The tables of a file as they are written; read into a mapping, a name that stands there twice is gone."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: không đọc được ({error})") from error
    nodes = [root] if path.name == CONCEPTS else [value for _, value in getattr(root, "value", ())]
    return [node for node in nodes if isinstance(node, yaml.MappingNode)]


def _bare(words: Iterable[str]) -> Words:
    return tuple(strip_marks(word) for word in words)


def _same_but_tone(one: Words, other: Words) -> bool:
    """Hỏi for ngã is how half the country writes: no other word."""
    return all(one_tone(a) == one_tone(b) for a, b in zip(one, other, strict=True))


def _texts(library: Library) -> Iterator[list[str]]:
    for entry in library:
        for text in (*entry.phrasings, *entry.keywords):
            yield syllables(text)


def _count_spoken(library: Library) -> Mapping[Words, Counter[Words]]:
    """Words and pairs of words of all ways of asking with their marks, by how they look without."""
    spoken: dict[Words, Counter[Words]] = defaultdict(Counter)
    for words in _texts(library):
        for word in words:
            spoken[_bare((word,))][(word,)] += 1
        for pair in pairwise(words):
            spoken[_bare(pair)][pair] += 1
    return spoken


def _count_words(library: Library, lexicon: Lexicon) -> Mapping[str, Counter[str]]:
    """How often each marked word stands in ways of asking and in forms, by how it looks without marks."""
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    forms = (form for table in lexicon.concepts.values() for form in table)
    for words in (*_texts(library), *forms):
        for word in words:
            uses[strip_marks(word)][word] += 1
    return uses
