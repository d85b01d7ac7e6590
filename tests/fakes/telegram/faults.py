"""What can go wrong on the next calls, on demand; and, when switched on, Telegram's rate rules."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.telegram.world import Refusal


class Fault(StrEnum):
    """One way a call goes. Those that end in `_after` (and ODD) happen once the message is in the chat."""

    OK = "ok"
    THROTTLE = "throttle"
    THROTTLE_BARE = "throttle_bare"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    SERVER_ERROR = "server_error"
    BAD_GATEWAY = "bad_gateway"
    GATEWAY_PAGE = "gateway_page"
    PROXY_PAGE = "proxy_page"
    ODD = "odd"
    GARBAGE = "garbage"
    UNAUTHORIZED = "unauthorized"
    CONFLICT = "conflict"
    BLOCKED = "blocked"
    MIGRATED = "migrated"
    UNKNOWN_400 = "unknown_400"
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Planned:
    """A fault waiting for its call."""

    fault: Fault
    methods: tuple[str, ...]
    retry_after: int = 1


SENDING = ("sendmessage", "sendphoto", "sendmediagroup", "senddocument", "sendlocation")
MIGRATED_TO = -1001234567890


class FaultPlan:
    """A line of faults; each is used up by the next call of one of its methods."""

    def __init__(self) -> None:
        self._line: list[Planned] = []

    def next(self, *faults: Fault, methods: tuple[str, ...] = SENDING, retry_after: int = 1) -> None:
        """Let the next calls end like this, one after the other."""
        names = tuple(method.lower() for method in methods)
        self._line += [Planned(fault, names, retry_after) for fault in faults]

    def clear(self) -> None:
        """From now on everything works."""
        self._line.clear()

    def take(self, method: str) -> Planned:
        """The fault for this call."""
        for planned in self._line:
            if method in planned.methods or not planned.methods:
                self._line.remove(planned)
                return planned
        return Planned(Fault.OK, ())


def refusal(planned: Planned) -> Refusal | None:
    """The error answer for faults that are one."""
    match planned.fault:
        case Fault.THROTTLE:
            wait = planned.retry_after
            return Refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        case Fault.THROTTLE_BARE:
            return Refusal(429, "Too Many Requests")
        case Fault.SERVER_ERROR:
            return Refusal(500, "Internal Server Error")
        case Fault.BAD_GATEWAY:
            return Refusal(502, "Bad Gateway")
        case Fault.UNAUTHORIZED:
            return Refusal(401, "Unauthorized")
        case Fault.CONFLICT:
            return Refusal(409, "Conflict: terminated by other getUpdates request")
        case Fault.BLOCKED:
            return Refusal(403, "Forbidden: bot was blocked by the user")
        case Fault.MIGRATED:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            return Refusal(400, text, {"migrate_to_chat_id": MIGRATED_TO})
        case Fault.UNKNOWN_400:
            return Refusal(400, "Bad Request: SOMETHING_NEW_INVALID")
        case Fault.TOO_LARGE:
            return Refusal(413, "Request Entity Too Large")
        case _:
            return None


class RateRules:
    """About 30 messages a second, 1 a second per chat (three at once pass), 20 a minute per group."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.enforced = False
        self.refused = 0
        self._clock = clock
        self._sent: defaultdict[int | None, deque[float]] = defaultdict(deque)

    def check(self, chat_id: int, messages: int = 1) -> None:
        """Count messages. Refuses with 429 and the seconds to wait."""
        if not self.enforced:
            return
        group = (chat_id, 20, 60.0) if chat_id < 0 else (chat_id, 3, 3.0)
        for key, most, seconds in ((None, 30, 1.0), group):
            now = self._clock()
            times = self._sent[key]
            while times and times[0] <= now - seconds:
                times.popleft()
            if len(times) + messages > max(most, messages):
                self.refused += 1
                wait = max(1, int(times[0] + seconds - now + 0.999))
                raise Refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        for key in (None, chat_id):
            self._sent[key].extend([self._clock()] * messages)
