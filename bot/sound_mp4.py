"""Reads MP4: how long the AAC in it lasts, written at once (telephones) or piece by piece (browsers)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# Below, the boxes and flags of ISO/IEC 14496-12: 8.8.7 (tfhd) and 8.8.8 (trun).
_DEFAULT_BEFORE = ((0x01, 8), (0x02, 4))
_HAS_DEFAULT = 0x08
_RUN_BEFORE = ((0x01, 4), (0x04, 4))
_RUN_LENGTH = 0x100
_RUN_BESIDE = (0x200, 0x400, 0x800)


@dataclass(frozen=True, slots=True)
class _Film:
    """What the head tells: seconds (0 when it was written first), sound tracks, steps of time in a second, and the
    length of a sample where a piece tells none."""

    seconds: float
    sounds: int
    scale: int
    sample: int


def mp4_seconds(data: bytes) -> float | None:
    """By the head, or by the pieces where that is more; only AAC may be inside, a film with pictures is none of ours.

    Raises ValueError or IndexError for anything else.
    """
    film, pieces = None, 0
    for name, start, end in _boxes(data, 0, len(data)):
        if name == b"moov":
            film = _head(data, start, end)
        if name == b"moof":
            pieces += _piece(data, start, end, film.sample if film else 0)
    if film is None or not film.sounds:
        raise ValueError("no sound")
    seconds = max(film.seconds, pieces / film.scale if film.scale else 0.0)
    # Written as it was recorded, the head did not know the length yet: without pieces the size alone bounds it.
    return seconds or None


def _head(data: bytes, start: int, end: int) -> _Film:
    seconds, sounds, scale, sample = 0.0, 0, 0, 0
    for name, begin, stop in _boxes(data, start, end):
        if name == b"mvhd":
            steps, length = _clock(data, begin)
            seconds = length / steps if steps else 0.0
        if name == b"trak":
            scale = _need_aac(data, begin, stop)
            sounds += 1
        if name == b"mvex":
            default, _ = _inside(data, begin, stop, b"trex")
            sample = int.from_bytes(data[default + 12 : default + 16])
    return _Film(seconds, sounds, scale, sample)


def _clock(data: bytes, start: int) -> tuple[int, int]:
    """Steps in a second and their number, as the heads of film and track have them."""
    at, width = (start + 20, 8) if data[start] == 1 else (start + 12, 4)
    return int.from_bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 4 + width])


def _need_aac(data: bytes, start: int, end: int) -> int:
    """The track's steps in a second."""
    media = _inside(data, start, end, b"mdia")
    kind, _ = _inside(data, *media, b"hdlr")
    table, _ = _inside(data, *_inside(data, *_inside(data, *media, b"minf"), b"stbl"), b"stsd")
    if data[kind + 8 : kind + 12] != b"soun" or data[table + 12 : table + 16] != b"mp4a":
        raise ValueError("no AAC")
    heads = [begin for name, begin, _ in _boxes(data, *media) if name == b"mdhd"]
    return _clock(data, heads[0])[0] if heads else 0


def _piece(data: bytes, start: int, end: int, sample: int) -> int:
    """How many steps one piece lasts."""
    steps = 0
    for name, begin, stop in _boxes(data, start, end):
        if name != b"traf":
            continue
        default, _ = _inside(data, begin, stop, b"tfhd")
        flags, own = _flags(data, default), sample
        if flags & _HAS_DEFAULT:
            at = default + 8 + sum(width for flag, width in _DEFAULT_BEFORE if flags & flag)
            own = int.from_bytes(data[at : at + 4])
        steps += sum(_run(data, b, e, own) for inner, b, e in _boxes(data, begin, stop) if inner == b"trun")
    return steps


def _run(data: bytes, start: int, end: int, sample: int) -> int:
    flags, count = _flags(data, start), int.from_bytes(data[start + 4 : start + 8])
    if not flags & _RUN_LENGTH:
        return count * sample
    at = start + 8 + sum(width for flag, width in _RUN_BEFORE if flags & flag)
    width = 4 + sum(4 for flag in _RUN_BESIDE if flags & flag)
    if at + count * width > end:
        raise ValueError("a run that is longer than its box")
    return sum(int.from_bytes(data[at + i * width : at + i * width + 4]) for i in range(count))


def _flags(data: bytes, start: int) -> int:
    return int.from_bytes(data[start + 1 : start + 4])


def _inside(data: bytes, start: int, end: int, wanted: bytes) -> tuple[int, int]:
    for name, begin, stop in _boxes(data, start, end):
        if name == wanted:
            return begin, stop
    raise ValueError("a box is missing")


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places: name, begin and end of the content."""
    while start < end:
        size, head = int.from_bytes(data[start : start + 4]), 8
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16]), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise ValueError("a box is too small or too large")
        yield data[start + 4 : start + 8], start + head, start + size
        start += size
