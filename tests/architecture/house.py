"""The house as the architecture tests see it: its services, its files, and what a file says without being run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fastapi import FastAPI

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Create = Callable[[str], FastAPI]
Run = Callable[[str], AbstractAsyncContextManager[FastAPI]]


@dataclass(frozen=True)
class Module:
    """One Python file; ``path`` is relative to the house."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return ast.parse(self.text, str(self.path))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Everything in it."""
        return list(ast.walk(self.tree))

    @property
    def lines(self) -> int:
        """How long it is."""
        return len(self.text.splitlines())

    @property
    def functions(self) -> Iterator[Function]:
        """Its functions and methods, nested ones included."""
        return (node for node in self.nodes if isinstance(node, Function))

    @property
    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Each call with the full name of what is called."""
        return ((self.name_of(node.func), node) for node in self.nodes if isinstance(node, ast.Call))

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name stands for: ``{"dt": "datetime", "uuid4": "uuid.uuid4"}``."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.partition(".")[0]] = (
                        alias.name if alias.asname else alias.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom):
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return found

    def name_of(self, node: ast.AST) -> str:
        """The dotted name of an expression with its imports resolved; ``?`` stands for what has no name."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            return f"{self.name_of(node.value)}.{node.attr}"
        return "?"

    def at(self, node: ast.AST) -> str:
        """Where something stands, for a message."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def in_domain(self) -> bool:
        """Whether it belongs to the rules of a service."""
        return len(self.path.parts) > 3 and self.path.parts[0] == "services" and self.path.parts[3].startswith("domain")

    def called(self, name: str) -> bool:
        """Whether it is a service's ``<name>.py``, or in the package that this has become."""
        return len(self.path.parts) > 3 and self.path.parts[3] in (name, f"{name}.py")


def module(text: str, path: str = "services/toy/toy/domain/rule.py") -> Module:
    """A file that is not there, to prove that a check can fail."""
    return Module(Path(path), text)


class House:
    """A tree of services and shared code; ours, or a small one that a test has built."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root

    @property
    def services(self) -> list[str]:
        """The services that exist."""
        return sorted(file.parent.name for file in self.root.glob("services/*/pyproject.toml"))

    def package(self, service: str) -> Path:
        """Where a service's code lies."""
        return self.root / "services" / service / service

    def modules(self, *below: str) -> list[Module]:
        """The Python files below the given folders."""
        files = (file for folder in below for file in sorted((self.root / folder).rglob("*.py")))
        return [Module(file.relative_to(self.root), file.read_text("utf-8")) for file in files]


HOUSE = House()
