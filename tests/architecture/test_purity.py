"""What a file may not do, read from its code: no clock in a rule, no driver but in one file, no caught bug."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from house import HOUSE, Module, module

Check = Callable[[Module], Iterator[str]]

_CHANCE = re.compile(
    r"datetime\.(datetime|date)\.(now|utcnow|today)|time\.\w+|uuid\.uuid[1467]|random\.\w+(\.\w+)*|secrets\.\w+|os\.urandom"
    r"|kinara\.kit\.ids\.\w+|(\w+\.)*(new_id|utc_now)|open|print|input"
)
_WRITES = re.compile("insert|update|replace|delete|drop|bulk|rename|find_one_and")
_EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}


def chance_and_io_in_domain(module: Module) -> Iterator[str]:
    """Time, ids and chance are arguments of a rule; a rule reads and writes nothing."""
    if module.in_domain():
        yield from (f"{module.at(call)} calls {name}" for name, call in module.calls if _CHANCE.fullmatch(name))


def motor_outside_its_file(module: Module) -> Iterator[str]:
    """The driver past its end of life stands in one file, so that replacing it changes one file."""
    if module.path.as_posix() != "shared/kinara/kit/mongo.py":
        for node in module.nodes:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            yield from (f"{module.at(node)} imports {name}" for name in names if name.partition(".")[0] == "motor")


def caught_bugs(module: Module) -> Iterator[str]:
    """A service catches what it can name; a bug travels to the kit, which retries and then parks the record."""
    if module.path.parts[0] == "services":
        for node in module.nodes:
            if isinstance(node, ast.ExceptHandler):
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                if any(kind is None or module.name_of(kind) in ("Exception", "BaseException") for kind in kinds):
                    yield f"{module.at(node)} catches everything"


def producers_outside_the_relay(module: Module) -> Iterator[str]:
    """Facts leave through the outbox; a second producer would be a way around it."""
    if module.path.as_posix() != "shared/kinara/kit/relay.py":
        for name, call in module.calls:
            if name.endswith("AIOKafkaProducer") or (
                name.endswith((".publish", ".publish_batch")) and "broker" in name
            ):
                yield f"{module.at(call)} calls {name}"


def subscribers_outside_the_recipe(module: Module) -> Iterator[str]:
    """There is one recipe for listening; FastStream's defaults lose data. Operators read without a group."""
    place = module.path.as_posix()
    for name, call in module.calls:
        groupless = place == "shared/kinara/kit/wire.py" and "group_id" not in [k.arg for k in call.keywords]
        if name.endswith((".subscriber", "AIOKafkaConsumer")) and place != "shared/kinara/kit/bus.py" and not groupless:
            yield f"{module.at(call)} calls {name}"


def outboxes_rewritten(module: Module) -> Iterator[str]:
    """What was said stays: its days are sealed. One function inserts, and nothing changes or removes."""
    if module.path.as_posix() != "shared/kinara/kit/outbox.py":
        for _, call in module.calls:
            method, box = getattr(call.func, "attr", ""), getattr(call.func, "value", None)
            name = module.name_of(box.slice) if isinstance(box, ast.Subscript) else ""
            if name.endswith("OUTBOX") and re.match(
                "insert|update|replace|delete|drop|bulk|rename|find_one_and", method
            ):
                yield f"{module.at(call)} calls {method}"


def names_that_say_nothing(module: Module) -> Iterator[str]:
    """A file or folder is named for what it means."""
    yield from (f"{module.path}" for part in module.path.with_suffix("").parts if part in _EMPTY_NAMES)


CHECKS: dict[Check, dict[str, Module]] = {
    chance_and_io_in_domain: {
        "now": module("from datetime import datetime\nat = datetime.now()"),
        "today by another name": module("import datetime as dt\non = dt.date.today()"),
        "uuid4": module("from uuid import uuid4 as fresh\nid_ = fresh()"),
        "random": module("import random\nx = random.Random(1).random()"),
        "the kit's clock, handed in": module("def rule(ids):\n    return ids.utc_now()"),
        "a file": module("text = open('table.csv').read()"),
        "in a package of the domain": module("import time\nt = time.time()", "services/toy/toy/domain/folds/low.py"),
    },
    motor_outside_its_file: {
        "import": module("import motor.motor_asyncio", "services/toy/toy/store.py"),
        "from": module("from motor.motor_asyncio import AsyncIOMotorClient", "shared/kinara/kit/work.py"),
    },
    caught_bugs: {
        "Exception": module("try: ...\nexcept Exception: ..."),
        "among others": module("try: ...\nexcept (ValueError, BaseException): ..."),
        "bare": module("try: ...\nexcept: ..."),
    },
    producers_outside_the_relay: {
        "a producer": module("from aiokafka import AIOKafkaProducer as P\np = P()", "services/toy/toy/commands.py"),
        "the broker": module("async def f(broker): await broker.publish(1)", "shared/kinara/kit/bus.py"),
    },
    subscribers_outside_the_recipe: {
        "a subscriber": module("def f(broker): broker.subscriber('x')", "services/toy/toy/consumers.py"),
        "a consumer": module("import aiokafka\nc = aiokafka.AIOKafkaConsumer()", "shared/kinara/kit/app.py"),
        "a group": module("import aiokafka\nc = aiokafka.AIOKafkaConsumer(group_id='x')", "shared/kinara/kit/wire.py"),
    },
    outboxes_rewritten: {
        "a change": module(
            "from kinara.kit.outbox import OUTBOX\nasync def f(db): await db[OUTBOX].update_many({}, {})",
            "shared/kinara/kit/replay.py",
        ),
        "an insert": module(
            "from kinara.kit import outbox\nasync def f(self): await self.db[outbox.OUTBOX].insert_one({})"
        ),
    },
    names_that_say_nothing: {
        "a file": module("", "services/toy/toy/utils.py"),
        "a folder": module("", "shared/kinara/common/text.py"),
    },
}


PLANTED = [
    pytest.param(check, bad, id=f"{check.__name__}: {name}")
    for check, planted in CHECKS.items()
    for name, bad in planted.items()
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_our_code_keeps_the_rule(check: Check) -> None:
    assert [found for module in HOUSE.modules("services", "shared") for found in check(module)] == []


@pytest.mark.parametrize(("check", "bad"), PLANTED)
def test_a_planted_violation_is_found(check: Check, bad: Module) -> None:
    assert list(check(bad)) != []


@pytest.mark.parametrize(
    ("check", "good"),
    [
        (chance_and_io_in_domain, module("import time\nt = time.time()", "services/toy/toy/commands.py")),
        (chance_and_io_in_domain, module("from datetime import date\non = date(2026, 11, 22)")),
        (caught_bugs, module("try: ...\nexcept (ValueError, KeyError): ...")),
    ],
    ids=["the clock in a command", "a date that is given", "named failures"],
)
def test_what_is_right_is_left_alone(check: Check, good: Module) -> None:
    assert list(check(good)) == []
