"""What a stage is furnished with: the sample ward's house, the limits of the channels, people and their screens."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from bot.channels.zalo import WINDOW
from core.calendar import load_calendar
from core.messages import Address, Content, Limits
from core.reach import Window
from core.ward import load_ward
from core.wording import load_wording
from faq.shipped import Knowledge, load_knowledge
from handlers.house import House

# What the three channels take: text, caption, choices, title of a choice, pictures.
LIMITS = {
    "webchat": Limits(4000, 4000, 10, 80, 5),
    "telegram": Limits(4096, 1024, 8, 60, 10),
    "zalo": Limits(2000, 2000, 4, 100, 1),
}


# Where somebody else of the same play may write from. All of them ring: which one an announcement takes is then
# the same story wherever it is played.
OTHER_CHANNEL = {"webchat": "telegram", "telegram": "zalo", "zalo": "telegram"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of ours that reached somebody: as it was meant, and as the channel showed it."""

    to: str
    content: Content
    parts: tuple[Content, ...]
    external_id: str
    kind: str
    ticket_id: int | None


@dataclass
class Person:
    """Somebody with a telephone, or a group: what is on the screen, oldest first."""

    name: str
    address: Address
    screen: list[Sent] = field(default_factory=list)


@cache
def shipped() -> Knowledge:
    """The shipped knowledge, read once a run."""
    return load_knowledge()


@cache
def sample_house(ward: str = "mau") -> House:
    """The parts that never change between two messages; read once a run."""
    profile = load_ward(ward)
    known = shipped()
    house = House(
        ward=profile,
        library=known.library,
        lexicon=known.lexicon,
        matcher=known.matcher,
        calendar=load_calendar(),
        words=load_wording(profile.unit_words),
        number_key=b"key of the sample ward",
        public_url="https://chat.phuong-mau.vn",
        windows={"webchat": Window(rings=False), "zalo": WINDOW},
        channels=LIMITS,
    )
    return house.with_doors(known.doors)
