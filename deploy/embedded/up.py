"""``make up``: start everything, say where it is, start again what dies, and stop it all on Ctrl-C."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from embedded.child import refuse_taken
from embedded.servers import Servers
from embedded.stack import PORTS, REPOSITORY, SERVICES, STUB, Stack

TICK_S = 0.5
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible(console: Console) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the block by ``KeyboardInterrupt``.

    Once it has ended, by whatever, both are ignored: what follows is the stack's stop, which they would cut short.
    """
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        console.print("Menghentikan layanan…")


def main(home: Path = REPOSITORY / ".kinara", ports: Mapping[str, int] = PORTS) -> int:
    """Run until stopped; 0 if somebody asked for that, 1 if the stack could not be started or kept running."""
    console = Console()
    try:
        with prepared(home, ports) as stack, interruptible(console):
            run(stack, console)
    except KeyboardInterrupt:
        console.print("Semua layanan telah berhenti.")
    except RuntimeError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    return 0


def prepared(home: Path, ports: Mapping[str, int]) -> Stack:
    """The stack that the environment asks for, not started; what it acknowledges outlives a kill of its database."""
    siasn = os.environ.get("KINARA_SIASN_BASE_URL") or None
    return Stack(home, Servers.asked(), siasn, ports=dict(ports), durable=True)


def run(stack: Stack, console: Console) -> None:
    """Start everything, the stub SIASN too unless another is named, and start again what dies, for ever."""
    console.print("Menyiapkan layanan…")
    ours = [*stack.servers.ports, *SERVICES, *([] if stack.siasn else [STUB])]
    refuse_taken({name: stack.ports[name] for name in ours})
    stack.start_stub()
    stack.start()
    show(stack, console)
    console.print(
        f"Perintah kinara: source {keep_environment(stack)}; export PATH={sys.prefix}/bin:$PATH", soft_wrap=True
    )
    console.print("Masuk sebagai HR Palembang: TOKEN=$(kinara token --role hr --unit /16.71)", markup=False)
    console.print(f"[dim]Log: {stack.home / 'logs'}. Berhenti: Ctrl-C.[/dim]")
    while True:
        time.sleep(TICK_S)
        for name in stack.revive():
            console.print(f"[yellow]{name} mati dan dijalankan kembali (pid {stack.children[name].pid})[/yellow]")


def keep_environment(stack: Stack) -> Path:
    """Write what ``kinara`` needs to speak to this stack as a file for a shell to source; only its owner reads it."""
    path = stack.home / "env"
    path.touch(mode=0o600)
    ours = sorted((name, value) for name, value in stack.env.items() if name.startswith("KINARA_"))
    path.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in ours))
    return path


def show(stack: Stack, console: Console) -> None:
    """One line for each process."""
    pages = dict.fromkeys(SERVICES, "/docs") | {STUB: "/stub/docs"}
    for name, child in sorted(stack.children.items()):
        place = f"{stack.address(name)}{pages[name]}" if name in pages else f"127.0.0.1:{stack.ports[name]}"
        console.print(f"  {name:<12} pid {child.pid or '-':<8} {place}")


if __name__ == "__main__":
    sys.exit(main())
