"""A strict fake of the Telegram Bot API over real HTTP, for tests and for playing by hand."""

from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TOKEN, USERNAME, FakeTelegram
from tests.fakes.telegram.world import Screen

__all__ = ["TOKEN", "USERNAME", "FakeTelegram", "Fault", "Screen"]
