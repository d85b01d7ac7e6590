"""A page of drawn phones: anybody can play people on the fake Telegram and the fake Zalo in a browser."""

from tests.fakes.phones.office import Offer, Office
from tests.fakes.phones.server import PhonesPage

__all__ = ["Offer", "Office", "PhonesPage"]
