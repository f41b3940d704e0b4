"""The seeded bugs fit the code of today, get into a process, and stay away from every other."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from faults.bugs import BUGS
from faults.planting import Bug, environment
from faults.scenes import SCENES

AT_LEAST = 20


def code_of(module: str) -> str:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text()


def test_there_are_enough_of_them_and_each_has_its_scene() -> None:
    assert len(BUGS) >= AT_LEAST
    assert {bug.scene for bug in BUGS.values()} == SCENES.keys()


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_fits_the_code_and_changes_what_it_does(name: str) -> None:
    bug = BUGS[name]
    right = code_of(bug.module)
    spoiled = compile(bug.spoil(right), bug.module, "exec")
    assert spoiled.co_consts != compile(right, bug.module, "exec").co_consts


def test_a_bug_that_no_longer_fits_is_an_error() -> None:
    bug = Bug("kinara.kit.fold", {"no such line": ""}, "I1", "plain")
    with pytest.raises(LookupError, match="0 times"):
        bug.spoil(code_of(bug.module))


def writes_of_a_process(extra: dict[str, str]) -> str:
    """What the code that writes names in a process of its own: the outbox, where it has that bug."""
    program = "from kinara.kit.mongo import Database; print(Database._finish.__code__.co_consts)"
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | extra, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_bug_is_in_the_process_whose_environment_names_it_and_in_no_other() -> None:
    name = "facts are saved outside the transaction"
    assert "'outbox'" not in writes_of_a_process({})
    assert "'outbox'" in writes_of_a_process(environment(name))
    assert "'outbox'" not in writes_of_a_process(environment("a gap is ignored"))
