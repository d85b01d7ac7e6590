"""What a Vietnamese syllable may look like, and which syllables sound the same to some."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_INITIALS: Final = "b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES: Final = (
    "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet"
    " ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong op"
    " ot u ua uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya"
    " uych uyen uyet uynh uyt uyu y yem yen yet yeu"
)
VALID: Final = frozenset(initial + rhyme for initial in ("", *_INITIALS.split()) for rhyme in _RHYMES.split())

_FINALS: Final = re.compile(r"(?:ng|nh|n|ch|c|t)$")
_SOUND_INITIALS: Final = (
    ("ngh", "ng"), ("gh", "g"), ("ph", "f"), ("tr", "c"), ("ch", "c"), ("gi", "z"), ("qu", "w"), ("th", "h1"),
    ("kh", "k1"), ("nh", "n1"), ("ng", "ng"), ("d", "z"), ("r", "z"), ("v", "z"), ("l", "n"), ("x", "s"), ("k", "q"),
    ("c", "q"),
)  # fmt: skip


def is_syllable(word: str) -> bool:
    """Whether a word without marks can be a Vietnamese syllable."""
    return word in VALID


@lru_cache(maxsize=8192)
def sound_key(word: str) -> str:
    """A coarse sound: what people of one region or another write the same way gets the same key."""
    head, rest = "", word
    for initial, sound in _SOUND_INITIALS:
        if word.startswith(initial) and len(word) > len(initial):
            head, rest = sound, word[len(initial) :]
            break
    rest = rest.replace("y", "i")
    final = _FINALS.search(rest)
    if final and len(rest) > len(final[0]):
        rest = rest[: final.start()] + ("N" if final[0][0] == "n" else "T")
    return head + rest
