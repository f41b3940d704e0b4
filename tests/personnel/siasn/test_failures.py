"""The tree of failures is the one that its page draws."""

from __future__ import annotations

import re

from personnel.siasn import failures


def _actual(root: type[Exception], depth: int = 0) -> set[tuple[int, str]]:
    return {(depth, root.__name__)}.union(*(_actual(child, depth + 1) for child in root.__subclasses__()))


def test_the_drawing_shows_every_failure() -> None:
    drawn = re.findall(r"^([│├└─ ]*)(\w+)(?:  .*)?$", (failures.__doc__ or "").split("\n\n", 1)[1], re.MULTILINE)
    assert {(len(branch) // 4, name) for branch, name in drawn} == _actual(failures.SiasnFailure)
