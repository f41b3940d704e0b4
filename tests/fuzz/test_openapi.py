"""HTTP fuzz from the four OpenAPI documents: whatever comes in, the answer is never a server error."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import yaml
from embedded.stack import SERVICES, Stack
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode

EXAMPLES = int(os.environ.get("KINARA_FUZZ_EXAMPLES", "10"))
"""For each operation with good input, and half as many with broken input; raise it for a long campaign."""

TABLE = yaml.safe_load((Path(__file__).parents[1] / "authorisation" / "table.yaml").read_text())
"""Who may call what."""

QUIETLY = settings(
    deadline=None,
    database=None,
    derandomize=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

Row = dict[str, Any]
Headers = Callable[[str | None, Row], dict[str, str]]


def complaint(answer: schemathesis.Response) -> str | None:
    """What is wrong with an answer: a server error, or a refusal that is not a problem+json."""
    if answer.status_code >= 500:
        return f"{answer.status_code}: {answer.text[:300]}"
    kind = answer.headers.get("content-type", [""])[0]
    if answer.status_code >= 400 and not kind.startswith("application/problem+json"):
        return f"{answer.status_code} as {kind!r}: {answer.text[:300]}"
    return None


@st.composite
def requests(draw: st.DrawFn, cases: st.SearchStrategy[Case], rows: list[Row], rule: Any) -> tuple[Case, Row, str]:
    """A request by somebody who may make it, that names what exists wherever it can, or here and there.

    Names that chance makes up end at 404 and 422; half of the requests have none, so that they get to the rules.
    """
    chance, row, case = draw(st.booleans()), draw(st.sampled_from(rows)), draw(cases)
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            known = sorted(part.keys() & row.keys())
            part |= {name: row[name] for name in known if not (chance and draw(st.booleans()))}
    if not chance:
        case.headers.clear()  # an If-Match of chance ends at 412, an Idempotency-Key at 422
        if isinstance(case.body, dict):  # 2.0 is an integer to JSON Schema, but not to a strict body
            case.body |= {k: int(v) for k, v in case.body.items() if isinstance(v, float) and v.is_integer()}
    roles = rule["roles"] if isinstance(rule, dict) else rule
    return case, row, "" if roles == "anyone" else draw(st.sampled_from(roles))


class Fuzz:
    """Calls the operations of one service, and notes what came back."""

    def __init__(self, rows: list[Row], headers: Headers, number: int) -> None:
        self._rows = rows
        self._headers = headers
        self._number = number
        self.complaints: list[str] = []
        self.answers: Counter[int] = Counter()

    def try_out(self, operation: APIOperation, mode: GenerationMode, rule: Any) -> None:
        """Call one operation with good or with broken input."""

        @seed(f"{self._number} {operation.label} {mode.value}")
        @settings(QUIETLY, max_examples=EXAMPLES if mode is GenerationMode.POSITIVE else max(1, EXAMPLES // 2))
        @given(request=requests(operation.as_strategy(generation_mode=mode), self._rows, rule))
        def run(request: tuple[Case, Row, str]) -> None:
            case, row, role = request
            answer = case.call(headers=self._headers(role, row), timeout=20)
            self.answers[answer.status_code] += 1
            if wrong := complaint(answer):
                self.complaints.append(f"{operation.label} as {role or 'anyone'}: {case.as_curl_command()}: {wrong}")

        run()


@pytest.mark.parametrize("service", SERVICES[::-1])  # personnel last: it separates those whom the others ask for
def test_no_input_makes_a_service_fail(
    stack: Stack, rows: list[Row], headers: Headers, service: str, seed: int
) -> None:
    address = f"{stack.address(service)}/openapi.json"
    assert httpx.get(address).is_success
    schema = schemathesis.openapi.from_url(address).exclude(path_regex=r".*/stream$")
    fuzz = Fuzz(rows, headers, seed)
    for result in schema.get_all_operations():
        operation = result.ok()
        takes_something = any(operation.iter_parameters()) or len(operation.body) > 0
        for mode in GenerationMode if takes_something else [GenerationMode.POSITIVE]:  # nothing cannot be broken
            fuzz.try_out(operation, mode, TABLE[service][operation.label])
    assert not fuzz.complaints, "\n".join(fuzz.complaints[:20])
    done = sum(count for status, count in fuzz.answers.items() if status < 400)
    assert done > fuzz.answers.total() / 5, f"few requests got past the door: {sorted(fuzz.answers.items())}"
