"""What a library teaches about the doors of the law: its questions are no cases, whatever their words."""

from __future__ import annotations

from typing import Final

from core.doors import DoorKeeper
from faq.library import Library

# Entries that answer how to denounce or complain: their questions teach nothing about ordinary ones.
_ABOUT_DOORS: Final = frozenset({"phuong-to-cao", "phuong-khieu-nai"})


def keep_doors(library: Library) -> DoorKeeper:
    """Who tells the doors apart where this library answers."""
    ordinary = (entry for entry in library if entry.id not in _ABOUT_DOORS)
    return DoorKeeper(text for entry in ordinary for text in (entry.question, *entry.alternatives))
