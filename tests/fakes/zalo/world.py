"""What the fake Zalo knows: the account, its people, tokens, uploads, and the faults it was told to show."""

from __future__ import annotations

import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

HOUR = 3600.0
Endpoint = Literal["cs", "upload", "token", "detail"]


@dataclass(frozen=True)
class Account:
    """App and official account as the console shows them."""

    app_id: str = "1234567890123456789"
    app_secret: str = "AppSecret_Test-01"
    oa_id: str = "388613280878808645"
    oa_secret: str = "OaSecret_Test-01"
    name: str = "UBND phường Thử Nghiệm"


@dataclass(frozen=True)
class Button:
    """A button under a message; `payload` is the query, the URL or the number."""

    title: str
    type: str
    payload: str


@dataclass(frozen=True)
class OaMessage:
    """One message of the account on a person's screen; `charged` when it was outside the free frame."""

    message_id: str
    text: str
    buttons: tuple[Button, ...] = ()
    pictures: tuple[str, ...] = ()
    charged: bool = False
    by_staff: bool = False


@dataclass
class Person:
    """A Zalo user as this account sees it; `last_interaction` in seconds since 1970."""

    user_id: str
    name: str
    follows: bool = False
    blocked: bool = False
    last_interaction: float | None = None
    screen: list[OaMessage] = field(default_factory=list)
    attempts: int = 0
    seen: int = 0


@dataclass(frozen=True)
class Signed:
    """A webhook call as it leaves: exact bytes and the headers that sign them."""

    name: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Fault:
    """What the next call of an endpoint shows.

    `code`: an error body with HTTP 200; `http`: a status with a JSON body that lies about the token;
    `drop_before` and `drop_after`: the connection dies before or after the call took effect;
    `hang`: it takes effect and the answer comes `seconds` late; `garbage`: it takes effect, the answer
    is no JSON.
    """

    kind: Literal["code", "http", "drop_before", "drop_after", "hang", "garbage"]
    code: int = -200
    message: str = "fault"
    status: int = 503
    seconds: float = 5.0


@dataclass
class Upload:
    """An uploaded picture or file and until when its id is good."""

    data: bytes
    expires_at: float


@dataclass
class Grant:
    """A code of the consent page with the challenge it is bound to."""

    challenge: str
    expires_at: float


@dataclass
class Switches:
    """How the fake behaves until told otherwise."""

    burst_limit: int | None = None
    balance: Literal["ok", "no_account", "no_balance"] = "no_account"
    require_proof: bool = False
    duplicate: bool = False
    reorder: bool = False
    tamper: bool = False
    receipts: bool = True
    album_in_one_event: bool = False
    phone_as_number: bool = False
    old_contact_layout: bool = False
    mac_format: str = "mac={}"


@dataclass
class World:
    """All state; `shift` moves the clock of everything by seconds."""

    account: Account = field(default_factory=Account)
    base_url: str = ""
    shift: float = 0.0
    redirect_uri: str | None = None
    people: dict[str, Person] = field(default_factory=dict)
    switches: Switches = field(default_factory=Switches)
    faults: dict[Endpoint, list[Fault]] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    access_token: str = ""
    access_expires_at: float = 0.0
    refresh_tokens: dict[str, float] = field(default_factory=dict)
    templates: dict[str, dict[str, int]] = field(default_factory=dict)
    exchanges: int = 0
    refused_exchanges: int = 0
    calls: deque[float] = field(default_factory=deque)
    refused_as_too_fast: int = 0
    sent_at: list[float] = field(default_factory=list)
    token_log: list[str] = field(default_factory=list)

    def now(self) -> float:
        """Seconds since 1970 by the fake's clock."""
        return time.time() + self.shift

    def person(self, user_id: str, name: str | None = None) -> Person:
        """The person with that id, who begins to exist when first named."""
        if user_id not in self.people:
            self.people[user_id] = Person(user_id, name or f"Người dân {user_id[-3:]}")
        return self.people[user_id]

    def issue(self) -> tuple[str, str]:
        """A new pair; the access token before it dies at once. Access 25 hours, refresh 90 days."""
        self.access_token = f"AT-{secrets.token_hex(8)}"
        self.access_expires_at = self.now() + 25 * HOUR
        refresh = f"RT-{secrets.token_hex(8)}"
        self.refresh_tokens[refresh] = self.now() + 90 * 24 * HOUR
        return self.access_token, refresh

    def take_fault(self, endpoint: Endpoint) -> Fault | None:
        """The next fault of an endpoint, if one waits."""
        waiting = self.faults.get(endpoint)
        return waiting.pop(0) if waiting else None

    def interacted(self, person: Person) -> None:
        """The person did something that opens the free frame."""
        person.last_interaction = self.now()

    def keep_media(self, data: bytes, name: str) -> str:
        """Serve some bytes; returns the URL."""
        key = f"{secrets.token_hex(8)}/{name}"
        self.media[key] = data
        return f"{self.base_url}/media/{key}"
