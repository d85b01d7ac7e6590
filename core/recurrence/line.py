"""The line that is being read: what is understood is taken out of it, what stays is shown back as it was written."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

# Words that carry no meaning of their own in a rule.
_FILLERS: Final = frozenset(
    {
        *("vao", "luc", "cac", "cua", "trong", "thi", "la", "va", "nhac", "hay", "xin", "giup", "em", "nhe"),
        *("nha", "dung", "vay", "deu", "dinh", "ky", "moi", "hang", "theo", "o", "cho", "toi", "minh", "cu"),
        *("gui", "se", "can", "phai", "ngay", "dan", "a", "hoac"),
    }
)
_WORD: Final = re.compile(r"[a-z0-9]+(?:[/.:-][a-z0-9]+)*")


def plain(text: str) -> str:
    """Lower case without marks, letter for letter: a place in it is the same place in the NFC text."""
    return "".join(_plain_letter(letter) for letter in unicodedata.normalize("NFC", text))


def _plain_letter(letter: str) -> str:
    lower = letter.lower()
    if lower == "đ":
        return "d"
    base = unicodedata.normalize("NFD", lower)[:1]
    if base in "–—−":
        return "-"
    return base if base.isascii() and base.isprintable() and base not in "()[]\"'" else " "


@cache
def pattern(words: str) -> re.Pattern[str]:
    """A phrase in plain letters as an expression that begins and ends with whole words.

    A blank stands for some space, « ?» for some or none.
    """
    return re.compile(
        r"(?<![a-z0-9])(?:" + words.replace(" ?", r"\s*").replace(" ", r"\s+") + r")(?![a-z0-9])"
    )


class Line:
    """What somebody wrote, with a copy in plain letters from which phrases are taken."""

    def __init__(self, text: str) -> None:
        self.written = unicodedata.normalize("NFC", text)
        self.left = plain(text)

    def find(self, words: str) -> re.Match[str] | None:
        """The first place of a phrase; it stays in the line."""
        return pattern(words).search(self.left)

    def take(self, words: str) -> re.Match[str] | None:
        """The first place of a phrase; it is understood now."""
        found = self.find(words)
        if found is not None:
            self.drop(found)
        return found

    def take_all(self, words: str) -> list[re.Match[str]]:
        """Every place of a phrase, from left to right."""
        found = []
        while (one := self.take(words)) is not None:
            found.append(one)
        return found

    def drop(self, found: re.Match[str], group: str | int = 0) -> None:
        """What was found, or a group of it, is understood."""
        begins, ends = found.span(group)
        # Blanks, so that what stood around it reads on: «ngày 5, lúc 8h, hằng tháng».
        self.left = self.left[:begins] + " " * (ends - begins) + self.left[ends:]

    def as_written(self, found: re.Match[str], group: str | int = 0) -> str:
        """The same place with its marks."""
        begins, ends = found.span(group)
        return self.written[begins:ends]

    def rest(self) -> str:
        """What was not understood, as it was written, at most from its first to its last word; "" for nothing."""
        words = [word for word in _WORD.finditer(self.left) if word.group() not in _FILLERS]
        spans: list[tuple[int, int]] = []
        for word in words:
            if spans and not self.written[spans[-1][1] : word.start()].strip():
                spans[-1] = (spans[-1][0], word.end())
            else:
                spans.append(word.span())
        return "”, “".join(self.written[begins:ends] for begins, ends in spans)
