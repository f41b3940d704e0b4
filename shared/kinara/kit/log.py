"""Structured logs: JSON lines with correlation and cause, and no personal number readable in them."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog
from pydantic_core import to_json

_NUMBER = re.compile(r"(?<!\d)(?:\d{16,18}|\d{8} \d{6} \d \d{3})(?!\d)")
"""NIP (18 digits, also written ``19860926 201505 1 001``) and NIK (16 digits)."""
_SHORTEST = 16


def mask(text: str) -> str:
    """Hide the middle of every NIP and NIK: ``198609262015051001`` becomes ``1986**********1001``."""
    if len(text) < _SHORTEST:
        return text
    return _NUMBER.sub(lambda m: m[0][:4] + re.sub(r"\d", "*", m[0][4:-4]) + m[0][-4:], text)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {_masked(key): _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return value if isinstance(value, int | float | bool | None) and not _long(value) else mask(str(value))


def _long(value: Any) -> bool:
    return isinstance(value, int) and value >= 10**15


def mask_personal_numbers(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: mask NIP and NIK wherever they stand in a log entry, nested values and tracebacks included."""
    for key, value in entry.items():
        if type(value) is not str or len(value) >= _SHORTEST:
            entry[key] = _masked(value)
    return entry


def _json(entry: Any, **_: Any) -> str:
    return to_json(entry, serialize_unknown=True).decode()


def configure(service: str, level: str = "info") -> None:
    """Send structlog and standard logging (uvicorn, aiokafka) to one JSON stream on stdout."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_personal_numbers,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared[:-1],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                mask_personal_numbers,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for own in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(own).handlers.clear()  # uvicorn has set its own before, which mask nothing
        logging.getLogger(own).propagate = True
    for noisy in ("aiokafka", "uvicorn.access", "httpx", "pymongo"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    structlog.contextvars.bind_contextvars(service=service)


@contextmanager
def bound(**facts: Any) -> Iterator[None]:
    """Bind correlation, cause and the like to every line logged inside."""
    with structlog.contextvars.bound_contextvars(**{k: v for k, v in facts.items() if v is not None}):
        yield


def get(name: str) -> Any:
    """The logger of a file."""
    return structlog.get_logger(file=name)
