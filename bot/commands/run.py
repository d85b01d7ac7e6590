"""`nghedan run`: start, show the first screen, and serve until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys

from bot.app import App
from bot.logs import set_up_logging
from bot.screen import first_screen
from bot.settings import Settings

_CHANNELS_SECONDS = 1.5


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """`run` takes everything from the settings."""


def execute(settings: Settings, _given: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C. Returns the exit code."""
    set_up_logging(settings)
    return asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, _ask_to_stop, stop, loop)
    app = App(settings)
    await app.start()
    if not app.quarantined:
        await app.keeper.wait_up(_CHANNELS_SECONDS)
    sys.stdout.write(await first_screen(app) + "\n")
    sys.stdout.flush()
    await stop.wait()
    await app.stop()
    return 0


def _ask_to_stop(stop: asyncio.Event, loop: asyncio.AbstractEventLoop) -> None:
    """The first signal stops in order; a second one means «now»."""
    stop.set()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(ValueError):
            loop.remove_signal_handler(name)
            signal.signal(name, signal.SIG_DFL)
