"""The scam desk without its words: what a message is, what its sender wants, and whether it is the desk's matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.private_numbers import NumberKind
from faq.normalize import fold
from faq.scam.asking import Asking, Mishap, load_ask_table, read_asking
from faq.scam.judge import Judgement, Level, judge
from faq.scam.links import LinkKind, load_sites
from faq.scam.reading import Reading, read_message
from faq.scam.table import CALM, load_scam_table

_SHORT: Final = 14
# A message without any question is taken from here on.
_PASTED: Final = 0.4
_QUOTED: Final = 18
_PLACES: Final = frozenset({"<link>", "<so>", "<tien>"})
# What may stand beside a bare number or address without making it a sentence.
_BESIDE: Final = frozenset(
    fold(
        "số này link trang web website điện thoại tài khoản kiểm tra giúp giùm với xem coi check của ai là vậy"
        " gọi nhắn tới hoài lạ vừa mới gì đây này em ơi ạ cho tôi mình the nhé nha đi ad bot phường không có"
        " https http ngân hàng"
    ).split(" ")
)
_LOOKED_UP: Final = (NumberKind.PHONE, NumberKind.ACCOUNT, NumberKind.CARD, NumberKind.IDENTITY)
_OURS: Final = (LinkKind.OFFICIAL, LinkKind.KNOWN)


class Purpose(StrEnum):
    """What a message is to the desk."""

    MISHAP = "mishap"
    CHECK = "check"
    BARE = "bare"
    PASTED = "pasted"
    TELL = "tell"
    SECRET = "secret"


@dataclass(frozen=True, slots=True)
class Finding:
    """A message as the desk sees it."""

    reading: Reading
    asking: Asking
    judgement: Judgement
    purpose: Purpose | None

    @property
    def has_evidence(self) -> bool:
        """Whether it brings something that can be looked up: a foreign address, a number, an account."""
        foreign = any(link.kind not in _OURS for link in self.reading.links)
        return foreign or bool(self.reading.numbers_of(NumberKind.PHONE, NumberKind.ACCOUNT, NumberKind.CARD))


def look(text: str, extra: Iterable[str] = ()) -> Finding:
    """Read and weigh a message; `extra` names signs that are known from elsewhere."""
    table = load_scam_table()
    reading = read_message(text, table, load_sites())
    asking = read_asking(reading.tokens, load_ask_table())
    judgement = judge(reading, table, (*extra, *(["ngo"] if asking.doubts else ())))
    return Finding(reading, asking, judgement, _purpose(reading, asking, judgement))


def is_ours(finding: Finding, *, answered: bool) -> bool:
    """Whether the desk answers; `answered`: the knowledge base has a sure answer for the same words.

    A short question in general words is better answered there; what somebody received or did is better here.
    """
    purpose, judgement, asking = finding.purpose, finding.judgement, finding.asking
    likely = judgement.level is Level.LIKELY
    if purpose in (Purpose.MISHAP, Purpose.BARE):
        return True
    if purpose is None or (asking.generally and not likely and not finding.has_evidence):
        return False
    # «Tin này có thật không: …» with the whole message behind it: the ward's own announcements know better.
    quoted = asking.doubts and asking.points and len(finding.reading.tokens) >= _QUOTED
    short = len(finding.reading.tokens) < _SHORT or not likely
    if answered and not finding.has_evidence and not quoted and short:
        return False
    if purpose is Purpose.SECRET:
        return not answered
    if purpose is Purpose.CHECK:
        seen = judgement.level is not Level.UNSEEN
        return seen or asking.points or finding.has_evidence or asking.tells
    if purpose is Purpose.PASTED:
        return likely or (judgement.chance >= _PASTED and not finding.reading.has_question_mark)
    return True


def _purpose(reading: Reading, asking: Asking, judgement: Judgement) -> Purpose | None:
    if _is_bare(reading):
        return Purpose.BARE
    if asking.mishap is not None and not asking.generally and _is_fraud(reading, asking, judgement):
        return Purpose.MISHAP
    leads = reading.links or reading.numbers_of(*_LOOKED_UP)
    if asking.doubts or (asking.points and leads and len(reading.tokens) < _SHORT):
        return Purpose.CHECK
    if judgement.level is not Level.UNSEEN:
        return Purpose.PASTED
    calm = any(name.startswith(f"{CALM}:") for name in reading.names)
    if asking.tells and not asking.generally and not calm:
        return Purpose.TELL
    secret = reading.numbers_of(NumberKind.CODE, NumberKind.CARD)
    return Purpose.SECRET if secret and len(reading.tokens) < _SHORT else None


def _is_fraud(reading: Reading, asking: Asking, judgement: Judgement) -> bool:
    """Whether what somebody has done concerns a fraud and is no ordinary payment."""
    slipped = not {"lo", "trot"}.isdisjoint(reading.tokens)
    enough = Level.LIKELY if asking.mishap is Mishap.PAID else judgement.level
    return slipped or asking.tells or (judgement.level is enough and judgement.level is not Level.UNSEEN)


def _is_bare(reading: Reading) -> bool:
    """Only a number or an address, with a word or two such as "số này"."""
    given = reading.links or reading.numbers_of(*_LOOKED_UP)
    return bool(given) and all(token in _PLACES or token in _BESIDE for token in reading.tokens)


def read_tables() -> None:
    """Read the tables now, which else would be while the first citizen waits. Raises ContentError."""
    look("")
