"""All four projections of a running stack are what the log says, whatever people, trainers and citizens have done."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from embedded.stack import Stack
from kinara.cli import app
from kinara.kit.topics import Registry
from typer.testing import CliRunner


@pytest.fixture
async def busy(imported: Any, heard: Any, post: Any, when: Any) -> list[str]:
    """People of Sorong who were rated, agreed on targets and reported on them."""
    await imported("96.71")
    people = [card["employee_id"] for card in await heard("/96.71")]
    assert len(people) > 5
    for officer in people[:4]:
        for rating in (4, 2, 1):
            await post("feedback", "/v1/feedback", {"rating": rating, "employee_id": officer})
        await when("appraisal", f"/v1/scorecards/{officer}/effects", lambda rows: len(rows) >= 4)
    return people


async def test_every_projection_of_a_running_stack_is_what_the_log_says(
    stack: Stack, registry: Registry, busy: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in stack.env.items():
        monkeypatch.setenv(name, value)
    for projection in registry.groups:
        order = ["rebuild", projection, "--verify", "--json"]
        result = await asyncio.to_thread(CliRunner().invoke, app, order)
        answer = json.loads(result.stdout.splitlines()[-1])
        assert (result.exit_code, answer["found"]) == (0, []), projection
        assert answer["equal"] > 0 or projection == "personnel.profile"
