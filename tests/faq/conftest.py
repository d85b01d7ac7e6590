"""The library and the matcher of the product, read once."""

from __future__ import annotations

import pytest

from faq.library import Library
from faq.matcher import Matcher
from tests.props import shipped


@pytest.fixture(scope="session")
def library() -> Library:
    return shipped().library


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    return shipped().matcher
