"""Settings from the environment or `.env` into one frozen value; each explained, each wrong one named in a line."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from io import StringIO
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from rapidfuzz import process
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "NGHEDAN_"
SHORTEST_KEY = 32
_TELEGRAM_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
# They become part of a header, so nothing but a site may stand there.
_SITE = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?/?")
# Browsers and providers write names of hosts in these letters alone; the colons are those of IPv6.
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")


class WrongSetting(Exception):
    """A setting that stops the start; the message is one Vietnamese line that names it and the way out."""


class Settings(BaseModel):
    """All settings. The descriptions are the English half of `.env.example`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 to be reached from outside.")
    port: int = Field(8080, ge=1, le=65535, description="Port of web chat, webhooks and health.")
    data_dir: Path = Field(Path("var"), description="Folder of the database file, photos, keys and backups.")
    database_url: str = Field("", description="Database; empty: a SQLite file in the data folder.")
    ward: str = Field("mau", description="Ward profile: a name from core/wards or a path to a TOML file.")
    public_url: str = Field("", description="Address under which people reach this program (https://…).")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Key for stored tokens and signed links; empty: made and kept."
    )
    portal_origins: tuple[str, ...] = Field((), description="Sites that may show the chat widget, by comma.")
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Proxies besides this machine whose word about a visitor's address counts, by comma."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")

    telegram_token: SecretStr = Field(SecretStr(""), description="Bot token of @BotFather; empty: off.")
    telegram_base_url: str = Field("https://api.telegram.org", description="Host of the Bot API.")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="How updates come in.")
    telegram_secret: SecretStr = Field(
        SecretStr(""), description="Secret header of the webhook; empty: derived from the key."
    )
    telegram_per_second: int = Field(
        30, ge=1, le=1000, description="Messages a second that Telegram allows this bot."
    )

    zalo_app_id: str = Field("", description="Id of the Zalo app; empty: Zalo is off.")
    zalo_app_secret: SecretStr = Field(SecretStr(""), description="App secret of the Zalo app.")
    zalo_oa_id: str = Field("", description="Id of the Official Account.")
    zalo_oa_secret: SecretStr = Field(SecretStr(""), description="OA secret key of the webhook page.")
    zalo_refresh_token: SecretStr = Field(SecretStr(""), description="First refresh token; used once.")
    zalo_openapi_url: str = Field("https://openapi.zalo.me", description="Host of the OA API.")
    zalo_oauth_url: str = Field("https://oauth.zaloapp.com", description="Host of Zalo's OAuth.")
    zalo_media_hosts: tuple[str, ...] = Field(
        ("zdn.vn", "zadn.vn", "zalo.me"), description="Hosts from which photos may be fetched, by comma."
    )
    zalo_per_minute: int = Field(
        4000, ge=1, le=100_000, description="Requests a minute that Zalo allows this app."
    )
    zalo_paid: bool = Field(False, description="May messages between 48 hours and 7 days cost money?")

    zalo_template_id: str = Field(
        "", description="Approved template for announcements in a shut window; empty: none."
    )
    zalo_template_field: str = Field("noi_dung", description="The template's field for the words.")

    @field_validator("zalo_media_hosts", "portal_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @property
    def url(self) -> str:
        """The database URL, also when none was set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'nghedan.db'}"

    @property
    def base_url(self) -> str:
        """Where people reach us: the public address, or this machine in a trial."""
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"

    @property
    def link_url(self) -> str:
        """Where a link of ours can be opened; empty when a telephone would find nothing behind it."""
        return self.base_url if self.public_url or self.is_trial else ""

    @property
    def has_telegram(self) -> bool:
        """True when Telegram is set up."""
        return bool(self.telegram_token.get_secret_value())

    @property
    def has_zalo(self) -> bool:
        """True when Zalo is set up."""
        return bool(self.zalo_app_id)

    @property
    def is_trial(self) -> bool:
        """A trial on one's own machine: no channel to the outside and no public address."""
        return not (self.has_telegram or self.has_zalo or self.public_url)


class _Rule(BaseModel):
    """Keeps a check beside the words that an operator reads when it fails."""

    model_config = ConfigDict(frozen=True)

    name: str
    holds: bool
    advice: str


def load_settings(environment: Mapping[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Environment over `.env` over defaults. Raises WrongSetting with one Vietnamese line."""
    given = _given(dict(os.environ) if environment is None else environment, env_file or Path(".env"))
    _refuse_unknown(given)
    _refuse_unseen(given)
    values = {name.removeprefix(PREFIX).lower(): value for name, value in given.items()}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise WrongSetting(_first_line(error)) from None
    for rule in _rules(settings):
        if not rule.holds:
            raise WrongSetting(f"{PREFIX}{rule.name}: {rule.advice}")
    return settings


def _given(environment: Mapping[str, str], env_file: Path) -> dict[str, str]:
    from_file = _read_file(env_file) if env_file.is_file() else {}
    merged = {**from_file, **environment}
    return {
        name: value.strip()
        for name, value in merged.items()
        if name.startswith(PREFIX) and value is not None and value.strip()
    }


def _read_file(env_file: Path) -> dict[str, str | None]:
    """Strict where the library only warns: a line that is passed over is a setting that does not hold."""
    try:
        # Windows editors put a mark before the first letter.
        text = env_file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise WrongSetting(f"{env_file}: không phải chữ UTF-8; hãy lưu lại tệp với bảng mã UTF-8.") from None
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            line = binding.original.line
            raise WrongSetting(f"{env_file}: không đọc được dòng {line}; mỗi dòng có dạng TÊN=giá trị.")
    return dotenv_values(stream=StringIO(text), interpolate=False)


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in given:
        if name not in known and not name.startswith(f"{PREFIX}TEST_"):
            nearest = process.extractOne(name, known)
            raise WrongSetting(f"Không có cài đặt tên {name}. Có phải anh/chị muốn viết {nearest[0]}?")


def _refuse_unseen(given: Mapping[str, str]) -> None:
    """What is copied from a page or a letter brings signs along that nobody sees, and that no key or address has."""
    for name, value in given.items():
        if not value.isprintable():
            raise WrongSetting(f"{name}: có ký tự không nhìn thấy được; hãy xóa rồi gõ lại bằng tay.")


_ADVICE = {
    "port": "phải là số từ 1 đến 65535, ví dụ 8080.",
    "telegram_mode": "chỉ nhận polling hoặc webhook.",
    "log_level": "chỉ nhận DEBUG, INFO, WARNING hoặc ERROR.",
    "zalo_paid": "chỉ nhận true hoặc false.",
    "telegram_per_second": "phải là số từ 1 đến 1000; bỏ trống là 30.",
    "zalo_per_minute": "phải là số từ 1 đến 100000; bỏ trống là 4000.",
}


def _first_line(error: ValidationError) -> str:
    name = str(error.errors(include_input=False)[0]["loc"][0])
    return f"{PREFIX}{name.upper()}: {_ADVICE.get(name, 'giá trị không đúng, xem .env.example.')}"


def _is_url(value: str, schemes: tuple[str, ...] = ("http", "https")) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(_HOST.fullmatch(parts.hostname or "")) and parts.port != 0
    except ValueError:
        return False


def _is_site(value: str) -> bool:
    """An address without a path: our pages and the providers' calls begin at its root."""
    return _is_url(value) and urlsplit(value).path in ("", "/") and not urlsplit(value).query


def _is_network(value: str) -> bool:
    try:
        return bool(ip_network(value, strict=False))
    except ValueError:
        return False


def _is_database(value: str) -> bool:
    """SQLite in a file, or PostgreSQL, with parts that can be read."""
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        return False
    return url.drivername in ("postgresql", "postgresql+psycopg") or (
        url.drivername == "sqlite" and url.database not in (None, "", ":memory:")
    )


def _rules(s: Settings) -> list[_Rule]:
    secret = s.telegram_secret.get_secret_value()
    token = s.telegram_token.get_secret_value()
    needs_public = s.telegram_mode == "webhook" and s.has_telegram
    url = s.database_url
    zalo = {
        "ZALO_APP_ID": s.zalo_app_id,
        "ZALO_APP_SECRET": s.zalo_app_secret.get_secret_value(),
        "ZALO_OA_ID": s.zalo_oa_id,
        "ZALO_OA_SECRET": s.zalo_oa_secret.get_secret_value(),
    }
    rules = [
        _Rule(
            name="ZALO_TEMPLATE_ID",
            holds=not s.zalo_template_id or s.zalo_template_id.isalnum(),
            advice="là dãy chữ số Zalo cấp cho mẫu tin đã duyệt, ví dụ 123456; bỏ trống nếu chưa có.",
        ),
        *(
            _Rule(
                name=name, holds=not value or (value.isascii() and value.isdigit()), advice="chỉ gồm chữ số."
            )
            for name, value in (("ZALO_APP_ID", s.zalo_app_id), ("ZALO_OA_ID", s.zalo_oa_id))
        ),
        _Rule(
            name="ZALO_MEDIA_HOSTS",
            holds=all(_HOST.fullmatch(host) for host in s.zalo_media_hosts),
            advice="là tên các máy, không có https://, cách nhau bằng dấu phẩy, ví dụ zdn.vn,zalo.me.",
        ),
        _Rule(
            name="DATABASE_URL",
            holds=not url or _is_database(url),
            advice="phải có dạng postgresql://tên:mật-khẩu@máy/tên-csdl hoặc sqlite:////đường/dẫn/tệp.db.",
        ),
        _Rule(
            name="PUBLIC_URL",
            holds=not s.public_url or _is_site(s.public_url),
            advice="phải là địa chỉ đầy đủ, không có phần sau tên máy, ví dụ https://chat.phuong.gov.vn.",
        ),
        _Rule(
            name="PORTAL_ORIGINS",
            holds=all(_SITE.fullmatch(site) for site in s.portal_origins),
            advice="phải là các địa chỉ như https://phuong.gov.vn, cách nhau bằng dấu phẩy.",
        ),
        _Rule(
            name="TRUSTED_PROXIES",
            holds=all(_is_network(proxy) for proxy in s.trusted_proxies),
            advice="phải là địa chỉ IP hoặc mạng như 10.0.0.5, 10.0.0.0/24, cách nhau bằng dấu phẩy.",
        ),
        _Rule(
            name="SECRET_KEY",
            holds=not (key := s.secret_key.get_secret_value()) or len(key) >= SHORTEST_KEY,
            advice=f"phải dài ít nhất {SHORTEST_KEY} ký tự; bỏ trống thì chương trình tự tạo.",
        ),
        _Rule(
            name="TELEGRAM_TOKEN",
            holds=not token or _TELEGRAM_TOKEN.fullmatch(token) is not None,
            advice="không đúng dạng 123456:ABC…; chép lại nguyên dòng từ @BotFather.",
        ),
        _Rule(
            name="TELEGRAM_SECRET",
            holds=not secret or _TELEGRAM_SECRET.fullmatch(secret) is not None,
            advice="chỉ gồm chữ không dấu, số, _ và -, dài từ 16 đến 256 ký tự.",
        ),
        _Rule(
            name="PUBLIC_URL",
            holds=not needs_public or bool(s.public_url),
            advice="phải điền khi NGHEDAN_TELEGRAM_MODE=webhook, hoặc đổi sang polling.",
        ),
        *(
            _Rule(name=name, holds=_is_url(value), advice="phải là địa chỉ bắt đầu bằng https://.")
            for name, value in (
                ("TELEGRAM_BASE_URL", s.telegram_base_url),
                ("ZALO_OPENAPI_URL", s.zalo_openapi_url),
                ("ZALO_OAUTH_URL", s.zalo_oauth_url),
            )
        ),
        *(
            _Rule(
                name=name,
                holds=bool(value) or not any(zalo.values()),
                advice="còn thiếu; Zalo cần đủ bốn mục APP_ID, APP_SECRET, OA_ID, OA_SECRET.",
            )
            for name, value in zalo.items()
        ),
    ]
    return rules
