"""Decides whether a webhook call comes from Zalo and makes an envelope of what must be kept."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.channels.contract import Malformed, Unauthentic
from bot.channels.zalo.event import ZaloEvent, parse_event
from core.messages import Address, Envelope

# Zalo repeats a call for two hours with its first timestamp and switches the webhook off when it is not
# answered 200: the time is generous, and a refused call is answered 200 as well.
REPLAY_WINDOW: Final = timedelta(hours=24)
_ANSWER_REFUSED: Final = 200
_MAC: Final = re.compile(r"\s*(?:mac\s*=\s*)?([0-9a-fA-F]{64})\s*")
# «Delivered to the phone» follows every message of ours and changes nothing here; «seen» is kept.
_RECEIPTS: Final = ("user_seen_message",)
_RELATION: Final = ("follow", "unfollow", "user_submit_info")


def signature(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    """Zalo's plain SHA-256 over app id, exact bytes, timestamp and the account's secret key, as hex."""
    return sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a call left behind; `stale` tells that an authentic call was too old to be kept."""

    envelopes: tuple[Envelope, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Webhook:
    """The door for Zalo's calls to one official account."""

    channel: str
    app_id: str
    oa_id: str
    oa_secret: str
    replay_window: timedelta = REPLAY_WINDOW

    def accept(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Accepted:
        """Raises Unauthentic for what Zalo did not sign or what is meant for another account, Malformed
        for what it signed and nobody can read."""
        lower = {name.casefold(): value for name, value in headers.items()}
        given = lower.get("x-zevent-signature", "")
        if not given and raw.strip() == b"{}":
            return Accepted()  # the console tries the address like this when it is saved
        event = parse_event(raw)
        header_time = lower.get("x-zevent-timestamp", "").strip()
        stamps = [stamp for stamp in (event.timestamp if event else "", header_time) if stamp.isdigit()]
        if not self._signed(given, raw, stamps):
            raise Unauthentic(_ANSWER_REFUSED)
        if event is None:
            raise Malformed("json", status=_ANSWER_REFUSED)
        if event.app_id and event.app_id != self.app_id:
            raise Unauthentic(_ANSWER_REFUSED)
        return self._keep(event, raw, now)

    def _signed(self, given: str, raw: bytes, stamps: list[str]) -> bool:
        found = _MAC.fullmatch(given)
        if found is None:
            return False
        mac = found[1].lower()
        expected = [signature(self.app_id, raw, stamp, self.oa_secret) for stamp in stamps]
        # A list, not a generator: every candidate is compared, so that the time tells nothing.
        return any([hmac.compare_digest(mac, one) for one in expected])

    def _keep(self, event: ZaloEvent, raw: bytes, now: datetime) -> Accepted:
        person = event.person(self.oa_id)
        if not _matters(event) or not person or person == self.oa_id:
            return Accepted()
        if not event.concerns(self.oa_id):
            raise Unauthentic(_ANSWER_REFUSED)
        happened = event.happened_at()
        if happened is not None and now - happened > self.replay_window:
            return Accepted(stale=True)
        envelope = Envelope(
            channel=self.channel,
            account=self.oa_id,
            external_id=_external_id(event, person, raw),
            sender_key=Address(self.channel, self.oa_id, person).key,
            raw=raw.decode("utf-8"),
            # Zalo names no album: photos of one person that wait together are taken as one.
            album=f"photos:{person}" if event.name == "user_send_image" else None,
        )
        return Accepted((envelope,))


def _matters(event: ZaloEvent) -> bool:
    """Echoes of our own sends, group chats, anonymous visitors and the console's news are not kept."""
    if event.name.startswith("user_send_"):
        return not event.name.startswith("user_send_group")
    if event.name.startswith("oa_send_"):
        return event.by_staff and not event.name.startswith("oa_send_group")
    return event.name in _RECEIPTS or event.name in _RELATION


def _external_id(event: ZaloEvent, person: str, raw: bytes) -> str:
    """The message's own id; receipts carry ids of our messages and get a key of their own."""
    ids = event.message_ids()
    if event.name.startswith("user_send_") and ids:
        return ids[0]
    if event.name.startswith("oa_send_") and ids:
        return f"staff:{ids[0]}"
    if not event.timestamp:
        return f"{event.name}:{sha256(raw).hexdigest()}"
    key = ":".join((event.name, event.timestamp, person, *ids))
    return key if len(key) <= 120 else f"{event.name}:{sha256(key.encode()).hexdigest()}"
