"""Merkle trees as RFC 6962 has them: one root for many records, and a short proof that a record is below it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Literal

Step = tuple[Literal["left", "right"], bytes]
"""A neighbour on the way up, and on which side it stands."""


def leaf(data: bytes) -> bytes:
    """The hash of a record; its first byte keeps a node from being passed off as a record."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaves, or over subtrees that are full but for the last one."""
    if not hashes:
        return hashlib.sha256().digest()
    level = list(hashes)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(hashes: Sequence[bytes], index: int) -> list[Step]:
    """The neighbours on the way from one leaf (or subtree) to the root."""
    steps: list[Step] = []
    level = list(hashes)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            steps.append(("left" if beside < index else "right", level[beside]))
        level, index = _above(level), index // 2
    return steps


def climbed(start: bytes, steps: Iterable[Step]) -> bytes:
    """The root that a leaf and its neighbours lead to."""
    for side, beside in steps:
        start = node(beside, start) if side == "left" else node(start, beside)
    return start


def _above(level: list[bytes]) -> list[bytes]:
    """The next level: pairs become nodes, and one that is left over goes up as it is."""
    pairs = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return pairs + level[len(pairs) * 2 :]
