"""Recordings: kept as they are when we take their kind, refused by their bytes when not, never a reason to fail."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import cast

import pytest

from bot.attachments import Attachments
from bot.channels.contract import Channel, ConnectionFailed, Rejected
from bot.recordings import (
    MAX_BYTES,
    MAX_SECONDS,
    MEDIA_TYPES,
    UnusableRecording,
    keep_recording,
    look_at,
    recording_path,
)
from core.messages import Attachment, MessageKind
from tests import sounds
from tests.channels.suite import picture


@pytest.mark.parametrize("kind", sounds.KINDS)
def test_every_kind_is_known_by_its_bytes_with_its_length(kind: str) -> None:
    ending, make = sounds.KINDS[kind]
    found = look_at(make(7.5))
    assert found.ending == ending
    assert found.seconds == pytest.approx(7.5, abs=0.1)


@pytest.mark.parametrize("kind", sounds.KINDS)
def test_nobody_has_to_listen_for_longer_than_five_minutes(kind: str) -> None:
    _, make = sounds.KINDS[kind]
    look_at(make(MAX_SECONDS - 1))
    with pytest.raises(UnusableRecording):
        look_at(make(MAX_SECONDS + 2))


@pytest.mark.parametrize("kind", sounds.KINDS)
def test_an_empty_recording_is_none(kind: str) -> None:
    _, make = sounds.KINDS[kind]
    if kind.startswith("m4a"):
        assert look_at(make(0)).seconds is None  # recorded as a stream: the head never learned the length
        return
    with pytest.raises(UnusableRecording):
        look_at(make(0))


def test_a_title_and_a_picture_in_a_tag_are_passed_over() -> None:
    found = look_at(sounds.mp3(3, tag=b"TIT2" + picture("red") * 3))
    assert (found.ending, found.seconds) == ("mp3", pytest.approx(3, abs=0.1))
    assert look_at(sounds.mp3(3) + b"TAG" + bytes(125)).ending == "mp3"


FOREIGN = {
    "nothing": b"",
    "one byte": b"\xff",
    "a picture": picture("red"),
    "a page": b"<html><script>alert(1)</script>" * 50,
    "a program": b"\x7fELF" + bytes(5000),
    "a program behind a tag": b"ID3\x04\x00\x00\x00\x00\x00\x04abcd" + b"\x7fELF" + bytes(5000),
    "a film": sounds.m4a(5, handler=b"vide", codec=b"avc1", brand=b"isom"),
    "a film that calls itself sound": sounds.m4a(5, handler=b"vide"),
    "sound of another kind in MP4": sounds.m4a(5, codec=b"alac"),
    "music of another kind in Ogg": sounds.opus(5, head=b"\x01vorbis\x00"),
    "a second stream in Ogg": sounds.opus(5) + sounds.opus(5, stream=8),
    "something behind the last page": sounds.opus(5) + b"<script>alert(1)</script>",
    "a recording cut off": sounds.opus(5)[:-20],
    "a film in WebM": sounds.webm(5, kind=1, codec=b"V_VP8"),
    "a film that calls itself sound in WebM": sounds.webm(5, codec=b"V_VP9"),
    "music of another kind in WebM": sounds.webm(5, codec=b"A_VORBIS"),
    "another container of the same make": sounds.webm(5, doc=b"matroska"),
    "two tracks in WebM": sounds.webm(5, tracks=2),
    "sound that belongs to no track": sounds.webm(5, tracks=0),
    "a file attached to WebM": sounds.webm(5, extra=sounds.element("1941a469", b"<script>alert(1)</script>")),
    "something behind WebM": sounds.webm(5) + b"<script>alert(1)</script>",
    "a second WebM": sounds.webm(5) * 2,
    "something behind WebM that was written live": sounds.webm_live(5) + b"<script>alert(1)</script>",
    "WebM cut off": sounds.webm(5)[:-2],
    "WebM that only begins": sounds.webm(5)[:60],
    "WebM of nothing but empty elements": sounds.webm(5, extra=sounds.element("ec", b"") * 400_000),
    "MP4 whose piece promises more than it has": sounds.m4a_pieces(2).replace(
        b"trun\x00\x00\x03\x01\x00\x00\x00\x2f", b"trun\x00\x00\x03\x01\x00\xff\xff\xff"
    ),
    "a wave": b"RIFF\x24\x08\x00\x00WAVEfmt " + bytes(2000),
    "bytes of one value": b"\xff" * 5000,
    "too large": sounds.opus(5) + bytes(MAX_BYTES),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_nothing_else_is_kept_whatever_it_says_it_is(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableRecording):
        keep_recording(tmp_path, FOREIGN[name])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("told", ["each", "piece", "film"])
def test_a_recording_in_pieces_is_as_long_as_its_pieces(told: str) -> None:
    assert look_at(sounds.m4a_pieces(12, told=told)).seconds == pytest.approx(12, abs=0.1)
    with pytest.raises(UnusableRecording):
        look_at(sounds.m4a_pieces(MAX_SECONDS + 2, told=told))


def test_webm_is_as_long_as_its_packets_and_their_places_say_whichever_is_more() -> None:
    whole = sounds.webm(4)
    late = whole.replace(
        bytes.fromhex("e7") + b"\x01" + (4).to_bytes(7) + bytes(4),
        b"\xe7\x01" + (4).to_bytes(7) + b"\0\4\0\0",
    )
    assert look_at(late).seconds == pytest.approx(263, abs=1)
    with pytest.raises(UnusableRecording):
        look_at(late.replace(b"\0\4\0\0", b"\0\5\0\0"))
    # Packets of 120 ms, the longest there are, that claim to stand 20 ms apart.
    crowd = whole.replace(b"\xf8\xff\xfe", b"\x1b\x02\xfe")
    assert look_at(crowd).seconds == pytest.approx(200 * 0.12, abs=0.1)


def test_damaged_recordings_are_kept_or_refused_but_never_break_us() -> None:
    chance = random.Random(5)
    whole = [make(2) for _, make in sounds.KINDS.values()]
    outcomes = set()
    for _ in range(2000):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.choice((1, 2, 5, 20))):
            data[chance.randrange(min(len(data), 256))] = chance.randrange(256)
        try:
            look_at(bytes(data[: chance.randrange(1, len(data) + 1)] if chance.random() < 0.3 else data))
            outcomes.add("kept")
        except UnusableRecording:
            outcomes.add("refused")
    assert outcomes == {"kept", "refused"}


def test_a_recording_is_kept_letter_by_letter_under_a_name_of_ours(tmp_path: Path) -> None:
    data = sounds.opus(3)
    kept = keep_recording(tmp_path, data)
    assert recording_path(tmp_path, str(kept.name)).read_bytes() == data
    assert (kept.kind, kept.media_type, kept.size) == ("voice", "audio/ogg", len(data))
    assert kept.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "name",
    ["", "../secret.ogg", f"{'a' * 32}.jpg", f"{'a' * 32}.ogg\n", f"{'A' * 32}.ogg", f"{'a' * 31}/.ogg"],
)
def test_no_other_name_leads_to_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        recording_path(tmp_path, name)
    assert recording_path(tmp_path, f"{'a' * 32}.{next(iter(MEDIA_TYPES))}").parent == tmp_path


class _Provider:
    """The part of a channel that hands out files; what is no bytes is raised."""

    name = "somewhere"

    def __init__(self, **files: bytes | Exception) -> None:
        self.files = files
        self.limits: list[int] = []

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        self.limits.append(limit)
        found = self.files[attachment.source]
        if isinstance(found, Exception):
            raise found
        return found


def _voice(source: str) -> Attachment:
    return Attachment(MessageKind.VOICE, source)


async def test_voices_are_fetched_with_their_own_limit_and_a_bad_one_stands_as_failed(tmp_path: Path) -> None:
    provider = _Provider(good=sounds.m4a(4), bad=b"<html>", large=Rejected("too-large"), photo=picture("red"))
    wanted = [_voice("good"), _voice("bad"), _voice("large"), Attachment(MessageKind.PHOTO, "photo")]
    found = await Attachments(tmp_path).fetch(cast("Channel", provider), wanted, last_try=False)
    assert [(one.kind, one.name is not None) for one in found] == [
        ("voice", True),
        ("voice", False),
        ("voice", False),
        ("photo", True),
    ]
    assert provider.limits[:3] == [MAX_BYTES] * 3
    assert (tmp_path / str(found[0].name)).suffix == ".m4a"


async def test_a_cut_line_is_tried_again_and_in_the_end_told(tmp_path: Path) -> None:
    provider = cast("Channel", _Provider(late=ConnectionFailed("cut")))
    with pytest.raises(ConnectionFailed):
        await Attachments(tmp_path).fetch(provider, [_voice("late")], last_try=False)
    (found,) = await Attachments(tmp_path).fetch(provider, [_voice("late")], last_try=True)
    assert (found.kind, found.name) == ("voice", None)


async def test_where_nobody_could_listen_nothing_is_fetched(tmp_path: Path) -> None:
    provider = _Provider(good=sounds.opus(3))
    deaf = Attachments(tmp_path, recordings=False)
    assert await deaf.fetch(cast("Channel", provider), [_voice("good")], last_try=False) == []
    assert provider.limits == []
    # A film, a sticker or a file is fetched by nobody.
    others = [Attachment(kind, "good") for kind in (MessageKind.VIDEO, MessageKind.FILE)]
    assert await Attachments(tmp_path).fetch(cast("Channel", provider), others, last_try=False) == []
