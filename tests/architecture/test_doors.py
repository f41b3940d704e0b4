"""Every route of every service states who may come in; a route that forgot to is a way past the scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from fastapi.routing import iter_route_contexts
from house import HOUSE, Create
from kinara.kit.http import WorkDep
from kinara.kit.identity import PublicScope, Role, allow, stated_roles
from kinara.kit.scope import Scope
from starlette.responses import Response

OPEN = ("/health/", "/metrics", "/docs", "/redoc", "/openapi.json", "/asyncapi")
"""What operators and developers read; it says nothing about anybody."""


def unguarded(app: FastAPI) -> Iterator[str]:
    """Routes that do not state their roles, or state them twice."""
    for route in iter_route_contexts(app.routes):
        path = route.path or "?"
        if not path.startswith(OPEN):
            stated = list(statements(getattr(route, "dependant", None)))
            if len(stated) != 1:
                yield f"{sorted(route.methods or ())} {path} states its roles {len(stated)} times"


def statements(dependant: Any) -> Iterator[tuple[Role, ...]]:
    """What the dependencies of a route state, at any depth."""
    for dependency in dependant.dependencies if dependant is not None else ():
        roles = stated_roles(dependency.call)
        if roles is not None:
            yield roles
        yield from statements(dependency)


@pytest.mark.parametrize("service", HOUSE.services)
def test_every_route_states_its_roles(service: str, create: Create) -> None:
    app = create(service)
    assert sum(not (r.path or "").startswith(OPEN) for r in iter_route_contexts(app.routes)) > 0
    assert list(unguarded(app)) == []


@pytest.mark.parametrize("service", HOUSE.services)
def test_what_is_served_stands_below_v1(service: str, create: Create) -> None:
    paths = [route.path or "?" for route in iter_route_contexts(create(service).routes)]
    assert [path for path in paths if not path.startswith(("/v1/", *OPEN))] == []


async def nothing() -> Response:
    """A route that asks for nothing."""
    return Response()


async def scoped(_: Annotated[Scope, allow(Role.HR)]) -> Response:
    """A route for BKPSDM."""
    return Response()


async def public(_: PublicScope) -> Response:
    """A route for citizens."""
    return Response()


async def working(_: WorkDep) -> Response:
    """A route that changes something, for whoever comes."""
    return Response()


async def twice(_: PublicScope, __: Annotated[Scope, allow(Role.HR)]) -> Response:
    """A route that contradicts itself."""
    return Response()


async def socket(_: WebSocket) -> None:
    """A socket that asks for nothing."""


def app_with(endpoint: Any) -> FastAPI:
    """An application with one route, inside a router as ours are."""
    app, router = FastAPI(), APIRouter(prefix="/v1")
    if endpoint is socket:
        router.add_api_websocket_route("/things", endpoint)
    else:
        router.add_api_route("/things", endpoint)
    app.include_router(router)
    return app


@pytest.mark.parametrize("endpoint", [nothing, working, twice, socket], ids=lambda endpoint: endpoint.__name__)
def test_an_unguarded_route_is_found(endpoint: Any) -> None:
    assert len(list(unguarded(app_with(endpoint)))) == 1


def test_a_mounted_application_is_found() -> None:
    app = FastAPI()
    app.mount("/v1/other", FastAPI())
    assert len(list(unguarded(app))) == 1


@pytest.mark.parametrize("endpoint", [scoped, public], ids=lambda endpoint: endpoint.__name__)
def test_a_guarded_route_is_left_alone(endpoint: Any) -> None:
    assert list(unguarded(app_with(endpoint))) == []


def test_a_statement_for_a_whole_router_counts() -> None:
    app, router = FastAPI(), APIRouter(prefix="/v1", dependencies=[allow(Role.OVERSIGHT), Depends(nothing)])
    router.add_api_route("/things", nothing)
    app.include_router(router)
    assert list(unguarded(app)) == []
