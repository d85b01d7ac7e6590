"""How long a packet of Opus lasts, by its first bytes: RFC 6716, section 3."""

from __future__ import annotations

from typing import Final

# Milliseconds of a frame by the upper five bits of the first byte: speech, both, music.
_SPEECH: Final = (10.0, 20.0, 40.0, 60.0)
_BOTH: Final = (10.0, 20.0)
_MUSIC: Final = (2.5, 5.0, 10.0, 20.0)
_LONGEST: Final = 120.0


def packet_seconds(head: bytes) -> float:
    """Seconds of a packet that begins so. Raises ValueError for none, IndexError for one that is cut off."""
    kind, code = head[0] >> 3, head[0] & 3
    frame = _SPEECH[kind & 3] if kind < 12 else _BOTH[kind & 1] if kind < 16 else _MUSIC[kind & 3]
    frames = (1, 2, 2)[code] if code < 3 else head[1] & 0x3F
    if not 0 < frame * frames <= _LONGEST:
        raise ValueError("no packet")
    return frame * frames / 1000
