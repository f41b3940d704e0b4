"""SecantusDB's Rust server as the stack's database: the same protocol as the Python one, several times faster.

Built from its crate, which takes some minutes once. A development tool: GPL-2.0, a process of its own, in no image.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from pymongo import MongoClient

from embedded.child import Unavailable

VERSION = "0.5.3-beta.196"
ROOT = Path(__file__).resolve().parents[2] / "build" / f"secantusd-{VERSION}"
OPLOG_ENTRIES, OPLOG_S = 2_000_000, 86_400
"""As for the Python server: relays read on from where they stopped."""
ABANDONED_S = 6
"""A transaction whose client was killed locks what it has written until it is rolled back; by itself after 60 s."""


def binary() -> Path:
    """The server's program, built if it is not there; ``Unavailable`` if it cannot be."""
    program = ROOT / "bin" / "secantusd-rs"
    if program.exists():
        return program
    if shutil.which("cargo") is None:
        raise Unavailable("MONGO=rust perlu Rust: perintah 'cargo' tidak ada di mesin ini.")
    print(f"MONGO=rust: membangun secantus-mdb {VERSION}, beberapa menit, hanya sekali…", file=sys.stderr, flush=True)
    command = ["cargo", "install", "secantus-mdb", "--version", VERSION, "--locked", "--root", str(ROOT)]
    # the crate names a newer compiler than it needs
    done = subprocess.run([*command, "--ignore-rust-version"], capture_output=True, text=True, check=False)
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if line.startswith("error")), "tanpa pesan")
        raise Unavailable(f"MONGO=rust: cargo tidak dapat membangun secantus-mdb {VERSION}: {said[:300]}")
    return program


def command(home: Path, port: int, *, durable: bool) -> list[str]:
    """The command of a server whose data are in ``home``; ``durable`` as for the Python server."""
    options = ["--port", str(port), "--storage-path", str(home), "--log-level", "WARNING", "--cache-size", "1G"]
    options += ["--oplog-max-entries", str(OPLOG_ENTRIES), "--oplog-retention-seconds", str(OPLOG_S)]
    return [str(binary()), *options, *(["--sync-on-commit"] if durable else [])]


def settle(port: int) -> None:
    """Tell a server that has just started what no option of its command says."""
    with MongoClient[dict[str, object]]("127.0.0.1", port, directConnection=True) as client:
        client.admin.command({"setParameter": 1, "transactionLifetimeLimitSeconds": ABANDONED_S})
