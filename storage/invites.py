"""Makes invitations: a code that can be typed, and the same code as the parameter of a deep link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.codes import ALPHABET
from storage.staff import Duty, add_invite

_LENGTH = 12  # of 27 letters: 57 random bits, for one day and ten tries an hour
_START = "moi-"


@dataclass(frozen=True, slots=True)
class MadeInvite:
    """A fresh invitation. `code` is for people, `start` for links, `typed` what may be written instead."""

    code: str
    start: str
    typed: str
    expires_at: datetime


def make_invite(session: Session, duty: Duty, now: datetime) -> MadeInvite:
    """Draw a code, keep its hash, return what can be shown once."""
    plain = _draw()
    invite = add_invite(session, plain, duty, now)
    code = "-".join(plain[at : at + 4] for at in range(0, _LENGTH, 4))
    return MadeInvite(code, _START + plain, f"mời {code}", invite.expires_at)


def _draw() -> str:
    """With a digit in it, by which a code is told from words."""
    while True:
        plain = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
        if any(letter.isdigit() for letter in plain):
            return plain
