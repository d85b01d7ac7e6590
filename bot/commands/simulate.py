"""`nghedan simulate`: the whole program between a fake Zalo and a fake Telegram, with phones on a page."""

from __future__ import annotations

import argparse
import asyncio
import errno
import importlib.util
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import App
from bot.commands.simulate_day import add_day_arguments, play_day
from bot.lock import FolderLock
from bot.logs import set_up_logging
from bot.settings import PREFIX, Settings, WrongSetting
from storage.invites import make_invite
from storage.staff import Duty
from storage.statuses import StaffRole

if TYPE_CHECKING:
    from tests.fakes.phones import Offer, Office
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import ZaloFake

_PAGE_PORT = 8090
_CHANNELS_SECONDS = 5.0
_LOOPBACK = "127.0.0.1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the page of phones is; the program itself stays on NGHEDAN_PORT."""
    parser.add_argument(
        "--port",
        type=_port,
        default=_PAGE_PORT,
        metavar="CỔNG",
        help=f"cổng của trang điện thoại ({_PAGE_PORT})",
    )
    what = parser.add_subparsers(dest="what", metavar="day")
    day = what.add_parser("day", help="chạy cả một ngày của phường trong vài phút, rồi đối chiếu sổ")
    add_day_arguments(day)


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError("phải là số từ 1 đến 65535")


def execute(settings: Settings, given: argparse.Namespace) -> int:
    """Play a day, or serve until Ctrl-C. Raises WrongSetting without the source tree or with a taken port."""
    _find_fakes()
    if given.what == "day":
        return play_day(settings, given)
    folder = settings.data_dir / "simulate"
    _start_afresh(folder)
    try:
        return asyncio.run(_serve(settings, folder, given.port))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise WrongSetting(
            f"Cổng {settings.port} hoặc {given.port} đang có chương trình khác dùng; "
            f"hãy đổi {PREFIX}PORT hoặc thêm --port."
        ) from None


def _find_fakes() -> None:
    """The fakes are tools of the source tree and no part of an installed program."""
    root = Path(__file__).resolve().parents[2]
    if not (root / "tests" / "fakes" / "phones").is_dir():
        raise WrongSetting("simulate: chỉ chạy được từ thư mục mã nguồn (thiếu thư mục tests/fakes).")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    if importlib.util.find_spec("tests.fakes.phones") is None:
        raise WrongSetting(f"simulate: một gói khác tên «tests» che mất {root / 'tests'}.")


def _start_afresh(folder: Path) -> None:
    """Empty the folder: fakes remember nothing, so yesterday's people would only be confused with today's.

    Raises AlreadyRunning before anything is touched.
    """
    lock = FolderLock(folder)
    try:
        for found in folder.iterdir():
            if found.is_dir():
                shutil.rmtree(found)
            elif found.name != "nghedan.lock":
                found.unlink()
    finally:
        lock.release()


async def _serve(given: Settings, folder: Path, port: int) -> int:
    from tests.fakes.phones import PhonesPage
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.zalo import ZaloFake

    stop = _until_told()
    telegram, zalo = FakeTelegram(), ZaloFake()
    async with AsyncExitStack() as parts:
        await telegram.start()
        parts.push_async_callback(telegram.close)
        await zalo.start()
        parts.push_async_callback(zalo.stop)
        settings = _between_fakes(given, folder, telegram, zalo)
        set_up_logging(settings)
        app = App(settings)
        await app.start()
        parts.push_async_callback(app.stop)
        if not await zalo.delivery.register(f"http://{_LOOPBACK}:{settings.port}/webhooks/zalo"):
            raise WrongSetting("simulate: Zalo giả không gọi được webhook của chương trình.")
        await app.keeper.wait_up(_CHANNELS_SECONDS)
        page = PhonesPage(telegram, zalo, _office(app))
        await page.start(port)
        parts.push_async_callback(page.stop)
        _say(app, page.base_url)
        await stop.wait()
    return 0


def _until_told() -> asyncio.Event:
    """Set by the first SIGTERM or Ctrl-C; a second one means «now»."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def tell() -> None:
        stop.set()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, tell)
    return stop


def _between_fakes(given: Settings, folder: Path, telegram: FakeTelegram, zalo: ZaloFake) -> Settings:
    """The settings with every way to the outside closed: real tokens, database and public address are not
    used, and only this machine is listened to, because anybody who sees the page can make officers."""
    account = zalo.account
    return Settings(
        host=_LOOPBACK,
        port=given.port,
        data_dir=folder,
        ward=given.ward,
        log_level=given.log_level,
        telegram_token=telegram.world.token,
        telegram_base_url=telegram.base_url,
        zalo_app_id=account.app_id,
        zalo_app_secret=account.app_secret,
        zalo_oa_id=account.oa_id,
        zalo_oa_secret=account.oa_secret,
        zalo_refresh_token=zalo.refresh_token(),
        zalo_openapi_url=zalo.base_url,
        zalo_oauth_url=zalo.base_url,
        zalo_media_hosts=(_LOOPBACK,),
        zalo_paid=given.zalo_paid,
    )


def _office(app: App) -> Office:
    from tests.fakes.phones import Office

    duties = {offer.key: duty for offer, duty in _offers(app)}

    async def invite(key: str) -> str:
        duty = duties[key]
        made = await app.database.run(lambda session: make_invite(session, duty, app.clock()))
        return made.typed

    return Office(
        name=_capital(app.house.ward.name),
        chat_url=f"{app.settings.base_url}/chat",
        offers=tuple(offer for offer, _ in _offers(app)),
        invite=invite,
    )


def _offers(app: App) -> Iterator[tuple[Offer, Duty]]:
    """An invite for every department and area; the department for rubbish first, the usual first report."""
    from tests.fakes.phones import Offer

    ward = app.house.ward
    first = ward.get_category("RAC").department
    for department in sorted(ward.departments, key=lambda one: one.key != first):
        duty = Duty(StaffRole.OFFICER, department=department.key)
        yield Offer(f"officer:{department.key}", "Mời làm cán bộ", department.name), duty
    for area in ward.areas:
        yield Offer(f"member:{area.key}", "Mời làm tổ viên", area.name), Duty(StaffRole.MEMBER, area=area.key)
    if not ward.areas:
        yield Offer("member", "Mời làm tổ viên", ward.name), Duty(StaffRole.MEMBER)
    yield Offer("leader", "Mời làm lãnh đạo", ward.name), Duty(StaffRole.LEADER)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _say(app: App, page: str) -> None:
    up = ", ".join(name for name, is_up in app.keeper.states().items() if is_up)
    sys.stdout.write(
        f"\nNghe Dân đang chạy thử cho {app.house.ward.name}; Zalo và Telegram là giả, không tin nào ra ngoài.\n\n"
        f"  Điện thoại thử (Telegram, Zalo):  {page}\n"
        f"  Chat trên web:                    {app.settings.base_url}/chat\n\n"
        "Muốn làm cán bộ hay tổ viên: bấm «Mời làm cán bộ», «Mời làm tổ viên» dưới điện thoại.\n"
        f"Kênh đang bật: {up}. Dữ liệu thử ở {app.settings.data_dir}, mỗi lần chạy làm lại từ đầu.\n"
        "Tắt: Ctrl-C.\n"
    )
    sys.stdout.flush()
