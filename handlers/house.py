"""The House: what does not change between two messages, built once and swapped whole when knowledge changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from core.calendar import WorkCalendar
from core.doors import DoorKeeper
from core.messages import Limits
from core.reach import Window
from core.ward import Ward
from core.wording import Wording
from faq.doors import keep_doors
from faq.followup import FollowupReader
from faq.lexicon import Lexicon
from faq.library import Library
from faq.matcher import Matcher
from faq.parts import PartReader


@dataclass(frozen=True)
class House:
    """What does not change between two messages: the ward, its knowledge, its calendar, its words."""

    ward: Ward
    library: Library
    lexicon: Lexicon
    matcher: Matcher
    calendar: WorkCalendar
    words: Wording
    # Seals the numbers of the officers' list; belongs to the installation, never to the database.
    number_key: bytes = field(default=b"", repr=False)
    # Where people reach the pages of this installation; empty while that is not known.
    public_url: str = ""
    # When each channel lets us write; one that is not named never shuts its door.
    windows: Mapping[str, Window] = field(default_factory=dict)
    # What one message of each channel that is set up may carry, by its name.
    channels: Mapping[str, Limits] = field(default_factory=dict, compare=False)

    def with_doors(self, doors: DoorKeeper) -> House:
        """The same House, where the doors of its library are known already."""
        other = replace(self)
        vars(other)["doors"] = doors
        return other

    def with_calendar(self, calendar: WorkCalendar) -> House:
        """The same House with another calendar; what was made on first use knows no days and is kept."""
        other, made = replace(self, calendar=calendar), vars(self)
        vars(other).update({name: made[name] for name in ("followups", "parts", "doors") if name in made})
        return other

    @cached_property
    def followups(self) -> FollowupReader:
        """Reads messages that lean on the last answer."""
        return FollowupReader(self.library, self.matcher)

    @cached_property
    def parts(self) -> PartReader:
        """Reads messages that ask several things."""
        return PartReader(self.library, self.matcher, self.followups)

    @cached_property
    def doors(self) -> DoorKeeper:
        """Tells denunciations, complaints, danger and secrets from what is answered and reported."""
        return keep_doors(self.library)
