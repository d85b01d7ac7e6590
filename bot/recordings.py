"""Tells by its bytes what a recording is and how long it lasts: Opus (Ogg, WebM), AAC, MP3 or AMR, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.durable import keep, kept_path
from bot.sound_mp4 import mp4_seconds
from bot.sound_webm import webm_seconds
from core.messages import MessageKind
from storage.files import Fetched

MAX_BYTES: Final = 5 * 1024 * 1024
# A person has to listen to it, from beginning to end.
MAX_SECONDS: Final = 300
MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ogg": "audio/ogg",
        "webm": "audio/webm",
        "m4a": "audio/mp4",
        "aac": "audio/aac",
        "mp3": "audio/mpeg",
        "amr": "audio/amr",
    }
)

# Below, the tables of the formats: RFC 3533 and 7845 (Ogg, Opus), ISO/IEC 14496-3 (ADTS),
# ISO/IEC 11172-3 and 13818-3 (MP3), RFC 4867 section 5 (AMR).
_OPUS_RATE: Final = 48_000
_ADTS_RATES: Final = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_MP3_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MP3_KBITS_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBITS_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_AMR_SIZES: Final = {
    b"#!AMR\n": {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0},
    b"#!AMR-WB\n": {0: 17, 1: 23, 2: 32, 3: 36, 4: 40, 5: 46, 6: 50, 7: 58, 8: 60, 9: 5, 14: 0, 15: 0},
}
_AMR_SECONDS: Final = 0.02
# Two or three bytes that look like the head of a frame are found in any file.
_FEWEST_FRAMES: Final = 3


class UnusableRecording(Exception):
    """No recording of a kind that we keep, a damaged one, or one that is too long."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file is; `seconds` is None where the file itself does not tell."""

    ending: str
    seconds: float | None


def keep_recording(media: Path, data: bytes) -> Fetched:
    """Keep the bytes as they are under a name of our own. Raises UnusableRecording."""
    ending = look_at(data).ending
    return keep(media, data, MessageKind.VOICE, ending, MEDIA_TYPES[ending])


def recording_path(media: Path, name: str) -> Path:
    """Where a kept recording lies. Raises ValueError for a name that we never gave."""
    return kept_path(media, name, MEDIA_TYPES)


def look_at(data: bytes) -> Recording:
    """What it is, whatever its name or type claims. Raises UnusableRecording."""
    if len(data) > MAX_BYTES:
        raise UnusableRecording("too large")
    try:
        found = _read(data)
    except (IndexError, ValueError) as error:
        raise UnusableRecording("damaged") from error
    if found.seconds is not None and not 0 < found.seconds <= MAX_SECONDS:
        raise UnusableRecording("empty or too long")
    return found


def _read(data: bytes) -> Recording:
    if data.startswith(b"OggS"):
        return Recording("ogg", _opus_seconds(data))
    if data[4:8] == b"ftyp":
        return Recording("m4a", mp4_seconds(data))
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return Recording("webm", webm_seconds(data, MAX_SECONDS))
    for head, sizes in _AMR_SIZES.items():
        if data.startswith(head):
            return Recording("amr", _amr_seconds(data, len(head), sizes))
    if data[:1] == b"\xff" and data[1] & 0xF6 == 0xF0:
        return Recording("aac", _adts_seconds(data))
    return Recording("mp3", _mp3_seconds(data))


def _opus_seconds(data: bytes) -> float:
    """From the last page; every page must belong to the one stream, so that nothing else rides along."""
    if data[28:36] != b"OpusHead" or data[26] != 1:
        raise ValueError("no Opus")
    at, stream, samples = 0, data[14:18], 0
    while at < len(data):
        if data[at : at + 4] != b"OggS" or data[at + 14 : at + 18] != stream:
            raise ValueError("no page of this stream")
        counted = int.from_bytes(data[at + 6 : at + 14], "little", signed=True)
        samples = max(samples, counted)
        lengths = data[at + 27 : at + 27 + data[at + 26]]
        at += 27 + data[at + 26] + sum(lengths)
    if at != len(data):
        raise ValueError("cut off")
    skipped = int.from_bytes(data[38:40], "little")
    return (samples - skipped) / _OPUS_RATE


def _amr_seconds(data: bytes, at: int, sizes: Mapping[int, int]) -> float:
    frames = 0
    while at < len(data) and frames * _AMR_SECONDS <= MAX_SECONDS:
        size = sizes.get(data[at] >> 3)
        if size is None or at + 1 + size > len(data):
            raise ValueError("no frame")
        at += 1 + size
        frames += 1
    return frames * _AMR_SECONDS


def _adts_seconds(data: bytes) -> float:
    at, frames, seconds = 0, 0, 0.0
    while at + 7 <= len(data) and seconds <= MAX_SECONDS:
        if data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0:
            raise ValueError("no frame")
        rate = _ADTS_RATES[data[at + 2] >> 2 & 0xF]
        size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        if size < 7:
            raise ValueError("no frame")
        seconds += 1024 * ((data[at + 6] & 3) + 1) / rate
        at, frames = at + size, frames + 1
    if frames < _FEWEST_FRAMES:
        raise ValueError("too few frames")
    return seconds


def _mp3_seconds(data: bytes) -> float:
    at, frames, seconds = _behind_tag(data), 0, 0.0
    while at + 4 <= len(data) and seconds <= MAX_SECONDS:
        if data[at : at + 3] == b"TAG" and at + 128 >= len(data):
            break
        size, length = _mp3_frame(data, at)
        seconds += length
        at, frames = at + size, frames + 1
    if frames < _FEWEST_FRAMES:
        raise ValueError("too few frames")
    return seconds


def _behind_tag(data: bytes) -> int:
    if data[:3] != b"ID3":
        return 0
    a, b, c, d = data[6:10]
    return 10 + (a << 21 | b << 14 | c << 7 | d)


def _mp3_frame(data: bytes, at: int) -> tuple[int, float]:
    """Bytes and seconds of one frame of layer III."""
    head = int.from_bytes(data[at : at + 4])
    version, layer = head >> 19 & 3, head >> 17 & 3
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or head >> 12 & 0xF in (0, 15):
        raise ValueError("no frame")
    rate = _MP3_RATES[version][head >> 10 & 3]
    kbits = (_MP3_KBITS_1 if version == 3 else _MP3_KBITS_2)[head >> 12 & 0xF]
    samples = 1152 if version == 3 else 576
    return samples // 8 * kbits * 1000 // rate + (head >> 9 & 1), samples / rate
