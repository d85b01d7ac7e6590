"""Assembly: the only file that knows all parts; starts them in order, stops them in reverse."""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from aiohttp import web
from sqlmodel import Session, text

from bot.attachments import Attachments
from bot.channel_table import Supplies, list_limits, make_channels
from bot.channels.contract import Channel
from bot.channels.webchat import WebChatChannel
from bot.channels.zalo import ZaloChannel
from bot.chat_store import ChatNews, ChatStore
from bot.credentials import Keyring, load_secret
from bot.forgetting import delete_forgotten, delete_uploads
from bot.gateway import Gateway
from bot.house import build_house
from bot.keeper import ChannelKeeper
from bot.knowledge import Knowledge
from bot.lock import FolderLock
from bot.sender import Sender
from bot.settings import Settings
from bot.tables import bring_up_to_date
from bot.tasks import TaskGroup
from bot.web.board import add_board_routes
from bot.web.case_board import add_case_board_routes
from bot.web.chat import ChatSettings, add_chat_routes
from bot.web.documents import add_document_routes
from bot.web.download import add_download_routes
from bot.web.health import add_health_routes
from bot.web.page_parts import PageParts
from bot.web.plain_page import add_style_route
from bot.web.server import make_web_app
from bot.web.visitor import Visitors
from bot.web.webhooks import add_webhook_routes
from bot.web.zalo_connect import add_zalo_connect_routes
from bot.worker import Hands, Worker
from handlers.house import House
from scheduler.broadcasts import keep_quiet
from scheduler.clock import Clock
from scheduler.job import MORE, Job, run_slot
from scheduler.schedule import JOBS
from storage import claims, inbox
from storage.database import Database, open_database
from storage.machinery import drop_all_leases, find_fact, settle_other_channels

log = logging.getLogger(__name__)

_PATIENCE = 15.0
_READ_SECONDS = 3.0
# Reading still works on a full disk, so whoever watches us would hear «ready» while nothing can be kept.
_LEAST_ROOM = 4 * 1024 * 1024
# How long a computing thread may keep the others waiting. Matching and rebuilding the matcher are computing, and
# with the default of 5 ms each of them would add that much to every step of the event loop.
_SLICE_SECONDS = 0.001


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


