"""Runs the fake by hand: `python -m tests.fakes.telegram --port 9000`."""

from __future__ import annotations

import argparse
import asyncio
import json

from tests.fakes.telegram.server import TOKEN, USERNAME, FakeTelegram


async def _serve(token: str, username: str, port: int) -> None:
    fake = FakeTelegram(token, username, port=port)
    await fake.start()
    print(json.dumps({"base_url": fake.base_url, "token": token}), flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await fake.close()


def main() -> None:
    """Serve until interrupted; the first line printed tells address and token."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--username", default=USERNAME)
    given = parser.parse_args()
    try:
        asyncio.run(_serve(given.token, given.username, given.port))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
