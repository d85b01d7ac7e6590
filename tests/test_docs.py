"""Keeps the documents true: what the code has is told in them, and what they tell is in the code."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.channels import contract
from bot.channels.telegram import TelegramChannel
from bot.channels.webchat import WebChatChannel
from bot.channels.zalo import ZaloChannel
from bot.commands import alarms
from bot.settings import PREFIX, Settings
from core.ward import list_wards, load_ward
from core.wording import load_wording
from scheduler import housekeeping
from scheduler.schedule import JOBS
from storage.models.base import Row
from storage.statuses import TICKET_STATES, TicketStatus
from tests.pages import outlines, pages

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SOURCES = ("bot", "core", "faq", "handlers", "scheduler", "storage")
CODE = [path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*.py"))]
OPERATIONS, OFFICERS, MEMBERS = "docs/van-hanh.md", "docs/can-bo.md", "docs/to-vien.md"
ARCHITECTURE, README = "docs/architecture.md", "README.md"
WORDS = load_wording({"unit": "phường", "ward": "phường Mẫu", "area": "tổ dân phố"})


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def says(name: str, words: str) -> bool:
    """Whole words, capitals and line ends aside: «hỏi» is not told by «hỏng»."""
    text = " ".join(page(name).split())
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


def missing(name: str, wanted: Iterator[str]) -> list[str]:
    return sorted({words for words in wanted if not says(name, words)})


# ------------------------------------------------------------------------------- settings and commands


def test_every_setting_is_told_to_the_operator() -> None:
    names = [PREFIX + name.upper() for name in Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in page(OPERATIONS)] == []
    assert [name for name in names if f"#{name}=" not in page(".env.example")] == []


def test_no_page_tells_of_a_setting_that_is_not_there() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    told = {name for path in PAGES for name in re.findall(r"NGHEDAN_[A-Z_]*[A-Z]", path.read_text("utf-8"))}
    assert told - known == set()


@pytest.mark.parametrize("name", [README, OPERATIONS])
def test_every_command_is_told(name: str) -> None:
    assert [one.name for one in cli.COMMANDS if f"`nghedan {one.name}`" not in page(name)] == []


def test_no_page_tells_of_a_command_that_is_not_there() -> None:
    known = {one.name for one in cli.COMMANDS}
    pattern = r"(?:`|^|bin/)nghedan ([a-z][a-z-]*)"
    told = {
        word for path in PAGES for word in re.findall(pattern, path.read_text("utf-8"), flags=re.MULTILINE)
    }
    assert told
    assert told - known == set()


def test_every_option_of_a_command_is_told_to_the_operator() -> None:
    options = {option for one in cli.COMMANDS for option in _options(one)} - {"--help"}
    assert [option for option in sorted(options) if f"{option}" not in page(OPERATIONS)] == []


def _options(command: cli.Command) -> list[str]:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return [option for one in _parsers(parser) for option in re.findall(r"--[a-z-]+", one.format_help())]


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of the words that may follow."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _parsers(inner)


def make_words() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", page("Makefile"), flags=re.MULTILINE))


def test_the_readme_has_every_word_of_make() -> None:
    assert [word for word in sorted(make_words()) if f"`make {word}`" not in page(README)] == []


def test_no_page_tells_of_a_word_of_make_that_is_not_there() -> None:
    pattern = r"(?:`|^(?:sudo )?|&& sudo )make ([a-z-]+)"
    told = {
        word for path in PAGES for word in re.findall(pattern, path.read_text("utf-8"), flags=re.MULTILINE)
    }
    assert told - make_words() == set()


# ------------------------------------------------------------------------------- words of the office


def phrases(prefix: str) -> Iterator[str]:
    for key, sentence in WORDS.sentences.items():
        if key.startswith(f"{prefix}."):
            yield from (line.strip() for line in sentence.splitlines() if line.strip())


@pytest.mark.parametrize(
    "table",
    [
        "officer.typed",
        "officer.group.typed",
        "announce.typed",
        "canned.typed",
        "care.typed",
        "explain.typed",
        "scam_list.typed",
        "calendar.typed",
        "entry.typed",
        "ticket_export.typed",
        "reminders.typed",
    ],
)
def test_every_word_that_officers_can_type_is_in_their_guide(table: str) -> None:
    assert list(phrases(table)), f"no phrases in {table}: it was renamed"
    assert missing(OFFICERS, phrases(table)) == []


@pytest.mark.parametrize(
    "table",
    [
        "officer.button",
        "canned.button",
        "care.button",
        "learn.button",
        "calendar.button",
        "tickets.status",
        "reminders.button",
    ],
)
def test_every_button_and_state_is_in_the_officers_guide(table: str) -> None:
    named = [WORDS.sentences[key] for key in WORDS.sentences if key.startswith(f"{table}.")]
    titles = [title.split("{")[0].rstrip(" (") for title in named]
    assert titles
    assert missing(OFFICERS, iter(titles)) == []


def test_every_slash_command_of_the_help_is_in_the_guide() -> None:
    helps = {OFFICERS: "officer.help", MEMBERS: "officer.help_member"}
    for name, key in helps.items():
        commands = set(re.findall(r"(?<!\w)/[a-z]+", WORDS.sentences[key]))
        assert commands
        assert {command for command in commands if command not in page(name)} == set()


def test_buttons_that_a_guide_names_in_bold_are_buttons() -> None:
    titles = {
        sentence.split("{")[0].strip()
        for key, sentence in WORDS.sentences.items()
        if ".choose_" in key or ".button." in key
    }
    for name, most in ((OFFICERS, 5), (MEMBERS, 5), ("docs/nguoi-dan.md", 8)):
        named = re.findall(r"[Bb]ấm \*\*([^*]+?)\*\*", page(name))
        assert len(named) >= most - 3, f"{name} names hardly any button"
        unknown = [title for title in named if title.split("…")[0].strip() not in titles | PAGE_BUTTONS]
        assert unknown == [], name


# Buttons of the chat page itself, not of a conversation.
PAGE_BUTTONS = frozenset({"Kết thúc, xóa khỏi máy này", "Nói", "Dừng", "Nghe lại"})


def test_the_end_of_a_session_is_called_as_on_the_page() -> None:
    html = page("bot/web/templates/chat.html")
    assert all(title in html for title in PAGE_BUTTONS)


# ------------------------------------------------------------------------------- machinery


@pytest.mark.parametrize("name", [ARCHITECTURE, OPERATIONS])
def test_every_job_is_told(name: str) -> None:
    assert [job.name for job in JOBS if f"`{job.name}`" not in page(name)] == []


def test_every_send_error_has_a_row_in_the_error_policy() -> None:
    policy = page(ARCHITECTURE).split("\n## 5 ")[1].split("\n## 6 ")[0]
    errors = [error.__name__ for error in contract.SendError.__subclasses__()]
    assert len(errors) >= 9
    assert [name for name in errors if f"| `{name}` |" not in policy] == []


def test_every_method_of_a_channel_is_told() -> None:
    methods = [name for name, _ in inspect.getmembers(contract.Channel, inspect.isfunction)]
    told = page(ARCHITECTURE)
    missing = [name for name in methods if name[0] != "_" and not re.search(rf"`{name}(\(|`)", told)]
    assert missing == []


@pytest.mark.parametrize("channel", [TelegramChannel, ZaloChannel, WebChatChannel])
def test_limits_in_the_channel_table_are_those_of_the_code(channel: type) -> None:
    limits = channel.limits  # type: ignore[attr-defined]
    assert f"| {limits.text:,} · {limits.choices} · {limits.pictures} |" in page(ARCHITECTURE)


def test_every_table_is_told() -> None:
    tables = {table for table in Row.metadata.tables if table != "alembic_version"}
    assert missing(ARCHITECTURE, iter(tables)) == []


def alarm_kinds() -> set[str]:
    """Every kind of alarm that the code can raise, also those that travel through a variable."""
    kinds: set[str] = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                kinds |= _kinds_of(node, path)
    return kinds


def _kinds_of(call: ast.Call, path: Path) -> set[str]:
    called = ast.unparse(call.func).rsplit(".", 1)[-1]
    told = [keyword.value for keyword in call.keywords if keyword.arg == "alarm"]
    if called in ("raise_alarm", "_watched") and len(call.args) > 1:
        told.append(call.args[1])
    kinds = {node.value for node in told if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    through = {ast.unparse(node) for node in told if not isinstance(node, ast.Constant)}
    unknown = through - {"alarm", "ruling.alarm"}
    assert not unknown, (
        f"{path.name}: the kind of an alarm comes from {unknown}, which this test cannot follow"
    )
    return kinds


def test_every_kind_of_alarm_is_told_to_the_operator() -> None:
    kinds = alarm_kinds()
    assert "channel_start" in kinds
    assert "message_rejected" in kinds
    table = page(OPERATIONS).split("### Các loại cảnh báo")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", table, flags=re.MULTILINE)) == kinds
    assert set(alarms.MEANINGS) == kinds


def test_every_line_of_the_doctor_is_told_to_the_operator() -> None:
    tree = ast.parse(page("bot/commands/doctor.py"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == "Finding"]
    subjects = {
        call.args[0].value
        for call in calls
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }
    assert len(subjects) > 5
    table = page(OPERATIONS).split("## 9 Khám máy")[1].split("### ")[0]
    assert {subject for subject in subjects if f"| {subject} |" not in table} == set()


def test_the_times_of_keeping_are_those_of_the_job() -> None:
    assert f"| {housekeeping.KEEP.days} days |" in page("docs/privacy.md")
    assert f"| {housekeeping.KEEP_COUNTS.days} days, so that" in page("docs/privacy.md")


def test_the_ward_profile_of_the_manual_can_be_loaded(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", page(OPERATIONS), flags=re.DOTALL)
    file = tmp_path / "phuong.toml"
    file.write_text(example, encoding="utf-8")
    ward = load_ward(file)
    assert ward.name == "phường Ví Dụ"
    assert ward.areas
    assert tomllib.loads(example)["hotlines"]


def test_every_shipped_ward_is_told_to_the_operator() -> None:
    assert [key for key in list_wards() if f"`{key}`" not in page(OPERATIONS)] == []


def test_every_folder_of_tests_is_told() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] != "_"}
    assert [name for name in sorted(folders) if f"`tests/{name}/`" not in page("docs/tests.md")] == []


def test_every_state_of_a_ticket_has_words() -> None:
    assert [status for status in TicketStatus if not WORDS.has(f"tickets.status.{status}")] == []


def test_the_table_of_states_is_that_of_the_code() -> None:
    names = {status: WORDS.text(f"tickets.status.{status}") for status in TicketStatus}
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", page(OFFICERS), flags=re.MULTILINE)
    told = {name: set(to.split(", ")) - {"hết"} for name, _, to in rows if name in names.values()}
    assert told == {names[one]: {names[to] for to in state.moves} for one, state in TICKET_STATES.items()}


# ------------------------------------------------------------------------------- words, links, paths


def test_glossary_words_are_used_in_the_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE).lower()
    words = re.findall(r"^\| \*\*([A-Za-z ]+)\*\* \|", page("docs/glossary.md"), flags=re.MULTILINE)
    assert len(words) > 30
    assert [word for word in words if word.lower() not in code] == []


def slug(heading: str) -> str:
    """An anchor as code hosts make it from a heading."""
    plain = re.sub(r"[`*]", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    for target in targets:
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), f"{path.name}: {target}"
        assert not anchor or anchor in anchors(file), f"{path.name}: {target}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_a_page_names_are_there(path: Path) -> None:
    pattern = rf"`((?:{'|'.join(SOURCES)}|tests|bench|scripts|docs)/[\w./*-]+)`"
    for name in re.findall(pattern, path.read_text(encoding="utf-8")):
        found = list(ROOT.glob(name.rstrip("/"))) if "*" in name else [ROOT / name]
        assert found, f"{path.name}: {name}"
        assert all(one.exists() for one in found), f"{path.name}: {name}"


def test_pages_that_the_code_refers_to_are_there() -> None:
    for source in CODE:
        for name, number in re.findall(r"(docs/[\w/-]+\.md)(?: (\d+))?", source.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{source.name}: {name}"
            assert not number or f"\n## {number} " in page(name), f"{source.name}: {name} {number}"


# Folders of the machine on which somebody wrote, and notes that are not part of the product.
FOREIGN = re.compile(r"(?<![\w.])/(?:work|root|tmp|home)/|\.\./shared|house\.md|facts/")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pages_name_no_place_outside_of_the_product(path: Path) -> None:
    assert FOREIGN.findall(path.read_text(encoding="utf-8")) == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set[Path](), [ROOT / README]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            file = (path.parent / target).resolve()
            if file.is_dir():
                waiting += sorted(file.glob("*.md"))
            elif file.suffix == ".md" and file.exists():
                waiting.append(file)
    assert [path.name for path in PAGES if path not in seen] == []


def test_the_pages_of_conversations_show_what_the_transcripts_prove() -> None:
    """`python -m tests.pages` writes them anew."""
    for name, outline in outlines().items():
        assert outline.fullmatch(page(f"docs/{name}")), name


@pytest.mark.long
def test_the_pages_of_conversations_show_every_word_that_is_said_now() -> None:
    for name, text in pages().items():
        assert page(f"docs/{name}") == text, name
