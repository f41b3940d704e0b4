"""How a bug gets into a service's process: the one module that it is in is spoiled while the process imports it.

A bug that no longer fits the code that it spoils is an error, not a clean run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

SEEDED = Path(__file__).with_name("seeded")
VARIABLE = "SEEDED_BUG"


@dataclass(frozen=True, slots=True)
class Bug:
    """What stands in the code, what will stand there instead, and what comes of it."""

    module: str
    changes: Mapping[str, str]
    breaks: str
    """The invariant."""
    scene: str
    """The cheapest scene of ``selftest`` that provokes it."""

    def spoil(self, source: str) -> str:
        """The module's source with the bug in it."""
        for right, wrong in self.changes.items():
            if source.count(right) != 1:
                raise LookupError(f"{self.module} has {source.count(right)} times, not once: {right}")
            source = source.replace(right, wrong)
        return source


def environment(name: str) -> dict[str, str]:
    """What makes a process have the bug of this name: ``seeded/sitecustomize.py`` is imported before anything else."""
    path = [str(SEEDED), str(SEEDED.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {VARIABLE: name, "PYTHONPATH": os.pathsep.join(path)}


def plant(bug: Bug) -> None:
    """Make this process import the bug."""
    sys.meta_path.insert(0, _Spoiler(bug))


class _Spoiler(MetaPathFinder):
    """Finds the one module that the bug is in."""

    def __init__(self, bug: Bug) -> None:
        self._bug = bug

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._bug.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader, self._bug)
        return spec


class _Loader(SourceFileLoader):
    """Compiles the spoiled source, and never from or into a cache."""

    def __init__(self, of: SourceFileLoader, bug: Bug) -> None:
        super().__init__(of.name, of.path)
        self._bug = bug

    def get_code(self, fullname: str) -> CodeType:
        source = self._bug.spoil(Path(self.path).read_text())
        return compile(source, self.path, "exec")
