"""Nothing outgrows a screen: files, functions, routes, folds and the wiring have a budget of lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from house import HOUSE, Function, Module, module

FILE, FUNCTION, DOOR, MAIN = 300, 40, 12, 60

VERBS = {"get", "post", "put", "patch", "delete", "head", "options", "websocket"}


def over_budget(module: Module) -> Iterator[str]:
    """What is too long in a file, docstrings included and decorators not."""
    most = MAIN if module.called("main") else FILE
    if module.lines > most:
        yield f"{module.path}: {module.lines} lines, at most {most}"
    for function in module.functions:
        most = DOOR if is_door(module, function) else FUNCTION
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > most:
            yield f"{module.at(function)} {function.name}: {lines} lines, at most {most}"


def is_door(module: Module, function: Function) -> bool:
    """Whether it is a route or a fold: decorated with a router's verb, or with an inbox's ``on``."""
    named = [module.name_of(getattr(d, "func", d)).rpartition(".")[2] for d in function.decorator_list]
    return (module.called("api") and not VERBS.isdisjoint(named)) or (module.called("consumers") and "on" in named)


def code(lines: int, decorator: str = "") -> str:
    """A function of so many lines."""
    return f"{decorator}\ndef f():\n" + "    x = 1\n" * (lines - 1)


def test_our_code_keeps_its_budgets() -> None:
    assert [found for module in HOUSE.modules("services", "shared", "deploy") for found in over_budget(module)] == []


@pytest.mark.parametrize(
    "bad",
    [
        module("x = 1\n" * (FILE + 1)),
        module(code(FUNCTION + 1)),
        module("class A:\n" + code(FUNCTION + 1).replace("\n", "\n  ")),
        module(code(DOOR + 1, '@router.post("/x", status_code=201)'), "services/toy/toy/api.py"),
        module(code(DOOR + 1, '@router.get("/x")'), "services/toy/toy/api/units.py"),
        module(code(DOOR + 1, "@inbox.on(Happened, THINGS)"), "services/toy/toy/consumers.py"),
        module("x = 1\n" * (MAIN + 1), "services/toy/toy/main.py"),
    ],
    ids=["file", "function", "method", "route", "route in a package", "fold", "main"],
)
def test_what_is_too_long_is_found(bad: Module) -> None:
    assert len(list(over_budget(bad))) == 1


@pytest.mark.parametrize(
    "good",
    [
        module("x = 1\n" * FILE),
        module(code(FUNCTION)),
        module(code(DOOR, '@router.get("/x")'), "services/toy/toy/api.py"),
        module(code(DOOR + 1, "@command"), "services/toy/toy/commands.py"),
    ],
    ids=["file", "function", "route", "command"],
)
def test_what_fits_is_left_alone(good: Module) -> None:
    assert list(over_budget(good)) == []