class App:
    """The running program. `start` returns when it takes messages, `stop` when nothing is under way."""

    database: Database
    channels: dict[str, Channel]
    keeper: ChannelKeeper

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self.settings = settings
        self.clock = clock
        self.quarantined = False
        self._owner = f"{socket.gethostname()}-{secrets.token_hex(4)}"
        self._keyring = Keyring(load_secret(settings.secret_key.get_secret_value(), settings.data_dir))
        house = replace(
            build_house(settings),
            number_key=self._keyring.derive("scam-marks"),
            public_url=settings.link_url,
            channels=list_limits(settings),
        )
        self.knowledge = Knowledge(house, lambda: self.database, clock)
        self._media, self._incoming = settings.data_dir / "media", settings.data_dir / "incoming"
        self._tasks, self._background = TaskGroup(), TaskGroup()
        self._lock: FolderLock | None = None
        self._senders: list[Sender] = []
        self._stopping = False

    async def start(self) -> None:
        """Open the database, then the inner parts, then the door. Raises what stops the start."""
        sys.setswitchinterval(_SLICE_SECONDS)
        self._open_database()
        await self.database.run(self._take_over)
        await self.knowledge.look()
        news = ChatNews()
        self.channels = make_channels(self._supplies(news))
        await self.database.run(lambda s: settle_other_channels(s, list(self.channels), self.clock()))
        worker = Worker(self._hands(), self._tasks, self._wake_senders)
        gateway = Gateway(self.database, self.clock, worker.wake, self._owner, self._tasks)
        self.keeper = ChannelKeeper(self.channels, self.database, self.clock, gateway, self._background)
        self._jobs = Clock(JOBS, self._tick, self.clock)
        self._background.keep_running("worker", worker.run)
        self._background.keep_running("knowledge", self.knowledge.run)
        if not self.quarantined:
            await self.database.run(lambda s: keep_quiet(s, self.house, self.clock()))
            await self._begin_to_speak()
        try:
            await self._open_door(gateway, news)
        except BaseException:
            # Jobs that are cancelled in their midst would write more lines than the one that says what to do.
            await self._jobs.stop()
            raise

    async def _begin_to_speak(self) -> None:
        """Senders, channels and jobs: all that a restored copy must not do before it is confirmed."""
        for channel in self.channels.values():
            pays = channel.name == "zalo" and self.settings.zalo_paid
            knocks = isinstance(channel, ZaloChannel) and self.settings.zalo_template_id
            knock = channel.knock if isinstance(channel, ZaloChannel) and knocks else None
            sender = Sender(channel, self.database, self.clock, self._owner, self._tasks, pays, knock)
            self._senders.append(sender)
            self._background.keep_running(f"sender {channel.name}", sender.run)
        self.keeper.start()
        await self._jobs.start()

    async def stop(self) -> None:
        """No new claims, finish what is under way, then let go of everything in reverse order."""
        self._stopping = True
        await self._site.stop()
        if not self.quarantined:
            await self._jobs.stop()
        await self._background.stop(0)
        await self._tasks.stop(_PATIENCE)
        await self._runner.cleanup()
        for channel in self.channels.values():
            await channel.stop()
        self.database.close()
        if self._lock is not None:
            self._lock.release()

    @property
    def house(self) -> House:
        """What answers at this moment; before the start what was shipped."""
        return self.knowledge.house

    def _open_database(self) -> None:
        for folder in (self.settings.data_dir, self._media, self._incoming):
            folder.mkdir(parents=True, exist_ok=True)
        if self.settings.url.startswith("sqlite"):
            self._lock = FolderLock(self.settings.data_dir)
        bring_up_to_date(self.settings.url)
        self.database = open_database(self.settings.url)

    def _take_over(self, session: Session) -> None:
        """On SQLite we are alone, so whoever held claims or leases before is dead."""
        self.quarantined = find_fact(session, "quarantine") is not None
        if session.get_bind().dialect.name == "sqlite":
            now = self.clock()
            inbox.release_claims(session, now)
            claims.release_claims(session, now)
            drop_all_leases(session)

    def _supplies(self, news: ChatNews) -> Supplies:
        return Supplies(
            settings=self.settings,
            database=self.database,
            keyring=self._keyring,
            clock=self.clock,
            owner=self._owner,
            media=self._media,
            incoming=self._incoming,
            notify_page=news.notify,
        )

    def _hands(self) -> Hands:
        return Hands(
            database=self.database,
            channels=self.channels,
            house=lambda: self.house,
            look_at_knowledge=self.knowledge.wake,
            # Officers listen by a link: without an address for it a promise to listen could not be kept.
            attachments=Attachments(self._media, recordings=bool(self.settings.link_url)),
            clock=self.clock,
            owner=self._owner,
        )

    def _wake_senders(self) -> None:
        for sender in self._senders:
            sender.wake()

    async def _tick(self, job: Job, fire_at: datetime) -> None:
        now = self.clock()
        counts = await self.database.run(lambda s: run_slot(s, job, self.house, fire_at, now))
        while counts and any(counts.values()):
            log.info("job %s: %s", job.name, counts)
            self._wake_senders()
            if not counts.get(MORE) or self._stopping:
                break
            counts = await self.database.run(lambda s: job.run(s, self.house, self.clock()))
        if job.name == "housekeeping":
            await delete_forgotten(self.database, self._media)
            await delete_uploads(self.database, self._incoming, now)

    async def _open_door(self, gateway: Gateway, news: ChatNews) -> None:
        s = self.settings
        app = make_web_app()
        add_health_routes(app, self._why_not_ready)
        add_webhook_routes(app, gateway, {n: c for n, c in self.channels.items() if n != "webchat"})
        add_style_route(app)
        visitors = Visitors(s.trusted_proxies)
        parts = PageParts(self.database, lambda: self.house, self.clock, self._media, visitors)
        for add_routes in (add_download_routes, add_case_board_routes, add_board_routes, add_document_routes):
            add_routes(app, parts)
        zalo, webchat = self.channels.get("zalo"), self.channels["webchat"]
        if isinstance(zalo, ZaloChannel):
            add_zalo_connect_routes(app, zalo, self._keyring, s.base_url, self.house.words)
        if isinstance(webchat, WebChatChannel):
            folders = (self._incoming, self._media)
            store = ChatStore(
                self.database,
                self.clock,
                news,
                folders,
                lambda e: gateway.accept(webchat, e),
                lambda: self.house,
            )
            add_chat_routes(app, store, webchat, self._chat_settings())
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=30, shutdown_timeout=5)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, s.host, s.port)
        await self._site.start()

    def _chat_settings(self) -> ChatSettings:
        hotline = self.house.ward.find_hotline("hanh_chinh_cong")
        return ChatSettings(
            public_url=self.settings.base_url,
            ward_name=self.house.ward.name,
            hotline=(hotline.number if hotline else None) or "",
            portal_origins=self.settings.portal_origins,
            trusted_proxies=self.settings.trusted_proxies,
            voice=bool(self.settings.link_url),
        )

    async def _why_not_ready(self) -> str:
        if self._stopping:
            return "stopping"
        if not self._background.alive:
            return "a part is down"
        try:
            if shutil.disk_usage(self.settings.data_dir).free < _LEAST_ROOM:
                return "disk is full"
        except OSError:
            return "data folder is gone"
        try:
            async with asyncio.timeout(_READ_SECONDS):
                await self.database.read(lambda session: session.execute(text("SELECT 1")).scalar())
        except Exception as error:  # noqa: BLE001 - whatever it is, we are not ready
            return f"database: {type(error).__name__}"
        return ""
