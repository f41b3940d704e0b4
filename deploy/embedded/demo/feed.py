"""The first act: the stub SIASN's people come in over HTTP, government by government."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

import httpx
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from rich.progress import Progress

from embedded.demo.callers import Callers
from embedded.stack import STUB, Stack

ENDED = ("done", "failed", "cancelled")
LISTENERS: dict[str, tuple[str, dict[str, str]]] = {
    "appraisal": ("scorecards", {}), "training": ("records", {}), "feedback": ("subjects", {"kind": "employee"}),
}  # fmt: skip
"""Where each of them keeps those whom personnel has announced."""


async def import_people(stack: Stack, callers: Callers, progress: Progress) -> dict[str, Any]:
    """Import everybody and wait until all who listen know them; the report's figures of the feed."""
    async with httpx.AsyncClient(base_url=stack.address(STUB), timeout=30) as stub:
        governments = (await stub.get("/stub/instansi")).json()
        nips = {g["id"]: (await stub.get(f"/stub/instansi/{g['id']}/nips")).json() for g in governments}
    total, rejected, started = Counter[str](), Counter[str](), time.monotonic()
    rows = sum(map(len, nips.values()))
    task = progress.add_task("Impor dari SIASN (tiruan)", total=rows)
    for instansi, wanted in nips.items():
        run = await _run(
            callers, instansi, wanted, lambda done: progress.update(task, completed=done), total["processed"]
        )
        total.update({name: run[name] for name in ("processed", "created", "updated", "unchanged")})
        rejected.update(run["rejected_by_reason"])
    seconds = time.monotonic() - started
    known = progress.add_task("Pegawai dikenal oleh layanan lain", total=total["created"])
    while (seen := await _known(stack)) < total["created"]:
        progress.update(known, completed=seen)
        await asyncio.sleep(0.3)
    progress.update(known, completed=seen)
    return {
        "imported": total["created"],
        "rejected": dict(rejected),
        "rows": rows,
        "updated": total["updated"],
        "unchanged": total["unchanged"],
        "import_seconds": round(seconds, 1),
    }


async def _known(stack: Stack) -> int:
    """How many people the service knows that has heard least: it is asked about them as soon as the others."""
    counts = []
    for service, (collection, query) in LISTENERS.items():
        database = Database(stack.mongo_url, service)
        try:
            counts.append(int(await database[collection].count_documents(query)))
        finally:
            database.close()
    return min(counts)


async def _run(callers: Callers, instansi: str, nips: list[str], show: Any, before: int) -> dict[str, Any]:
    headers = callers.bearer(Role.INTEGRATOR) | {"Idempotency-Key": new_id()}
    body = {"instansi": instansi, "nips": nips}
    answer = await callers.call("personnel", "POST", "/v1/imports/siasn", json=body, headers=headers)
    if not answer.is_success:
        raise RuntimeError(f"import refused: {answer.status_code} {answer.text}")
    while True:
        run: dict[str, Any] = await callers.read("personnel", f"/v1/imports/{answer.json()['id']}", Role.INTEGRATOR)
        show(before + run["processed"])
        if run["state"] in ENDED:
            if run["state"] != "done":
                raise RuntimeError(f"import ended as {run['state']}: {run}")
            return run
        await asyncio.sleep(0.3)
