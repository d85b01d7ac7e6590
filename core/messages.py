"""The neutral messages that flow between channels and handlers: what came in, what goes out, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.pictures.charts import BarChart


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person or a group can be reached: ids are the provider's, always text (Zalo's exceed 2^53)."""

    channel: str
    account: str
    external_id: str

    @property
    def key(self) -> str:
        """One word for logs-free uniqueness and ordering; the parts never contain a slash."""
        return f"{self.channel}/{self.account}/{self.external_id}"


class MessageKind(StrEnum):
    """What a person did. Every channel maps its own events onto these, and nothing else."""

    TEXT = "text"
    CHOICE = "choice"
    PHOTO = "photo"
    LOCATION = "location"
    PHONE = "phone"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"
    FILE = "file"
    EDITED = "edited"
    JOINED = "joined"
    LEFT = "left"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or file of a message before it is fetched: `source` is what the channel needs to fetch it."""

    kind: MessageKind
    source: str
    name: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One thing that one person sent, the same for every channel.

    `chat` is where the answer goes, `sender` who wrote: they differ only in a group. `action` is the
    payload of a tapped choice, `start` the parameter of a deep link, `reply_to` the provider's id of the
    message that was answered, `sent_at` is aware.
    """

    sender: Address
    chat: Address
    external_id: str
    kind: MessageKind
    sent_at: datetime
    text: str = ""
    action: str | None = None
    start: str | None = None
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    phone: str | None = None
    sender_name: str | None = None
    message_ids: tuple[str, ...] = ()

    @property
    def in_group(self) -> bool:
        """True when the message was written in a group chat."""
        return self.sender != self.chat


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider says that a message of ours was delivered or seen; never counts as an interaction."""

    chat: Address
    message_ids: tuple[str, ...]
    seen: bool


@dataclass(frozen=True, slots=True)
class StaffTakeover:
    """A person of the office wrote to the citizen by the provider's own tool: the assistant steps back."""

    chat: Address


Event = IncomingMessage | Receipt | StaffTakeover


@dataclass(frozen=True, slots=True)
class Choice:
    """A thing to tap. `action` comes back when it is tapped; with `url` it opens a page instead."""

    title: str
    action: str = ""
    url: str | None = None


class Ask(StrEnum):
    """What the next message is hoped to be, so that a channel can show its own button for it."""

    NOTHING = "nothing"
    LOCATION = "location"
    PHOTO = "photo"
    DOCUMENT = "document"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to send: `stored` names a file in the data folder, `alt` says what is on it.

    With a `chart` there is no such file: the channel draws it when it sends, under that name.
    """

    stored: str
    alt: str = ""
    chart: BarChart | None = None

    @classmethod
    def drawn(cls, chart: BarChart) -> Picture:
        """A chart as a picture; its description holds every figure."""
        return cls(chart.name, chart.alt, chart)


@dataclass(frozen=True, slots=True)
class Content:
    """What goes out, the same for every channel: text, things to tap, pictures."""

    text: str
    choices: tuple[Choice, ...] = ()
    pictures: tuple[Picture, ...] = ()
    ask: Ask = Ask.NOTHING


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message of a channel may carry. Lengths in UTF-16 units, the strictest way to count.

    `caption` is the text that may stand with pictures; 0 means that text and pictures go separately.
    """

    text: int
    caption: int
    choices: int
    choice_title: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """A raw event on its way into the inbox: what is needed to record it once, in order, and no more.

    `external_id` is unique within (channel, account). `sender_key` orders the messages of one person.
    Parts that share an `album` are handled as one message.
    """

    channel: str
    account: str
    external_id: str
    sender_key: str
    raw: str
    album: str | None = None
