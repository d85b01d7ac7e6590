"""The product as a real process on real sockets: started, killed, restarted by tests and benchmarks."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.nursery import ROOT, Child, nursery

# A machine that does much else beside needs many times the two seconds of an idle one.
_READY_SECONDS = 90.0
# The product gives what is under way its time; the rest of the end may be slow on such a machine as well.
_STOP_SECONDS = 60.0
_COMMAND_SECONDS = 60.0


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Product:
    """One installation in a folder of its own; `kill` and `start` may follow each other at will.

    `as_installed`: with an interpreter of its own, as `make run` does it, which takes a second longer.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str], *, as_installed: bool = False) -> None:
        self.folder = folder
        self._as_installed = as_installed
        self.port = int(settings.get("NGHEDAN_PORT", 0)) or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log.txt"
        self._out = folder / "out.txt"
        self._process: subprocess.Popen[bytes] | Child | None = None
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("NGHEDAN_")}
        self.environment = {
            **inherited,
            "NGHEDAN_DATA_DIR": str(folder / "data"),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "NGHEDAN_PORT": str(self.port),
            **settings,
        }

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "data" / "nghedan.db"

    @property
    def output(self) -> str:
        """Everything it printed on standard output so far, over all starts."""
        return self._out.read_text(encoding="utf-8") if self._out.exists() else ""

    def start(self, wait: bool = True) -> float:
        """Start; returns after how many seconds it was ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        with self._out.open("ab") as out, self.log.open("ab") as log:
            self._process = self._launch(["run"], out, log)
        if wait:
            self.wait_ready()
        return time.monotonic() - began

    def wait_ready(self) -> None:
        """Until /readyz says yes. Raises AssertionError with the log when it never does."""
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.02)
        raise AssertionError(f"never ready:\n{self.log.read_text(encoding='utf-8')[-3000:]}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """kill -9, as a power cut of the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self, seconds: float = _STOP_SECONDS) -> int:
        """SIGTERM; returns the exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=seconds)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another `nghedan` command beside it."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            code = self._launch(arguments, out, err).wait(_COMMAND_SECONDS)
            return subprocess.CompletedProcess(arguments, code, _text_of(out), _text_of(err))

    def _launch(
        self, arguments: Sequence[str], out: IO[bytes], err: IO[bytes]
    ) -> subprocess.Popen[bytes] | Child:
        folder, settings = self.folder, self.environment
        if self._as_installed:
            command = [sys.executable, "-m", "bot", *arguments]
            return subprocess.Popen(command, cwd=folder, env=settings, stdout=out, stderr=err)
        return nursery().start(arguments, cwd=folder, env=settings, stdout=out.fileno(), stderr=err.fileno())


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


@contextlib.contextmanager
def running(
    folder: Path, settings: Mapping[str, str] | None = None, *, as_installed: bool = False
) -> Iterator[Product]:
    """A started product that is gone afterwards, however the test ended."""
    product = Product(folder, settings or {}, as_installed=as_installed)
    try:
        product.start()
        yield product
    finally:
        product.kill()
