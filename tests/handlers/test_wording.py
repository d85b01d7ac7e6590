"""Wording and code fit together: no sentence is missing, none is idle, and every blank is filled."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from core.ward import load_ward
from core.wording import load_wording

ROOT = Path(__file__).parents[2]
FOLDERS = ("handlers", "scheduler", "bot", "faq")
CITIZEN_FILES = (
    "welcome",
    "safety",
    "question",
    "steps",
    "report",
    "person",
    "lookup",
    "subscription",
    "link",
    "scam",
    "notice",
    "fallback",
)
WORDS = load_wording(load_ward("mau").unit_words)
PREFIXES = {key.split(".")[0] for key in WORDS.sentences}
RECOGNISED = re.compile(r"\.(?:signs|typed)\.")


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield f"{path.name}:{node.lineno}", node


def _literals() -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{path.name}:{node.lineno}", node.value
                if isinstance(node, ast.JoinedStr):
                    parts = [p.value if isinstance(p, ast.Constant) else "*" for p in node.values]
                    yield f"{path.name}:{node.lineno}", "".join(str(part) for part in parts)


def _key_of(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    asks = isinstance(call.func, ast.Attribute) and call.func.attr in ("say", "words", "choice", "text")
    return first.value if asks and isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def test_every_asked_sentence_exists() -> None:
    asked = [(where, key) for where, call in _calls() if (key := _key_of(call)) and "." in key]
    assert asked
    missing = [(where, key) for where, key in asked if not WORDS.has(key)]
    # A part of the code may speak of its own file only and leave out that file's name.
    ends = tuple(WORDS.sentences)
    assert [one for one in missing if not any(key.endswith(f".{one[1]}") for key in ends)] == []


def test_every_sentence_is_used() -> None:
    used: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for _, text in _literals():
        used.add(text)
        if "*" in text and text.split(".")[0] in PREFIXES:
            patterns.append(re.compile(re.escape(text).replace(r"\*", ".+")))
    idle = [
        key
        for key in WORDS.sentences
        if key.split(".")[0] in CITIZEN_FILES
        and key not in used
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert idle == []


def test_every_blank_is_filled() -> None:
    ours = frozenset(WORDS.always)
    wrong = []
    for where, call in _calls():
        key = _key_of(call)
        if key is None or not WORDS.has(key) or RECOGNISED.search(key):
            continue
        if any(keyword.arg is None for keyword in call.keywords):
            continue
        given = {keyword.arg for keyword in call.keywords} - {"choices", "ask", "pictures", "ticket_id"}
        if WORDS.fields_of(key) - ours != given:
            wrong.append((where, key, WORDS.fields_of(key) - ours, given))
    assert wrong == []


@pytest.mark.parametrize("name", CITIZEN_FILES)
def test_sentences_are_short_and_plain(name: str) -> None:
    for key, sentence in WORDS.sentences.items():
        if not key.startswith(f"{name}.") or RECOGNISED.search(key):
            continue
        assert len(sentence) <= 600, key
        assert sentence.count("\n") < 5, key
        assert len(re.findall(r"\b[Dd]ạ\b", sentence)) <= 1, key
        assert "chúng tôi" not in sentence.lower(), key
        assert not re.search(r"[\U0001F300-\U0001FAFF]", sentence), key
        if ".choose_" in f".{key}":
            assert len(sentence) <= 24, key


def test_every_file_is_toml_of_sentences() -> None:
    for file in files("core").joinpath("wording").iterdir():
        if file.name.endswith(".toml"):
            assert tomllib.loads(file.read_text(encoding="utf-8"))
