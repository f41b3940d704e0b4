"""The contracts as committed JSON Schemas, for readers in any language, and the guard of their evolution.

``python -m kinara.contracts.export`` writes them and ``--check`` only looks for drift. Both refuse a change that is
more than new optional fields: such a fact is a new version, and the schema of the old one stays as it is. Compared is
with the files and, in a git repository, with what they were in its last commit: a deleted file frees nobody.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kinara.contracts import ROOTS, events_said_by
from kinara.contracts.event import Event

SCHEMAS = Path(__file__).parent / "schemas"

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "examples"})
"""What a schema says for people only; ``default`` is not among them, since old events are read with it."""


def schema_of(event: type[Event]) -> Schema:
    """What a reader may expect of this event; its ``$id`` is the ``ce_dataschema`` of the event's header."""
    return {"$schema": _DIALECT, "$id": f"urn:{event.type().replace('.', ':')}", **event.model_json_schema()}


def file_of(event: type[Event]) -> str:
    """Where its schema stands below the folder of schemas, e.g. ``training/TrainingCompleted.v1.json``."""
    return f"{event.service}/{event.wire_name()}.json"


def text_of(event: type[Event]) -> str:
    """The file's content: sorted, so that equal contracts are equal bytes."""
    return json.dumps(schema_of(event), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def breaks(old: Schema, new: Schema) -> list[str]:
    """Why events or readers of the old schema would not get along with the new one; empty if they do.

    Stricter than logic alone: a frozen contract may gain optional properties and change what it says to people.
    """
    return list(_differences(_bare(old, old.get("$defs", {})), _bare(new, new.get("$defs", {})), "event"))


def complaints(folder: Path = SCHEMAS, *, drift: bool = True) -> list[str]:
    """What is wrong between the classes and the schemas: breaks, orphans and (if asked for) drift of the files."""
    events = {file_of(event): event for service in ROOTS for event in events_said_by(service)}
    files = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.glob("*/*.json")}
    found = set()
    for name, text in [*files.items(), *_committed(folder)]:
        if name in events:
            found |= {f"{name}: {why}" for why in breaks(json.loads(text), schema_of(events[name]))}
        else:
            found.add(f"{name}: no class says this event any more")
    for name, event in events.items() if drift else ():
        if files.get(name) != text_of(event):
            wrong = "differs from its class" if name in files else "missing"
            found.add(f"{name}: {wrong}; run python -m kinara.contracts.export")
    return sorted(found)


def _committed(folder: Path) -> Iterator[tuple[str, str]]:
    """Names and texts as they stand in the last commit of the git repository around the folder, if there is one."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}  # a hook's point elsewhere
    try:
        asked = subprocess.run(["git", "archive", "HEAD"], cwd=folder, env=env, capture_output=True, check=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return
    with tarfile.open(fileobj=io.BytesIO(asked.stdout)) as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None and member.name.endswith(".json"):
                yield member.name, file.read().decode()


def write(folder: Path = SCHEMAS) -> None:
    """Write the schema of every event."""
    for service in ROOTS:
        (folder / service).mkdir(parents=True, exist_ok=True)
        for event in events_said_by(service):
            (folder / file_of(event)).write_text(text_of(event), "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 and the reasons on stderr if something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m kinara.contracts.export", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a schema is not up to date")
    parser.add_argument("--folder", type=Path, default=SCHEMAS, help="where the schemas stand")
    options = parser.parse_args(arguments)
    found = complaints(options.folder, drift=options.check)
    if not found and not options.check:
        write(options.folder)
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


def _bare(node: Any, definitions: Schema) -> Any:
    """The schema without annotations, references replaced by what they refer to, sets sorted."""
    if isinstance(node, list):
        return [_bare(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = definitions[node["$ref"].rpartition("/")[2]]
        node = target | {key: value for key, value in node.items() if key != "$ref"}
    bare = {key: _bare(value, definitions) for key, value in node.items() if key not in _ANNOTATIONS | {"properties"}}
    if "properties" in node:
        bare["properties"] = {name: _bare(value, definitions) for name, value in node["properties"].items()}
    for key in {"enum", "required"} & bare.keys():
        bare[key] = sorted(bare[key], key=repr)
    if isinstance(bare.get("pattern"), str):
        bare["pattern"] = bare["pattern"].replace(r"\d", "[0-9]")  # the same in ECMA 262, which JSON Schema speaks
    return bare


def _differences(old: Any, new: Any, at: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        if "properties" in old and "properties" in new:
            yield from _property_differences(old, new, at)
            old, new = ({k: v for k, v in s.items() if k not in ("properties", "required")} for s in (old, new))
        for key in sorted(old.keys() | new.keys()):
            yield from _differences(old.get(key), new.get(key), f"{at}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for before, after in zip(old, new, strict=True):
            yield from _differences(before, after, at)
    elif old != new:
        yield f"{at} was {json.dumps(old)}, is {json.dumps(new)}"


def _property_differences(old: Schema, new: Schema, at: str) -> Iterator[str]:
    needed_before, needed_now = set(old.get("required", ())), set(new.get("required", ()))
    for name, before in old["properties"].items():
        if name not in new["properties"]:
            yield f"{at}.{name} was removed"
            continue
        if (name in needed_before) != (name in needed_now):
            yield f"{at}.{name} was {'required' if name in needed_before else 'optional'} and is so no more"
        yield from _differences(before, new["properties"][name], f"{at}.{name}")
    for name in sorted(needed_now - old["properties"].keys()):
        yield f"{at}.{name} is new and required"


if __name__ == "__main__":
    sys.exit(main())
