"""The methods of the Bot API that write into chats, as strict as the real ones."""

from __future__ import annotations

from typing import Any

from tests.fakes.telegram import checks
from tests.fakes.telegram.faults import RateRules
from tests.fakes.telegram.world import Chat, Form, Raw, Refusal, Upload, World


class Writing:
    """Sending, editing and deleting."""

    def __init__(self, world: World, rates: RateRules) -> None:
        self.world = world
        self.rates = rates

    def _chat(self, form: Form) -> Chat:
        number = form.number("chat_id")
        if number is None:
            raise Refusal(400, "Bad Request: chat_id is empty")
        chat = self.world.chats.get(number)
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        if chat.migrated_to is not None:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, text, {"migrate_to_chat_id": chat.migrated_to})
        if chat.kind == "private":
            self._may_write_to(chat)
        elif not chat.bot_inside:
            raise Refusal(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        return chat

    def _may_write_to(self, chat: Chat) -> None:
        person = self.world.people[chat.id]
        if person.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if person.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if not person.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")

    def _send(self, chat: Chat, method: str, contents: list[Raw], markup: Raw | None) -> list[Raw]:
        self.rates.check(chat.id, len(contents))
        inline = {"reply_markup": markup} if markup and "inline_keyboard" in markup else {}
        sent = [self.world.message(chat, self.world.me(), {**content, **inline}) for content in contents]
        self.world.accept(chat, method, sent, markup)
        return sent

    async def sendmessage(self, form: Form) -> Raw:
        """Text with a keyboard."""
        chat = self._chat(form)
        text = checks.visible(form, "text", checks.TEXT)
        if not text:
            raise Refusal(400, "Bad Request: message text is empty")
        markup = checks.markup(form, private=chat.kind == "private")
        return self._send(chat, "sendMessage", [{"text": text}], markup)[0]

    async def sendphoto(self, form: Form) -> Raw:
        """A picture, uploaded or known by its id."""
        chat = self._chat(form)
        content = self._photo(form, form.values.get("photo") or form.uploads.get("photo"))
        markup = checks.markup(form, private=chat.kind == "private")
        caption = checks.visible(form, "caption", checks.CAPTION)
        return self._send(chat, "sendPhoto", [_captioned(content, caption)], markup)[0]

    async def sendmediagroup(self, form: Form) -> list[Raw]:
        """Two to ten pictures as one album."""
        chat = self._chat(form)
        media = form.json("media")
        if not isinstance(media, list) or not 2 <= len(media) <= 10:
            raise Refusal(400, "Bad Request: group send media must include 2-10 items")
        if form.values.get("reply_markup"):
            raise Refusal(400, "Bad Request: albums have no reply markup")
        album = str(self.world.serial() + 13_000_000_000)
        contents = []
        for item in media:
            if item.get("type") != "photo":
                raise Refusal(400, "Bad Request: only photos are understood here")
            inner = Form(item, form.uploads)
            content = self._photo(form, item.get("media")) | {"media_group_id": album}
            contents.append(_captioned(content, checks.visible(inner, "caption", checks.CAPTION)))
        return self._send(chat, "sendMediaGroup", contents, None)

    def _photo(self, form: Form, source: Any) -> Raw:
        if isinstance(source, str) and source.startswith("attach://"):
            source = form.uploads.get(source.removeprefix("attach://"))
        if isinstance(source, Upload):
            checks.picture(source.data)
            return {"photo": self.world.photo(source.data)}
        stored = self.world.files.get(str(source)) if source else None
        if not source:
            raise Refusal(400, "Bad Request: there is no photo in the request")
        if stored is None:
            text = "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"
            raise Refusal(400, f"Bad Request: {text}")
        return {"photo": [{**self.world.file_raw(stored), "width": 1280, "height": 960}]}

    async def sendlocation(self, form: Form) -> Raw:
        """A point on the map."""
        chat = self._chat(form)
        try:
            point = {name: float(form.text(name)) for name in ("latitude", "longitude")}
        except ValueError:
            raise Refusal(400, "Bad Request: location is invalid") from None
        content: Raw = {"location": point}
        return self._send(chat, "sendLocation", [content], None)[0]

    async def senddocument(self, form: Form) -> Raw:
        """A file."""
        chat = self._chat(form)
        upload = form.uploads.get("document")
        if upload is None or not upload.data:
            raise Refusal(400, "Bad Request: file must be non-empty")
        stored = self.world.store(upload.data, "documents/file")
        document = {**self.world.file_raw(stored), "file_name": upload.name}
        caption = checks.visible(form, "caption", checks.CAPTION)
        return self._send(chat, "sendDocument", [_captioned({"document": document}, caption)], None)[0]

    async def sendchataction(self, form: Form) -> bool:
        """«writing …»"""
        self._chat(form)
        return True

    def _own(self, form: Form, verb: str) -> tuple[Chat, Raw]:
        chat = self._chat(form)
        message = chat.messages.get(form.number("message_id") or 0)
        if message is None:
            raise Refusal(400, f"Bad Request: message to {verb} not found")
        if message["from"]["id"] != self.world.bot_id:
            raise Refusal(400, f"Bad Request: message can't be {verb}ed")
        return chat, message

    def _changed(self, chat: Chat, message: Raw, field: str, text: str | None, markup: Raw | None) -> Raw:
        new: Raw = {field: text} if text is not None else {}
        if markup is not None:
            new |= {"reply_markup": markup}
        kept = {k: v for k, v in message.items() if k not in {"reply_markup", "edit_date"}} | new
        if kept == {k: v for k, v in message.items() if k != "edit_date"}:
            text_of_error = "specified new message content and reply markup are exactly the same"
            raise Refusal(400, f"Bad Request: message is not modified: {text_of_error}")
        kept["edit_date"] = int(self.world.clock())
        chat.messages[message["message_id"]] = kept
        self.world.markups.pop((chat.id, message["message_id"]), None)
        if markup is not None:
            self.world.markups[(chat.id, message["message_id"])] = markup
        return kept

    async def editmessagetext(self, form: Form) -> Raw:
        """Other words; a keyboard that is not given again disappears."""
        chat, message = self._own(form, "edit")
        if "text" not in message:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        text = checks.visible(form, "text", checks.TEXT)
        if not text:
            raise Refusal(400, "Bad Request: message text is empty")
        markup = checks.markup(form, private=chat.kind == "private")
        return self._changed(chat, message, "text", text, markup)

    async def editmessagereplymarkup(self, form: Form) -> Raw:
        """Another keyboard."""
        chat, message = self._own(form, "edit")
        return self._changed(chat, message, "text", None, checks.markup(form, private=chat.kind == "private"))

    async def deletemessage(self, form: Form) -> bool:
        """Take a message away."""
        chat = self._chat(form)
        if chat.messages.pop(form.number("message_id") or 0, None) is None:
            raise Refusal(400, "Bad Request: message to delete not found")
        return True


def _captioned(content: Raw, caption: str) -> Raw:
    return {**content, "caption": caption} if caption else content
