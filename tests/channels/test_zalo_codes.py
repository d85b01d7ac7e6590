"""Zalo's codes and odd answers: each has one meaning, and an unknown one is never success."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.channels.contract import (
    Ambiguous,
    ConnectionFailed,
    Misconfigured,
    Rejected,
    SendError,
    Throttled,
    WindowClosed,
)
from bot.channels.zalo.codes import CODES, classify
from bot.channels.zalo.wire import Reply, unwrap

NOW = datetime(2026, 11, 20, 8, 30, 15, tzinfo=UTC)


def test_codes() -> None:
    assert classify(-1, "", NOW).__class__ is Rejected
    throttled = classify(-32, "exceeded rate limit", NOW)
    assert isinstance(throttled, Throttled)
    assert throttled.seconds == 45
    other = classify(-32, "app is paused", NOW)
    assert isinstance(other, Throttled)
    assert other.seconds == 600
    assert isinstance(classify(-223, "OA did not grant this API", NOW), Misconfigured)
    assert isinstance(classify(-223, "article quota is used up", NOW), Rejected)
    assert "84912345678" not in str(classify(-201, "phone 84912345678 is invalid", NOW))
    for code, kind in CODES.items():
        assert isinstance(classify(code, "", NOW), kind)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, {"error_name": "x", "error_description": "y"}, Misconfigured),
        (200, {"data": {"message_id": "1"}}, Ambiguous),
        (200, {"error": None}, Ambiguous),
        (200, {"error": "-230"}, WindowClosed),
        (200, [], Ambiguous),
        (302, {}, Misconfigured),
        (403, {}, Misconfigured),
        (413, {}, Rejected),
        (504, None, Ambiguous),
        (502, None, ConnectionFailed),
    ],
)
def test_odd_answers_are_never_success(status: int, body: object, error: type[SendError]) -> None:
    raw = b"<html>" if body is None else json.dumps(body).encode()
    with pytest.raises(error):
        unwrap(Reply(status, raw), Ambiguous, NOW)
