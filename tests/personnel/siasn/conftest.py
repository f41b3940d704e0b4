"""The stub SIASN server as a process of its own, and connections to it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from personnel.siasn.connection import ClientCredentials, Connection, PasswordGrant
from personnel.siasn.rows import Government, Governments

EMBEDDED = Path(__file__).parents[3] / "deploy" / "embedded"
sys.path.insert(0, str(EMBEDDED))

from siasn_stub.app import SSO_PATH  # noqa: E402  # only now on the path
from siasn_stub.places import GOVERNMENTS  # noqa: E402
from siasn_stub.remote import Stub  # noqa: E402
from siasn_stub.tokens import CLIENTS, OFFICERS, SSO_CLIENT_ID  # noqa: E402


@pytest.fixture(scope="session")
def stub_process() -> Iterator[Stub]:
    """One stub for all tests, started on a free port and ended by its own handle."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "siasn_stub.app:create", "--factory", "--app-dir", str(EMBEDDED)]
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([*command, *options], env=os.environ | {"SIASN_STUB_HABITS": "none"})
    try:
        stub = Stub(f"http://127.0.0.1:{port}")
        _wait_until_ready(process, stub)
        yield stub
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def stub(stub_process: Stub) -> Stub:
    """The stub on its best behaviour."""
    stub_process.behave()
    return stub_process


@pytest.fixture
def connect(stub: Stub) -> Callable[..., Connection]:
    """A connection to the stub as the settings would make it, but quick; what is named differs."""
    (key, secret), (officer, password) = *CLIENTS.items(), *OFFICERS.items()
    connection = Connection(
        base_url=f"{stub.url}/apisiasn/1.0",
        apim=ClientCredentials(url=f"{stub.url}/oauth2/token", key=key, secret=secret),
        sso=PasswordGrant(url=f"{stub.url}{SSO_PATH}", client_id=SSO_CLIENT_ID, username=officer, password=password),
        requests_per_second=10_000,
        burst=100,
        timeout=10,
        pause=0.001,
        suspended_pause=0.002,
        failures_to_open=1000,
    )

    def changed(**changes: Any) -> Connection:
        return replace(connection, **changes)

    return changed


@pytest.fixture
def governments() -> Governments:
    """The four governments by SIASN's id."""
    return {government.id: Government.of(government.code) for government in GOVERNMENTS}


def _wait_until_ready(process: subprocess.Popen[bytes], stub: Stub) -> None:
    deadline = time.monotonic() + 30
    while not stub.is_ready():
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            assert time.monotonic() < deadline, "the stub is not ready after 30 s"
        else:
            pytest.fail("the stub ended before it was ready")
