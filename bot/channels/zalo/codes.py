"""What Zalo's error codes mean for our messages: one table, and two codes whose text counts too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.channels.contract import (
    CredentialExpired,
    Misconfigured,
    RecipientGone,
    Rejected,
    SendError,
    Throttled,
    WindowClosed,
)

CODES: Final[Mapping[int, type[SendError]]] = MappingProxyType(
    {
        # the access token is invalid or was replaced by a newer one
        -216: CredentialExpired,
        -220: CredentialExpired,
        # app, account or their registration: only a person can mend it
        -204: Misconfigured,
        -205: Misconfigured,
        -207: Misconfigured,
        -208: Misconfigured,
        -209: Misconfigured,
        -212: Misconfigured,
        -215: Misconfigured,
        -219: Misconfigured,
        -221: Misconfigured,
        -223: Misconfigured,
        -224: Misconfigured,
        -235: Misconfigured,
        -242: Misconfigured,
        -248: Misconfigured,
        # this person cannot be reached by us any more
        -213: RecipientGone,
        -217: RecipientGone,
        -227: RecipientGone,
        -244: RecipientGone,
        # no interaction within seven days, or the frame of an older rule is over
        -230: WindowClosed,
        -232: WindowClosed,
        -305: WindowClosed,
        -311: WindowClosed,
        # A reply within 48 hours costs nothing, so missing money or quota closes the window of this one
        # person; were it Misconfigured, one late notice would stop the free answers to everybody.
        -211: WindowClosed,
        -218: WindowClosed,
        -320: WindowClosed,
        -321: WindowClosed,
        -32: Throttled,
        # the message itself is wrong, or belongs to a kind that we do not send
        -100: Rejected,
        -200: Rejected,
        -201: Rejected,
        -202: Rejected,
        -210: Rejected,
        -214: Rejected,
        -233: Rejected,
        -234: Rejected,
        -237: Rejected,
        -238: Rejected,
        -240: Rejected,
        -241: Rejected,
        -249: Rejected,
        -403: Rejected,
    }
)

UPLOAD_EXPIRED: Final = "-100"
_RATE_WORDS: Final = ("rate", "limit", "minute", "too many", "giới hạn", "vượt quá")
_LONG_PAUSE: Final = 600.0


def classify(code: int, message: str, now: datetime) -> SendError:
    """The error that a code stands for; a code that nobody knows is `Rejected`, never success."""
    reason = _impersonal(message)
    if code == -32:
        return Throttled(_pause(message, now), str(code), reason)
    if code == -223 and "quota" in message.casefold():
        # The same number tells that the monthly articles are used up: no reason to stop the channel.
        return Rejected(str(code), reason)
    return CODES.get(code, Rejected)(str(code), reason)


def _pause(message: str, now: datetime) -> float:
    """The counter of requests starts again each minute; any other meaning is asked again after a while."""
    if not message or any(word in message.casefold() for word in _RATE_WORDS):
        return float(60 - now.second)
    return _LONG_PAUSE


def _impersonal(message: str) -> str:
    """Error texts may repeat a user id or a phone number, and what we raise may be logged."""
    return re.sub(r"\d{6,}", "#", message)[:120]
