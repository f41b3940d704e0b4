"""The rows of many employees over HTTP: one person after another, several under way at once, answers in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from personnel.domain.nip import mask_nip
from personnel.siasn.client import SiasnClient
from personnel.siasn.failures import AnswerNotUnderstood, Unavailable
from personnel.siasn.histories import with_histories
from personnel.siasn.mapping import employee_row
from personnel.siasn.rows import Governments, Numbered, Rejected, Row

_LOOK_AHEAD = 32
"""Answers kept, as a multiple of the questions under way, while an earlier one is late: by seconds, when SIASN has
suspended it."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    row: Row | Rejected
    answered: bool = True
    """Whether SIASN gave any answer; where it gave none, the fault may be its own rather than the row's."""


_UnderWay = deque[tuple[int, asyncio.Task[_Outcome]]]


async def pull(
    client: SiasnClient,
    nips: Iterable[str],
    governments: Governments,
    *,
    start: int = 1,
    concurrency: int = 8,
    deepen: Callable[[Row], bool] = lambda _: False,
) -> AsyncGenerator[Numbered, None]:
    """The row or rejection of each NIP from position ``start`` on, in the order of ``nips``.

    ``deepen`` says for which rows the histories of ranks and posts are asked as well: two more questions each.
    A person whom SIASN does not know, or about whom it never answers while it answers about others, is rejected and
    the run goes on. When SIASN is down (``CircuitOpen``) or our credentials are refused (``CredentialsRefused``) the
    failure is raised: every row yielded before it is good, and the run goes on later with the position after the last.
    """
    unanswered: list[Numbered] = []
    ask = partial(_ask, client, governments, deepen)
    async with aclosing(_outcomes(ask, _from(start, nips), concurrency)) as outcomes:
        async for position, outcome in outcomes:
            if not outcome.answered:
                unanswered.append((position, outcome.row))
                continue
            for numbered in (*unanswered, (position, outcome.row)):
                yield numbered
            unanswered.clear()
    for numbered in unanswered:
        yield numbered


async def _outcomes(
    ask: Callable[[str], Awaitable[_Outcome]], asked: Iterable[tuple[int, str, int]], concurrency: int
) -> AsyncGenerator[tuple[int, _Outcome], None]:
    """Ask about ``concurrency`` people at a time and hand over the outcomes in order."""
    turn = asyncio.Semaphore(concurrency)
    under_way: _UnderWay = deque()

    async def in_turn(nip: str) -> _Outcome:
        async with turn:
            return await ask(nip)

    try:
        for position, nip, first in asked:
            question = _repeated(nip, first) if first < position else in_turn(nip)
            under_way.append((position, asyncio.create_task(question)))
            if len(under_way) >= concurrency * _LOOK_AHEAD:
                yield await _oldest(under_way)
        while under_way:
            yield await _oldest(under_way)
    finally:
        for _, task in under_way:
            task.cancel()
        await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)


async def _oldest(under_way: _UnderWay) -> tuple[int, _Outcome]:
    position, task = under_way[0]
    outcome = await task
    under_way.popleft()
    return position, outcome


def _from(start: int, nips: Iterable[str]) -> Iterator[tuple[int, str, int]]:
    """Position, NIP, and the position at which the same NIP stood first."""
    first_seen: dict[str, int] = {}
    for position, nip in enumerate(nips, start=1):
        first = first_seen.setdefault(nip, position)
        if position >= start:
            yield position, nip, first


async def _repeated(nip: str, first: int) -> _Outcome:
    reason = f"nipBaru: NIP {mask_nip(nip)} sudah diminta pada urutan {first}; hapus salah satu"
    rejected = Rejected(reason=reason, field="nipBaru", raw={"nipBaru": nip}, detail=f"repeats position {first}")
    return _Outcome(rejected)


async def _ask(client: SiasnClient, governments: Governments, deepen: Callable[[Row], bool], nip: str) -> _Outcome:
    try:
        raw = await client.data_utama(nip)
        row = None if raw is None else employee_row(raw, governments)
        if isinstance(row, Row) and deepen(row):
            row = await with_histories(client, row)
    except (Unavailable, AnswerNotUnderstood) as failure:
        reason = f"{failure.message} Tarik ulang NIP {mask_nip(nip)} nanti."
        rejected = Rejected(reason=reason, field=None, raw={"nipBaru": nip}, detail=failure.detail)
        return _Outcome(rejected, answered=not isinstance(failure, Unavailable))
    if row is None:
        reason = f"nipBaru: NIP {mask_nip(nip)} tidak ditemukan di SIASN"
        return _Outcome(Rejected(reason=reason, field="nipBaru", raw={"nipBaru": nip}, detail="404 from SIASN"))
    return _Outcome(row)
