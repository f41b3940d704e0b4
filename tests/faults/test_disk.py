"""A disk that can be filled: to the last byte, and empty again."""

from __future__ import annotations

import errno
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.disk import MIB, Disk, NoDisk, let_go


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Disk, Path]]:
    try:
        with Disk(tmp_path / "small", 4 * MIB) as disk:
            yield disk, tmp_path / "small"
    except NoDisk as reason:
        pytest.skip(str(reason))


def test_a_full_disk_takes_no_byte_more_until_it_is_cleared(disk: tuple[Disk, Path]) -> None:
    small, place = disk
    assert small.free > 3 * MIB
    (place / "data").write_bytes(b"x" * MIB)
    small.fill()
    assert small.free == 0
    with pytest.raises(OSError, match="No space") as full, (place / "more").open("wb", buffering=0) as more:
        more.write(b"x" * 10_000)
    assert full.value.errno == errno.ENOSPC
    small.clear()
    (place / "more").write_bytes(b"x" * MIB)
    assert (place / "data").read_bytes() == b"x" * MIB


def test_a_disk_is_gone_with_its_context(tmp_path: Path) -> None:
    try:
        with Disk(tmp_path / "small", MIB):
            (tmp_path / "small" / "data").write_bytes(b"x")
    except NoDisk as reason:
        pytest.skip(str(reason))
    assert list((tmp_path / "small").iterdir()) == []


def test_what_cannot_be_mounted_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoDisk, match="there is no mount") as reason, Disk(tmp_path / "small"):
        """Nothing: there is no such program."""
    assert "\n" not in str(reason.value)


def test_what_a_killed_run_has_left_mounted_is_let_go_below_its_folder_alone(tmp_path: Path) -> None:
    left, other = tmp_path / "07 full disks", tmp_path / "07"
    try:
        with Disk(other / "kafka", MIB) as going_on:
            Disk(left / "stack" / "mongo", MIB).__enter__()  # and its end never comes
            let_go(left)
            shutil.rmtree(left)
            assert going_on.free > 0
            let_go(left)
            assert (other / "kafka").is_mount()
    except NoDisk as reason:
        pytest.skip(str(reason))


def test_a_disk_that_is_still_in_use_is_not_passed_over(tmp_path: Path) -> None:
    try:
        with (
            Disk(tmp_path / "kafka", MIB),
            (tmp_path / "kafka" / "log").open("wb"),
            pytest.raises(subprocess.CalledProcessError),
        ):
            let_go(tmp_path)
    except NoDisk as reason:
        pytest.skip(str(reason))
