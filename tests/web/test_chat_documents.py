"""Documents of the web chat over real HTTP: taken in from whoever is asked for one, and only what can go along."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from bot.documents import MAX_BYTES
from core.messages import MessageKind
from tests import papers
from tests.web.conftest import Chat
from tests.web.visitor import opened, post

TYPE = "application/octet-stream"


async def _send(
    chat: Chat, client: ClientSession, data: bytes, kind: str = TYPE
) -> tuple[int, dict[str, str]]:
    headers = {**chat.origin, "Content-Type": kind}
    async with client.post(f"{chat.url}/chat/api/documents", data=data, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_nobody_s_document_is_taken_in_unasked(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    status, answer = await _send(chat, client, papers.pdf())
    assert (status, answer["error"]) == (403, "document_unasked")
    assert not list(chat.backend.folder.iterdir())
    async with ClientSession() as stranger:
        assert (await _send(chat, stranger, papers.pdf()))[0] == 401


async def test_whoever_is_asked_sends_it_with_its_name(chat: Chat, client: ClientSession) -> None:
    await opened(chat, client)
    chat.backend.asked.update(chat.backend.sessions())
    status, answer = await _send(chat, client, papers.docx())
    assert (status, answer["document"].rpartition(".")[2]) == (201, "docx")
    told = {"kind": "document", "id": "paper-0001", "document": answer["document"], "name": "Giấy mời\n.docx"}
    assert (await post(chat, client, told))[0] == 201
    (message,) = [one for one in chat.backend.messages() if one.kind is MessageKind.FILE]
    (attachment,) = message.attachments
    assert await chat.backend.channel.fetch(attachment, MAX_BYTES) == papers.docx()
    (line,) = [one for one in await chat.backend.history(chat.backend.sessions()[0], None, 9) if one.mine]
    assert line.text == attachment.name == "Giấy mời\n.docx"
    # A photo's name is no document's, and the other way round.
    for wrong in (f"{'a' * 32}.jpg", "../x.pdf", 7):
        assert (await post(chat, client, {**told, "id": "paper-0002", "document": wrong}))[0] == 400


@pytest.mark.parametrize(
    ("data", "kind", "status", "error"),
    [
        (papers.docx("word/vbaProject.bin"), TYPE, 415, "document_macro"),
        (papers.OLD, TYPE, 415, "document_old"),
        (b"MZ", TYPE, 415, "document_kind"),
        (papers.pdf()[:-20], TYPE, 415, "document_damaged"),
        (papers.pdf(MAX_BYTES + 1), TYPE, 413, "document_large"),
        (papers.pdf(), "multipart/form-data; boundary=x", 415, "type"),
    ],
)
async def test_what_cannot_go_along_is_refused_in_words(
    chat: Chat, client: ClientSession, data: bytes, kind: str, status: int, error: str
) -> None:
    await opened(chat, client)
    chat.backend.asked.update(chat.backend.sessions())
    found, answer = await _send(chat, client, data, kind)
    assert (found, answer["error"]) == (status, error)
    assert answer["message"]
    assert not list(chat.backend.folder.iterdir())
