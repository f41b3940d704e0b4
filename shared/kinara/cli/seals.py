"""``kinara seals``: is what a service said still what was sealed, in its database or in a copy that was handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time
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


Events = Annotated[
    list[str] | None, typer.Option("--event", help="The id of the event that a proof should be of; repeatable.")
]
On = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day that counts as today, when not today.")
]


class Answer(BaseModel):
    """A page of seals as a service answers it."""

    items: list[Seal]


@app.command()
def verify(
    service: Service = "", file: Files = None, known: Known = None, proof: Proofs = None, event: Events = None,
    on: On = None, json: AsJson = False,
) -> None:  # fmt: skip
    """Recompute every day of a service's outbox, or check copies offline; exit code 1 if anything differs."""
    if bool(service) == bool(file):
        raise Refused("Sebutkan --service (dengan basis data) atau --file (tanpa server).", "one of the two", USAGE)
    today = on.date() if on else datetime.now(UTC).date()
    kept = _seals(known or ())
    if service:
        sealed, found = asyncio.run(_recomputed(service, today))
    else:
        sealed = _seals(file or ())
        found = [*seals.continued(kept, sealed), *seals.stopped(sealed, today)]
        found += [] if sealed else [Found("-", None, "the answers hold no seal")]
    found += seals.against(kept, sealed, whole=bool(service))
    proofs = [_read(Proof, one) for one in proof or ()]
    for one in proofs:
        found += seals.proven(one, sealed)
    found += _mistaken(proofs, event or ())
    _tell(sealed, seals.compared(kept, sealed), proofs, found, json)
    raise typer.Exit(1 if found else 0)


def _mistaken(proofs: Iterable[Proof], expected: Collection[str]) -> Iterator[Found]:
    """Proofs of other events than were expected, and events of which there is none."""
    proven = {str(one.fact.get("id")): str(one.day) for one in proofs}
    for id_ in (id_ for id_ in proven if expected and id_ not in expected):
        yield Found(proven[id_], None, f"the proof is of another event: {id_}")
    for id_ in (id_ for id_ in expected if id_ not in proven):
        yield Found("-", None, f"there is no proof of the event {id_}")


async def _recomputed(service: str, today: date) -> tuple[list[Seal], list[Found]]:
    found: list[Found] = []
    now = datetime.combine(today, time(), UTC)
    async with opened(service) as database:
        try:
            sealed = await sealing.kept(database)
        except ValidationError as error:
            raise Refused(f"Segel {service} di basis data rusak.", _wrong(error)) from None
        async for one in unsealing.differences(database, sealed, now):
            found.append(one)
            if len(found) == SHOWN:
                break
    return sealed, found


def _seals(files: Iterable[Path]) -> list[Seal]:
    """The seals of some files, each once, by service and day."""
    found = {one for file in files for one in _read(Answer, file).items}
    return sorted(found, key=lambda one: (one.service, one.day))


def _read(kind: type[M], file: Path) -> M:
    try:
        return TypeAdapter(kind).validate_json(file.read_bytes())
    except ValidationError as error:
        raise Refused(f"{file} bukan jawaban layanan Kinara.", _wrong(error), USAGE) from None


def _wrong(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])


def _said(proof: Proof) -> dict[str, str]:
    """What a proof is about: never whom, which is a pseudonym, but of what kind."""
    told = {name: str(proof.fact.get(name)) for name in ("id", "type", "time", "subject")}
    return {**told, "subject": told["subject"].partition("/")[0], "day": str(proof.day)}


def _tell(sealed: list[Seal], compared: int, proofs: list[Proof], found: list[Found], json: bool) -> None:
    late = {str(one.day): one.late for one in sealed if one.late}
    if json:
        told = [one._asdict() for one in found]
        proven = [_said(one) for one in proofs]
        screen.as_json({"days": len(sealed), "compared": compared, "late": late, "proofs": proven, "found": told})
        return
    if proofs:
        screen.table(["peristiwa", "jenis", "waktu", "tentang", "hari"], [list(_said(one).values()) for one in proofs])
    if found:
        screen.table(["hari", "bucket", "perbedaan"], found)
    for day, count in late.items():
        screen.say(f"{day}: {count} bucket dari hari sebelumnya datang terlambat dan disegel pada hari ini.")
    days = f"{sealed[0].day} s.d. {sealed[-1].day}" if sealed else "tidak ada"
    result = f"{len(found)} perbedaan" if found else "sesuai"
    screen.say(f"{len(sealed)} hari disegel ({days}), {compared} dibandingkan dengan salinan lama: {result}.")
