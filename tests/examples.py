"""How many examples property tests try: a few in every run, all of them in `make test-long`."""

from __future__ import annotations

import os
from typing import Final

ALL: Final = "NGHEDAN_ALL_EXAMPLES"
_SHARE, _FEWEST = 8, 8


def examples(many: int) -> int:
    """`many` where the environment asks for all, otherwise an eighth."""
    return many if os.environ.get(ALL) else max(many // _SHARE, min(many, _FEWEST))
