"""Whoever watches /readyz hears in time that nothing can be kept any more."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import aiohttp
import pytest

from bot.app import App
from bot.settings import Settings
from tests.product import free_port

_Usage = namedtuple("_Usage", "total used free")


async def test_a_full_or_lost_disk_is_not_ready_and_is_ready_again_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    app = App(Settings(data_dir=data, port=free_port()))
    await app.start()
    try:
        async with aiohttp.ClientSession() as http:

            async def ask() -> tuple[int, str]:
                async with http.get(f"http://127.0.0.1:{app.settings.port}/readyz") as answer:
                    return answer.status, str((await answer.json()).get("reason", ""))

            assert await ask() == (200, "")
            with monkeypatch.context() as patched:
                patched.setattr(shutil, "disk_usage", lambda _path: _Usage(10**9, 10**9, 0))
                assert await ask() == (503, "disk is full")
            data.rename(tmp_path / "unplugged")
            assert await ask() == (503, "data folder is gone")
            (tmp_path / "unplugged").rename(data)
            assert await ask() == (200, "")
    finally:
        await app.stop()
