"""What a channel must do, on one screen: authenticate, read, send, and say its limits and errors."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.messages import Address, Attachment, Content, Envelope, Event, Limits

# Seconds: a provider that is busy and far away.
_SLOW_ANSWER = 0.4
_LEAST_HANDS, _MOST_HANDS = 8, 32


class ReplyWindow(StrEnum):
    """Whether the provider lets us write now."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Share:
    """What a provider allows: so many messages within any so many seconds."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast we may send: evenly, `per_second` messages of which `burst` may leave together, and never more than
    the provider's shares for the whole account, for one person, for one group; `concurrency` sends at once, by
    default as many as the rate needs."""

    per_second: float
    burst: int
    account: Share | None = None
    chat: Share | None = None
    group: Share | None = None
    concurrency: int | None = None

    @property
    def hands(self) -> int:
        """Sends at once. Fewer than what leaves while a slow provider answers would hold the rate down; each is
        a message that a crash leaves in doubt."""
        needed = math.ceil(self.per_second * _SLOW_ANSWER)
        return self.concurrency or min(max(needed, _LEAST_HANDS), _MOST_HANDS)


@dataclass(frozen=True, slots=True)
class SendResult:
    """The provider took it. `external_ids` are its ids of the parts, in order; empty when it told none."""

    external_ids: tuple[str, ...] = ()


class Unauthentic(Exception):
    """The request does not come from the provider; `status` is what its webhook is answered."""

    def __init__(self, status: int) -> None:
        super().__init__("unauthentic request")
        self.status = status


class Malformed(Exception):
    """The request is authentic or open to all but cannot be read; `status` is what it is answered."""

    def __init__(self, reason: str = "", *, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


# SendError
# ├── ConnectionFailed   never left this machine: safe to send again
# ├── Throttled          the provider says how long to wait
# ├── CredentialExpired  renew the token once, then again
# ├── RecipientGone      blocked, deleted, unknown: stop writing to this address
# ├── RecipientMoved     the same chat lives at another address
# ├── WindowClosed       the provider forbids it until the person writes again
# ├── Rejected           this message is refused for good: a fault of ours, raises an alarm
# ├── Misconfigured      no message can go out until a person mends the set-up
# └── Ambiguous          may have arrived: nobody can know
class SendError(Exception):
    """Why a message did not (surely) arrive. `code` and `reason` hold no text of a citizen and no token."""

    def __init__(self, code: str = "", reason: str = "") -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.reason = reason


class ConnectionFailed(SendError):
    """Refused, unreachable or timed out before anything was sent, or a clean 5xx: safe to send again."""


class Throttled(SendError):
    """Too fast: nothing of this channel may leave for `seconds`."""

    def __init__(self, seconds: float, code: str = "", reason: str = "") -> None:
        super().__init__(code, reason)
        self.seconds = seconds


class CredentialExpired(SendError):
    """The access token is dead; `maintain` renews it."""


class RecipientGone(SendError):
    """Blocked, deactivated, unknown: permanent for this address."""


class RecipientMoved(SendError):
    """The chat has a new address (Telegram: a group became a supergroup)."""

    def __init__(self, new: Address, code: str = "", reason: str = "") -> None:
        super().__init__(code, reason)
        self.new = new


class WindowClosed(SendError):
    """The provider's time for answering is over; it opens again when the person writes."""


class Rejected(SendError):
    """Refused for good, or a code that nobody knows: alarm, never success."""


class Misconfigured(SendError):
    """Wrong token, missing right, no balance: the whole channel waits for a person."""


class Ambiguous(SendError):
    """Cut after the request left: it may have arrived."""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """An access token with the refresh token that renews it; both are secrets, `expires_at` is aware."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


class TokenVault(Protocol):
    """Where a channel keeps its token pair, shared by all replicas."""

    async def load(self) -> TokenPair | None:
        """The stored pair, if any."""

    async def save(self, pair: TokenPair) -> None:
        """Keep a pair that a person just granted."""

    async def renew(
        self, seen: TokenPair, exchange: Callable[[TokenPair], Awaitable[TokenPair]]
    ) -> TokenPair:
        """Exchange once among all replicas: a stored pair other than `seen` is returned as it is, otherwise
        `exchange` runs under a lease longer than its time-out, and its pair is stored before it is used.
        `seen` may be a seed that was never stored (empty `access`); a failed exchange changes nothing."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll brought, and the cursor to store with it; the next poll confirms it to the provider."""

    envelopes: tuple[Envelope, ...]
    cursor: str | None


class Channel(Protocol):
    """One way to talk to people. A channel knows its provider and `core`, nothing of databases or handlers."""

    name: str
    account: str
    limits: Limits
    pace: Pace
    polls: bool

    async def start(self) -> None:
        """Come up: check the credentials, register the webhook or begin to poll. Raises SendError."""

    async def stop(self) -> None:
        """Let go of connections; what is under way may finish."""

    async def maintain(self, now: datetime) -> None:
        """Keep credentials and registration fresh; called every few minutes. Raises SendError."""

    def accept(self, headers: Mapping[str, str], body: bytes) -> Sequence[Envelope]:
        """Authenticate a webhook call. Raises Unauthentic or Malformed; [] means «fine, nothing to keep»."""

    async def poll(self, cursor: str | None) -> Batch:
        """Wait for news where the channel `polls`. Raises SendError. The caller stores batch and cursor
        in one transaction before it polls again."""

    async def acknowledge(self, envelope: Envelope) -> None:
        """Tell the provider that a tap arrived (stops the spinner); best effort, raises nothing."""

    def read(self, parts: Sequence[Envelope]) -> Event | None:
        """Understand recorded envelopes (several only for an album); None for what concerns nobody."""

    async def send(self, address: Address, content: Content) -> SendResult:
        """Send one message in one call; it fits `limits` (core.fitting saw to that). Raises SendError."""

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        """The bytes of an attachment, at most `limit`. Raises SendError (Rejected when too large or foreign)."""

    async def profile(self, address: Address) -> str | None:
        """The display name of a person where the provider tells it by request."""

    def reply_window(self, last_interaction: datetime | None, now: datetime) -> ReplyWindow:
        """May we write to somebody who last wrote at that moment?"""

    def deep_link(self, start: str) -> str | None:
        """A link that opens a chat with the assistant and hands over `start`. Where the provider hands nothing
        over (Zalo), the link does not contain `start` and the person has to type it."""
