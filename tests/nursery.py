"""Processes of the product without the second that an interpreter needs to read all modules.

A nursery has read them once and forks itself for every start: each child is a process of its own, with its own
environment, folder and sockets, that can be stopped and killed. Run as a program, this is the nursery.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# What `nghedan run` reads on all channels, and what most other commands read.
_MODULES = ("bot.cli", "bot.commands.run", "bot.channels.telegram.channel", "bot.commands.invite")
_LONGEST_REQUEST = 200_000


class Child:
    """A process that a nursery has started; used as subprocess.Popen is."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.returncode: int | None = None
        self.pid = int(line.recv(32))

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._look(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. Raises subprocess.TimeoutExpired."""
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(["nghedan"], timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """As the operating system would."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9."""
        self.send_signal(signal.SIGKILL)

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._line], [], [], timeout)[0]:
            self.returncode = int(self._line.recv(32) or b"-9")
            self._line.close()
        return self.returncode


class Nursery:
    """The process from which the children come; ends with ours."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._turn = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.nursery", str(theirs.fileno())],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        atexit.register(self.close)

    def start(
        self, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdout: int, stderr: int
    ) -> Child:
        """Run `nghedan` with these arguments; `stdout` and `stderr` are descriptors to write to."""
        request = json.dumps({"arguments": list(arguments), "cwd": str(cwd), "env": dict(env)}).encode()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._turn:
            socket.send_fds(self._line, [request], [theirs.fileno(), stdout, stderr])
        return Child(ours)

    def close(self) -> None:
        """Let it go; it ends when its line is closed."""
        self._line.close()
        self._process.wait()


@functools.cache
def nursery() -> Nursery:
    """The one of this test process, made when it is first asked for."""
    return Nursery()


def _serve(line: socket.socket) -> dict[str, Any] | None:
    """Fork for every request. Returns it in the child; None, in the nursery itself, when nobody asks any more."""
    awake, wake = socket.socketpair()
    for end in (awake, wake):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    lines: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([line, awake], [], [])
        if awake in ready:
            awake.recv(4096)
            _bury(lines)
        if line not in ready:
            continue
        request, fds, _, _ = socket.recv_fds(line, _LONGEST_REQUEST, 3)
        if not request:
            return None
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for one in (line, awake, wake, *lines.values()):
                one.close()
            return {**json.loads(request), "fds": fds}
        lines[pid] = socket.socket(fileno=fds[0])
        lines[pid].send(str(pid).encode())
        for fd in fds[1:]:
            os.close(fd)


def _bury(lines: dict[int, socket.socket]) -> None:
    for pid in list(lines):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            with lines.pop(pid) as line:
                line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _grow_up(request: dict[str, Any]) -> None:
    """Become what `python -m bot` with these arguments would be."""
    line, *outputs = request["fds"]
    os.close(line)
    sys.stdout.flush()
    for number, fd in enumerate(outputs, start=1):
        os.dup2(fd, number)
        os.close(fd)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = ["nghedan", *request["arguments"]]


def _main() -> int:
    for name in _MODULES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    request = _serve(socket.socket(fileno=int(sys.argv[1])))
    if request is None:
        return 0
    _grow_up(request)
    code: int = sys.modules["bot.cli"].main()
    return code


if __name__ == "__main__":
    sys.exit(_main())
