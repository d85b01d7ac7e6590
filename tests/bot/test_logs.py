"""Nobody's words reach the log, whoever writes it: we, a library, or Python itself."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import logging, warnings
from bot.logs import set_up_logging
from bot.settings import Settings
set_up_logging(Settings(log_level="DEBUG", telegram_secret="a-secret-of-the-webhook"))
log = logging.getLogger("bot.test")
warnings.warn("form-data; filename=don-cua-ba-lan.jpg")
log.warning("number %s, token %s, %s", "0912345678", "123456:" + "A" * 35, "a-secret-of-the-webhook")
try:
    raise ValueError("ba Lan viet the nay")
except ValueError:
    log.exception("failed")
log.warning("line one\\nline two")
"""


def test_the_log_holds_no_words_numbers_or_tokens() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", _PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    lines = done.stderr.splitlines()
    assert [line.partition("bot.test: ")[2] for line in lines] == [
        "number •••, token •••, •••",
        "failed (ValueError)",
        "line one line two",
    ]
