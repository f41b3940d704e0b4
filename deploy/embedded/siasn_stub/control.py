"""What only the stub has: who is in it, what it has served, and its switches, for tests and the demonstration."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request

from .habits import Habits
from .places import GOVERNMENTS
from .registry import Registry

control = APIRouter(prefix="/stub", tags=["stub"])


@control.get("/ready")
async def ready() -> dict[str, bool]:
    """Whether the stub answers."""
    return {"ready": True}


@control.get("/instansi")
async def instansi() -> list[dict[str, str]]:
    """The governments of the stub with their SIASN ids and Kemendagri codes."""
    return [{"id": g.id, "kodeCepat": g.code, "nama": g.name} for g in GOVERNMENTS]


@control.get("/instansi/{instansi_id}/nips")
async def nips(request: Request, instansi_id: str) -> list[str]:
    """The NIPs of one government: what its own personnel office would know."""
    return _registry(request).nips_of(instansi_id)


@control.get("/counts")
async def counts(request: Request) -> dict[str, Any]:
    """People, flaws, tokens issued, answers served by habit, and records written by kind."""
    registry = _registry(request)
    flaws = Counter(person.flaw for person in registry.persons.values() if person.flaw)
    return {
        "people": len(registry.persons),
        "flaws": flaws,
        "served": registry.served,
        "tokens": {"apim": registry.apim.issued, "sso": registry.sso.issued},
        "written": registry.ledger.counts(),
    }


@control.get("/written/{kind}")
async def written(request: Request, kind: str) -> list[dict[str, Any]]:
    """The records of a kind, as they were written."""
    return _registry(request).ledger.taken(kind)


@control.post("/written/{kind}")
async def enter(request: Request, kind: str, payload: Annotated[dict[str, Any], Body()]) -> dict[str, bool]:
    """An entry that somebody types at SIASN itself."""
    _registry(request).ledger.enter(kind, payload)
    return {"entered": True}


@control.delete("/written")
async def clear_written(request: Request) -> dict[str, bool]:
    """Nothing was written yet."""
    _registry(request).ledger.clear()
    return {"cleared": True}


@control.put("/habits")
async def change_habits(request: Request, habits: Habits) -> Habits:
    """Other habits from now on; counts begin anew."""
    registry = _registry(request)
    registry.moods.change(habits)
    registry.served.clear()
    return habits


@control.post("/tokens/expire")
async def expire_tokens(request: Request) -> dict[str, bool]:
    """All tokens handed out so far have expired."""
    registry = _registry(request)
    registry.apim.expire_all()
    registry.sso.expire_all()
    return {"expired": True}


@control.patch("/people/{nip}")
async def correct(request: Request, nip: str, changes: Annotated[dict[str, str], Body()]) -> dict[str, bool]:
    """Change fields of somebody's data-utama, such as ``golRuangAkhir`` and ``tmtGolAkhir`` for a promotion."""
    if not _registry(request).correct(nip, changes):
        raise HTTPException(404, "NIP tidak ada di stub")
    return {"changed": True}


def _registry(request: Request) -> Registry:
    registry: Registry = request.app.state.registry
    return registry
