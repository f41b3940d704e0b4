"""Puts a service together: HTTP doors, consumers, relay and health in one FastAPI application.

Start-up never fails for a broker or database that is not up yet: the process serves at once, says on
``/health/ready`` what it waits for, and begins when it is there. SIGTERM drains: live streams end, requests and batches
are finished and committed, the outbox is followed to its end, connections are closed.
"""

from __future__ import annotations

import asyncio
import math
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, FastAPI
from faststream.kafka import KafkaBroker
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from kinara.kit import asyncapi, http, log, memory, problems, witness
from kinara.kit.admission import Admission
from kinara.kit.broker import make_broker
from kinara.kit.bus import Consumer
from kinara.kit.documents import Collection
from kinara.kit.fold import Folder
from kinara.kit.group import group_of
from kinara.kit.identity import Verifier
from kinara.kit.ids import put_clock_ahead, utc_now
from kinara.kit.inbox import Inbox
from kinara.kit.incarnation import Incarnation
from kinara.kit.live import Live, ended_at_sigterm
from kinara.kit.metrics import Metrics
from kinara.kit.mongo import Database, DatabaseError
from kinara.kit.outbox import OUTBOX
from kinara.kit.relay import RELAY, Relay
from kinara.kit.saved import IDEMPOTENCY
from kinara.kit.sealing import Sealer
from kinara.kit.settings import ServiceSettings
from kinara.kit.threads import short_turns
from kinara.kit.topics import Registry
from kinara.kit.tracing import Tracing

_log = log.get("app")
KEEP_ANSWERS_S = 24 * 3600
FLUSH_S = 3
SCRAPE_S = 2
STUCK_S = 60

Chore = Callable[[Database], Awaitable[None]]
"""A service's own background work; runs until cancelled, once the database is prepared."""


@dataclass
class Service:
    """What a service is made of; its ``main.py`` fills this in and calls ``build``."""

    name: str
    settings: ServiceSettings
    routers: Sequence[APIRouter]
    collections: Sequence[Collection[Any]]
    refusal: type[Exception]
    statuses: problems.Refusals
    inbox: Inbox
    chores: Sequence[Chore] = ()
    streams: Sequence[Live] = ()
    uploads: Mapping[str, int] = field(default_factory=dict)
    prepare: Chore | None = None

    def __post_init__(self) -> None:
        speakers = [kind for collection in self.collections if collection.speaks for kind in collection.about]
        if len(speakers) > len(set(speakers)):
            raise ValueError(f"{self.name}: two collections speak about one kind of subject")


@dataclass
class Parts:
    """The running parts of a service; ``app.state.parts``."""

    service: Service
    database: Database
    broker: KafkaBroker
    incarnation: Incarnation
    relay: Relay
    consumers: list[Consumer]
    metrics: Metrics
    prepared: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


def build(service: Service) -> FastAPI:
    """The application of a service, with everything in its lifespan."""
    settings = service.settings
    log.configure(service.name, settings.log_level)
    registry = Registry.read(settings.topics)
    registry.expect(settings.cells, service.inbox.name)
    metrics, tracing = Metrics(), Tracing(service.name, settings.otlp_endpoint)
    broker = make_broker(settings.kafka_url, f"{service.name}-{settings.instance}")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.mongo.get_secret_value(), settings.database or service.name)
        parts = _assemble(service, registry, database, broker, metrics, tracing)
        app.state.parts, app.state.database = parts, database
        _start(parts, parts.incarnation.run())
        _start(parts, _bring_up(parts))
        try:
            with ended_at_sigterm(service.streams):
                yield
        finally:
            await _drain(parts)
            tracing.close()

    documented = settings.env != "production"
    app = FastAPI(
        title=f"Kinara: {service.name}",
        version="1",
        lifespan=lifespan,
        openapi_url="/openapi.json" if documented else None,
        responses=problems.DOCUMENTED,
    )
    app.state.verifier = Verifier(settings)
    app.add_middleware(http.Door, metrics=metrics, tracing=tracing, uploads=service.uploads, body_s=settings.body_s)
    app.add_middleware(Admission, room=settings.room, shed=metrics.shed)
    problems.install(app, service.refusal, service.statuses)
    for router in (*service.routers, witness.router):
        app.include_router(router)
    app.include_router(http.health(_checks(app), metrics, lambda: _measure_outbox(app.state.parts)))
    asyncapi.install(app, broker, service.name, [registry.topic(cell, service.name) for cell in settings.cells])
    return app


def _assemble(
    service: Service,
    registry: Registry,
    database: Database,
    broker: KafkaBroker,
    metrics: Metrics,
    tracing: Tracing,
) -> Parts:
    settings = service.settings
    put_clock_ahead(settings.clock_ahead_days)
    group_of(database).most = settings.together
    incarnation = Incarnation(settings.kafka_url, registry)
    relay = Relay(database, service.name, settings.kafka_url, registry, incarnation.current, settings.instance)
    consumers = []
    for cell in settings.cells:
        topics = [registry.topic(cell, heard) for heard in registry.groups[service.inbox.name]]
        folder = Folder(service.inbox, database, f"{service.inbox.name}.{cell}", registry.services)
        consumers.append(
            Consumer(
                broker, folder, topics, settings,
                database=database, incarnation=incarnation, metrics=metrics, tracing=tracing,
            )
        )  # fmt: skip
    return Parts(service, database, broker, incarnation, relay, consumers, metrics)


