"""Keeps the present House: sees within a second or two what an office has changed, and answers by it from then on."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from bot.tasks import news_within, place_of
from faq.entry import ContentError, Entry
from faq.figures import Figure, figure_keys
from faq.gate import OneAtATime
from faq.lexicon import Lexicon
from faq.overlay import from_json, lay_over, periods_from_json, with_figures, with_forms
from handlers.house import House
from storage.calendar_days import Stamp, list_days, rules_of, stamp_of_days
from storage.database import Database
from storage.knowledge import list_in_force_after
from storage.machinery import raise_alarm, settle_alarm
from storage.models import KnowledgeRevision
from storage.statuses import KnowledgeKind, RevisionVerb

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two looks for what other replicas have changed."""
_LAST_USE = 10.0
"""Seconds after which no turn that began with an older House is still under way."""
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Changes:
    """All that is in force beside the shipped knowledge: entries by id (None: retired), added words by thing,
    figures by key with their periods. `serials` tell which of two things was changed later.
    """

    version: int = 0
    entries: Mapping[str, Entry | None] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    figures: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)
    serials: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def after(self, revisions: Sequence[KnowledgeRevision], lexicon: Lexicon) -> tuple[Changes, list[Fault]]:
        """These changes and those revisions on top. One that cannot be read is left out, the older one stays."""
        entries, words, figures = dict(self.entries), dict(self.words), dict(self.figures)
        faults, serials = [], dict(self.serials)
        version = self.version
        for revision in revisions:
            version = max(version, revision.serial or 0)
            try:
                if revision.kind == KnowledgeKind.WORDS:
                    words[revision.subject] = _words(revision, lexicon)
                elif revision.kind == KnowledgeKind.FIGURE:
                    figures[revision.subject] = periods_from_json(
                        revision.subject, revision.row.get("periods")
                    )
                else:
                    entries[revision.subject] = _entry(revision)
            except ContentError as error:
                faults.append(Fault(_name(revision), f"version {revision.number}: {error}"))
                continue
            if revision.verb != RevisionVerb.ALIAS:
                # Whoever adds a way to ask has not looked at the answer.
                serials[revision.kind, revision.subject] = revision.serial or 0
        return Changes(version, entries, words, figures, serials), faults

    def list_stale(self, entries: Iterable[Entry]) -> frozenset[str]:
        """The entries one of whose figures came into force after anybody looked at the entry.

        By the order of changes, not by days: a figure may change an hour after an entry was read.
        """
        changed = {
            key: serial for (kind, key), serial in self.serials.items() if kind == KnowledgeKind.FIGURE
        }
        seen = {
            entry: serial for (kind, entry), serial in self.serials.items() if kind == KnowledgeKind.ENTRY
        }
        return frozenset(
            entry.id
            for entry in (entries if changed else ())
            if any(changed.get(key, 0) > seen.get(entry.id, 0) for key in figure_keys(entry))
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """A change that cannot be used: which one, and why."""

    subject: str
    detail: str


def furnish(shipped: House, changes: Changes) -> House:
    """The shipped House with the changes laid over it. Takes a moment: the matcher is built anew."""
    figures = with_figures(shipped.library.figures, changes.figures)
    entries = lay_over(shipped.library, changes.entries)
    library = replace(shipped.library, entries=entries, figures=figures, stale=changes.list_stale(entries))
    lexicon = with_forms(shipped.lexicon, changes.words)
    matcher = OneAtATime(library, lexicon, changes.words)
    house = replace(shipped, library=library, lexicon=lexicon, matcher=matcher)
    # Made on first use, which else would be while a citizen waits.
    _ = house.followups, house.parts, house.doors
    return house


def furnish_calmly(shipped: House, changes: Changes) -> House:
    """As `furnish`, for a thread beside the event loop: without the collector, which would stop everybody.

    Building makes hundreds of thousands of small values and no garbage; each full collection among them holds
    up all threads for a tenth of a second and finds nothing. Afterwards they are set aside for good, or the first
    collection would go through them all. A House has no cycles, so it is freed without a collector.
    """
    gc.disable()
    try:
        return furnish(shipped, changes)
    finally:
        gc.freeze()
        gc.enable()


async def let_go(pieces: list[object]) -> None:
    """Free a matcher that nobody uses any more bit by bit, with time for everybody else in between."""
    await asyncio.sleep(_LAST_USE)
    while pieces:
        del pieces[-_AT_ONCE:]
        await asyncio.sleep(0.001)


class Knowledge:
    """The House of this moment. A House never changes; whoever asks again may get a newer one."""

    def __init__(
        self,
        shipped: House,
        database: Callable[[], Database],
        clock: Callable[[], datetime],
    ) -> None:
        """`database` is asked for once the first look is due: a House is there before a database is open."""
        self._shipped = shipped
        self._database, self._clock = database, clock
        self._changes = Changes()
        self._days_stamp: Stamp = (0, 0)
        self._news = asyncio.Event()
        self._leaving = set[asyncio.Task[None]]()
        self.house = shipped

    def wake(self) -> None:
        """Something was changed here: look at once."""
        self._news.set()

    async def run(self) -> None:
        """Look for ever. Ends by cancellation."""
        while True:
            await news_within(self._news, PAUSE)
            self._news.clear()
            await self.look()

    async def look(self) -> bool:
        """Take over what came into force since the last look; False when there was nothing."""
        seen = self._changes.version
        fresh, stamp = await self._database().read(lambda s: (list_in_force_after(s, seen), stamp_of_days(s)))
        if stamp != self._days_stamp:
            await self._take_days(stamp)
        if not fresh:
            return False
        self._changes, faults = self._changes.after(fresh, self._shipped.lexicon)
        if len(faults) < len(fresh):
            faults += await self._refurnish()
        await self._database().run(lambda s: self._note(s, fresh, faults))
        log.info("knowledge version %s: %s entries", self._changes.version, len(self.house.library))
        return True

    async def _take_days(self, stamp: Stamp) -> None:
        """Lay the office's days over the shipped calendar. Nothing else of the House depends on it."""
        rules = await self._database().read(lambda s: rules_of(list_days(s)))
        calendar = self._shipped.calendar.with_own(rules)
        self._shipped, self.house = self._shipped.with_calendar(calendar), self.house.with_calendar(calendar)
        self._days_stamp = stamp
        log.info("calendar: %s days of the office's own", len(rules))

    async def _refurnish(self) -> list[Fault]:
        """Beside the event loop; whatever goes wrong, the product answers by what it knew before."""
        try:
            house = await asyncio.to_thread(furnish_calmly, self._shipped, self._changes)
        except Exception as error:  # noqa: BLE001 - a change must not take the product down, whatever it holds
            what = f"{type(error).__name__} at {place_of(error)}"
            log.error("knowledge version %s cannot be used: %s", self._changes.version, what)
            return [Fault(f"version {self._changes.version}", what)]
        leaving = asyncio.create_task(let_go(self.house.matcher.pieces()))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        self.house = house
        return []

    def _note(self, session: Session, fresh: Sequence[KnowledgeRevision], faults: Sequence[Fault]) -> None:
        now = self._clock()
        for subject in {_name(revision) for revision in fresh}:
            # A newer version that can be read makes up for one that could not.
            settle_alarm(session, "knowledge_unreadable", subject, now)
        for fault in faults:
            raise_alarm(session, "knowledge_unreadable", fault.subject, fault.detail, now)


def _name(revision: KnowledgeRevision) -> str:
    return f"{revision.kind} {revision.subject}"


def _entry(revision: KnowledgeRevision) -> Entry | None:
    if revision.verb == RevisionVerb.RETIRE:
        return None
    entry = from_json(revision.row)
    if entry.id != revision.subject:
        raise ContentError(f"mục {revision.subject}: nội dung mang mã {entry.id}")
    return entry


def _words(revision: KnowledgeRevision, lexicon: Lexicon) -> tuple[str, ...]:
    words = revision.row.get("words")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ContentError(f"nhóm từ {revision.subject}: phải là một danh sách chữ")
    with_forms(lexicon, {revision.subject: words})
    return tuple(words)
