"""Every route × role × relation, from one table: deny by default, and outside one's scope a thing does not exist."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiokafka import AIOKafkaProducer
from embedded.demo.callers import Callers, month_in
from embedded.stack import SERVICES, Stack
from joserfc import jwt
from joserfc.jwk import ECKey
from kinara.contracts import Event, Province
from kinara.contracts.feedback import FeedbackReceived
from kinara.contracts.personnel import EmployeeRegistered, UnitChanged
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.issuer import token
from kinara.kit.testing import eventually, raw
from kinara.kit.topics import Registry

TABLE: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("table.yaml").read_text())
ROWS = [(service, route) for service, routes in TABLE.items() for route in routes]
PERIOD = month_in("/16.71")
QUARTERS = (f"{year}-Q{quarter}" for year in range(1990, 2025) for quarter in (1, 2, 3, 4))
"""Periods to close: each once, in their order, and none of them with anything in it."""
OK, NOT_FOUND = 200, 404
"""Any success counts as 200."""
DENIED = {"urn:kinara:problem:not-authenticated", "urn:kinara:problem:not-allowed"}


class Cast:
    """Two governments with an officer and a superior each; the officer of Plaju has what any route asks for."""

    report_id = ""
    """A report of the officer that nobody has verified."""

    def __init__(self) -> None:
        self.here, self.there = "/16.71/plaju", "/96.71"
        self.officer, self.superior = new_id(), new_id()
        self.foreign, self.foreign_superior = new_id(), new_id()

    def facts(self) -> list[tuple[Event, int]]:
        facts: list[tuple[Event, int]] = []
        for path, province, people in (
            (self.here, "16", [(self.officer, self.superior), (self.superior, None)]),
            (self.there, "96", [(self.foreign, self.foreign_superior), (self.foreign_superior, None)]),
        ):
            where = {"province": Province(code=province), "unit_path": f"{path}/u1"}
            unit = new_id()
            facts.append((UnitChanged(**where, unit_id=unit, name="Unit uji"), 1))
            for id_, superior in people:
                facts.append((_registered(where, id_, unit, superior), 1))
                facts.append((_rated(where, id_, unit), 1))
        return facts


def _registered(where: dict[str, Any], id_: str, unit: str, superior: str | None) -> EmployeeRegistered:
    return EmployeeRegistered(
        **where, employee_id=id_, nip="198609262015051001", name="Orang Uji", kind="PNS", sex="M", birth_year=1986,
        golongan="III/a", jabatan="Penelaah", jabatan_kind="pelaksana", unit_id=unit, supervisor_id=superior,
        effective_on=date(2026, 1, 1),
    )  # fmt: skip


def _rated(where: dict[str, Any], id_: str, unit: str) -> FeedbackReceived:
    return FeedbackReceived(
        **where, feedback_id=new_id(), employee_id=id_, unit_id=unit, rating=3, trust="0.2", given_at=datetime.now(UTC)
    )


@pytest.fixture(scope="module")
async def cast(stack: Stack, callers: Callers, registry: Registry) -> Cast:
    """The cast, announced as personnel and feedback would, and known to every service."""
    cast = Cast()
    producer = AIOKafkaProducer(**stack.settings().kafka_url.client_options())
    await producer.start()
    for fact, version in cast.facts():
        record = raw(fact, version, registry)
        await producer.send_and_wait(record.topic, record.value, key=record.key, headers=list(record.headers))
    await producer.stop()

    async def known() -> bool:
        answers = [
            await callers.call(service, "GET", f"{path}/{id_}", headers=callers.bearer(Role.OVERSIGHT))
            for service, path in (("appraisal", "/v1/scorecards"), ("training", "/v1/records"))
            for id_ in (cast.officer, cast.superior, cast.foreign, cast.foreign_superior)
        ]
        return all(a.status_code == 200 and a.json()["name"] for a in answers)  # a rating may come before its officer

    await eventually(known, within=30)
    await _agreed_and_reported(cast, callers)
    return cast


async def _agreed_and_reported(cast: Cast, callers: Callers) -> None:
    card, target = f"/v1/scorecards/{cast.officer}", "PUT /v1/scorecards/{employee_id}/indicators/{code}"
    boss, me = callers.bearer(Role.SUPERVISOR, cast.superior), callers.bearer(Role.EMPLOYEE, cast.officer)
    body = body_of(TABLE["appraisal"][target])
    agreed = await callers.call("appraisal", "PUT", f"{card}/indicators/c1", json=body, headers=boss)
    assert agreed.is_success, agreed.text
    report = {"indicator": "c1", "amount": "1"}
    shown = report | {"link": "https://contoh.go.id/berkas"}
    made = await callers.call("appraisal", "POST", f"{card}/progress", json=shown, headers=me)
    assert made.is_success, made.text
    cast.report_id = made.json()["report_id"]
    await _proposed(cast, callers)


async def _proposed(cast: Cast, callers: Callers) -> None:
    route = "PUT /v1/skp/{employee_id}/{year}"
    plan = await ask(callers, "appraisal", route, cast, callers.bearer(Role.EMPLOYEE, cast.officer))
    assert plan.is_success, plan.text


def roles_of(rule: Any) -> set[str] | None:
    """The roles of a table row; None for anyone."""
    if rule == "anyone":
        return None
    return set(rule if isinstance(rule, list) else rule["roles"])


def filled(path: str, cast: Cast) -> str:
    known = {"employee_id": cast.officer, "period": PERIOD, "code": "c1", "day": "2026-01-01", "year": PERIOD[:4]}
    known |= {"topic": "technical", "report_id": cast.report_id, "ref": "rancangan@1"}
    return re.sub(r"{(\w+)}", lambda m: known.get(m[1], "01900000-0000-7000-8000-000000000000"), path)


def body_of(rule: Any) -> Any:
    body = rule.get("body") if isinstance(rule, dict) else None
    if not body:
        return {}
    words = yaml.safe_dump(body).replace("{period}", PERIOD)
    return yaml.safe_load(words.replace("{quarter}", next(QUARTERS)) if "{quarter}" in words else words)


async def ask(callers: Callers, service: str, route: str, cast: Cast, headers: dict[str, str]) -> Any:
    method, path = route.split(" ")
    options: dict[str, Any] = {"headers": headers}
    if method in ("POST", "PUT", "PATCH"):
        options["json"] = body_of(TABLE[service][route])
    if path.endswith("/stream"):
        options["timeout"] = 2
    return await callers.call(service, method, filled(path, cast), **options)


def denied(answer: Any) -> bool:
    return answer.status_code in (401, 403) and answer.json().get("type") in DENIED


@pytest.mark.parametrize("service", SERVICES)
async def test_every_route_stands_in_the_table_and_every_line_has_its_route(callers: Callers, service: str) -> None:
    document = (await callers.call(service, "GET", "/openapi.json")).json()
    routes = {f"{m.upper()} {path}" for path, methods in document["paths"].items() for m in methods}
    assert routes == set(TABLE[service])


@pytest.mark.parametrize(("service", "route"), ROWS)
async def test_a_route_is_open_to_its_roles_and_closed_to_all_others(
    callers: Callers, cast: Cast, service: str, route: str
) -> None:
    roles = roles_of(TABLE[service][route])
    anonymous = await ask(callers, service, route, cast, {}) if "stream" not in route else None
    if anonymous is not None:
        assert denied(anonymous) == (roles is not None), anonymous.text
    for role in Role:
        if "stream" in route and role in (roles or ()):
            continue  # a stream that is open has no end; tests/appraisal/test_stream.py reads it
        answer = await ask(callers, service, route, cast, callers.bearer(role, cast.officer))
        assert denied(answer) == (roles is not None and role not in roles), f"{role}: {answer.text}"
        assert answer.status_code < 500, answer.text


Relation = tuple[str, dict[str, Any], int]


def relations(role: str, cast: Cast, of_oneself: int) -> list[Relation]:
    """Ways in which somebody with a role may be related to the officer, and the status that each gets."""
    if role == "employee":
        return [
            ("self", {"employee": cast.officer}, OK),
            ("another", {"employee": cast.foreign}, NOT_FOUND),
            ("superior as employee", {"employee": cast.superior}, NOT_FOUND),
        ]
    if role == "supervisor":
        return [
            ("self", {"employee": cast.officer}, of_oneself),
            ("superior", {"employee": cast.superior}, OK),
            ("superior elsewhere", {"employee": cast.foreign_superior}, NOT_FOUND),
            ("nobody", {}, NOT_FOUND),
        ]
    return [
        ("inside", {"units": [cast.here]}, OK),
        ("elsewhere", {"units": [cast.there]}, NOT_FOUND),
        ("deeper", {"units": [f"{cast.here}/u2"]}, NOT_FOUND),
        ("no unit", {"units": []}, NOT_FOUND),
        ("a sibling by prefix", {"units": [cast.here[:-1]]}, NOT_FOUND),
    ]


ABOUT = [row for row in ROWS if isinstance(rule := TABLE[row[0]][row[1]], dict) and "about" in rule]


@pytest.mark.parametrize(("service", "route"), ABOUT)
async def test_an_employee_is_there_for_who_is_related_to_them_and_for_nobody_else(
    stack: Stack, callers: Callers, cast: Cast, service: str, route: str
) -> None:
    rule = TABLE[service][route]
    for role in rule["roles"]:
        for name, claims, status in relations(role, cast, rule.get("self", OK)):
            bearer = {"Authorization": f"Bearer {token(stack.settings(), roles=[Role(role)], **claims)}"}
            answer = await ask(callers, service, route, cast, bearer)
            said = f"{role}, {name}: {answer.status_code} {answer.text}"
            assert (OK if answer.is_success else answer.status_code) == status, said
            if status == NOT_FOUND:
                assert answer.json()["type"] == "urn:kinara:problem:not-found", said


async def test_a_token_that_cannot_be_trusted_opens_nothing(stack: Stack, callers: Callers, cast: Cast) -> None:
    settings = stack.settings()
    now = int(time.time())
    good = {
        "iss": settings.oidc_issuer, "aud": settings.oidc_audience, "sub": "x", "exp": now + 60,
        "roles": ["hr"], "units": ["/16.71"],
    }  # fmt: skip
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    bad = {
        "expired": token(settings, roles=[Role.HR], units=["/16.71"], lifetime_s=-120),
        "foreign key": jwt.encode({"alg": "ES256", "kid": stranger.kid}, good, stranger),
        "garbage": "a.b.c",
        "other audience": token(settings.model_copy(update={"oidc_audience": "other"}), roles=[Role.HR]),
        "other issuer": token(settings.model_copy(update={"oidc_issuer": "http://other"}), roles=[Role.HR]),
    }
    for name, bearer in bad.items():
        answer = await callers.call(
            "appraisal", "GET", f"/v1/scorecards/{cast.officer}", headers={"Authorization": f"Bearer {bearer}"}
        )
        assert answer.status_code == 401, f"{name}: {answer.text}"
