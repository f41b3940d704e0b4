"""A small disk of its own for a server's data, which can be filled to the last byte while people go on asking.

It is a tmpfs, so it needs the right to mount. Where that is missing, ``NoDisk`` says so in one line and the fault
counts as not run.
"""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

MIB = 2**20
SIZE = 512 * MIB
"""Room for what the servers lay out before anybody has said a word."""
BALLAST = ".ballast"
NAME, MOUNTED = "kinara-faults", Path("/proc/mounts")


class NoDisk(Exception):
    """No disk can be had here; the message says in one line why."""


class Disk:
    """A file system of limited size at a folder, while the context lasts."""

    def __init__(self, at: Path, size: int = SIZE) -> None:
        self._at = at
        self._size = size

    def __enter__(self) -> Self:
        self._at.mkdir(parents=True, exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", f"size={self._size}", NAME, str(self._at))
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        _run("umount", str(self._at))

    @property
    def free(self) -> int:
        """Bytes that are left."""
        left = os.statvfs(self._at)
        return left.f_bavail * left.f_frsize

    def fill(self) -> None:
        """Take all that is left, however often a server gives something back meanwhile."""
        with (self._at / BALLAST).open("ab") as ballast:
            while (left := self.free) > 0:
                try:
                    os.posix_fallocate(ballast.fileno(), os.fstat(ballast.fileno()).st_size, left)
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise

    def clear(self) -> None:
        """Give it back."""
        (self._at / BALLAST).unlink(missing_ok=True)


def let_go(folder: Path) -> None:
    """Unmount the disks that a run which was killed has left below a folder: until then it cannot be emptied.

    Raises ``CalledProcessError`` where one is still in use, as by a server that was left as well.
    """
    lines = MOUNTED.read_text().splitlines() if MOUNTED.exists() else []
    for name, place, *_ in (line.split() for line in lines):
        at = Path(place.replace(r"\040", " "))
        if name == NAME and at.is_relative_to(folder.resolve()):
            subprocess.run(["umount", at], check=True)


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NoDisk(f"no disk to fill: there is no {command[0]} on this machine") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NoDisk(f"no disk to fill: {said[0] if said else command[0]}")
