"""What fingers, keyboards and regions do to a text: nine layers of noise, the same for the same text every time."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from faq.normalize import clean, strip_marks

_WORD: Final = re.compile(r"[^\W\d_]+")
_TELEX_LETTERS: Final = {"â": "aa", "ă": "aw", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI_LETTERS: Final = {"â": "a6", "ă": "a8", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}
_TELEX_TONES: Final = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI_TONES: Final = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_SHORT: Final = {
    "không": ("ko", "k", "hok", "kg"), "được": ("dc", "đc"), "gì": ("j",), "rồi": ("r", "rùi"), "vậy": ("z", "v"),
    "với": ("vs",), "người": ("ng",), "biết": ("bik",), "làm": ("lm",), "quá": ("wa",), "mình": ("mk", "mik"),
    "bao nhiêu": ("bn", "bnhiu"), "bây giờ": ("bh", "bjo"), "như thế nào": ("ntn",), "thế nào": ("tn",),
    "đăng ký": ("đk", "dk"), "giấy tờ": ("gt",), "hồ sơ": ("hs",), "căn cước": ("cc",), "hộ khẩu": ("hk",),
    "tạm trú": ("tt",), "bảo hiểm y tế": ("bhyt",), "điện thoại": ("đt", "dt"), "mật khẩu": ("mk", "pass"),
    "tài khoản": ("tk",), "công an": ("ca",), "phường": ("p",), "chuyển khoản": ("ck",), "trả lời": ("rep", "tl"),
    "nhiêu": ("nhiu",), "cũng": ("cx",), "vẫn": ("vx",), "những": ("nhg",), "trong": ("trog",), "thôi": ("thui",),
    "luôn": ("lun",), "em": ("e",), "anh": ("a",), "chị": ("c",), "tôi": ("t", "toi"), "gia đình": ("gđ",),
}  # fmt: skip
_HABITS: Final = (("ph", "f"), ("qu", "w"), ("gi", "j"), ("ng$", "g"), ("nh$", "h"), ("^c(?=[aou])", "k"))
_SOUNDS: Final = (
    ("^s", "x"), ("^x", "s"), ("^tr", "ch"), ("^ch", "tr"), ("^gi", "d"), ("^d(?!đ)", "gi"), ("^r", "d"),
    ("^v", "d"), ("^l", "n"), ("^n(?![gh])", "l"), ("n$", "ng"), ("ng$", "n"), ("t$", "c"), ("c$", "t"),
    ("iê", "i"), ("ươ", "ư"),
)  # fmt: skip
_NEIGHBOURS: Final = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "g": "fh", "h": "gj", "i": "uo", "k": "jl", "l": "k",
    "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "x": "zc", "y": "tu",
}  # fmt: skip


def _chance(layer: str, text: str) -> random.Random:
    return random.Random(f"{layer}:{text}")


def _keys(word: str, letters: Mapping[str, str], tones: Mapping[str, str]) -> str:
    """The keys that give this word: letters as they come, the tone at the end, as most people type."""
    out, tone = [], ""
    for char in word:
        base = "".join(c for c in unicodedata.normalize("NFD", char) if c not in tones)
        tone = next((tones[c] for c in unicodedata.normalize("NFD", char) if c in tones), tone)
        plain = unicodedata.normalize("NFC", base)
        out.append(letters.get(plain, plain))
    return "".join(out) + tone


def telex(text: str) -> str:
    """Telex keys with the input method switched off."""
    return _WORD.sub(lambda hit: _keys(hit[0], _TELEX_LETTERS, _TELEX_TONES), clean(text).lower())


def vni(text: str) -> str:
    """VNI keys with the input method switched off."""
    return _WORD.sub(lambda hit: _keys(hit[0], _VNI_LETTERS, _VNI_TONES), clean(text).lower())


def nodia(text: str) -> str:
    """No tone marks at all."""
    return strip_marks(clean(text).lower())


def _slip(chance: random.Random, text: str) -> str:
    places = [m for m in _WORD.finditer(text) if len(m[0]) >= 3]
    if not places:
        return text
    word = chance.choice(places)
    letters, at = list(word[0]), chance.randrange(len(word[0]) - 1)
    match chance.randrange(4):
        case 0:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        case 1:
            del letters[at]
        case 2:
            letters.insert(at, letters[at])
        case _:
            near = _NEIGHBOURS.get(strip_marks(letters[at].lower()), "")
            letters[at] = chance.choice(near) if near else letters[at]
    return text[: word.start()] + "".join(letters) + text[word.end() :]


def _one_of(chance: random.Random, forms: Sequence[str], _hit: re.Match[str]) -> str:
    return chance.choice(forms)


def typo1(text: str) -> str:
    """One slip of the finger."""
    return _slip(_chance("typo1", text), text)


def typo2(text: str) -> str:
    """Two slips."""
    chance = _chance("typo2", text)
    return _slip(chance, _slip(chance, text))


def teencode(text: str) -> str:
    """Short forms as young people type them."""
    chance, changed = _chance("teencode", text), clean(text).lower()
    for word, forms in _SHORT.items():
        if chance.random() < 0.8:
            changed = re.sub(rf"\b{word}\b", partial(_one_of, chance, forms), changed)
    words = changed.split(" ")
    for number, word in enumerate(words):
        if len(word) > 3 and chance.random() < 0.25:
            old, new = chance.choice(_HABITS)
            words[number] = re.sub(old, new, word, count=1)
    return " ".join(words)


def misspell(text: str) -> str:
    """Written as spoken in one region or another; about one word in four."""
    chance = _chance("misspell", text)

    def speak(hit: re.Match[str]) -> str:
        word = hit[0].lower()
        if chance.random() > 0.28:
            return word
        if chance.random() < 0.3:
            swapped = unicodedata.normalize("NFD", word).translate({0x309: 0x303, 0x303: 0x309})
            return unicodedata.normalize("NFC", swapped)
        fitting = [(old, new) for old, new in _SOUNDS if re.search(old, word)]
        if not fitting:
            return word
        old, new = chance.choice(fitting)
        return re.sub(old, new, word, count=1)

    return _WORD.sub(speak, clean(text))


def space(text: str) -> str:
    """Words run together, and one torn apart."""
    chance = _chance("space", text)
    words = text.split(" ")
    for _ in range(max(1, len(words) // 5)):
        if len(words) > 2:
            at = chance.randrange(len(words) - 1)
            words[at : at + 2] = [words[at] + words[at + 1]]
    if chance.random() < 0.5:
        at = chance.randrange(len(words))
        if len(words[at]) > 4:
            cut = chance.randrange(2, len(words[at]) - 1)
            words[at] = words[at][:cut] + " " + words[at][cut:]
    return " ".join(words)


def nodia_typo(text: str) -> str:
    """No tone marks, and a slip of the finger."""
    return _slip(_chance("nodia_typo", text), nodia(text))


LAYERS: Final[Mapping[str, Callable[[str], str]]] = {
    "nodia": nodia,
    "telex": telex,
    "typo1": typo1,
    "typo2": typo2,
    "teencode": teencode,
    "misspell": misspell,
    "space": space,
    "vni": vni,
    "nodia_typo": nodia_typo,
}
