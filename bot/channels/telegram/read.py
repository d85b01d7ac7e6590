"""From raw updates to neutral messages: who wrote, where the answer goes, and what the person did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels.telegram.client import read_json
from bot.channels.telegram.fields import Raw, full_name, mapping, moment, number, words
from bot.channels.telegram.inside import look_inside
from core.messages import Address, Envelope, IncomingMessage, MessageKind

NAME = "telegram"
# What we ask Telegram for; anything else concerns nobody here.
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")

_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S+))?\s*\Z")
_COMMAND = re.compile(r"(/\w+)@(\w+)")
_OUTSIDE = frozenset({"left", "kicked"})


def wrap(update: object, raw: str, account: str) -> Envelope | None:
    """An update on its way into the inbox; None when it has no id or none of our kinds."""
    fields = mapping(update)
    update_id = number(fields.get("update_id"))
    kind = next((kind for kind in KINDS if kind in fields), None)
    if update_id is None or kind is None:
        return None
    event = mapping(fields[kind])
    message = mapping(event.get("message")) or event
    chat = number(mapping(message.get("chat")).get("id"))
    sender = number(mapping(event.get("from")).get("id")) or chat or 0
    group = words(event.get("media_group_id")) if kind == "message" else ""
    return Envelope(
        NAME,
        account,
        str(update_id),
        f"{NAME}/{account}/{sender}",
        raw,
        album=f"{chat}:{group}" if group else None,
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads for one bot; `username` is known once the channel has started."""

    account: str
    username: str | None

    def read(self, parts: Sequence[Envelope], now: datetime) -> IncomingMessage | None:
        """One message of all the parts. `now` stands in where Telegram gives no time: a tap has none."""
        found = [message for part in parts if (message := self._one(part, now)) is not None]
        if not found:
            return None
        found.sort(key=lambda message: int(message.external_id))
        first = found[0]
        with_photo = next((m for m in found if m.kind is MessageKind.PHOTO), first)
        return replace(
            first,
            kind=with_photo.kind,
            text="\n".join(message.text for message in found if message.text),
            attachments=tuple(a for message in found for a in message.attachments),
            message_ids=tuple(i for message in found for i in message.message_ids),
        )

    def _one(self, part: Envelope, now: datetime) -> IncomingMessage | None:
        update = mapping(read_json(part.raw))
        for kind, read in (
            ("message", self._message),
            ("edited_message", self._edited),
            ("callback_query", self._tap),
            ("my_chat_member", self._membership),
        ):
            if kind in update:
                return read(mapping(update[kind]), part.external_id, now)
        return None

    def _message(self, raw: Raw, external_id: str, now: datetime) -> IncomingMessage | None:
        # `sender_chat` is a channel or an anonymous administrator: nobody whom we could answer.
        base = None if "sender_chat" in raw else self._base(raw, raw, external_id, now)
        inside = look_inside(raw)
        if base is None or inside is None:
            return None
        message = replace(
            base,
            kind=inside.kind,
            text=inside.text,
            attachments=inside.attachments,
            location=inside.location,
            phone=inside.phone,
            reply_to=_answered(raw),
            message_ids=_ids(raw),
        )
        return self._command(message) if message.kind is MessageKind.TEXT else message

    def _edited(self, raw: Raw, external_id: str, now: datetime) -> IncomingMessage | None:
        message = self._message(raw, external_id, now)
        if message is None:
            return None
        edited_at = moment(raw.get("edit_date")) or message.sent_at
        return replace(message, kind=MessageKind.EDITED, sent_at=edited_at, start=None)

    def _tap(self, raw: Raw, external_id: str, now: datetime) -> IncomingMessage | None:
        message = mapping(raw.get("message"))
        # The date of the message is when we sent it, maybe days ago; Telegram drops taps after minutes.
        base = self._base(raw, {"chat": message.get("chat")}, external_id, now)
        if base is None:
            return None
        ids = _ids(message)
        action = words(raw.get("data")) or None
        kind = MessageKind.CHOICE if action else MessageKind.UNSUPPORTED
        return replace(base, kind=kind, action=action, reply_to=ids[0] if ids else None)

    def _membership(self, raw: Raw, external_id: str, now: datetime) -> IncomingMessage | None:
        base = self._base(raw, raw, external_id, now)
        before, after = (
            words(mapping(raw.get(side)).get("status")) for side in ("old_chat_member", "new_chat_member")
        )
        if base is None or not after:
            return None
        if after in _OUTSIDE:
            return replace(base, kind=MessageKind.LEFT)
        # A new right in a group is no arrival.
        return replace(base, kind=MessageKind.JOINED) if before in {*_OUTSIDE, ""} else None

    def _base(self, event: Raw, dated: Raw, external_id: str, now: datetime) -> IncomingMessage | None:
        user = mapping(event.get("from"))
        sender = number(user.get("id"))
        chat_fields = mapping(dated.get("chat"))
        if not sender or user.get("is_bot") is True or chat_fields.get("type") == "channel":
            return None
        chat = number(chat_fields.get("id")) or sender
        return IncomingMessage(
            sender=Address(NAME, self.account, str(sender)),
            chat=Address(NAME, self.account, str(chat)),
            external_id=external_id,
            kind=MessageKind.UNSUPPORTED,
            sent_at=moment(dated.get("date")) or now,
            sender_name=full_name(user),
        )

    def _command(self, message: IncomingMessage) -> IncomingMessage | None:
        """Deep links, and commands as a group writes them: «/cmd@our_bot» is ours, another bot's is not."""
        text = message.text
        addressed = _COMMAND.match(text)
        if addressed:
            if self.username and addressed[2].lower() != self.username.lower():
                return None
            text = addressed[1] + text[addressed.end() :]
        elif self.username and text.lower().startswith(f"@{self.username.lower()} "):
            text = text[len(self.username) + 1 :].strip()
        start = _START.match(text)
        if start and start[1]:
            return replace(message, text="/start", start=start[1])
        return replace(message, text=text)


def _answered(raw: Raw) -> str | None:
    replied = mapping(raw.get("reply_to_message"))
    # Every message of a forum topic «answers» the message that opened the topic.
    if not replied or "forum_topic_created" in replied:
        return None
    ids = _ids(replied)
    return ids[0] if ids else None


def _ids(raw: Raw) -> tuple[str, ...]:
    found = number(raw.get("message_id"))
    return () if found is None else (str(found),)
