"""Takes the polite frame off a message: "dạ cho em hỏi … với ạ, em cảm ơn" says nothing of what is asked."""

from __future__ import annotations

import re
from typing import Final

from faq.normalize import strip_marks, toned

_WORD: Final = re.compile(r"[^\W_]+")
_ME: Final = r"(?:em|e|toi|tui|minh|mik|chau|con|bac|co|chu|anh|chi|ong|ba|nha em|nha toi|gia dinh)"
_YOU: Final = r"(?:em|e|anh|a|chi|c|bac|co|chu|ad|adm|admin|phuong|xa|can bo|tro ly|moi nguoi|ca nha|cac ban)"
_CALL: Final = rf"(?:da|vang|alo|a lo|xin chao|{_YOU} oi|(?:{_ME} )?(?:xin )?chao(?: {_YOU})*)"
_ASK: Final = (
    rf"(?:(?:xin |lam on |vui long |nho )?(?:{_YOU} )?(?:cho |xin )?(?:{_ME} )?(?:xin |muon |can )?"
    rf"(?:duoc )?hoi(?: (?:tham|chut|ti|xiu|mot chut|1 chut|mot ti|xi|ve viec|ve|viec|rang|la|voi|ngu|nhanh|cai))*)"
)
_FRONT: Final = re.compile(rf"(?:(?:{_CALL}) )*(?:{_ASK} (?:(?:{_CALL}) )*)?")
_THANKS: Final = (
    rf"(?:{_ME} )?(?:xin )?(?:cam on|cam on truoc|thanks|thank|tks|thks)"
    rf"(?: (?:{_YOU}|nhieu|truoc|a|nhe|nha))*"
)
_BACK: Final = re.compile(
    rf"(?: (?:{_THANKS}|voi a|a|nhe|nha|nhe a|voi nhe|voi|{_YOU} oi|da|tra loi giup {_ME}))+$"
)
_TWICE: Final = {
    "hoi": "hỏi",
    "chao": "chào",
    "oi": "ơi",
    "cam": "cảm",
    "on": "ơn",
    "a": "ạ",
    "da": "dạ",
    "voi": "với",
}
_LEFT: Final = 2
"""Of so few words none is taken: "hỏi bác" is all that somebody wrote."""


def without_courtesy(text: str) -> tuple[str, bool]:
    """The text without its polite beginning and end, and whether what was taken off says that somebody asks.

    The text itself when nothing would be left, or nothing is there. Words that are typed with marks must carry their
    own: "với" ends a question, "vôi" does not.
    """
    words = list(_WORD.finditer(text))
    if len(words) <= _LEFT:
        return text, False
    plain = [_plain(word.group()) for word in words]
    front = _FRONT.match(" ".join(plain) + " ")
    first = front.group().count(" ") if front else 0
    back = _BACK.search(" ".join(plain[first:]))
    last = len(words) - (back.group().count(" ") if back else 0)
    if last - first < _LEFT or (first == 0 and last == len(words)):
        return text, False
    end = words[last - 1].end() if last < len(words) else len(text)
    return text[words[first].start() : end], "hoi" in plain[:first]


def _plain(word: str) -> str:
    """Without marks, unless the marks make another word of it: that one is left as typed."""
    typed = toned(word)
    bare = strip_marks(typed)
    return bare if typed == bare or _TWICE.get(bare, typed) == typed else typed