def _start(parts: Parts, work: Any) -> None:
    """Run background work; if it ends by a bug, ask for our own end so that the supervisor starts us afresh."""

    async def guarded() -> None:
        try:
            await work
        except Exception:  # noqa: BLE001  # whatever it is, a service without this part must not look healthy
            _log.exception("background work failed, stopping")
            os.kill(os.getpid(), signal.SIGTERM)

    parts.tasks.append(asyncio.create_task(guarded(), name=getattr(work, "__qualname__", "work")))


async def _bring_up(parts: Parts) -> None:
    """Wait for the database, prepare it, then start everything that needs it."""
    waiting = AsyncRetrying(
        retry=retry_if_exception_type(DatabaseError),
        wait=wait_exponential_jitter(multiplier=0.1, max=1, jitter=0.1),
        before_sleep=_say_why,
    )
    async for attempt in waiting:
        with attempt:
            await _prepare(parts)
    parts.prepared = True
    memory.settle()
    short_turns()
    _start(parts, parts.relay.run())
    for consumer in parts.consumers:
        _start(parts, consumer.run())
    kits = (Sealer(parts.service.name).run, *(live.run for live in parts.service.streams))
    for chore in (*parts.service.chores, *kits):
        _start(parts, chore(parts.database))
    _log.info("started")


def _say_why(attempt: RetryCallState) -> None:
    reason = attempt.outcome.exception() if attempt.outcome is not None else None
    _log.warning("database not ready, trying again", reason=str(reason)[:300])


async def _prepare(parts: Parts) -> None:
    database = parts.database
    await database.ping()
    await database[OUTBOX].create_index([("at", 1)])
    await database[IDEMPOTENCY].create_index([("at", 1)], expireAfterSeconds=KEEP_ANSWERS_S)
    for collection in parts.service.collections:
        await collection.prepare(database)
    for consumer in parts.consumers:
        await consumer.folder.prepare()
    if parts.service.prepare is not None:
        await parts.service.prepare(database)


async def _drain(parts: Parts) -> None:
    """Finish what is in hand, send what is saved, close."""
    for consumer in parts.consumers:
        await consumer.stop()
    try:
        await _flush(parts)
    except (TimeoutError, DatabaseError):
        _log.info("outbox left for the next relay")
    for task in parts.tasks:
        task.cancel()
    await asyncio.gather(*parts.tasks, return_exceptions=True)
    parts.database.close()
    _log.info("stopped")


async def _flush(parts: Parts) -> None:
    """Wait until the relay, if it is ours, has sent everything and looked once more."""
    since = utc_now()
    async with asyncio.timeout(FLUSH_S):
        while parts.relay.leads and (parts.relay.idle_at <= since or await _unsent(parts)):  # noqa: ASYNC110  # the database has no event for it
            await asyncio.sleep(0.05)


async def _unsent(parts: Parts) -> int:
    """How many buckets have not been sent yet."""
    position = await parts.database.find_one(RELAY, {"_id": RELAY})
    after = (position or {}).get("bucket") or ""
    return int(await parts.database[OUTBOX].count_documents({"_id": {"$gt": after}}))


async def _measure_outbox(parts: Parts) -> None:
    """Bring the outbox figures up to date, for a scrape; no numbers while the database is away."""
    pending = age = math.nan
    try:
        async with asyncio.timeout(SCRAPE_S):
            position = await parts.database.find_one(RELAY, {"_id": RELAY})
            after = (position or {}).get("bucket") or ""
            oldest = await parts.database.find(OUTBOX, {"_id": {"$gt": after}}, sort=[("_id", 1)], limit=1)
            age = (utc_now() - oldest[0]["at"]).total_seconds() if oldest else 0
            pending = await _unsent(parts)
    except (DatabaseError, TimeoutError) as error:
        _log.info("outbox not measured", reason=str(error)[:200])
    parts.metrics.outbox_pending.set(pending)
    parts.metrics.outbox_age.set(age)


def _checks(app: FastAPI) -> dict[str, http.Check]:
    async def database() -> str:
        await app.state.database.ping()
        return "" if app.state.parts.prepared else "not prepared yet"

    async def broker() -> str:
        return str(app.state.parts.incarnation.problem)

    async def consumers() -> str:
        found = (consumer.problem(timedelta(seconds=STUCK_S)) for consumer in app.state.parts.consumers)
        return next((problem for problem in found if problem), "")

    async def relay() -> str:
        running: Relay = app.state.parts.relay
        silent = (utc_now() - running.alive_at).total_seconds()
        failing = (utc_now() - (running.failing_since or utc_now())).total_seconds()
        if silent > STUCK_S / 2:
            return f"no turn for {silent:.0f} s"
        return f"nothing sent for {failing:.0f} s, every attempt fails" if failing > STUCK_S / 2 else ""

    return {"database": database, "broker": broker, "consumers": consumers, "relay": relay}
