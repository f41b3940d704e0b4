"""Who calls the services in the demonstration and under faults: tokens of the development issuer, a client per door."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Self

import httpx
from kinara.contracts.regions import day_of
from kinara.kit.identity import Role
from kinara.kit.issuer import token

from embedded.stack import SERVICES, Stack

GOVERNMENTS = {
    "/16.71": "Kota Palembang",
    "/96.71": "Kota Sorong",
    "/62.71": "Kota Palangka Raya",
    "/17": "Provinsi Bengkulu",
}


def today_in(unit_path: str) -> date:
    """The day on the clocks of a unit's government: in Sorong it is tomorrow two hours before it is in Palembang."""
    return day_of(datetime.now(UTC), unit_path[1:3])


def month_in(unit_path: str) -> str:
    """The month on the clocks of a unit's government."""
    return f"{today_in(unit_path):%Y-%m}"


class Callers:
    """HTTP clients of the four services, with bearers for the roles that their callers need."""

    def __init__(self, stack: Stack, connections: int = 64, wait_s: float = 30) -> None:
        self._stack = stack
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._clients = {
            name: httpx.AsyncClient(base_url=stack.address(name), timeout=wait_s, limits=limits) for name in SERVICES
        }
        self._bearers: dict[tuple[str, ...], dict[str, str]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            await client.aclose()

    def bearer(self, role: Role, employee: str | None = None) -> dict[str, str]:
        """Headers of somebody with a role: of one employee, or over all four governments."""
        at = (role.value, employee or "")
        if at not in self._bearers:
            signed = token(self._stack.settings(), roles=[role], employee=employee, units=tuple(GOVERNMENTS))
            self._bearers[at] = {"Authorization": f"Bearer {signed}"}
        return self._bearers[at]

    async def call(self, service: str, method: str, path: str, **options: Any) -> httpx.Response:
        """One request."""
        return await self._clients[service].request(method, path, **options)

    async def read(self, service: str, address: str, role: Role = Role.OVERSIGHT, **query: Any) -> Any:
        """The JSON of a read that must succeed."""
        answer = await self.call(service, "GET", address, headers=self.bearer(role), params=query)
        answer.raise_for_status()
        return answer.json()

    async def pages(self, service: str, address: str, role: Role = Role.OVERSIGHT, **query: Any) -> list[Any]:
        """All items of a paged list."""
        items: list[Any] = []
        after: str | None = None
        while True:
            page = await self.read(service, address, role, limit=500, **query, **({"after": after} if after else {}))
            items += page["items"]
            after = page["next"]
            if after is None:
                return items
