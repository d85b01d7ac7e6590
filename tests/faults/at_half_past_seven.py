"""`python -m tests.faults.at_half_past_seven`: the product on a working morning, whenever the test is run.

Reads a number a line and starts the product each time: 0 lets it live, n kills it as by kill -9 at the n-th
digest that it writes. Says its process number at the start and «dead» at its end. `MORNING_BEGAN` is the real moment
that was 7:30. What every start would load again is loaded once here and inherited: most of a start is that.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from functools import partial
from typing import Any

import bot.app
from bot.app import App
from bot.channel_table import list_limits
from bot.cli import main
from bot.commands import run
from bot.settings import Settings
from scheduler import digests
from tests.scheduler.office import house, local

HALF_PAST_SEVEN = local("2026-11-26 07:30:05")


def _shifted_now() -> datetime:
    began = datetime.fromtimestamp(float(os.environ["MORNING_BEGAN"]), UTC)
    return datetime.now(UTC) - began + HALF_PAST_SEVEN.astimezone(UTC)


def _die_in_the_midst(at: int) -> None:
    whole, written = digests.enqueue, 0

    def enqueue(*given: Any) -> int | None:
        nonlocal written
        written += 1
        if written == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*given)

    digests.enqueue = enqueue


def _say(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _nurse() -> None:
    # A channel's library is loaded when it is first asked for.
    list_limits(Settings())
    # A digest needs the ward, the calendar and the words, no knowledge.
    vars(bot.app)["build_house"] = lambda _: house()
    house()
    vars(run)["App"] = partial(App, clock=_shifted_now)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdout = sys.stderr
            _die_in_the_midst(int(line))
            sys.exit(main(["run"]))
        _say(child)
        os.waitpid(child, 0)
        _say("dead")


if __name__ == "__main__":
    _nurse()
