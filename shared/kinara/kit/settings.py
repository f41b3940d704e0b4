"""What every service must be told to run; read once in ``main.py`` and passed on."""

from __future__ import annotations

import os
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PLACEHOLDERS = ("changethis", "changeme", "developmentonly", "secret", "password")
_PLACEHOLDER = re.compile(f"({'|'.join(PLACEHOLDERS)})*")
_PASSWORD = re.compile(r"://[^:@/?#]*:([^@/?#]*)@")


class UnsafeSettings(ValueError):
    """A setting that may not be used in production."""


@dataclass(frozen=True, slots=True)
class KafkaUrl:
    """``kafka://host:port[,host:port]?option=value``: where the broker is, and what it cannot do.

    Options: ``fetch_max_wait_ms``, ``session_timeout_ms``, ``idempotence``, ``static_membership``,
    ``security_protocol``, ``sasl_mechanism``, ``sasl_username``, ``sasl_password``. The embedded broker lacks
    idempotent producers, answers a fetch late in its wait window, and keeps static members in a join of 6 s that
    outlasts their session, so that two of them never settle; the launcher says so in these options.
    """

    servers: tuple[str, ...]
    fetch_max_wait_ms: int = 25
    session_timeout_ms: int = 6000
    idempotence: bool = True
    static_membership: bool = True
    security: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read the URL; refuses an unknown option instead of ignoring it."""
        parts = urlsplit(url)
        if parts.scheme != "kafka" or not parts.netloc:
            raise ValueError("expected kafka://host:port[,host:port]?option=value")
        options = dict(parse_qsl(parts.query))
        security = {
            key: options.pop(key)
            for key in ("security_protocol", "sasl_mechanism", "sasl_username", "sasl_password")
            if key in options
        }
        read = {key: _OPTIONS[key](key, options.pop(key)) for key in _OPTIONS.keys() & options.keys()}
        if options:
            raise ValueError(f"unknown option in kafka url: {', '.join(sorted(options))}")
        return cls(tuple(parts.netloc.split(",")), security=tuple(security.items()), **read)

    def client_options(self) -> dict[str, Any]:
        """Connection arguments that every aiokafka client takes."""
        renamed = {"sasl_username": "sasl_plain_username", "sasl_password": "sasl_plain_password"}
        secured: dict[str, Any] = {renamed.get(key, key): value for key, value in self.security}
        if str(secured.get("security_protocol", "")).endswith("SSL"):
            secured["ssl_context"] = ssl.create_default_context()
        return {"bootstrap_servers": list(self.servers), **secured}


def _whole(option: str, value: str) -> int:
    if not value.isdecimal():
        raise ValueError(f"{option} in kafka url: expected a whole number of milliseconds")
    return int(value)


def _switch(option: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError(f"{option} in kafka url: expected true or false")
    return value == "true"


_OPTIONS: dict[str, Callable[[str, str], Any]] = {
    "fetch_max_wait_ms": _whole,
    "session_timeout_ms": _whole,
    "idempotence": _switch,
    "static_membership": _switch,
}


def _secrets_in(value: str) -> list[str]:
    """The passwords of an address; anything else as it is, unless it is not set."""
    if "://" not in value:
        return [value] if value else []
    options = parse_qsl(value.partition("?")[2], keep_blank_values=True)
    user = [unquote(password) for password in _PASSWORD.findall(value)]
    return user + [text for option, text in options if "password" in option.lower()]


def _is_placeholder(secret: str) -> bool:
    """Whether it says nothing but what stands in examples, however often and with whatever between."""
    return _PLACEHOLDER.fullmatch(re.sub(r"[\W_]", "", secret).lower()) is not None


@dataclass(frozen=True, slots=True)
class Room:
    """How many requests are answered at once, how many wait for that, and for how long."""

    requests: int
    waiting: int
    wait_s: float


class ServiceSettings(BaseSettings):
    """Settings shared by all services, from ``KINARA_…`` variables or files under ``/run/secrets``."""

    model_config = SettingsConfigDict(
        env_prefix="KINARA_",
        extra="ignore",
        hide_input_in_errors=True,
        secrets_dir="/run/secrets" if Path("/run/secrets").is_dir() else None,
    )

    env: Literal["development", "production"] = "development"
    kafka: SecretStr = SecretStr("kafka://127.0.0.1:9092")
    mongo: SecretStr = SecretStr("mongodb://127.0.0.1:27017/?replicaSet=rs0")
    database: str = Field(default="", description="Database name; the service's own name when empty.")
    cells: Annotated[tuple[str, ...], NoDecode] = Field(default=("nasional",), description="Cells this process serves.")
    topics: Path = Field(default=Path("deploy/topics.yaml"), description="The registry of topics and cells.")
    secret: SecretStr = Field(default=SecretStr("development-only"), description="Key of receipts and hashes.")
    instance: str = Field(default_factory=socket.gethostname, description="Static group membership; unique per pod.")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    oidc_issuer: str = "http://kinara.local/development"
    oidc_audience: str = "kinara"
    oidc_jwks: str = Field(default="", description="Where the issuer's keys are; discovered from it when empty.")
    issuer_key: Path = Field(default=Path(".kinara/issuer.json"), description="Key of the development issuer.")
    otlp_endpoint: str = Field(default="", description="Spans are exported here; empty switches tracing off.")
    batch: int = Field(default=2000, ge=1, le=10_000, description="Most records folded in one transaction.")
    together: int = Field(default=64, ge=1, le=100, description="Most requests that commit together; 1: each alone.")
    requests: int = Field(default=96, ge=1, description="Most requests that are answered at once.")
    requests_waiting: int = Field(default=96, ge=0, description="Most that wait for that; more are sent away, 503.")
    requests_wait_s: float = Field(default=0.3, gt=0, description="One that waits longer is sent away too.")
    body_s: float = Field(default=20, gt=0, description="Longest wait for a body; 16 KiB of it earn a second more.")
    clock_ahead_days: int = Field(
        default=0, ge=0, le=3660, description="Days that the process lives ahead, to show the end of a month; not in"
        " production, and not to be taken back: what was done then lies in the future.",
    )  # fmt: skip
    gap_patience_s: float = Field(default=30, gt=0, description="A gap waiting longer is reported.")

    @field_validator("cells", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("kafka")
    @classmethod
    def _readable(cls, value: SecretStr) -> SecretStr:
        KafkaUrl.parse(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _no_placeholder_in_production(self) -> Self:
        if self.env != "production":
            return self
        if len(self.secret.get_secret_value()) < 32:
            raise UnsafeSettings("KINARA_SECRET must be at least 32 characters in production")
        for name, value in self:
            if isinstance(value, SecretStr) and any(map(_is_placeholder, _secrets_in(value.get_secret_value()))):
                setting = f"{self.model_config['env_prefix']}{name}".upper()
                raise UnsafeSettings(f"{setting} must not hold a placeholder or an empty password in production")
        if not self.oidc_issuer.startswith("https://"):
            raise UnsafeSettings("KINARA_OIDC_ISSUER must be an https address in production")
        if self.oidc_jwks and not self.oidc_jwks.startswith("https://"):
            raise UnsafeSettings("KINARA_OIDC_JWKS must be an https address in production")
        if self.clock_ahead_days:
            raise UnsafeSettings("KINARA_CLOCK_AHEAD_DAYS must not be set in production")
        if "KINARA_CRASH_AT" in os.environ:
            raise UnsafeSettings("KINARA_CRASH_AT must not be set in production")
        return self

    @property
    def room(self) -> Room:
        """For how many requests there is room."""
        return Room(self.requests, self.requests_waiting, self.requests_wait_s)

    @property
    def kafka_url(self) -> KafkaUrl:
        """The broker address, read."""
        return KafkaUrl.parse(self.kafka.get_secret_value())

    @property
    def jwks_address(self) -> str:
        """Where the issuer's public keys are: said, or beside the development issuer's key, or to be discovered."""
        if self.oidc_jwks or self.env == "production":
            return self.oidc_jwks
        return f"file:{self.issuer_key.with_suffix('.jwks.json')}"
