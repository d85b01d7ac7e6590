"""Every Vietnamese sentence that a person reads: loaded from core/wording/*.toml, asked for by key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Formatter


class UnknownWording(KeyError):
    """No sentence has this key, or a sentence lacks one of its fields: a fault of ours, found by tests."""


@dataclass(frozen=True)
class Wording:
    """Sentences by key ("report.ask_place"); `always` fills the fields that belong to the house itself."""

    sentences: Mapping[str, str]
    always: Mapping[str, str]

    def text(self, key: str, /, **fields: object) -> str:
        """The sentence with its fields filled. Raises UnknownWording."""
        try:
            return self.sentences[key].format_map({**self.always, **fields})
        except KeyError as missing:
            raise UnknownWording(f"{key}: {missing}") from None

    def has(self, key: str) -> bool:
        """True when there is such a sentence."""
        return key in self.sentences

    def fields_of(self, key: str) -> frozenset[str]:
        """The names of the blanks in a sentence."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.sentences[key]) if name)


def load_wording(always: Mapping[str, str]) -> Wording:
    """Read all files; the file's name is the first part of the key."""
    sentences: dict[str, str] = {}
    for file in sorted(files("core").joinpath("wording").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            for key, sentence in _flat(file.name.removesuffix(".toml"), table):
                sentences[key] = sentence.strip()
    return Wording(sentences, dict(always))


def _flat(prefix: str, table: Mapping[str, object]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        name = f"{prefix}.{key}"
        if isinstance(value, Mapping):
            found.extend(_flat(name, value))
        else:
            found.append((name, str(value)))
    return found
