"""The operators' tools, run as operators run them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from faults.ground import Ground

TOOL_S = 90


async def kinara(ground: Ground, *words: str, env: Mapping[str, str] | None = None, may_refuse: bool = False) -> int:
    """``kinara …`` against the stack; its exit code, which is 0 unless it may refuse."""
    code, said = await run(ground, "-c", "from kinara.cli import app; app()", *words, env=env)
    assert may_refuse or code == 0, f"kinara {' '.join(words)} ended with {code}: {said}"
    return code


async def kafka(ground: Ground, *words: str) -> str:
    """One of Kafka's own tools; what it said."""
    _, said = await run(ground, "-m", "embedded.apache", *words)
    return said


async def run(ground: Ground, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Python with these arguments and the stack's settings; its exit code and what it said."""
    log = ground.home / "logs" / "tools.log"
    running = await asyncio.create_subprocess_exec(
        sys.executable, *arguments,
        env={**os.environ, **ground.stack.env, **(env or {})},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(running.communicate(), TOOL_S)
    said = out.decode(errors="replace")
    await asyncio.to_thread(_note, log, f"{arguments} ended with {running.returncode}\n{said}\n")
    assert running.returncode is not None
    return running.returncode, said


def _note(log: Path, text: str) -> None:
    with log.open("a") as file:
        file.write(text)
