"""The methods of the Bot API around the chats: the bot itself, its updates, its files, the taps."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tests.fakes.telegram import checks
from tests.fakes.telegram.updates import Updates, Webhook
from tests.fakes.telegram.world import Form, Raw, Refusal, World

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_PORTS = {None, 443, 80, 88, 8443}


class SettingUp:
    """Everything that is no message."""

    def __init__(self, world: World, updates: Updates, tap_seconds: float) -> None:
        self.world = world
        self.updates = updates
        self._tap_seconds = tap_seconds

    async def getme(self, form: Form) -> Raw:
        """Who am I."""
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
        return self.world.me() | abilities | {"supports_inline_queries": False}

    async def getupdates(self, form: Form) -> list[Raw]:
        """Long polling."""
        self._allow(form)
        limit = form.number("limit")
        return await self.updates.poll(
            form.number("offset"), 100 if limit is None else limit, form.number("timeout") or 0
        )

    def _allow(self, form: Form) -> None:
        # Left out means «as before», an empty list «the usual».
        given = form.json("allowed_updates")
        if isinstance(given, list):
            self.updates.allowed = [str(kind) for kind in given] or None

    async def setwebhook(self, form: Form) -> bool:
        """Push from now on; an empty address ends it. Plain http is taken on loopback only."""
        url, secret = form.text("url"), form.text("secret_token")
        if not url:
            return await self.deletewebhook(form)
        parts = urlsplit(url)
        loopback = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if parts.scheme != "https" and not loopback:
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not loopback and parts.port not in _PORTS:
            text = "Webhook can be set up only on ports 80, 88, 443 or 8443"
            raise Refusal(400, f"Bad Request: bad webhook: {text}")
        if not _SECRET.fullmatch(secret):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        self._allow(form)
        most = min(max(form.number("max_connections") or 40, 1), 100)
        drop = form.text("drop_pending_updates").lower() == "true"
        await self.updates.set_webhook(Webhook(url, secret, most), drop=drop)
        return True

    async def deletewebhook(self, form: Form) -> bool:
        """Back to polling; what waits stays unless it is to be dropped."""
        drop = form.text("drop_pending_updates").lower() == "true"
        await self.updates.set_webhook(None, drop=drop)
        return True

    async def getwebhookinfo(self, form: Form) -> Raw:
        """Where updates go and how that works."""
        updates = self.updates
        info: Raw = {
            "url": updates.webhook.url if updates.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(updates.waiting),
        }
        if updates.allowed:
            info["allowed_updates"] = updates.allowed
        if updates.last_error:
            info |= {
                "last_error_date": int(self.world.clock()),
                "last_error_message": updates.last_error[1],
            }
        return info

    async def answercallbackquery(self, form: Form) -> bool:
        """Stop the spinner: once, and in time."""
        query = form.text("callback_query_id")
        if checks.units(form.text("text")) > checks.ANSWER:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        tapped_at = self.world.taps.pop(query, None)
        if tapped_at is None or self.world.clock() - tapped_at > self._tap_seconds:
            text = "query is too old and response timeout expired or query ID is invalid"
            raise Refusal(400, f"Bad Request: {text}")
        self.world.answered_taps[query] += 1
        return True

    async def getfile(self, form: Form) -> Raw:
        """The way to a file of at most 20 MB."""
        stored = self.world.files.get(form.text("file_id"))
        if stored is None:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if stored.size > checks.DOWNLOAD_BYTES:
            raise Refusal(400, "Bad Request: file is too big")
        return self.world.file_raw(stored) | {"file_path": stored.path}

    async def getchat(self, form: Form) -> Raw:
        """A chat that the bot knows."""
        chat = self.world.chats.get(form.number("chat_id") or 0)
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        return chat.raw() | {"accent_color_id": 0, "max_reaction_count": 11}

    async def setmycommands(self, form: Form) -> bool:
        """The menu of commands."""
        commands = form.json("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description") or "")) <= 256:
                raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.world.commands = commands
        return True
