"""Takes a webhook body of Zalo apart without trusting any field: what is missing or odd is simply empty."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

# In these events the account is the sender and the citizen the recipient.
_INVERTED: Final = ("oa_", "user_received_message", "user_seen_message")
_ID: Final = re.compile(r"[0-9A-Za-z_.-]{1,64}")
_EARLIEST_MS: Final = 1_000_000_000_000


def word(value: object, longest: int = 8000) -> str:
    """A text or a whole number as clean text; anything else is empty.

    NUL and lone surrogates are legal in JSON and would break the database that stores the text.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)[:longest].replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def section(value: object) -> Mapping[str, object]:
    """An object of the body; empty when it is something else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """A list of the body; empty when it is something else."""
    return value if isinstance(value, list) else []


def identity(value: object) -> str:
    """An id that can stand in an address: no slash, no spaces, not endless."""
    text = word(value, 65)
    return text if _ID.fullmatch(text) else ""


@dataclass(frozen=True, slots=True)
class ZaloEvent:
    """One webhook call. Ids are text because Zalo's exceed 2^53."""

    name: str
    timestamp: str
    app_id: str
    oa_id: str
    sender: str
    recipient: str
    follower: str
    by_staff: bool
    message: Mapping[str, object]
    info: Mapping[str, object]

    def person(self, oa_id: str) -> str:
        """The citizen's id, on whichever side of the event it stands."""
        if self.follower:
            return self.follower
        if self.name.startswith(_INVERTED):
            return self.sender if self.recipient == oa_id else self.recipient
        return self.recipient if self.sender == oa_id else self.sender

    def concerns(self, oa_id: str) -> bool:
        """False when the event names accounts and ours is not among them: one app may serve several."""
        if self.oa_id:
            return self.oa_id == oa_id
        named = {self.sender, self.recipient} - {""}
        return not named or oa_id in named

    def message_ids(self) -> tuple[str, ...]:
        """Ids of the messages that the event is about: one, or a list in a seen receipt."""
        listed = [word(one, 200) for one in items(self.message.get("msg_ids"))]
        single = word(self.message.get("msg_id"), 200)
        return tuple(dict.fromkeys(one for one in (single, *listed) if one))

    def happened_at(self) -> datetime | None:
        """The moment of the event (milliseconds since 1970), None when it cannot be read."""
        return moment(self.timestamp)


def moment(timestamp: str) -> datetime | None:
    """Milliseconds since 1970 as an aware datetime; a value that small must be seconds."""
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 15:
        return None
    number = int(timestamp)
    try:
        return datetime.fromtimestamp(number / 1000 if number >= _EARLIEST_MS / 10 else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def parse_event(raw: str | bytes) -> ZaloEvent | None:
    """The event of a body; None when it is no JSON object."""
    try:
        body = json.loads(raw.decode("utf-8") if isinstance(raw, bytes) else raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    sender = section(body.get("sender"))
    return ZaloEvent(
        name=word(body.get("event_name"), 64),
        timestamp=word(body.get("timestamp"), 32),
        app_id=word(body.get("app_id"), 64),
        oa_id=word(body.get("oa_id"), 64),
        sender=identity(sender.get("id")),
        recipient=identity(section(body.get("recipient")).get("id")),
        follower=identity(section(body.get("follower")).get("id")),
        by_staff=bool(word(sender.get("admin_id"), 64)),
        message=section(body.get("message")),
        info=section(body.get("info")),
    )
