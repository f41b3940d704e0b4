"""The embedded database as a process: ``python -m embedded.database --port 27117 --path .kinara/mongo``.

SecantusDB by its own classes instead of by its command, whose settings leave out two that matter here. A development
tool: it loads a GPL-2.0 library and is part of no image.
"""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from pathlib import Path

from kinara.kit.memory import settle
from secantus.server import SecantusDBServer

from embedded.shortcuts import shorten

OPLOG_ENTRIES, OPLOG_S = 2_000_000, 86_400
"""Relays read on from where they stopped: a day of events, or two million."""
ABANDONED_S = 10
"""A transaction whose client was killed keeps old versions in memory until it is rolled back; MongoDB waits 60 s."""
EXPIRED_S = 60
"""How often expired documents are removed, as MongoDB does: a round reads every collection with such an index."""


def remove_expired(server: SecantusDBServer) -> None:
    """Remove what has expired and keep no snapshot.

    The library's own sweeper keeps the snapshot of its last round until the next: no page can let go of old versions
    meanwhile, and after some 2,000 transactions every other thread waits for seconds.
    """
    server.storage.prune_ttl_all_collections()
    server.storage.release_thread_snapshot()


def main() -> None:
    """Serve on loopback until SIGTERM or SIGINT."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--path", type=Path, required=True)
    arguments.add_argument(
        "--sync-on-commit", action="store_true", help="acknowledge only what a kill of this process leaves"
    )
    asked = arguments.parse_args()
    logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    server = SecantusDBServer(
        port=asked.port,
        storage_path=str(asked.path),
        enable_test_commands=False,
        sync_on_commit=asked.sync_on_commit,
        ttl_sweep_seconds=0,
        oplog_max_entries=OPLOG_ENTRIES,
        oplog_retention_seconds=OPLOG_S,
        transaction_lifetime_seconds=ABANDONED_S,
    )
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    shorten(server.storage)
    server.start()
    settle()
    while not ended.wait(EXPIRED_S):
        remove_expired(server)
    server.stop()


if __name__ == "__main__":
    main()
