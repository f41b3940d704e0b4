"""``kinara outbox``: what a service has said and its relay has not sent yet."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from kinara.cli import screen
from kinara.cli.door import known, opened
from kinara.cli.screen import AsJson
from kinara.contracts import ROOTS
from kinara.kit.outbox import OUTBOX
from kinara.kit.relay import RELAY
from kinara.kit.stored import Document

app = typer.Typer(help="Outboxes: facts that are saved, and sent by a relay.", no_args_is_help=True)

Service = Annotated[str, typer.Option(callback=known, help=f"Whose outbox: {', '.join(ROOTS)}.")]
Most = Annotated[int, typer.Option(min=1, max=10_000, help="Most buckets that are listed, oldest first.")]


@app.command("ls")
def list_buckets(service: Service, limit: Most = 100, json: AsJson = False) -> None:
    """List the buckets that wait to be sent, and who sends; exit code 1 if one waits."""
    position, waiting = asyncio.run(_waiting(service, limit))
    rows = [_summary(bucket) for bucket in waiting]
    if json:
        screen.as_json({"relay": position, "waiting": rows})
    else:
        until = position["until"]
        leads = "memimpin" if until is not None and until > datetime.now(UTC) else "tidak ada yang memimpin"
        screen.say(f"Relay: {leads}. Terakhir dikirim: {position['bucket'] or 'belum ada'}.")
        if rows:
            screen.table(["id", "disimpan", "fakta", "jenis"], [tuple(row.values()) for row in rows])
        else:
            screen.say("Semua sudah dikirim.")
    raise typer.Exit(1 if rows else 0)


async def _waiting(service: str, limit: int) -> tuple[Document, list[Document]]:
    async with opened(service) as database:
        position = await database.find_one(RELAY, {"_id": RELAY}) or {}
        after = position.get("bucket") or ""
        found = await database.find(OUTBOX, {"_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit)
    return {"bucket": position.get("bucket"), "until": position.get("until")}, found


def _summary(bucket: Document) -> dict[str, Any]:
    kinds = Counter(row["type"].split(".")[3] if "type" in row else "dead letter" for row in bucket["rows"])
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return {"id": bucket["_id"], "at": bucket["at"], "facts": len(bucket["rows"]), "kinds": said}
