"""Reads WebM from end to end: how long the one Opus track in it lasts (browsers record so)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.sound_opus import packet_seconds

# Below, the numbers of elements: RFC 8794 (EBML), RFC 9559 (Matroska), the WebM container guidelines.
_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
_DOC_TYPE = 0x4282
_INFO, _TRACKS, _CLUSTER = 0x1549A966, 0x1654AE6B, 0x1F43B675
_TIME_SCALE = 0x2AD7B1
_TRACK, _TRACK_NUMBER, _TRACK_KIND, _CODEC = 0xAE, 0xD7, 0x83, 0x86
_CLUSTER_TIME, _BLOCK, _GROUP, _GROUP_BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
_SEEK, _CUES, _TAGS, _VOID, _CHECKSUM = 0x114D9B74, 0x1C53BB6B, 0x1254C367, 0xEC, 0xBF
# What may stand beside the sound: places to seek to, notes of the recording program. No attached files.
_BESIDE: Final = frozenset({_SEEK, _CUES, _TAGS, _VOID, _CHECKSUM})
# Within a cluster also the position and the size of the one before.
_BESIDE_BLOCKS: Final = frozenset({_VOID, _CHECKSUM, 0xA7, 0xAB})
_UPPER: Final = frozenset({_INFO, _TRACKS, _CLUSTER, *_BESIDE} - {_VOID, _CHECKSUM})
_SOUND: Final = 2
_LACING: Final = 0x06
_MILLION: Final = 1_000_000
# Five minutes of the shortest packets are 120,000, looked at twice.
_MOST_ELEMENTS: Final = 300_000
_Element = tuple[int, int, int]


def webm_seconds(data: bytes, enough: float) -> float:
    """Its length in seconds, or anything above `enough` as soon as that is known.

    Raises ValueError or IndexError for what is not one Opus track from the first byte to the last.
    """
    reader = _Reader(data)
    (head, at, end), *_ = reader.elements(0, len(data))
    kinds = [data[a:b] for name, a, b in reader.elements(at, end) if name == _DOC_TYPE]
    if head != _EBML or kinds != [b"webm"]:
        raise ValueError("no WebM")
    segments = list(reader.elements(end, len(data)))
    if [name for name, _, _ in segments] != [_SEGMENT]:
        raise ValueError("something beside the recording")
    return _Sound(reader).seconds(segments[0], enough)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self._seen = 0

    def elements(self, at: int, end: int) -> Iterator[_Element]:
        """The elements between two places: name, begin and end of the content. One that was written before its size
        was known goes on to the next that cannot lie in it."""
        while at < end:
            self._count()
            name, begin = self._number(at, whole=True)
            size, begin = self._number(begin)
            stop = begin + size if size is not None else self._open_end(name or 0, begin, end)
            if stop > end:
                raise ValueError("cut off")
            yield name or 0, begin, stop
            at = stop

    def _number(self, at: int, *, whole: bool = False) -> tuple[int | None, int]:
        """A number of variable width and the place behind it; None for «not known»."""
        width = 9 - self.data[at].bit_length()
        if width > 8 or at + width > len(self.data):
            raise ValueError("no number")
        value = int.from_bytes(self.data[at : at + width])
        if whole:
            return value, at + width
        most = (1 << 7 * width) - 1
        return None if value & most == most else value & most, at + width

    def _open_end(self, name: int, begin: int, end: int) -> int:
        if name == _SEGMENT:
            return end
        if name != _CLUSTER:
            raise ValueError("an element without a size")
        at = begin
        while at < end:
            self._count()
            inner, after = self._number(at, whole=True)
            if inner in _UPPER:
                break
            size, after = self._number(after)
            if size is None or inner not in (_CLUSTER_TIME, _BLOCK, _GROUP, *_BESIDE_BLOCKS):
                raise ValueError("no block")
            at = after + size
        return at

    def _count(self) -> None:
        self._seen += 1
        if self._seen > _MOST_ELEMENTS:
            raise ValueError("too many elements")

    def value(self, element: _Element) -> int:
        return int.from_bytes(self.data[element[1] : element[2]])


class _Sound:
    """The track and its blocks. `_scale`: nanoseconds of one step of time."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self._scale = _MILLION
        self._track = 0
        self._played = 0.0
        self._last = 0.0

    def seconds(self, segment: _Element, enough: float) -> float:
        for element in self._reader.elements(segment[1], segment[2]):
            name, begin, end = element
            if name == _INFO:
                scales = [e for e in self._reader.elements(begin, end) if e[0] == _TIME_SCALE]
                self._scale = self._reader.value(scales[0]) if scales else _MILLION
            elif name == _TRACKS:
                self._open_track(begin, end)
            elif name == _CLUSTER:
                self._hear(begin, end, enough)
            elif name not in _BESIDE:
                raise ValueError("no part of a recording")
            if self._longest > enough:
                break
        return self._longest

    @property
    def _longest(self) -> float:
        """By what the packets hold or by where they stand, whichever is more: a player goes by either."""
        return max(self._played, self._last)

    def _open_track(self, begin: int, end: int) -> None:
        tracks = [e for e in self._reader.elements(begin, end) if e[0] not in (_VOID, _CHECKSUM)]
        if self._track or [e[0] for e in tracks] != [_TRACK]:
            raise ValueError("not one track")
        parts = {e[0]: e for e in self._reader.elements(tracks[0][1], tracks[0][2])}
        codec = parts.get(_CODEC, (0, 0, 0))
        is_sound = _TRACK_KIND in parts and self._reader.value(parts[_TRACK_KIND]) == _SOUND
        if not is_sound or self._reader.data[codec[1] : codec[2]].rstrip(b"\0") != b"A_OPUS":
            raise ValueError("no Opus")
        self._track = self._reader.value(parts[_TRACK_NUMBER]) if _TRACK_NUMBER in parts else 0
        if not 0 < self._track < 127:
            raise ValueError("no number of a track")

    def _hear(self, begin: int, end: int, enough: float) -> None:
        at = 0
        for element in self._reader.elements(begin, end):
            if element[0] == _CLUSTER_TIME:
                at = self._reader.value(element)
            elif element[0] == _BLOCK:
                self._play(at, element[1], element[2])
            elif element[0] == _GROUP:
                for inner in self._reader.elements(element[1], element[2]):
                    if inner[0] == _GROUP_BLOCK:
                        self._play(at, inner[1], inner[2])
            elif element[0] not in _BESIDE_BLOCKS:
                raise ValueError("no block")
            if self._longest > enough:
                return

    def _play(self, at: int, begin: int, end: int) -> None:
        """A block: the track, its place after the cluster's, flags, one packet."""
        data = self._reader.data
        if (
            end - begin < 5
            or not self._track
            or data[begin] != 0x80 | self._track
            or data[begin + 3] & _LACING
        ):
            raise ValueError("no block of the track")
        after = int.from_bytes(data[begin + 1 : begin + 3], signed=True)
        length = packet_seconds(data[begin + 4 : begin + 6])
        self._played += length
        self._last = max(self._last, (at + after) * self._scale / 1e9 + length)
