"""What an answer of the Bot API means for a message: the table of its codes, and how a cut line is judged."""

from __future__ import annotations

import re
from typing import NamedTuple

import httpx
from telegram.error import TelegramError

from bot.channels.contract import (
    Ambiguous,
    ConnectionFailed,
    Misconfigured,
    RecipientGone,
    RecipientMoved,
    Rejected,
    SendError,
    Throttled,
)
from bot.channels.telegram.client import ApiError, UnreadableAnswer
from core.messages import Address


class _Rule(NamedTuple):
    status: int
    text: str
    error: type[SendError]


# First match wins: status, then words of the description in lower case.
# `retry_after` and `migrate_to_chat_id` go before the table; what is in no row is Rejected.
RULES = (
    # blocked, deactivated, kicked, never started
    _Rule(403, "", RecipientGone),
    _Rule(400, "chat not found", RecipientGone),
    _Rule(400, "user not found", RecipientGone),
    _Rule(400, "peer_id_invalid", RecipientGone),
    _Rule(400, "input_user_deactivated", RecipientGone),
    _Rule(400, "group chat was deactivated", RecipientGone),
    # a group that forbids the bot to write is closed to us like one that removed it
    _Rule(400, "not enough rights", RecipientGone),
    _Rule(400, "have no rights to send", RecipientGone),
    _Rule(400, "chat_write_forbidden", RecipientGone),
    _Rule(400, "", Rejected),
    # wrong token; 404 is a malformed token or an address that is no Bot API
    _Rule(401, "", Misconfigured),
    _Rule(404, "", Misconfigured),
    # a second poller, or a webhook next to polling
    _Rule(409, "", Misconfigured),
    _Rule(413, "", Rejected),
)

# A 429 without a number: long enough to calm down, short enough for somebody who waits for an answer.
_THROTTLED_SECONDS = 5.0
# Nothing had left this machine; RuntimeError is the library's word for a closed client.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, RuntimeError)


def to_send_error(error: TelegramError, channel: str, account: str) -> SendError:
    """The contract's error for what the library raised; its reason quotes neither texts nor addresses."""
    if isinstance(error, ApiError):
        return _of_answer(error, channel, account)
    if isinstance(error, UnreadableAnswer):
        return Ambiguous("200", "unreadable answer")
    cause = error.__cause__
    name = type(cause if cause is not None else error).__name__
    if isinstance(cause, httpx.UnsupportedProtocol):
        return Misconfigured("network", name)
    if isinstance(cause, _NEVER_SENT):
        return ConnectionFailed("network", name)
    if isinstance(cause, httpx.HTTPError):
        return Ambiguous("network", name)
    return Rejected("unknown", name)


def for_repeatable(error: SendError) -> SendError:
    """The same for a call that does no harm twice: unsure is «not done», refused is a wrong set-up."""
    if isinstance(error, Ambiguous):
        return ConnectionFailed(error.code, error.reason)
    if isinstance(error, Rejected | RecipientGone):
        return Misconfigured(error.code, error.reason)
    return error


def _of_answer(error: ApiError, channel: str, account: str) -> SendError:
    code, reason = str(error.status), clean(error.message)
    if error.migrate_to is not None:
        return RecipientMoved(Address(channel, account, str(error.migrate_to)), code, reason)
    if error.retry_after is not None:
        return Throttled(float(max(error.retry_after, 1)), code, reason)
    if error.status == 429:
        return Throttled(_THROTTLED_SECONDS, code, reason)
    if error.status >= 500:
        # The API's own JSON says that it did nothing; a gateway's page leaves it open.
        return ConnectionFailed(code, reason) if error.from_api else Ambiguous(code, "gateway page")
    if not error.from_api:
        return Misconfigured(code, "answer of something else than the Bot API")
    for rule in RULES:
        if rule.status == error.status and rule.text in error.message.lower():
            return rule.error(code, reason)
    return Rejected(code, reason)


def clean(description: str) -> str:
    """The fixed part of a description: quoted pieces, numbers and foreign letters may come from a message."""
    fixed = re.split(r"[\"«]|(?<!\w)'", description)[0]
    return " ".join(re.sub(r"[^A-Za-z_',: -]+", " ", fixed).split())[:80]
