"""Telegram as a channel: receives by polling or webhook, sends through the library as a typed client."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar

from telegram import InputMediaPhoto, Message
from telegram.error import TelegramError

from bot.channels.contract import (
    Batch,
    ConnectionFailed,
    Malformed,
    Misconfigured,
    Pace,
    Rejected,
    ReplyWindow,
    SendResult,
    Share,
    Unauthentic,
)
from bot.channels.telegram.client import Client, connect, read_json
from bot.channels.telegram.errors import for_repeatable, to_send_error
from bot.channels.telegram.fetch import download
from bot.channels.telegram.fields import mapping, number, words
from bot.channels.telegram.read import KINDS, NAME, Reader, wrap
from bot.channels.telegram.write import NO_PREVIEW, Gallery, keyboard
from core.messages import Address, Ask, Attachment, Content, Envelope, IncomingMessage, Limits

SECRET_HEADER = "x-telegram-bot-api-secret-token"
POLL_SECONDS = 25
ACKNOWLEDGE_SECONDS = 3.0

_TOKEN = re.compile(r"(\d+):[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
# The library stumbles like this over an answer in a shape it does not know.
_ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError)
_TITLES: Mapping[Ask, str] = MappingProxyType(
    {Ask.LOCATION: "📍 Gửi vị trí của tôi", Ask.PHONE: "📱 Gửi số điện thoại của tôi"}
)
_T = TypeVar("_T")


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _pace(per_second: int) -> Pace:
    """Telegram names 30 a second, 1 a second to a person and 20 a minute to a group; three at once pass."""
    # A little below, because the step of a second is met by the window, and a citizen's reply comes on top.
    steps = 0.99 * per_second
    return Pace(steps, 3, Share(per_second, 1.0), chat=Share(3, 3.0), group=Share(20, 60.0))


class TelegramChannel:
    """One bot. `media` is the folder of the pictures to send, `titles` the words on the request buttons,
    `seconds` the time that one call may take, `clock` tells the time of a tap, which Telegram does not."""

    name = NAME
    # Buttons one below the other: longer titles would be cut on a small screen.
    limits = Limits(text=4096, caption=1024, choices=8, choice_title=60, pictures=10)

    def __init__(
        self,
        token: str,
        *,
        base_url: str,
        mode: Literal["polling", "webhook"],
        secret: str,
        webhook_url: str | None,
        media: Path,
        titles: Mapping[Ask, str] = _TITLES,
        seconds: float = 15.0,
        per_second: int = 30,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise ValueError("this is not the token of a Telegram bot")
        self.account = match[1]
        self.pace = _pace(per_second)
        self.polls = mode == "polling"
        self._secret = secret
        self._webhook_url = webhook_url
        self._titles = titles
        self._clock = clock
        self._gallery = Gallery(media)
        self._username: str | None = None
        self._connect = partial(connect, token, match[1], base_url, seconds)
        self._client: Client = self._connect()

    async def start(self) -> None:
        """Learn the bot's name and take over its updates. Raises SendError; may be called again."""
        if self._client.web.is_closed:
            self._client = self._connect()
        bot = self._client.bot
        self._username = (await self._repeatable(bot.get_me())).username
        if self.polls:
            await self._repeatable(bot.delete_webhook(drop_pending_updates=False))
        else:
            await self._register()

    async def stop(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def maintain(self, now: datetime) -> None:  # noqa: ARG002  (the contract asks for it)
        """Telegram drops a webhook that answers badly for long, and a colleague's tool may take it over."""
        if self.polls:
            return
        info = await self._repeatable(self._client.bot.get_webhook_info())
        if info.url != self._webhook_url or set(info.allowed_updates or ()) != set(KINDS):
            await self._register()

    async def _register(self) -> None:
        if not self._webhook_url or not _SECRET.fullmatch(self._secret):
            raise Misconfigured(
                "webhook", "needs an address and a secret of 1 to 256 letters A-Z a-z 0-9 _ -"
            )
        await self._repeatable(
            self._client.bot.set_webhook(
                self._webhook_url,
                secret_token=self._secret,
                allowed_updates=KINDS,
                drop_pending_updates=False,
            )
        )

    def accept(self, headers: Mapping[str, str], body: bytes) -> Sequence[Envelope]:
        """Check the secret, then read one update. Raises Unauthentic or Malformed."""
        given = next((value for name, value in headers.items() if name.lower() == SECRET_HEADER), "")
        right = hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode())
        if not self._secret or not right:
            raise Unauthentic(403)
        update = mapping(read_json(body))
        if number(update.get("update_id")) is None:
            raise Malformed("not an update")
        envelope = wrap(update, body.decode("utf-8"), self.account)
        return [] if envelope is None else [envelope]

    async def poll(self, cursor: str | None) -> Batch:
        """Wait up to 25 s for updates; the cursor confirms all before it, "0" nothing. Raises SendError."""
        query = {"timeout": str(POLL_SECONDS), "allowed_updates": json.dumps(KINDS)}
        if cursor is not None:
            query["offset"] = cursor
        # Raw, because the library refuses a whole batch for one update that it cannot read.
        answer = await self._repeatable(self._client.call("getUpdates", query, extra_seconds=POLL_SECONDS))
        if not isinstance(answer, list):
            raise ConnectionFailed("getUpdates", "odd answer")
        ids = [known for update in answer if (known := number(mapping(update).get("update_id"))) is not None]
        wrapped = (wrap(update, _dump(update), self.account) for update in answer)
        # Nothing new: all is confirmed, so forget the offset. After a quiet week Telegram numbers anew,
        # maybe lower, and an old offset would confirm what nobody has read.
        return Batch(tuple(e for e in wrapped if e is not None), str(max(ids, default=-1) + 1))

    async def acknowledge(self, envelope: Envelope) -> None:
        """Stop the spinner on the tapped button, if it still turns."""
        update = mapping(read_json(envelope.raw))
        query_id = words(mapping(update.get("callback_query")).get("id"))
        if not query_id:
            return
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                await self._client.bot.answer_callback_query(query_id)
        except (TelegramError, TimeoutError, *_ODD):
            # Too old or too slow: the spinner ends by itself, and the tap is recorded.
            return

    def read(self, parts: Sequence[Envelope]) -> IncomingMessage | None:
        """The message that these updates make together; None for what concerns nobody."""
        return Reader(self.account, self._username).read(parts, self._clock())

    async def send(self, address: Address, content: Content) -> SendResult:
        """Send by one call; an album is one call too. Raises SendError."""
        chat = _chat_id(address)
        markup = keyboard(content, self._titles, private=chat > 0)
        bot, pictures = self._client.bot, content.pictures
        if not pictures:
            sent = bot.send_message(chat, content.text, reply_markup=markup, link_preview_options=NO_PREVIEW)
            return await self._deliver(sent, content)
        files = [await self._gallery.open(picture) for picture in pictures]
        caption = content.text or None
        if len(files) == 1:
            photo = bot.send_photo(chat, files[0], caption, reply_markup=markup, filename=pictures[0].stored)
            return await self._deliver(photo, content)
        if markup is not None:
            raise Rejected("content", "an album carries no buttons")
        album = [InputMediaPhoto(file, filename=p.stored) for file, p in zip(files, pictures, strict=True)]
        return await self._deliver(bot.send_media_group(chat, album, caption=caption), content)

    async def _deliver(self, call: Awaitable[Message | tuple[Message, ...]], content: Content) -> SendResult:
        try:
            answer = await call
        except TelegramError as error:
            reason = to_send_error(error, self.name, self.account)
            if isinstance(reason, Rejected) and self._gallery.forget(content.pictures):
                # Maybe only the id of an earlier upload is stale: the next try brings the bytes.
                raise ConnectionFailed(reason.code, reason.reason) from None
            raise reason from None
        except _ODD:
            # Accepted, only the answer has a new shape: sending again would be a double.
            return SendResult()
        messages = answer if isinstance(answer, tuple) else (answer,)
        self._gallery.remember(content.pictures, messages)
        return SendResult(tuple(str(message.message_id) for message in messages))

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        """The file of a message. Raises SendError, Rejected when it is gone or larger than `limit` bytes."""
        return await download(self._client, attachment.source, limit)

    async def profile(self, address: Address) -> str | None:  # noqa: ARG002  (the contract asks for it)
        """None: every update brings the name along."""
        return None

    def reply_window(self, last_interaction: datetime | None, now: datetime) -> ReplyWindow:  # noqa: ARG002  (the contract asks for it)
        """Always open: who started the bot may be written to until they block it."""
        return ReplyWindow.OPEN

    def deep_link(self, start: str) -> str | None:
        """A t.me link, once the name of the bot is known and Telegram can carry the parameter."""
        if self._username is None or not _START.fullmatch(start):
            return None
        return f"https://t.me/{self._username}?start={start}"

    async def _repeatable(self, call: Awaitable[_T]) -> _T:
        """A call that does no harm when it is made twice."""
        try:
            return await call
        except TelegramError as error:
            raise for_repeatable(to_send_error(error, self.name, self.account)) from None
        except _ODD:
            raise Misconfigured("answer", "odd answer") from None


def _chat_id(address: Address) -> int:
    try:
        return int(address.external_id)
    except ValueError:
        raise Rejected("address", "not a Telegram chat") from None


def _dump(update: object) -> str:
    text = json.dumps(update, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half an emoji, cut by some app: keep it escaped, the database takes only whole letters.
        return json.dumps(update)
    return text
