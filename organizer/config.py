"""Every setting, read once from the environment."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from organizer import clock

LOCAL = ("localhost", "127.0.0.1", "::1")
Env = Literal["development", "test", "production"]


class ConfigError(Exception):
    """The environment is unusable; the text has one line for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Config:
    """The settings of one process. Names are those of the environment, without ORGANIZER_."""

    env: Env
    port: int
    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    base_url: str
    trusted_proxies: int = 0
    smtp_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    now: str | None = None

    @property
    def https(self) -> bool:
        """Whether pages are reached by https: cookies are then Secure and `__Host-`, and HSTS is sent."""
        return self.base_url.startswith("https://")

    @property
    def development(self) -> bool:
        """Whether the demo, debug pages and `/dev/*` are open."""
        return self.env == "development"

    @property
    def outbox_dir(self) -> Path:
        """Where mails are written when there is no mail server."""
        return self.data_dir / "outbox"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Config":
        """The settings in `environ`. Raises ConfigError that names every fault at once."""
        reader = _Reader(environ)
        env = reader.choice("ORGANIZER_ENV", ("development", "test", "production"), "production")
        port = reader.number("PORT", 8000, 1, 65535)
        data_dir = Path(environ.get("ORGANIZER_DATA_DIR") or "var").absolute()
        config = cls(
            env=env,  # type: ignore[arg-type]
            port=port,
            data_dir=data_dir,
            database_url=reader.database(data_dir),
            secret_key=reader.secret(env, data_dir),
            base_url=reader.base_url(env, port),
            trusted_proxies=reader.number("ORGANIZER_TRUSTED_PROXIES", 0, 0, 10),
            smtp_url=reader.url("ORGANIZER_SMTP_URL", ("smtp", "smtps", "smtp+starttls")),
            redis_url=reader.url("ORGANIZER_REDIS_URL", ("redis", "rediss", "unix")),
            now=reader.now(env),
        )
        if reader.faults:
            raise ConfigError(reader.faults)
        return config


class _Reader:
    """Reads single variables and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.environ.get(name) or default
        if value not in allowed:
            self.faults.append(f"{name}: {value!r} is none of {', '.join(allowed)}")
            return default
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.environ.get(name) or str(default)
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            self.faults.append(f"{name}: {text!r} is not a whole number from {low} to {high}")
            return default
        return int(text)

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        text = self.environ.get(name)
        if not text:
            return None
        if urlsplit(text).scheme not in schemes or "://" not in text:
            self.faults.append(
                f"{name}: must be a URL that begins with {' or '.join(s + '://' for s in schemes)}"
            )
            return None
        return text

    def database(self, data_dir: Path) -> str:
        url = self.url("ORGANIZER_DATABASE_URL", ("sqlite", "postgresql", "postgresql+psycopg"))
        return url or f"sqlite:///{data_dir / 'enishi.db'}"

    def base_url(self, env: str, port: int) -> str:
        text = self.url("ORGANIZER_BASE_URL", ("http", "https"))
        if text is None:
            if env == "production" and not self.environ.get("ORGANIZER_BASE_URL"):
                self.faults.append(
                    "ORGANIZER_BASE_URL: is missing; production needs the address that stands in mails"
                )
            return f"http://localhost:{port}"
        parts = urlsplit(text)
        if env == "production" and parts.scheme == "http" and parts.hostname not in LOCAL:
            self.faults.append("ORGANIZER_BASE_URL: production needs https; http is for development")
        return text.rstrip("/")

    def secret(self, env: str, data_dir: Path) -> str:
        text = self.environ.get("ORGANIZER_SECRET_KEY")
        if text and len(text) < 32:
            self.faults.append("ORGANIZER_SECRET_KEY: must have 32 characters or more")
        if text:
            return text
        if env == "production":
            self.faults.append(
                "ORGANIZER_SECRET_KEY: is missing; production (ORGANIZER_ENV) never makes one by itself"
            )
            return ""
        return lasting_secret(data_dir)

    def now(self, env: str) -> str | None:
        text = self.environ.get("ORGANIZER_NOW")
        if not text:
            return None
        if env != "test":
            self.faults.append("ORGANIZER_NOW: moves the clock, so it is for ORGANIZER_ENV=test alone")
            return None
        try:
            clock.parse(text)
        except ValueError:
            self.faults.append(
                f"ORGANIZER_NOW: {text!r} is neither a time with its offset, nor a shift such as +1d2h"
            )
            return None
        return text


def lasting_secret(data_dir: Path) -> str:
    """The secret kept in the data folder, made on first use and readable by its owner only."""
    path = data_dir / "secret"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with suppress(FileExistsError):  # the first of two starting processes wins
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()
