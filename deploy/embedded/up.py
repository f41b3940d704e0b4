"""``make up``: start everything, say where it is, start again what dies, and stop it all on Ctrl-C."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from types import FrameType

from rich.console import Console

from embedded.stack import REPOSITORY, SERVICES, Stack, inherited

TICK_S = 0.5


class Stopped(Exception):
    """Somebody asked for the end."""


def stop_on_signals() -> None:
    """Turn Ctrl-C and SIGTERM into an orderly end."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def main(home: Path = REPOSITORY / ".kinara") -> int:
    """Run until stopped; 1 if the stack could not be started."""
    console = Console()
    stop_on_signals()
    with Stack(home, **inherited()) as stack:
        try:
            console.print("Menyiapkan layanan…")
            stack.start()
            show(stack, console)
            console.print(f"[dim]Log: {stack.home / 'logs'}. Berhenti: Ctrl-C.[/dim]")
            while True:
                time.sleep(TICK_S)
                for name in stack.revive():
                    console.print(
                        f"[yellow]{name} mati dan dijalankan kembali (pid {stack.children[name].pid})[/yellow]"
                    )
        except Stopped:
            console.print("Menghentikan layanan…")
        except RuntimeError as error:
            console.print(f"[red]{error}[/red]")
            return 1
    return 0


def show(stack: Stack, console: Console) -> None:
    """One line for each process."""
    for name, child in sorted(stack.children.items()):
        place = f"{stack.address(name)}/docs" if name in SERVICES else f"127.0.0.1:{stack.ports.get(name, '?')}"
        console.print(f"  {name:<12} pid {child.pid:<8} {place}")


if __name__ == "__main__":
    sys.exit(main())
