"""Recordings of every kind that we keep, built byte by byte: whole files of a wished length with silence inside."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final


def opus(seconds: float, *, head: bytes = b"OpusHead", stream: int = 7) -> bytes:
    """Opus in Ogg, as Telegram's voice messages: a head, a comment, and a page for each second or less."""
    made = _page(0, 0, stream, [head + struct.pack("<BBHIHB", 1, 1, 312, 48000, 0, 0)])
    made += _page(0, 1, stream, [b"OpusTags" + struct.pack("<I", 0) * 2])
    left, number, samples = seconds, 2, 312
    while left > 0:
        samples += round(min(left, 1.0) * 48000)
        made += _page(samples, number, stream, [b"\xf8\xff\xfe"] * 50)
        left, number = left - 1.0, number + 1
    return made


def m4a(seconds: float, *, handler: bytes = b"soun", codec: bytes = b"mp4a", brand: bytes = b"M4A ") -> bytes:
    """AAC in MP4, as telephones record: brand, sound, and the head behind it."""
    film = _box(b"mvhd", bytes(12) + struct.pack(">II", 1000, round(seconds * 1000)) + bytes(80))
    table = _box(b"stsd", struct.pack(">II", 0, 1) + _box(codec, bytes(28)))
    media = _box(b"hdlr", bytes(8) + handler + bytes(13)) + _box(b"minf", _box(b"stbl", table))
    track = _box(b"trak", _box(b"mdia", media))
    return _box(b"ftyp", brand + bytes(4) + b"isom") + _box(b"mdat", bytes(64)) + _box(b"moov", film + track)


def aac(seconds: float) -> bytes:
    """Bare AAC frames at 16 kHz."""
    size = 40
    frame = bytes([0xFF, 0xF1, 0x60, 0x40 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC])
    return (frame + bytes(size - 7)) * round(seconds * 16000 / 1024)


def mp3(seconds: float, *, tag: bytes = b"") -> bytes:
    """Frames of layer III at 16 kHz and 32 kbit/s, perhaps behind a tag with a title and a picture."""
    frame = b"\xff\xf3\x48\xc0" + bytes(140)
    head = b"ID3\x04\x00\x00" + bytes([0, 0, len(tag) >> 7, len(tag) & 127]) + tag if tag else b""
    return head + frame * round(seconds * 16000 / 576)


def amr(seconds: float) -> bytes:
    """Narrow-band AMR, as older telephones record."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * round(seconds / 0.02)


def amr_wide(seconds: float) -> bytes:
    """Wide-band AMR."""
    return b"#!AMR-WB\n" + (b"\x1c" + bytes(36)) * round(seconds / 0.02)


KINDS: Final[Mapping[str, tuple[str, Callable[[float], bytes]]]] = MappingProxyType(
    {
        "opus": ("ogg", opus),
        "m4a": ("m4a", m4a),
        "aac": ("aac", aac),
        "mp3": ("mp3", mp3),
        "amr": ("amr", amr),
        "amr-wb": ("amr", amr_wide),
    }
)


def _page(granule: int, number: int, stream: int, packets: list[bytes]) -> bytes:
    lengths = bytes(len(packet) for packet in packets)
    flags = 2 if number == 0 else 0
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, stream, number, 0)
    return head + bytes([len(packets)]) + lengths + b"".join(packets)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content
