"""One process that we start, watch and end; it never outlives us, however we end."""

from __future__ import annotations

import ctypes
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None


def _die_with_parent() -> None:
    """In the child, between fork and exec: ask the kernel for our end when the launcher ends, even by kill -9."""
    if _libc is not None and hasattr(_libc, "prctl"):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait: an exception that their handler raises in the middle of a fork is lost, or the child is."""
    if threading.current_thread() is not threading.main_thread():
        yield  # handlers run in the main thread
        return
    came: list[int] = []
    handlers = {n: signal.signal(n, lambda number, _: came.append(number)) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)


class Unavailable(RuntimeError):
    """What was asked for cannot be had on this machine; the message says in one line what is missing."""


class Child:
    """A command with its log file; started and stopped any number of times."""

    def __init__(self, name: str, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.env = dict(env or {})
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended, if it has."""
        return None if self._process is None else self._process.poll()

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        """Start it, in a session of its own so that Ctrl-C reaches only the launcher."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.starts += 1
        with self.log.open("ab") as out, _undisturbed():
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.env, **(extra or {})},
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # one prctl call between fork and exec, no lock taken
            )

    def signal(self, number: int) -> None:
        """Send a signal if it runs."""
        if self._process is not None and self.running:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once, without a chance to clean up."""
        self.signal(signal.SIGKILL)
        self.wait(5)

    def stop(self, patience: float = 20) -> None:
        """Ask it to end, then insist."""
        self.signal(signal.SIGTERM)
        if not self.wait(patience):
            self.kill()

    def wait(self, seconds: float) -> bool:
        """Whether it ended within the time."""
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def tail(self, lines: int = 15) -> str:
        """The end of its log, for an error message."""
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


_QUIET_PORTS = range(20_000, 32_000)
"""Below the ports that systems give to outgoing connections: a server told one of those may find it taken when it
binds, by whoever has connected to anything meanwhile."""
_handed_out: set[int] = set()


def free_port() -> int:
    """A loopback port that nobody uses at the moment, and that this process has not named before."""
    for port in random.SystemRandom().sample(_QUIET_PORTS, 500):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _handed_out:
            _handed_out.add(port)
            return port
    raise Unavailable("Tidak ada porta bebas antara 20000 dan 32000.")


def refuse_taken(ports: Mapping[str, int]) -> None:
    """Raise if somebody listens where we are about to: we would talk to their process in the belief that it is ours."""
    for name, port in ports.items():
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise RuntimeError(f"Port {port} ({name}) sudah dipakai. Hentikan dahulu stack lain yang berjalan.")


def wait_for_port(port: int, child: Child, seconds: float) -> None:
    """Wait until something listens; raises with the log's end when the child died or time ran out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not child.running:
            break
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"{child.name} did not start (exit code {child.exit_code}):\n{child.tail()}")
