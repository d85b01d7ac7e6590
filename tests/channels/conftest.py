"""The channels of the contract suite, opened one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.channels.harness import Harness
from tests.channels.suite import FACTORIES


@pytest_asyncio.fixture(params=sorted(FACTORIES))
async def harness(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Harness]:
    """One channel after the other."""
    opened = await FACTORIES[request.param](tmp_path)
    yield opened
    await opened.close()
