"""The SIASN client: one person's records or the unit tree, however SIASN happens to feel today."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import quote

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from personnel.siasn.answers import Declined, Deleted, Written, read_answer, read_deleted, read_written
from personnel.siasn.breaker import Breaker
from personnel.siasn.connection import Connection
from personnel.siasn.failures import (
    AnswerNotUnderstood,
    CircuitOpen,
    CredentialsRefused,
    NoAnswer,
    NotReached,
    NotTaken,
    PastedTokenExpired,
    SiasnFailure,
    Suspended,
    Throttled,
    TokenRefused,
    Unavailable,
)
from personnel.siasn.pace import Clock, Pace, Sleep
from personnel.siasn.tokens import Tokens

# SIASN wants the NIP in the path, and httpx writes every URL to the log at INFO.
logging.getLogger("httpx").setLevel(logging.WARNING)

_MOST_CONNECTIONS = 16
_READERS: Mapping[str, Callable[[httpx.Response], Any]] = {
    "GET": read_answer, "POST": read_written, "DELETE": read_deleted,
}  # fmt: skip

Raw = dict[str, Any]
"""One record as SIASN sent it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request: what is asked for, or written."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    told: Mapping[str, object]


class SiasnClient:
    """Reads from SIASN and writes to it: paced, patient with passing failures, and plain about those that do not pass.

    Each call either returns what SIASN knows (nothing found is ``None`` or an empty list) or raises a ``SiasnFailure``.
    """

    def __init__(self, connection: Connection, *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._connection = connection
        self._sleep = sleep
        limits = httpx.Limits(max_connections=_MOST_CONNECTIONS, max_keepalive_connections=_MOST_CONNECTIONS)
        self._http = httpx.AsyncClient(timeout=connection.timeout, limits=limits)
        self._tokens = Tokens(connection, self._http)
        self._pace = Pace(connection.requests_per_second, connection.burst, clock=clock, sleep=sleep)
        self._breaker = Breaker(connection.failures_to_open, connection.open_for, clock=clock)
        longest = connection.longest_pause
        self._pauses = _growing(connection.pause, longest)
        self._long_pauses = _growing(connection.suspended_pause, longest)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def data_utama(self, nip: str) -> Raw | None:
        """The core record of one employee."""
        data = await self._get(f"/pns/data-utama/{quote(nip, safe='')}")
        if data is not None and not isinstance(data, dict):
            raise AnswerNotUnderstood("Jawaban SIASN tidak dikenali.", "data-utama is not an object")
        return data

    async def rw_golongan(self, nip: str) -> list[Raw]:
        """The history of ranks."""
        return _records(await self._get(f"/pns/rw-golongan/{quote(nip, safe='')}"))

    async def rw_jabatan(self, nip: str) -> list[Raw]:
        """The history of posts."""
        return _records(await self._get(f"/pns/rw-jabatan/{quote(nip, safe='')}"))

    async def entries(self, kind: str, nip: str) -> list[Raw]:
        """What SIASN keeps of one kind (``kursus``, ``skp22``, …) about one employee."""
        return _records(await self._get(f"/pns/rw-{kind}/{quote(nip, safe='')}"))

    async def save(self, kind: str, payload: Mapping[str, object]) -> Written | Declined:
        """Write a record, once: it is not asked again what SIASN may have taken already.

        ``NotTaken`` where it certainly has not; after any other failure nobody knows.
        """
        written: Written | Declined = await self._once(Question("POST", f"/{kind}/save", payload))
        return written

    async def delete(self, kind: str, siasn_id: str) -> Deleted | Declined:
        """Delete a record; ``NotTaken`` where SIASN certainly was not asked, like ``save``."""
        path = f"/{kind}/delete/{quote(siasn_id, safe='')}"
        deleted: Deleted | Declined = await self._once(Question("DELETE", path, {}))
        return deleted

    async def ref_unor(self, page_size: int = 500) -> AsyncIterator[Raw]:
        """Every unit that our credentials show, page by page until a page is not full."""
        offset, last_page = 0, None
        while True:
            page = _records(await self._get("/referensi/ref-unor", limit=page_size, offset=offset))
            if page and page == last_page:
                raise AnswerNotUnderstood("SIASN mengulang halaman unit yang sama.", f"offset {offset} is ignored")
            for unit in page:
                yield unit
            if len(page) < page_size:
                return
            offset, last_page = offset + page_size, page

    async def _once(self, question: Question) -> Any:
        """One attempt to change something."""
        try:
            await self._tokens.headers()
        except SiasnFailure as failure:
            raise NotTaken(failure.message, failure.detail) from failure
        try:
            return await self._attempt(question)
        except (NotReached, Suspended, Throttled, CredentialsRefused, CircuitOpen) as failure:
            raise NotTaken(failure.message, failure.detail) from failure

    async def _get(self, path: str, **params: int) -> Any:
        """Ask until an answer comes, within the configured patience."""
        return await AsyncRetrying(
            retry=retry_if_exception_type(Unavailable),
            stop=stop_after_attempt(self._connection.attempts),
            wait=self._pause,
            sleep=self._sleep,
            reraise=True,
        )(self._attempt, Question("GET", path, params))

    async def _attempt(self, question: Question) -> Any:
        self._breaker.check()
        try:
            answer = await self._ask(question)
        except Unavailable:
            self._breaker.failed()
            raise
        except SiasnFailure:
            self._breaker.succeeded()
            raise
        self._breaker.succeeded()
        return answer

    async def _ask(self, question: Question) -> Any:
        """One question, with one more try under fresh tokens when they are refused."""
        headers = await self._tokens.headers()
        try:
            return await self._send(question, headers)
        except TokenRefused as refused:
            self._tokens.discard(headers, refused.said)
        try:
            return await self._send(question, await self._tokens.headers())
        except TokenRefused as refused:
            if self._tokens.sso_is_pasted:
                raise PastedTokenExpired(refused.said) from refused
            raise CredentialsRefused(
                "SIASN menolak token yang baru saja dibuat. Periksa hak akses akun pada pengaturan.", refused.said
            ) from refused

    async def _send(self, question: Question, headers: dict[str, str]) -> Any:
        await self._pace.take()
        told: dict[str, Any] = {"json" if question.method == "POST" else "params": dict(question.told)}
        try:
            response = await self._http.request(
                question.method, f"{self._connection.base_url}{question.path}", headers=headers, **told
            )
        except httpx.RequestError as error:
            kind = NotReached if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) else NoAnswer
            raise kind("SIASN tidak dapat dihubungi.", type(error).__name__) from error
        return _READERS[question.method](response)

    def _pause(self, state: RetryCallState) -> float:
        suspended = state.outcome is not None and isinstance(state.outcome.exception(), Suspended)
        return (self._long_pauses if suspended else self._pauses)(state)


def _growing(first: float, longest: float) -> wait_exponential_jitter:
    """Pauses that double, each with up to ``first`` seconds more so that callers do not come back together."""
    return wait_exponential_jitter(multiplier=first, max=longest, jitter=first)


def _records(data: Any) -> list[Raw]:
    """A list of records; SIASN sends a single one without its list at times, and nothing at all as nothing."""
    if data is None:
        return []
    records = data if isinstance(data, list) else [data]
    if not all(isinstance(record, dict) for record in records):
        raise AnswerNotUnderstood("Jawaban SIASN tidak dikenali.", "the list holds something else than objects")
    return records
