"""The yardsticks: a bare aiohttp handler, a bare SQLite commit of the same durability, and the two put together."""

from __future__ import annotations

import sqlite3
import sys
import time
from pathlib import Path

from aiohttp import web


def serve(port: int, folder: Path) -> None:
    """Answer every POST with 200 after reading its body, until killed; `/stored` commits the body first."""
    connection = _open(folder / "stored.db")

    async def receive(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    async def store(request: web.Request) -> web.Response:
        _commit(connection, (await request.read()).decode())
        return web.Response()

    app = web.Application()
    app.router.add_post("/stored", store)
    app.router.add_post("/{path:.*}", receive)
    app.router.add_get("/readyz", lambda _request: _ready())
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


async def _ready() -> web.Response:
    return web.Response()


def commits_per_second(folder: Path, seconds: float) -> float:
    """Small inserts, one durable transaction each, through the standard library alone."""
    connection = _open(folder / "bare.db")
    raw, done, end = "x" * 300, 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        _commit(connection, raw)
        done += 1
    connection.close()
    return done / seconds


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, raw TEXT)")
    return connection


def _commit(connection: sqlite3.Connection, raw: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO t (raw) VALUES (?)", (raw,))
    connection.execute("COMMIT")


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
