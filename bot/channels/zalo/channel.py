"""The Zalo channel: an official account that answers citizens through Zalo's open API and webhook."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import aiohttp

from bot.channels.contract import Batch, Pace, Rejected, ReplyWindow, SendError, SendResult, Share, TokenVault
from bot.channels.zalo.api import OpenApi
from bot.channels.zalo.codes import UPLOAD_EXPIRED
from bot.channels.zalo.event import word
from bot.channels.zalo.media import MEDIA_HOSTS, Hosts, MediaFetch
from bot.channels.zalo.pictures import prepare
from bot.channels.zalo.reading import PAYLOAD, read
from bot.channels.zalo.tokens import App, Tokens
from bot.channels.zalo.webhook import Webhook
from bot.channels.zalo.wire import TIMEOUT, Wire
from core.messages import Address, Attachment, Choice, Content, Envelope, Event, Limits, Picture
from core.reach import Reach, Window

NAME: Final = "zalo"
OPENAPI_URL: Final = "https://openapi.zalo.me"
OAUTH_URL: Final = "https://oauth.zaloapp.com"

# Five buttons are said to be the most and one too many loses the whole message, so four.
_LIMITS: Final = Limits(text=2000, caption=2000, choices=4, choice_title=100, pictures=1)
# Of the requests that Zalo allows in a minute, what is left for asking after the names of new people.
_FOR_NAMES: Final = 0.025
# What a long field of a template takes; Zalo cuts nothing, it refuses the whole.
_FIELD: Final = 200
WINDOW: Final = Window(free=timedelta(hours=48), paid=timedelta(days=7))
_WINDOWS: Final = {
    Reach.FREE: ReplyWindow.OPEN,
    Reach.PAID: ReplyWindow.PAID,
    Reach.TEMPLATE: ReplyWindow.CLOSED,
    Reach.UNREACHABLE: ReplyWindow.CLOSED,
}


def _pace(per_minute: int) -> Pace:
    """Zalo counts the requests of an app in a minute; a picture is a request more than its message."""
    ours = max(1, int(per_minute * (1 - _FOR_NAMES)))
    return Pace(ours / 60, 10, Share(ours, 60.0), chat=Share(2, 1.0))


class ZaloChannel:
    """One official account. Zalo pushes its events, so nothing is polled."""

    name: str = NAME
    limits: Limits = _LIMITS
    polls: bool = False

    def __init__(
        self,
        *,
        app_id: str,
        app_secret: str,
        oa_id: str,
        oa_secret: str,
        first_refresh_token: str | None,
        vault: TokenVault,
        media: Path,
        openapi_url: str = OPENAPI_URL,
        oauth_url: str = OAUTH_URL,
        media_hosts: tuple[str, ...] = MEDIA_HOSTS,
        app_secret_proof: bool = False,
        template_id: str = "",
        template_field: str = "noi_dung",
        profile_timeout: float = 3.0,
        per_minute: int = 4000,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        """`media` is the folder of stored pictures, `profile_timeout` in seconds; the base URLs are
        Zalo's unless a fake takes its place. Nothing is opened before the first call."""
        self.account = oa_id
        self.pace = _pace(per_minute)
        self.stale_events = 0
        self._media = media
        self._profile_timeout = profile_timeout
        self._template = (template_id, template_field)
        self._webhook = Webhook(NAME, app_id, oa_id, oa_secret)
        self._wire = Wire(timeout)
        self._app = App(app_id, app_secret, oauth_url.rstrip("/"))
        self._tokens = Tokens(self._app, first_refresh_token, vault, self._wire)
        proof = app_secret if app_secret_proof else None
        self._api = OpenApi(openapi_url.rstrip("/"), self._wire, self._tokens, proof)
        self._fetch = MediaFetch(Hosts(media_hosts))

    async def start(self) -> None:
        """Make sure of a living token. Raises Misconfigured when there is none; the channel can then still
        `redeem` a consent, and `maintain` takes it up."""
        await self._tokens.keep_fresh(datetime.now(UTC))

    async def stop(self) -> None:
        """Let go of the connections."""
        await self._wire.close()
        await self._fetch.close()

    async def maintain(self, now: datetime) -> None:
        """Renew the token in time. Raises SendError; the old pair stays where renewing failed."""
        await self._tokens.keep_fresh(now)

    def consent_url(self, state: str, verifier: str, redirect_uri: str) -> str:
        """Where an administrator of the official account grants access; `verifier` has 43 characters."""
        return self._app.consent_url(state, verifier, redirect_uri)

    async def redeem(self, code: str, verifier: str) -> None:
        """Take the code that the consent page handed back. Raises SendError."""
        await self._tokens.redeem(code, verifier)

    def accept(self, headers: Mapping[str, str], body: bytes) -> Sequence[Envelope]:
        """Authenticate a webhook call; authentic ones older than a day are dropped and counted in
        `stale_events`."""
        accepted = self._webhook.accept(headers, body, datetime.now(UTC))
        self.stale_events += accepted.stale
        return accepted.envelopes

    async def poll(self, cursor: str | None) -> Batch:
        """Nothing: Zalo pushes."""
        return Batch((), cursor)

    async def acknowledge(self, envelope: Envelope) -> None:
        """Nothing: a tap on Zalo shows no spinner and there is no typing sign."""

    def read(self, parts: Sequence[Envelope]) -> Event | None:
        """Understand recorded events; photos that waited together become one message."""
        return read(parts)

    async def send(self, address: Address, content: Content) -> SendResult:
        """Send one consultation message, after uploading its picture where it has one."""
        too_many = len(content.pictures) > _LIMITS.pictures or len(content.choices) > _LIMITS.choices
        if too_many or (content.pictures and content.choices):
            raise Rejected("too-much", "the content was not fitted to the channel")
        text = unicodedata.normalize("NFC", content.text)
        if content.pictures:
            found = await self._send_picture(address.external_id, text, content.pictures[0])
        else:
            found = await self._api.say(address.external_id, _worded(text, content.choices))
        return SendResult((found,) if found else ())

    async def knock(self, address: Address, content: Content) -> SendResult:
        """By the approved template, tell that something waits, with as much of it as a template's field takes."""
        template_id, field = self._template
        said = " ".join(unicodedata.normalize("NFC", content.text).split())
        short = said if len(said) <= _FIELD else said[: _FIELD - 1].rsplit(" ", 1)[0] + "…"
        found = await self._api.say_by_template(address.external_id, template_id, {field: short})
        return SendResult((found,) if found else ())

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        """The bytes of a photo or file that a citizen sent."""
        if attachment.size is not None and attachment.size > limit:
            raise Rejected("too-large")
        return await self._fetch.fetch(attachment.source, limit)

    async def profile(self, address: Address) -> str | None:
        """The display name; None whenever Zalo does not tell it, because no answer should wait for a name."""
        try:
            found = await self._api.person(address.external_id, self._profile_timeout)
        except SendError:
            return None
        return word(found.get("display_name"), 200) or None

    def reply_window(self, last_interaction: datetime | None, now: datetime) -> ReplyWindow:
        """Free for 48 hours, charged until seven days, then closed until the person writes again."""
        return _WINDOWS[WINDOW.reach(last_interaction, now)]

    def deep_link(self, start: str) -> str | None:  # noqa: ARG002  (the contract's argument; Zalo has no place for it)
        """The account's chat. Zalo hands over no parameter: the person types the code, with or without
        the prefix `reading.START`."""
        return f"https://zalo.me/{self.account}"

    async def _send_picture(self, user_id: str, text: str, picture: Picture) -> str:
        ready = await asyncio.to_thread(prepare, self._media, picture)
        try:
            return await self._say_picture(user_id, text, ready.name, ready.content_type, ready.data)
        except Rejected as error:
            if error.code != UPLOAD_EXPIRED:
                raise
        # The id died between upload and message: once more with a new one.
        return await self._say_picture(user_id, text, ready.name, ready.content_type, ready.data)

    async def _say_picture(self, user_id: str, text: str, name: str, content_type: str, data: bytes) -> str:
        found = await self._api.upload(data, name, content_type)
        return await self._api.say(user_id, _pictured(text, found))


def _worded(text: str, choices: tuple[Choice, ...]) -> dict[str, object]:
    """Text with buttons; the template that carries them must name no `template_type`."""
    if not choices:
        return {"text": text}
    buttons = [_button(choice) for choice in choices]
    return {"text": text, "attachment": {"type": "template", "payload": {"buttons": buttons}}}


def _button(choice: Choice) -> dict[str, object]:
    title = unicodedata.normalize("NFC", choice.title)
    if choice.url is not None:
        return {"title": title, "type": "oa.open.url", "payload": {"url": choice.url}}
    return {"title": title, "type": "oa.query.hide", "payload": f"{PAYLOAD}{choice.action}"}


def _pictured(text: str, attachment_id: str) -> dict[str, object]:
    element = {"media_type": "image", "attachment_id": attachment_id}
    template = {"template_type": "media", "elements": [element]}
    message: dict[str, object] = {"attachment": {"type": "template", "payload": template}}
    return {"text": text, **message} if text else message
