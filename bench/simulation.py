"""How long a draft policy takes to be tried out on a whole region: ``make bench-simulation``.

Scorecards of invented people are put into appraisal's database, as it stores them; the draft goes in over HTTP, and
the running service tries it out. The first simulation is of what is in force, which must move nobody.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from appraisal.domain.policy import Policies, Policy, parse_policy
from appraisal.domain.scorecard import Person, Scorecard, evaluate
from appraisal.domain.tallies import NO_VOTES, BehaviourRating, Complaints, Month, Progress, Target
from appraisal.store import SCORECARDS, SHIPPED
from embedded.servers import Servers
from embedded.stack import Stack
from kinara.kit.documents import Record
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.issuer import token
from kinara.kit.stored import CODEC
from pymongo import MongoClient
from rich.console import Console
from yaml import safe_load

UNIT, MONTHS = "/16.71/plaju", ("2026-09", "2026-10", "2026-11")
PAGE = 1_000
NEXT_YEAR = date(datetime.now(UTC).year + 1, 1, 1)
SHIFTED = {"K": "0.25", "M": "0.40", "A": "0.05", "L": "0.10", "B": "0.20"}


def cards(count: int, policies: Policies, rng: random.Random) -> Iterator[Scorecard]:
    """Invented people of 200 units with three open months each, and the scores that live folding gives them."""
    for number in range(count):
        path = f"{UNIT}/u{number % 200}"
        person = Person(
            f"{number:018d}", "Contoh", rng.choice(("PNS", "PPPK")), rng.choice(("F", "M")), rng.randint(1968, 2002),
            "III/b", "Pengelola layanan", "pelaksana", None, new_id(), None,
        )  # fmt: skip
        bare = Scorecard(new_id(), "16", path, person, {"2026-01-01": path}, {month: lived(rng) for month in MONTHS})
        yield bare.scored(bare.months, {month: evaluate(bare, month, policies) for month in MONTHS}, ())


def lived(rng: random.Random) -> Month:
    """One month of somebody."""
    votes, usual = NO_VOTES, rng.randint(1, 3)
    for _ in range(rng.randint(0, 30)):
        votes = votes.plus(Decimal(1), 3 * rng.randint(usual, 4))
    handled = rng.randint(0, 8)
    rated = BehaviourRating(tuple(rng.choices((2, 3, 4, 5), k=7)), Decimal(0), datetime(2026, 11, 30, tzinfo=UTC))
    done = Progress().plus(Decimal(rng.randint(30, 130)), verified=True, on=date(2026, 11, 30))
    return Month(
        votes=votes,
        complaints=Complaints(handled, rng.randint(0, handled)),
        targets={"berkas": Target("Berkas", "berkas", "max", Decimal(100), Decimal(1))},
        progress={"berkas": done},
        ratings={"rater": rated},
    )


def drafts(active: Policy) -> Iterator[dict[str, Any]]:
    """What is in force, and the same with more weight on what citizens say."""
    same = {name: str(weight) for name, weight in active.weights.items()}
    for version, weights in ((2, same), (3, SHIFTED)):
        yield {
            "code": active.code, "version": version, "name": active.name, "unit_path": UNIT, "cadence": active.cadence,
            "effective_from": str(NEXT_YEAR), "weights": weights,
            "satisfaction": {"mean": str(active.satisfaction.mean), "strength": str(active.satisfaction.strength)},
        }  # fmt: skip


def tried(stack: Stack, draft: dict[str, Any]) -> tuple[float, dict[str, Any]]:
    """Seconds from the request to the result, and the result."""
    caller = {"Authorization": f"Bearer {token(stack.settings(), roles=[Role.HR], units=['/16.71'])}"}
    with httpx.Client(base_url=stack.address("appraisal"), headers=caller, timeout=60) as client:
        ref = client.post("/v1/policies/drafts", json=draft).raise_for_status().json()["policy"]
        began = time.monotonic()
        asked = client.post(f"/v1/policies/drafts/{ref}/simulations", json={"period": MONTHS[-1]}).raise_for_status()
        while (run := client.get(f"/v1/simulations/{asked.json()['id']}").raise_for_status().json())["state"] != "done":
            if run["state"] == "failed":
                raise RuntimeError(run["why"])
            time.sleep(0.1)
        return time.monotonic() - began, run["result"]


def main() -> int:
    """Fill, try out, print; 1 where it is wrong or took longer than asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--employees", type=int, default=50_000)
    options.add_argument("--within", type=float, default=60, help="seconds that a simulation may take")
    options.add_argument("--seed", type=int, default=7)
    asked, console, servers = options.parse_args(), Console(), Servers.asked()
    policies = Policies(parse_policy(safe_load(path.read_text())) for path in sorted(SHIPPED.glob("*.yaml")))
    active = policies.for_unit(UNIT, date(2026, 11, 1))
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder, Stack.fresh(Path(folder) / "stack", servers) as stack:
        stack.start(services=["appraisal"])
        with MongoClient[dict[str, Any]](stack.mongo_url) as client:
            stored = client.get_database("appraisal", codec_options=CODEC)[SCORECARDS.name]
            people = cards(asked.employees, policies, random.Random(asked.seed))
            while page := [
                SCORECARDS.document(Record(c.employee_id, c, rev=1)) for _, c in zip(range(PAGE), people, strict=False)
            ]:
                stored.insert_many(page)
        for draft in drafts(active):
            seconds, result = tried(stack, draft)
            slowest = max(slowest, seconds)
            console.print(
                f"{result['employees']} employees, version {draft['version']}: {seconds:.1f} s, {result['moved']}"
                f" moved, mean change {result['mean_change']}", highlight=False,
            )  # fmt: skip
            if result["employees"] != asked.employees or (draft["version"] == 2 and result["moved"]):
                console.print("WRONG: what is in force moves nobody", style="red")
                return 1
    return 0 if slowest <= asked.within else 1


if __name__ == "__main__":
    sys.exit(main())
