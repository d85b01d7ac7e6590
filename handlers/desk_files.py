"""Photos that come with an act: who sent them gives them to the ticket."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.desk_rules import Caller, stored
from storage.files import attach_files
from storage.models import StoredFile, Ticket


def attach(caller: Caller, ticket: Ticket, files: Sequence[StoredFile]) -> list[StoredFile]:
    """Give the caller's files to the ticket; returns the photos that could be kept."""
    kept = stored(files)
    attach_files(caller.session, [file.id or 0 for file in kept], caller.contact.id or 0, ticket.id or 0)
    return photos_of(kept)


def photos_of(files: Sequence[StoredFile]) -> list[StoredFile]:
    """The photos among them that could be fetched and kept."""
    return [file for file in stored(files) if file.kind == "photo"]
