"""Runs the fake Zalo by hand: `python -m tests.fakes.zalo --port 8090 --webhook http://127.0.0.1:8080/…`."""

from __future__ import annotations

import argparse
import asyncio

from tests.fakes.zalo.server import ZaloFake


async def simulate(port: int, webhook: str | None) -> None:
    """Serve until interrupted; prints what the product's settings need."""
    fake = ZaloFake()
    await fake.start(port)
    account = fake.account
    print(f"base URL (open API and OAuth)  {fake.base_url}")
    print(f"app id, app secret             {account.app_id}  {account.app_secret}")
    print(f"account id, account secret     {account.oa_id}  {account.oa_secret}")
    print(f"first refresh token            {fake.refresh_token()}", flush=True)
    try:
        while webhook is not None and not await fake.delivery.register(webhook):
            print(f"{webhook} does not answer 200 to an empty call yet", flush=True)
            await asyncio.sleep(2)
        await asyncio.Event().wait()
    finally:
        await fake.stop()


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description="A fake Zalo official account on loopback")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--webhook", default=None, help="where events are posted")
    arguments = parser.parse_args()
    try:
        asyncio.run(simulate(arguments.port, arguments.webhook))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
