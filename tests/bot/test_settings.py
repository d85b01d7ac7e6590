"""Settings: every one is explained, every wrong one is named in one Vietnamese line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import PREFIX, Settings, WrongSetting, load_settings

ROOT = Path(__file__).parents[2]
ZALO = {f"NGHEDAN_ZALO_{name}": "1" for name in ("APP_ID", "APP_SECRET", "OA_ID", "OA_SECRET")}
NO_FILE = Path("/nonexistent/.env")
_LINE = re.compile(r"#?(NGHEDAN_[A-Z_]+)=(.*)")


def _example() -> dict[str, tuple[str, list[str]]]:
    """Name → (shown default, comment lines above it)."""
    found: dict[str, tuple[str, list[str]]] = {}
    comments: list[str] = []
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if match := _LINE.fullmatch(line):
            found[match[1]] = (match[2], comments)
            comments = []
        elif line.startswith("# "):
            comments.append(line)
        else:
            comments = []
    return found


def test_example_explains_every_setting_in_both_languages() -> None:
    example = _example()
    assert set(example) == {PREFIX + name.upper() for name in Settings.model_fields}
    for name, (_, comments) in example.items():
        assert len(comments) >= 2, f"{name} needs a Vietnamese and an English line"
        assert re.search(r"[à-ỹđ]", comments[-2].lower()), f"{name}: first line is Vietnamese"
        assert not re.search(r"[à-ỹđ]", comments[-1].lower().replace("nghe dân", "")), (
            f"{name}: second is English"
        )


def test_example_shows_the_real_defaults() -> None:
    shown = {name: value for name, (value, _) in _example().items()}
    assert load_settings(shown, NO_FILE) == load_settings({}, NO_FILE)


@pytest.mark.parametrize(
    ("given", "named", "advice"),
    [
        ({"NGHEDAN_PROT": "1"}, "NGHEDAN_PROT", "NGHEDAN_PORT"),
        ({"NGHEDAN_PORT": "0"}, "NGHEDAN_PORT", "65535"),
        ({"NGHEDAN_PORT": "tám"}, "NGHEDAN_PORT", "số"),
        ({"NGHEDAN_DATABASE_URL": "mysql://x"}, "NGHEDAN_DATABASE_URL", "postgresql"),
        ({"NGHEDAN_PUBLIC_URL": "chat.phuong.vn"}, "NGHEDAN_PUBLIC_URL", "https"),
        ({"NGHEDAN_PUBLIC_URL": "https://phuong.gov.vn/chat"}, "NGHEDAN_PUBLIC_URL", "sau tên máy"),
        ({"NGHEDAN_PORTAL_ORIGINS": "https://a.vn,phuong.gov.vn"}, "NGHEDAN_PORTAL_ORIGINS", "https"),
        ({"NGHEDAN_PORTAL_ORIGINS": "https://a.vn; script-src *"}, "NGHEDAN_PORTAL_ORIGINS", "https"),
        ({"NGHEDAN_TRUSTED_PROXIES": "10.0.0.5, nginx"}, "NGHEDAN_TRUSTED_PROXIES", "10.0.0.0/24"),
        ({"NGHEDAN_DATABASE_URL": "sqlite:///"}, "NGHEDAN_DATABASE_URL", "sqlite:////"),
        ({"NGHEDAN_DATABASE_URL": "postgresql://u:p@h:cổng/x"}, "NGHEDAN_DATABASE_URL", "postgresql"),
        ({"NGHEDAN_SECRET_KEY": "short"}, "NGHEDAN_SECRET_KEY", "32"),
        ({"NGHEDAN_LOG_LEVEL": "LOUD"}, "NGHEDAN_LOG_LEVEL", "INFO"),
        ({"NGHEDAN_TELEGRAM_TOKEN": "abc"}, "NGHEDAN_TELEGRAM_TOKEN", "@BotFather"),
        ({"NGHEDAN_TELEGRAM_MODE": "push"}, "NGHEDAN_TELEGRAM_MODE", "webhook"),
        ({"NGHEDAN_TELEGRAM_SECRET": "có dấu cách"}, "NGHEDAN_TELEGRAM_SECRET", "16"),
        (
            {"NGHEDAN_TELEGRAM_TOKEN": "123456:" + "A" * 35, "NGHEDAN_TELEGRAM_MODE": "webhook"},
            "NGHEDAN_PUBLIC_URL",
            "polling",
        ),
        ({"NGHEDAN_ZALO_APP_ID": "1"}, "NGHEDAN_ZALO_APP_SECRET", "thiếu"),
        ({"NGHEDAN_ZALO_OPENAPI_URL": "x"}, "NGHEDAN_ZALO_OPENAPI_URL", "https"),
        ({"NGHEDAN_PUBLIC_URL": "https://chat phuong.vn"}, "NGHEDAN_PUBLIC_URL", "https"),
        ({"NGHEDAN_DATA_DIR": "va\0r"}, "NGHEDAN_DATA_DIR", "không nhìn thấy"),
        ({"NGHEDAN_SECRET_KEY": "k" * 20 + "\u200b" + "k" * 20}, "NGHEDAN_SECRET_KEY", "gõ lại"),
        (ZALO | {"NGHEDAN_ZALO_OA_ID": "phường"}, "NGHEDAN_ZALO_OA_ID", "chữ số"),
        (ZALO | {"NGHEDAN_ZALO_MEDIA_HOSTS": "https://zdn.vn"}, "NGHEDAN_ZALO_MEDIA_HOSTS", "zdn.vn"),
        ({"NGHEDAN_ZALO_PAID": "maybe"}, "NGHEDAN_ZALO_PAID", "true"),
    ],
)
def test_wrong_setting_is_named_in_one_line(given: dict[str, str], named: str, advice: str) -> None:
    with pytest.raises(WrongSetting) as caught:
        load_settings(given, NO_FILE)
    line = str(caught.value)
    assert line.startswith((named, f"Không có cài đặt tên {named}"))
    assert advice in line
    assert "\n" not in line


def test_wrong_secret_is_not_repeated() -> None:
    with pytest.raises(WrongSetting) as caught:
        load_settings({"NGHEDAN_TELEGRAM_TOKEN": "so-secret"}, NO_FILE)
    assert "so-secret" not in str(caught.value)


def test_environment_wins_over_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("NGHEDAN_PORT=9001\nNGHEDAN_WARD=co_le\n# comment\n", encoding="utf-8")
    settings = load_settings({"NGHEDAN_PORT": "9002", "HOME": "/x"}, file)
    assert (settings.port, settings.ward) == (9002, "co_le")


def test_a_mark_before_the_first_letter_of_the_file_is_no_part_of_a_name(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("NGHEDAN_PORT=9001\n", encoding="utf-8-sig")
    assert load_settings({}, file).port == 9001


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"NGHEDAN_PORT=9001\nno sign of equality here\n", "dòng 2"),
        (b'NGHEDAN_WARD="never closed\n', "dòng 1"),
        (b"\xff\xfeN\x00G\x00", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_never_read_in_part(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)
    with pytest.raises(WrongSetting, match=reason):
        load_settings({}, file)


def test_settings_show_no_secret() -> None:
    settings = load_settings({"NGHEDAN_TELEGRAM_TOKEN": "123456:" + "A" * 35}, NO_FILE)
    assert "AAAA" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://localhost:8080"),
        ({"NGHEDAN_PUBLIC_URL": "https://chat.phuong.gov.vn/"}, "https://chat.phuong.gov.vn"),
        ({"NGHEDAN_TELEGRAM_TOKEN": f"123456:{'A' * 35}"}, ""),
    ],
)
def test_a_link_is_given_only_where_it_can_be_opened(given: dict[str, str], url: str) -> None:
    assert load_settings(given, NO_FILE).link_url == url
