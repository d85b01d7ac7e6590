"""Every transcript on every channel's limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.play import play
from tests.script import all_scripts
from tests.stage import LIMITS


@pytest.mark.parametrize("channel", LIMITS)
@pytest.mark.parametrize("script", list(all_scripts()), ids=lambda path: path.stem)
def test_transcript(script: Path, channel: str) -> None:
    play(script, channel)
