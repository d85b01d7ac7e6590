"""The library and the matcher of the product, built once: building is the slow part."""

from __future__ import annotations

import pytest

from faq.library import Library
from faq.matcher import Matcher


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture(scope="session")
def matcher(library: Library) -> Matcher:
    return Matcher(library)
