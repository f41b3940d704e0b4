"""HTTP fuzz from the four OpenAPI documents: whatever comes in, the answer is never a server error."""

from __future__ import annotations

import os

import httpx
import pytest
import schemathesis
from embedded.stack import SERVICES, Stack
from hypothesis import HealthCheck, Phase, given, seed, settings
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.issuer import token
from schemathesis import APIOperation, Case, GenerationMode

EXAMPLES = int(os.environ.get("KINARA_FUZZ_EXAMPLES", "10"))
"""For each operation and mode; raise it for a long campaign."""

QUIETLY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def complaint(answer: schemathesis.Response) -> str | None:
    """What is wrong with an answer: a server error, or a refusal that is not a problem+json."""
    if answer.status_code >= 500:
        return f"{answer.status_code}: {answer.text[:300]}"
    kind = answer.headers.get("content-type", [""])[0]
    if answer.status_code >= 400 and not kind.startswith("application/problem+json"):
        return f"{answer.status_code} as {kind!r}: {answer.text[:300]}"
    return None


def try_out(operation: APIOperation, mode: GenerationMode, bearer: str, number: int) -> list[str]:
    """Call one operation with good or with broken input; the complaints."""
    found: list[str] = []

    @seed(number)
    @QUIETLY
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Case) -> None:
        wrong = complaint(case.call(headers={"Authorization": f"Bearer {bearer}"}, timeout=20))
        if wrong:
            found.append(f"{operation.label} ({mode.value}): {wrong}")

    run()
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_no_input_makes_a_service_fail(stack: Stack, service: str, seed: int) -> None:
    address = f"{stack.address(service)}/openapi.json"
    assert httpx.get(address).is_success
    schema = schemathesis.openapi.from_url(address).exclude(path_regex=r".*/stream$")
    bearer = token(stack.settings(), roles=list(Role), employee=new_id(), units=["/16.71"])
    operations = [result.ok() for result in schema.get_all_operations()]
    complaints = [c for o in operations for mode in GenerationMode for c in try_out(o, mode, bearer, seed)]
    assert not complaints, "\n".join(complaints[:20])
