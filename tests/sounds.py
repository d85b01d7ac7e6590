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


def webm(
    seconds: float,
    *,
    codec: bytes = b"A_OPUS",
    kind: int = 2,
    tracks: int = 1,
    extra: bytes = b"",
    doc: bytes = b"webm",
) -> bytes:
    """Opus in WebM, as a browser writes it when it is done: every size is known."""
    head = element("1a45dfa3", element("4286", b"\1") + element("4282", doc))
    return head + element("18538067", _track(codec, kind) * tracks + b"".join(_clusters(seconds)) + extra)


def webm_live(seconds: float, *, extra: bytes = b"") -> bytes:
    """The same, written while it was spoken: neither the whole nor its clusters know their size."""
    head = element("1a45dfa3", element("4286", b"\1") + element("4282", b"webm"))
    unknown = b"\x01" + b"\xff" * 7
    clusters = [one[:4] + unknown + one[12:] for one in _clusters(seconds)]
    return head + bytes.fromhex("18538067") + unknown + _track(b"A_OPUS", 2) + b"".join(clusters) + extra


def element(name: str, content: bytes) -> bytes:
    """An element of WebM under its hexadecimal name, its size in eight bytes."""
    return bytes.fromhex(name) + b"\x01" + len(content).to_bytes(7) + content


def _track(codec: bytes, kind: int) -> bytes:
    info = element("1549a966", element("2ad7b1", (1_000_000).to_bytes(3)))
    entry = element("d7", b"\1") + element("83", bytes([kind])) + element("86", codec)
    entry += element("63a2", b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 312, 48_000, 0, 0))
    entry += element("e1", element("b5", struct.pack(">f", 48_000)) + element("9f", b"\1"))
    return info + element("1654ae6b", element("ae", entry))


def _clusters(seconds: float) -> list[bytes]:
    """One for each second or less, with packets of 20 ms; every other one in a group."""
    packets = round(seconds * 50)
    made = []
    for first in range(0, packets, 50):
        blocks = element("e7", (first * 20).to_bytes(4))
        for number in range(min(50, packets - first)):
            block = b"\x81" + struct.pack(">hB", number * 20, 0x80) + b"\xf8\xff\xfe"
            blocks += element("a3", block) if number % 2 else element("a0", element("a1", block))
        made.append(element("1f43b675", blocks))
    return made


def m4a_pieces(seconds: float, *, told: str = "each") -> bytes:
    """AAC in MP4 as a browser writes it while it is spoken, a piece for each second or less; a player plays it.

    The length of a sample is told for `each` one, for the `piece`, or for the whole `film`.
    """
    left, pieces, at = round(seconds * 48_000 / 1024), b"", 0
    while left > 0:
        count = min(left, 47)
        pieces += _piece(count, told, at)
        left, at = left - count, at + count * 1024
    default = struct.pack(">IIIIII", 0, 1, 1, 1024 if told == "film" else 0, 0, 0)
    return m4a(0, sample=_AAC_ENTRY, extends=_box(b"mvex", _box(b"trex", default)), data=b"") + pieces


def _piece(count: int, told: str, at: int) -> bytes:
    each = struct.pack(">II", 1024, len(_SILENCE)) if told == "each" else struct.pack(">I", len(_SILENCE))
    head = struct.pack(">III", 0x20008, 1, 1024) if told == "piece" else struct.pack(">II", 0x20000, 1)
    start = _box(b"mfhd", bytes(8)), _box(b"tfhd", head), _box(b"tfdt", struct.pack(">II", 0, at))
    run = struct.pack(">II", 0x301 if told == "each" else 0x201, count)
    # Where the sound begins, counted from the piece: behind five heads of boxes and the head of the sound itself.
    offset = sum(map(len, start)) + 8 + 8 + 8 + len(run) + 4 + len(each) * count + 8
    track = _box(b"traf", start[1] + start[2] + _box(b"trun", run + struct.pack(">I", offset) + each * count))
    return _box(b"moof", start[0] + track) + _box(b"mdat", _SILENCE * count)


def m4a(
    seconds: float,
    *,
    handler: bytes = b"soun",
    codec: bytes = b"mp4a",
    brand: bytes = b"M4A ",
    sample: bytes = bytes(28),
    extends: bytes = b"",
    data: bytes = bytes(64),
) -> bytes:
    """AAC in MP4, as telephones record: brand, sound, and the head behind it."""
    film = _box(b"mvhd", bytes(12) + struct.pack(">II", 1000, round(seconds * 1000)) + bytes(80))
    table = _box(b"stsd", struct.pack(">II", 0, 1) + _box(codec, sample))
    table += b"".join(_box(name, bytes(8)) for name in (b"stts", b"stsc", b"stco")) + _box(b"stsz", bytes(12))
    clock = _box(b"mdhd", bytes(12) + struct.pack(">IIHH", 48_000, 0, 0x55C4, 0))
    media = clock + _box(b"hdlr", bytes(8) + handler + bytes(13)) + _box(b"minf", _box(b"stbl", table))
    track = _box(b"trak", _box(b"tkhd", bytes(12) + struct.pack(">I", 1) + bytes(68)) + _box(b"mdia", media))
    sound = _box(b"mdat", data) if data else b""
    return _box(b"ftyp", brand + bytes(4) + b"isom") + sound + _box(b"moov", film + track + extends)


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
        "webm": ("webm", webm),
        "webm-live": ("webm", webm_live),
        "m4a": ("m4a", m4a),
        "m4a-pieces": ("m4a", m4a_pieces),
        "aac": ("aac", aac),
        "mp3": ("mp3", mp3),
        "amr": ("amr", amr),
        "amr-wb": ("amr", amr_wide),
    }
)


# One channel of AAC-LC at 48 kHz: 1024 samples of silence, and how a head describes them (ISO/IEC 14496-1 and -3).
_SILENCE: Final = bytes.fromhex("00c800802380")
_DESCRIBED: Final = bytes.fromhex("0319 0001 00 0411 40 15 000000 00000000 00000000 0502 1188 0601 02")
_AAC_ENTRY: Final = (
    bytes(6)
    + struct.pack(">HQHHIHH", 1, 0, 1, 16, 0, 48_000, 0)
    + struct.pack(">I4sI", 12 + len(_DESCRIBED), b"esds", 0)
    + _DESCRIBED
)


def _page(granule: int, number: int, stream: int, packets: list[bytes]) -> bytes:
    lengths = bytes(len(packet) for packet in packets)
    flags = 2 if number == 0 else 0
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, stream, number, 0)
    return head + bytes([len(packets)]) + lengths + b"".join(packets)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content
