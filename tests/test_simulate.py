"""`nghedan simulate` as anybody would try it: started as a program, played in a real browser, stopped by Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.commands import simulate
from bot.lock import AlreadyRunning, FolderLock
from bot.settings import Settings, WrongSetting
from tests.product import ROOT, free_port

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update"]
PATIENT = 15_000


@dataclass
class Simulation:
    """The running command; `said` is what it printed until it was ready."""

    process: subprocess.Popen[str]
    page: str
    said: str


def command(folder: Path, port: int, page_port: int) -> subprocess.Popen[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("NGHEDAN_")}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "simulate", "--port", str(page_port)],
        cwd=folder,
        env={
            **inherited,
            "PYTHONPATH": str(ROOT),
            "NGHEDAN_PORT": str(port),
            "NGHEDAN_DATA_DIR": str(folder / "data"),
            # A real token of the person who tries it must stay unused.
            "NGHEDAN_TELEGRAM_TOKEN": "123456789:" + "R" * 35,
        },
        stdout=subprocess.PIPE,
        stderr=(folder / "log.txt").open("a"),
        text=True,
        bufsize=1,
    )


def until_ready(process: subprocess.Popen[str]) -> str:
    """What it prints up to the line that tells how to stop; shorter when it ends before."""
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said and (line := process.stdout.readline()):
        said += line
    return said


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    folder = tmp_path_factory.mktemp("simulate")
    page_port = free_port()
    process = command(folder, free_port(), page_port)
    said = until_ready(process)
    assert "Ctrl-C" in said, (folder / "log.txt").read_text()[-3000:]
    yield Simulation(process, f"http://127.0.0.1:{page_port}", said)
    process.kill()
    process.communicate()


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is missing")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        await launched.close()


async def opened(browser: Browser, url: str) -> tuple[Page, list[str]]:
    """The page, and everything that the browser complains of or that leads away from here."""
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    bad: list[str] = []
    page.on("console", lambda m: bad.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: bad.append(str(error)))
    page.on("request", lambda r: bad.append(r.url) if not r.url.startswith(f"{url}/") else None)
    await page.goto(f"{url}/")
    await expect(page.locator(".slot select option")).not_to_have_count(0)
    return page, bad


async def add_person(page: Page, slot: Locator, name: str, channel: str) -> None:
    await slot.get_by_role("button", name="Thêm người").click()
    await page.get_by_label("Tên").fill(name)
    await page.get_by_label(channel, exact=True).check()
    await page.get_by_role("button", name="Thêm", exact=True).click()
    await expect(slot.locator(".person option:checked")).to_have_text(f"{name} · {channel}")


def theirs(slot: Locator, text: str | re.Pattern[str]) -> Locator:
    return slot.locator(".line:not(.mine)").filter(has_text=text).last


async def type_in(slot: Locator, text: str) -> None:
    await slot.get_by_label("Nhắn tin").fill(text)
    await slot.get_by_label("Nhắn tin").press("Enter")
    await expect(slot.locator(".line.mine").last).to_contain_text(text)


@pytest.mark.browser
async def test_both_phones_are_welcomed(simulation: Simulation, browser: Browser) -> None:
    page, bad = await opened(browser, simulation.page)
    slots = page.locator(".slot")
    await expect(slots).to_have_count(2)
    for at, channel in enumerate(("telegram", "zalo")):
        slot = slots.nth(at)
        await expect(slot).to_have_attribute("data-channel", channel)
        await type_in(slot, "Xin chào")
        await expect(theirs(slot, re.compile("trợ lý", re.I))).to_be_visible(timeout=PATIENT)
        await expect(theirs(slot, re.compile("phường Mẫu", re.I))).to_be_visible()
        button = slot.locator(".choice", has_text="Gửi phản ánh").last
        lines = await slot.locator(".line").count()
        await button.click()
        await expect(slot.locator(".line").nth(lines)).to_be_visible(timeout=PATIENT)
        await expect(slot.locator(".choice.chosen")).to_have_text("Gửi phản ánh")
    assert bad == []


@pytest.mark.browser
async def test_photo_place_answer_and_invite(simulation: Simulation, browser: Browser) -> None:
    page, bad = await opened(browser, simulation.page)
    citizen, officer = page.locator(".slot").nth(0), page.locator(".slot").nth(1)
    await add_person(page, citizen, "Cô <b>Hoa</b>", "Zalo")
    await add_person(page, officer, "Hạnh", "Telegram")
    await officer.get_by_role("button", name="Mời làm cán bộ").click()
    await officer.locator(".offer .menu:visible .item").first.click()
    await expect(officer.locator(".line.mine").first).to_contain_text("mời ")
    await expect(theirs(officer, "cán bộ")).to_be_visible(timeout=PATIENT)
    await citizen.get_by_label("Gửi ảnh").click()
    await citizen.get_by_role("button", name="Đống rác ven đường").click()
    await expect(citizen.locator(".line.mine img")).to_have_js_property("naturalWidth", 960, timeout=PATIENT)
    await expect(citizen.locator(".line:not(.mine)").first).to_be_visible(timeout=PATIENT)
    await citizen.get_by_label("Gửi vị trí").click()
    await citizen.get_by_role("button", name="Cổng chợ").click()
    await expect(citizen.locator(".line.mine .spot")).to_contain_text("10.77688")
    answered = citizen.locator(".line:not(.mine)").first
    await answered.hover()
    await answered.get_by_role("button", name="Trả lời").click()
    await type_in(citizen, "Em hỏi lại câu này")
    await expect(citizen.locator(".line.mine blockquote")).to_be_visible()
    assert bad == []


@pytest.mark.browser
async def test_narrow_screen_shows_a_whole_phone(simulation: Simulation, browser: Browser) -> None:
    page, bad = await opened(browser, simulation.page)
    await page.set_viewport_size({"width": 360, "height": 700})
    wide = await page.evaluate("document.documentElement.scrollWidth")
    box = await page.locator(".phone").first.bounding_box()
    assert wide == 360
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert bad == []


def post(url: str, body: object, origin: str, host: str | None = None) -> int:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Origin": origin})
    if host:
        request.add_unredirected_header("Host", host)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def test_no_other_page_may_play(simulation: Simulation) -> None:
    url, origin = f"{simulation.page}/api/phones", simulation.page
    body = {"name": "Kẻ lạ", "channel": "zalo"}
    assert post(url, body, "http://evil.example") == 403
    assert post(url, body, "null") == 403
    assert post(url, body, "http://evil.example", host="evil.example") == 403
    assert post(url, {"name": " ", "channel": "zalo"}, origin) == 400
    assert post(url, {"name": "Lan", "channel": "sms"}, origin) == 400
    assert post(f"{url}/p99/text", {"text": "a"}, origin) == 404
    assert post(f"{url}/p1/tap", {"ref": "1", "title": "không có"}, origin) == 400


def test_says_where_to_go(simulation: Simulation) -> None:
    assert simulation.page in simulation.said
    assert "/chat" in simulation.said
    assert "zalo, telegram" in simulation.said


def test_ctrl_c_ends_it_and_it_starts_again(tmp_path: Path) -> None:
    port, page_port = free_port(), free_port()
    for _ in range(2):
        process = command(tmp_path, port, page_port)
        assert "Ctrl-C" in until_ready(process)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=25)
        assert process.returncode == 0
    assert "Traceback" not in (tmp_path / "log.txt").read_text()


@pytest.mark.parametrize("taken", ["product", "page"])
def test_a_taken_port_is_one_line(simulation: Simulation, tmp_path: Path, taken: str) -> None:
    used = int(simulation.page.rsplit(":", 1)[1])
    ports = (used, free_port()) if taken == "product" else (free_port(), used)
    process = command(tmp_path, *ports)
    process.communicate(timeout=30)
    assert process.returncode == 2
    told = (tmp_path / "log.txt").read_text()
    assert f"Cổng {ports[0]} hoặc {ports[1]} đang có chương trình khác dùng" in told
    assert "Traceback" not in told


def test_without_the_source_tree_it_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "__file__", str(tmp_path / "bot" / "commands" / "simulate.py"))
    with pytest.raises(WrongSetting, match="thư mục mã nguồn"):
        simulate.execute(Settings(data_dir=tmp_path), argparse.Namespace(port=8090, what=None))


def test_a_running_one_keeps_its_data(tmp_path: Path) -> None:
    folder = tmp_path / "simulate"
    lock = FolderLock(folder)
    (folder / "nghedan.db").write_text("đang dùng")
    with pytest.raises(AlreadyRunning):
        simulate.execute(Settings(data_dir=tmp_path), argparse.Namespace(port=8090, what=None))
    assert (folder / "nghedan.db").exists()
    lock.release()
