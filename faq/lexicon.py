"""The word tables that staff can edit, as values: abbreviations, concepts, signals, out-of-scope stubs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from faq.entry import ContentError, read_yaml
from faq.library import CONTENT
from faq.normalize import has_marks, strip_marks, syllables
from faq.syllables import is_syllable

Words: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of a short form: its syllables with marks, and the neighbours (without marks) that confirm it."""

    syllables: Words
    near: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stub:
    """A thing the ward does not do, how people call it, and a kind word about where to go."""

    id: str
    words: tuple[Words, ...]
    answer: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Lexicon:
    """Everything the matcher knows that is not in the entries. Keys of short forms are without marks.

    Two are the same only if they are one: what is built from a lexicon is kept beside it.
    """

    short_forms: Mapping[str, tuple[Reading, ...]]
    short_pairs: Mapping[tuple[str, str], Words]
    dialect: Mapping[str, Words]
    concepts: Mapping[str, tuple[Words, ...]]
    signals: Mapping[str, tuple[Words, ...]]
    stubs: tuple[Stub, ...]

    def signal_words(self, name: str) -> frozenset[str]:
        """The one-word forms of a signal, without marks."""
        return frozenset(strip_marks(words[0]) for words in self.signals[name] if len(words) == 1)


def _forms(values: Any, where: str) -> tuple[Words, ...]:
    if not isinstance(values, list):
        raise ContentError(f"{where}: phải là một danh sách chữ")
    return tuple(tuple(words) for value in values if (words := syllables(str(value))))


def _exact_forms(raw: Mapping[str, Any]) -> dict[str, Words]:
    """Words that are known by their very marks: dialect, and chat spelling that is written with marks."""
    exact = {syllables(key)[0]: tuple(syllables(value)) for key, value in raw["dialect"].items()}
    for key, meaning in raw["plain"].items():
        typed = syllables(str(key))
        if len(typed) == 1 and has_marks(typed[0].replace("đ", "d")):
            exact.setdefault(typed[0], tuple(syllables(meaning)))
    return exact


def _short_forms(
    raw: Mapping[str, Any],
) -> tuple[dict[str, tuple[Reading, ...]], dict[tuple[str, str], Words]]:
    single: dict[str, tuple[Reading, ...]] = {}
    pairs: dict[tuple[str, str], Words] = {}
    for key, meaning in raw["plain"].items():
        typed = syllables(str(key))
        if len(typed) == 2:
            pairs[typed[0], typed[1]] = tuple(syllables(meaning))
            continue
        bare = strip_marks(typed[0])
        # "gòi" is "rồi", but "goi" without its mark is "gọi".
        if not (has_marks(typed[0].replace("đ", "d")) and is_syllable(bare)):
            single.setdefault(bare, (Reading(tuple(syllables(meaning))),))
    for key, meanings in raw["ambiguous"].items():
        readings = tuple(
            Reading(
                tuple(syllables(row["reading"])),
                frozenset(strip_marks(n) for n in map(str, row.get("near", ()))),
            )
            for row in meanings
        )
        folded = strip_marks(syllables(str(key))[0])
        single[folded] = single.get(folded, ()) + readings
    return single, pairs


def _signals(raw: Mapping[str, Any]) -> dict[str, tuple[Words, ...]]:
    flat: dict[str, tuple[Words, ...]] = {}
    for name, value in raw.items():
        if isinstance(value, dict):
            flat |= {
                f"{name}.{part}": _forms(forms, f"_signals.yaml, {name}.{part}")
                for part, forms in value.items()
            }
        else:
            flat[name] = _forms(value, f"_signals.yaml, {name}")
    return flat


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """The tables we ship, read once: nothing of a Lexicon ever changes."""
    return load_lexicon()


def load_lexicon(folder: Path = CONTENT) -> Lexicon:
    """Read the tables of a content folder. Raises ContentError naming the file and the part that is wrong."""
    abbreviations = read_yaml(folder / "_abbreviations.yaml")
    concepts = read_yaml(folder / "_concepts.yaml")
    try:
        short_forms, short_pairs = _short_forms(abbreviations)
        dialect = _exact_forms(abbreviations)
        stubs = tuple(
            Stub(row["id"], _forms(row["words"], f"_outofscope.yaml, {row['id']}"), row["answer"])
            for row in read_yaml(folder / "_outofscope.yaml")
        )
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ContentError(f"_abbreviations.yaml hoặc _outofscope.yaml: sai ở {error!r}") from error
    return Lexicon(
        short_forms=short_forms,
        short_pairs=short_pairs,
        dialect=dialect,
        concepts={name: _forms(forms, f"_concepts.yaml, {name}") for name, forms in concepts.items()},
        signals=_signals(read_yaml(folder / "_signals.yaml")),
        stubs=stubs,
    )
