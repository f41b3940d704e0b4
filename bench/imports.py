"""How long an import of employees takes, first and again: ``make bench-imports``, or with options of this module.

Everything runs as users run it: the file goes in by ``POST /v1/imports``, and ``GET`` says how far it is. With all
four services the others fold in each person while the import goes on, on the same processors.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from embedded.servers import Servers
from embedded.siasn_stub.exports import write_ndjson
from embedded.siasn_stub.people import people
from embedded.siasn_stub.places import GOVERNMENTS, UNITS
from embedded.siasn_stub.records import ref_unor
from embedded.stack import SERVICES, Stack
from kinara.kit.identity import Role
from kinara.kit.issuer import token
from rich.console import Console
from rich.progress import Progress

ENDED = ("done", "failed", "cancelled")
COUNTS = ("created", "updated", "unchanged", "rejected")


@dataclass(frozen=True, slots=True)
class Import:
    """What one import came to."""

    state: str
    counts: dict[str, int]
    seconds: float
    """From the upload to the end."""
    peak_mib: int
    """The most memory that personnel has had since it started."""

    def __str__(self) -> str:
        counts = ", ".join(f"{name} {count}" for name, count in self.counts.items())
        return f"{self.state} after {self.seconds:.1f} s, personnel's memory at most {self.peak_mib} MiB; {counts}"


def main() -> None:
    """Import the same file twice and say what each took; exit 1 if the second changed anything or missed a limit."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--within", type=float, default=math.inf, help="seconds that the first may take")
    options.add_argument("--below", type=float, default=math.inf, help="MiB that personnel may have")
    options.add_argument("--alone", action="store_true", help="personnel without the three services that listen to it")
    asked = options.parse_args()
    console = Console()
    services = ("personnel",) if asked.alone else SERVICES
    with tempfile.TemporaryDirectory() as folder, Stack.fresh(Path(folder) / "stack", Servers.asked()) as stack:
        stack.start(services=[name for name in services if name != "personnel"])
        first, again = twice(stack, Path(folder), asked.rows, console)
    console.print(f"{asked.rows} rows, running: {', '.join(services)}")
    console.print(f"  first: {first}", soft_wrap=True)
    console.print(f"  again: {again}", soft_wrap=True)
    met = first.seconds <= asked.within and again.peak_mib < asked.below
    raise SystemExit(0 if right(first, again) and met else 1)


def twice(stack: Stack, folder: Path, rows: int, console: Console) -> tuple[Import, Import]:
    """The same file imported twice by personnel, beside whatever else runs; it is stopped afterwards."""
    files = written(folder, rows)
    stack.start_service("personnel")
    try:
        stack.wait_ready("personnel")
        return imported(stack, files, console), imported(stack, files, console)
    finally:
        stack.children["personnel"].stop()


def right(first: Import, again: Import) -> bool:
    """Whether both came to their end, and the second changed nothing."""
    return first.state == again.state == "done" and again.counts["created"] == again.counts["updated"] == 0


def written(folder: Path, rows: int) -> tuple[Path, Path]:
    """The invented people and the units that they belong to, as files of NDJSON."""
    persons, units = folder / "pegawai.ndjson", folder / "unor.ndjson"
    write_ndjson(persons, people(rows))
    units.write_text("".join(json.dumps(ref_unor(unit)) + "\n" for unit in UNITS), encoding="utf-8")
    return persons, units


def imported(stack: Stack, files: tuple[Path, Path], console: Console) -> Import:
    """One import, from upload to end."""
    roots = [f"/{government.code}" for government in GOVERNMENTS]
    caller = {"Authorization": f"Bearer {token(stack.settings(), roles=[Role.INTEGRATOR], units=roots)}"}
    with httpx.Client(base_url=stack.address("personnel"), headers=caller, timeout=120) as client:
        began = time.monotonic()
        with files[0].open("rb") as persons, files[1].open("rb") as units, Progress(console=console) as progress:
            answer = client.post("/v1/imports", files={"file": persons, "units": units})
            answer.raise_for_status()
            bar = progress.add_task("rows", total=None)
            run = answer.json()
            while run["state"] not in ENDED:
                time.sleep(0.2)
                run = client.get(f"/v1/imports/{run['id']}").raise_for_status().json()
                progress.update(bar, total=run["total"], completed=run["processed"])
    seconds, counts = time.monotonic() - began, {name: run[name] for name in COUNTS}
    return Import(run["state"], counts, seconds, peak_mib(stack.children["personnel"].pid))


def peak_mib(pid: int | None) -> int:
    """The most memory that a process has had, by the kernel's count."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    main()
