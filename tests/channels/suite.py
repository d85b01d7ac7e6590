"""Which channels keep the contract, and what is impossible on each of them."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from PIL import Image

from bot.channels.contract import (
    Ambiguous,
    ConnectionFailed,
    CredentialExpired,
    Misconfigured,
    RecipientGone,
    RecipientMoved,
    Rejected,
    SendError,
    Throttled,
    WindowClosed,
)
from core.messages import MessageKind
from core.pictures import Bar, BarChart, Series, Tone
from tests.channels import harness_telegram, harness_webchat, harness_zalo
from tests.channels.harness import Harness

FACTORIES: Final[Mapping[str, Callable[[Path], Awaitable[Harness]]]] = MappingProxyType(
    {
        "telegram": harness_telegram.open_harness,
        "telegram-polling": harness_telegram.open_polling_harness,
        "webchat": harness_webchat.open_harness,
        "zalo": harness_zalo.open_harness,
    }
)
# What people cannot do on a channel: then doing it must make no event at all.
CANNOT: Final[Mapping[str, frozenset[MessageKind]]] = MappingProxyType(
    {
        "telegram": frozenset(),
        "zalo": frozenset({MessageKind.EDITED}),
        # Our page has no button for these.
        "webchat": frozenset(
            {
                MessageKind.VIDEO,
                MessageKind.STICKER,
                MessageKind.EDITED,
                MessageKind.LEFT,
                MessageKind.UNSUPPORTED,
            }
        ),
    }
)
# What a forged call is answered. 410 would make Telegram forget the webhook; Zalo switches a webhook off
# that answers anything but 200.
REFUSAL: Final[Mapping[str, frozenset[int]]] = MappingProxyType(
    {"telegram": frozenset({401, 403}), "zalo": frozenset({200}), "webchat": frozenset({401, 403})}
)
# Whose link carries the parameter; at Zalo the person types the code.
HANDS_OVER: Final = frozenset({"telegram", "webchat"})
ERRORS: Final = (
    ConnectionFailed,
    Throttled,
    CredentialExpired,
    RecipientGone,
    RecipientMoved,
    WindowClosed,
    Rejected,
    Misconfigured,
    Ambiguous,
)
# Errors that a provider cannot produce; a new row needs a reason.
NEVER: Final[Mapping[str, frozenset[type[SendError]]]] = MappingProxyType(
    {
        # The token does not expire, and there is no window.
        "telegram": frozenset({CredentialExpired, WindowClosed}),
        # A user keeps the id, whatever happens.
        "zalo": frozenset({RecipientMoved}),
        # Sending is writing a row: there is no provider that could fail.
        "webchat": frozenset(ERRORS),
    }
)


CHART: Final = BarChart(
    "Việc của phòng Kinh tế",
    (Series("Quá hạn", Tone.LATE), Series("Đang làm", Tone.OPEN)),
    (Bar("Điện chiếu sáng", (2, 15)), Bar("Rác thải", (0, 3))),
)


def picture(color: str) -> bytes:
    """A small real PNG."""
    data = io.BytesIO()
    Image.new("RGB", (12, 8), color).save(data, "PNG")
    return data.getvalue()
