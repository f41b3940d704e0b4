"""``kinara seals``: is what a service said still what was sealed, in its database or in a copy that was handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel, TypeAdapter, ValidationError

from kinara.cli import screen
from kinara.cli.door import USAGE, Refused, known, opened
from kinara.cli.screen import AsJson
from kinara.contracts import ROOTS
from kinara.kit import sealing, seals, unsealing
from kinara.kit.seals import Found, Proof, Seal

app = typer.Typer(help="Seals: finished days of an outbox, each in one hash.", no_args_is_help=True)

SHOWN = 100
"""Most differences that are told."""
M = TypeVar("M", bound=BaseModel)
Service = Annotated[str, typer.Option(callback=lambda s: known(s) if s else s, help=f"One of {', '.join(ROOTS)}.")]
Files = Annotated[
    list[Path] | None,
    typer.Option("--file", exists=True, dir_okay=False, help="Answers of /v1/public/seals; repeatable. No server."),
]
Known = Annotated[
    list[Path] | None,
    typer.Option("--known", exists=True, dir_okay=False, help="The same, as kept from earlier; repeatable."),
]
Proofs = Annotated[
    list[Path] | None,
    typer.Option("--proof", exists=True, dir_okay=False, help="Answers of /v1/seals/proofs/…; repeatable."),
]


class Answer(BaseModel):
    """A page of seals as a service answers it."""

    items: list[Seal]


@app.command()
def verify(
    service: Service = "", file: Files = None, known: Known = None, proof: Proofs = None, json: AsJson = False
) -> None:
    """Recompute every day of a service's outbox, or check copies offline; exit code 1 if anything differs."""
    if bool(service) == bool(file):
        raise Refused("Sebutkan --service (dengan basis data) atau --file (tanpa server).", "one of the two", USAGE)
    kept = _seals(known or ())
    if service:
        sealed, found = asyncio.run(_recomputed(service))
    else:
        sealed = _seals(file or ())
        found = [one for some in _by_service(sealed).values() for one in seals.chain(some)]
    found += seals.against(kept, sealed)
    for one in proof or ():
        found += seals.proven(_read(Proof, one), sealed)
    _tell(sealed, kept, found, json)
    raise typer.Exit(1 if found else 0)


async def _recomputed(service: str) -> tuple[list[Seal], list[Found]]:
    found: list[Found] = []
    async with opened(service) as database:
        try:
            sealed = await sealing.kept(database)
        except ValidationError as error:
            raise Refused(f"Segel {service} di basis data rusak.", _wrong(error)) from None
        async for one in unsealing.differences(database, sealed, datetime.now(UTC)):
            found.append(one)
            if len(found) == SHOWN:
                break
    return sealed, found


def _seals(files: Iterable[Path]) -> list[Seal]:
    """The seals of some files, each once, by service and day."""
    found = {one for file in files for one in _read(Answer, file).items}
    return sorted(found, key=lambda one: (one.service, one.day))


def _by_service(sealed: list[Seal]) -> dict[str, list[Seal]]:
    return {name: [one for one in sealed if one.service == name] for name in {one.service for one in sealed}}


def _read(kind: type[M], file: Path) -> M:
    try:
        return TypeAdapter(kind).validate_json(file.read_bytes())
    except ValidationError as error:
        raise Refused(f"{file} bukan jawaban layanan Kinara.", _wrong(error), USAGE) from None


def _wrong(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])


def _tell(sealed: list[Seal], kept: list[Seal], found: list[Found], json: bool) -> None:
    late = {str(one.day): one.late for one in sealed if one.late}
    if json:
        told = [one._asdict() for one in found]
        screen.as_json({"days": len(sealed), "known": len(kept), "late": late, "found": told})
        return
    if found:
        screen.table(["hari", "bucket", "perbedaan"], found)
    for day, count in late.items():
        screen.say(f"{day}: {count} bucket dari hari sebelumnya datang terlambat dan disegel pada hari ini.")
    days = f"{sealed[0].day} s.d. {sealed[-1].day}" if sealed else "tidak ada"
    result = f"{len(found)} perbedaan" if found else "sesuai"
    screen.say(f"{len(sealed)} hari disegel ({days}), {len(kept)} dibandingkan dengan salinan lama: {result}.")
