"""Writes the pages of docs/ that show conversations, from the transcripts: `python -m tests.pages`.

Each transcript is played on the web chat, so that a page shows what is really said, never what somebody remembers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from tests.play import perform
from tests.script import Entry, Script, read_script

FOLDER: Final = Path(__file__).parent / "transcripts"
DOCS: Final = Path(__file__).parents[1] / "docs"
_SPEAKERS: Final = frozenset({"Dân", "Cán bộ", "Lãnh đạo", "Tổ viên"})
_QUIET: Final = frozenset({"Lúc", "Sổ", "Đường", "Quen"})
_BUTTONS: Final = re.compile(r"\[([^\]]+)\]")
# Codes are drawn anew in every play; on a page they must stay as they are. With their check characters.
_CODES: Final[Sequence[str]] = (
    "",
    "R6X8-9M08-N23",
    "XNK5-C0KT-03H",
    "Z518-8TTZ-T29",
    "2PPK-CPZ1-7NJ",
    "0V60-3TJZ-M55",
    "Z379-HP1Z-M2C",
    "TC54-1RC1-PN8",
    "24RJ-MS1P-SN9",
    "8VG4-X2RC-H29",
    "99V1-31X5-4P8",
)


Telling = Callable[[Path], str | None]


def pages(tell: Telling = perform) -> Mapping[str, str]:
    """Every page by its file name, as it should be now; `tell` gives a transcript's text, None for the file's own."""
    plan = yaml.safe_load((FOLDER / "_pages.yaml").read_text(encoding="utf-8"))
    return {page["page"]: "\n".join(_page(page, tell)) + "\n" for page in plan}


def outlines() -> Mapping[str, re.Pattern[str]]:
    """What every page must look like by the transcripts as they are written, where "…" stands for anything."""
    return {
        name: re.compile(re.escape(text).replace("…", ".*")) for name, text in pages(lambda _: None).items()
    }


def _page(page: Mapping[str, Any], tell: Telling) -> Iterator[str]:
    yield f"# {page['title']}"
    yield ""
    yield page["lead"]
    for section in page["sections"]:
        yield ""
        yield f"## {section['title']}"
        for row in section["rows"]:
            yield ""
            yield f"<details><summary>{row['can']}</summary>"
            for name in row["see"]:
                yield ""
                path = FOLDER / f"{name}.txt"
                yield from _dialogue(read_script(path, tell(path)))
            yield ""
            yield "</details>"


def _dialogue(script: Script) -> Iterator[str]:
    speaker = ""
    for entry in script.entries:
        if entry.who and entry.role in _SPEAKERS:
            speaker = entry.who
            yield f"> **{entry.group or entry.who}:** {_said(entry.body)}"
            yield ">"
        elif entry.role == "Bot":
            to = "" if entry.to in ("", speaker) else f" gửi {entry.to}"
            yield f"> **Trợ lý{to}:** {_answer(entry)}"
            yield ">"
        elif entry.role and entry.role not in _QUIET and not entry.who:
            yield f"> *{entry.role}: {entry.body.partition('=')[0].strip()}*"
            yield ">"
        elif entry.lines[0].startswith("#") and not speaker:
            yield f"*{entry.lines[0].removeprefix('#').strip()}*"
            yield ""


def _said(body: str) -> str:
    """What somebody did, as a reader would say it: a tap is a button, a photo is a photo."""
    return _BUTTONS.sub(_deed, _with_codes(body)) or "…"


def _deed(found: re.Match[str]) -> str:
    tapped = found[1].removeprefix("chạm ")
    return f"`{tapped}`" if tapped != found[1] else f"*({found[1]})*"


def _answer(entry: Entry) -> str:
    lines = [entry.body, *(line.strip() for line in entry.lines[1:])]
    return "<br>".join(_BUTTONS.sub(r"`\1`", _with_codes(line)) for line in lines)


def _with_codes(text: str) -> str:
    # A link or an invite for one person is another in every play.
    text = re.sub(r"/(tai-ve|van-ban)/[\w-]+", r"/\1/…", text)
    text = re.sub(r"mời (\{mã\d*\}|(?:[0-9A-Z]{4}-){2}[0-9A-Z]{3})[0-9A-Z]\b", "mời 7K3M-9Q2F-4XHB", text)
    return re.sub(r"\{mã(\d*)\}", lambda found: _CODES[int(found[1] or 1)], text)


def main() -> int:
    """Write what has changed."""
    for name, text in pages().items():
        path = DOCS / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
