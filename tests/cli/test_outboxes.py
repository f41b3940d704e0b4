"""An operator sees what a service has said and nobody has sent."""

from __future__ import annotations

from typing import Any

from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.relay import RELAY


def bucket(*types: str) -> dict[str, Any]:
    """What one transaction has said."""
    rows = [{"id": new_id(), "type": f"id.kinara.appraisal.{name}.v1"} for name in types]
    return {"_id": new_id(), "at": utc_now(), "rows": rows}


async def test_what_is_saved_and_not_sent_is_a_no_with_its_kinds(kinara: Any, database: Database) -> None:
    sent, waits = bucket("ScoreUpdated"), bucket("ScoreUpdated", "ScoreUpdated", "TargetAgreed")
    await database[OUTBOX].insert_many([sent, waits])
    await database[RELAY].insert_one({"_id": RELAY, "owner": None, "until": utc_now(), "bucket": sent["_id"]})
    answer = await kinara("outbox", "ls", "--service", "appraisal")
    assert answer.code == 1
    assert "tidak ada yang memimpin" in answer.out
    assert "2 ScoreUpdated, 1 TargetAgreed" in answer.out
    machine = (await kinara("outbox", "ls", "--service", "appraisal", "--json")).json
    assert [(row["id"], row["facts"]) for row in machine["waiting"]] == [(waits["_id"], 3)]


async def test_all_sent_is_a_yes(kinara: Any, database: Database) -> None:
    answer = await kinara("outbox", "ls", "--service", "appraisal")
    assert (answer.code, answer.out.splitlines()[-1]) == (0, "Semua sudah dikirim.")


async def test_a_service_that_nobody_knows_is_wrong_usage(kinara: Any) -> None:
    assert (await kinara("outbox", "ls", "--service", "payroll")).code == 2
