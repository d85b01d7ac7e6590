"""The webhooks of the providers: authenticate, record, and only then say 200."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from bot.channels.contract import Channel, Malformed, Unauthentic
from bot.gateway import Gateway
from bot.web.server import WEBHOOK_LIMIT, read_body

log = logging.getLogger(__name__)

PATH = "/webhooks/{channel}"


def add_webhook_routes(app: web.Application, gateway: Gateway, channels: Mapping[str, Channel]) -> None:
    """`POST /webhooks/telegram` and `/webhooks/zalo`, for the channels that are set up."""

    async def receive(request: web.Request) -> web.Response:
        channel = channels.get(request.match_info["channel"])
        if channel is None:
            raise web.HTTPNotFound
        body = await read_body(request, WEBHOOK_LIMIT)
        try:
            envelopes = channel.accept(request.headers, body)
        except Unauthentic as refusal:
            log.warning("webhook of %s refused: not from the provider", channel.name)
            return web.Response(status=refusal.status)
        except Malformed as broken:
            log.warning("webhook of %s refused: cannot be read", channel.name)
            return web.Response(status=broken.status)
        try:
            await gateway.accept(channel, envelopes)
        except DBAPIError:
            # Not stored, so not acknowledged: the provider sends it again.
            log.error("webhook of %s: the database cannot record now", channel.name)
            return web.Response(status=503, headers={"Retry-After": "5"})
        # An empty body on purpose: Telegram would execute a JSON answer as a call.
        return web.Response(status=200)

    app.router.add_post(PATH, receive)
