"""Checks docker-compose.yml with compose's own parser where there is one, else against the compose schema.

``python deploy/check_compose.py`` says in one line which of them looked.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
COMPOSE_FILE = REPOSITORY / "docker-compose.yml"
PLUGIN = REPOSITORY / "build" / "compose" / "usr" / "libexec" / "docker" / "cli-plugins" / "docker-compose"
"""Where ``.ci/run`` unpacks compose on a machine that has none."""

PARSERS = (("docker", "compose"), (str(PLUGIN),))
SCHEMA = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec")


def required(text: str) -> list[str]:
    """Variables that the file insists on (``${NAME:?…}``)."""
    return sorted(set(re.findall(r"\$\{(\w+):\?", text)))


def environment(text: str) -> dict[str, str]:
    """Ours, with a stand-in for each variable that the file insists on."""
    return {**dict.fromkeys(required(text), "check"), **os.environ}


def parser() -> Sequence[str] | None:
    """Compose itself, if this machine has it."""
    for command in PARSERS:
        try:
            answer = subprocess.run([*command, "version", "--short"], capture_output=True, check=False)
        except OSError:
            continue
        if answer.returncode == 0:
            return command
    return None


def check(file: Path = COMPOSE_FILE) -> tuple[str, subprocess.CompletedProcess[str]]:
    """Look at a compose file; who looked, and how it ended."""
    command = parser()
    if command is None:
        done = subprocess.run([*SCHEMA, str(file)], capture_output=True, text=True, check=False)
        return "check-jsonschema (compose's own parser is not on this machine)", done
    arguments = [*command, "--file", str(file), "--profile", "*", "config", "--quiet"]
    variables = environment(file.read_text())
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=variables)
    return "docker compose config", done


def main() -> int:
    """Say who looked and what was found; 1 if the file is wrong."""
    who, done = check()
    sys.stdout.write(f"{COMPOSE_FILE.name}: {'good' if done.returncode == 0 else 'wrong'}, says {who}\n")
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
