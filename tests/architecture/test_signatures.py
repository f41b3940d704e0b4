"""No service reads or writes a scoped collection behind the back of ``Work``: read from its code.

What ``Work`` cannot do (a scan of millions, an aggregation) may go to the driver if its comment names the scope, as
``Work`` itself does. Machinery of a service's own (a lease, say) is no scoped collection.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from house import HOUSE, Module, module
from kinara.kit.documents import LEDGER, Collection

DIRECT = {"find", "find_one", "find_by_ids", "write"}
"""Methods of ``Database`` that take a collection's name."""


def unsigned(module: Module) -> Iterator[str]:
    """Places where a scoped collection is touched without a scope."""
    signed_off: set[ast.AST] = set()
    for _, call in module.calls:
        touched = _collection(module, call)
        if touched is not None and (_signed(call) or _open(module, touched)):
            signed_off |= {touched, getattr(call.func, "value", call)}
    for node in module.nodes:
        if isinstance(node, ast.Subscript) and _is_database(module, node.value):
            if node not in signed_off and not _open(module, node.slice):
                yield f"{module.at(node)} takes a raw collection"
        elif isinstance(node, ast.Call) and _is_direct(module, node) and node.args[0] not in signed_off:
            yield f"{module.at(node)} reads around the scope"


def _collection(module: Module, call: ast.Call) -> ast.AST | None:
    """The collection that a call works on: ``database.find(HERE, …)`` or ``database[HERE].aggregate(…)``."""
    if _is_direct(module, call):
        return call.args[0]
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Subscript):
        return call.func.value.slice if _is_database(module, call.func.value.value) else None
    return None


def _is_direct(module: Module, call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in DIRECT
        and _is_database(module, call.func.value)
        and bool(call.args)
    )


def _is_database(module: Module, node: ast.AST) -> bool:
    return module.name_of(node).rpartition(".")[2].lstrip("_") in ("database", "db")


def _signed(call: ast.Call) -> bool:
    """Whether its comment begins with ``scope:``."""
    comment: Any = next((k.value for k in call.keywords if k.arg == "comment"), None)
    first = comment.values[0] if isinstance(comment, ast.JoinedStr) else comment
    return isinstance(first, ast.Constant) and str(first.value).startswith("scope:")


def _open(module: Module, collection: ast.AST) -> bool:
    """Whether a collection is known not to be scoped."""
    if isinstance(collection, ast.Constant):
        return collection.value not in SCOPED
    found = _value(module, module.name_of(collection).removesuffix(".name"))
    if isinstance(found, Collection):
        return not found.scoped
    return isinstance(found, str) and found not in SCOPED


def _value(module: Module, name: str) -> object:
    """What a name stands for in real code; None in a file that is not there."""
    home, _, own = name.rpartition(".")
    home = home or ".".join(module.path.with_suffix("").parts[2:])
    try:
        return getattr(importlib.import_module(home), own, None)
    except ModuleNotFoundError:
        return None


SCOPED = {LEDGER} | {
    collection.name
    for service in HOUSE.services
    if (HOUSE.package(service) / "store.py").exists()
    for collection in importlib.import_module(f"{service}.store").COLLECTIONS
    if collection.scoped
}


def test_services_touch_scoped_collections_through_work_or_sign() -> None:
    assert [found for module in HOUSE.modules("services") for found in unsigned(module)] == []


def query(line: str, path: str = "services/toy/toy/queries.py") -> Module:
    """A service's file with one line of a query."""
    head = (
        "from toy.store import THINGS\nfrom feedback.store import SUBJECTS\nfrom kinara.kit.documents import LEDGER\n"
    )
    return module(f"{head}async def f(work, tx, database):\n    {line}", path)


@pytest.mark.parametrize(
    "line",
    [
        "return work.database['subjects']",
        "return tx._work.database[THINGS.name]",
        "await database.find(SUBJECTS.name, {})",
        "await work.database.find(LEDGER, {'subject': 'x'})",
        "await database[SUBJECTS.name].aggregate([], comment='about a scope:')",
        "await database[SUBJECTS.name].update_one({}, {})",
        "await work.database.find_by_ids(THINGS.name, ids)",
    ],
)
def test_a_way_around_the_scope_is_found(line: str) -> None:
    assert len(list(unsigned(query(line)))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "await work.find(SUBJECTS, scope, {})",
        "await database[SUBJECTS.name].aggregate([], comment=f'scope:{scope.label}')",
        "await database.find(SUBJECTS.name, {}, comment='scope:system')",
        "await database['leases'].update_one({}, {})",
    ],
)
def test_what_is_signed_or_not_scoped_is_left_alone(line: str) -> None:
    assert list(unsigned(query(line))) == []
