"""A strict stand-in for Zalo on loopback, for tests and for trying things by hand."""

from tests.fakes.zalo.server import ZaloFake
from tests.fakes.zalo.world import Account, Fault, OaMessage, Person, Signed

__all__ = ["Account", "Fault", "OaMessage", "Person", "Signed", "ZaloFake"]
