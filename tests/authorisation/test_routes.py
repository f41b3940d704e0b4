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
DENIED = {"urn:kinara:problem:not-authenticated", "urn:kinara:problem:not-allowed"}


class Cast:
    """Two governments with an officer and a superior each."""

    def __init__(self) -> None:
        self.here, self.there = "/16.71", "/96.71"
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
        return all(a.status_code == 200 and a.json()["unit_path"] for a in answers)

    await eventually(known, within=30)
    return cast


def roles_of(rule: Any) -> set[str] | None:
    """The roles of a table row; None for anyone."""
    if rule == "anyone":
        return None
    return set(rule if isinstance(rule, list) else rule["roles"])


def filled(path: str, employee: str) -> str:
    known = {"employee_id": employee, "period": PERIOD, "code": "c1", "day": "2026-01-01", "year": "2026"}
    known["topic"] = "technical"
    return re.sub(r"{(\w+)}", lambda m: known.get(m[1], "01900000-0000-7000-8000-000000000000"), path)


def body_of(rule: Any) -> Any:
    body = rule.get("body") if isinstance(rule, dict) else None
    return yaml.safe_load(yaml.safe_dump(body).replace("{period}", PERIOD)) if body else {}


async def ask(callers: Callers, service: str, route: str, employee: str, headers: dict[str, str]) -> Any:
    method, path = route.split(" ")
    options: dict[str, Any] = {"headers": headers}
    if method in ("POST", "PUT", "PATCH"):
        options["json"] = body_of(TABLE[service][route])
    if path.endswith("/stream"):
        options["timeout"] = 2
    return await callers.call(service, method, filled(path, employee), **options)


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
    anonymous = await ask(callers, service, route, cast.officer, {}) if "stream" not in route else None
    if anonymous is not None:
        assert denied(anonymous) == (roles is not None), anonymous.text
    for role in Role:
        if "stream" in route and role in (roles or ()):
            continue  # a stream that is open has no end; its own test reads it
        answer = await ask(callers, service, route, cast.officer, callers.bearer(role, cast.officer))
        assert denied(answer) == (roles is not None and role not in roles), f"{role}: {answer.text}"
        assert answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    ("service", "route"), [r for r in ROWS if isinstance(TABLE[r[0]][r[1]], dict) and "about" in TABLE[r[0]][r[1]]]
)
async def test_outside_the_callers_relation_an_employee_does_not_exist(
    stack: Stack, callers: Callers, cast: Cast, service: str, route: str
) -> None:
    rule = TABLE[service][route]
    relations: list[tuple[str, dict[str, Any], bool]] = []
    for role in rule["roles"]:
        if role == "employee":
            relations += [("self", {"employee": cast.officer}, True), ("another", {"employee": cast.foreign}, False)]
            relations += [("superior as employee", {"employee": cast.superior}, False)]
        elif role == "supervisor":
            relations += [("superior", {"employee": cast.superior}, True)]
            relations += [("superior elsewhere", {"employee": cast.foreign_superior}, False)]
        else:
            relations += [("inside", {"units": [cast.here]}, True), ("elsewhere", {"units": [cast.there]}, False)]
            relations += [("deeper", {"units": [f"{cast.here}/u2"]}, False), ("no unit", {"units": []}, False)]
            relations += [("a sibling by prefix", {"units": ["/16.7"]}, False)]
        for name, claims, sees in relations:
            bearer = {"Authorization": f"Bearer {token(stack.settings(), roles=[Role(role)], **claims)}"}
            answer = await ask(callers, service, route, cast.officer, bearer)
            missing = answer.status_code == 404 and answer.json()["type"] == "urn:kinara:problem:not-found"
            found_nothing_else = "verification" in route or "periods" in route
            assert missing != sees or (sees and found_nothing_else), (
                f"{role}, {name}: {answer.status_code} {answer.text}"
            )
        relations.clear()


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
