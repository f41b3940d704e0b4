"""The standard of competence of a post: what its holders must be able to do, and the gap to what they have shown.

Source: PermenPANRB 38/2017 (standar kompetensi jabatan ASN; its text was not at hand, so which competency a post asks
for is entered by each government, and none is shipped). A standard holds for a unit and everything below it; where
several speak of one competency, the highest level counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kinara.contracts import Province

from training.domain import competency as competencies
from training.domain.need import Need, ask
from training.domain.record import Effect, Record, level_of
from training.domain.refusals import InvalidStandard

Post = Literal["manajerial", "fungsional", "pelaksana", "PM", "TR", "MH", "PY", "PT", "MU", "MA", "UT"]
"""A kind of post (UU 20/2023), or a level (jenjang) of functional posts."""

MOST_COMPETENCIES = 30
MOST_STANDARDS = 2000
"""Of one government: every fold about its people goes through them."""
HIGHEST = 5
_PREFIX = "standar-"


@dataclass(frozen=True, slots=True)
class Required:
    """A competency, and the level that is asked for, 1 (aware) to 5 (expert)."""

    competency: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What a post asks for in a unit and below it; ``id`` names both, so that there is one."""

    id: str
    post: Post
    province: Province
    unit_path: str
    required: tuple[Required, ...]
    set_at: datetime
    applied_after: str | None = ""
    """Up to which employee it was held against the records; None once it was against all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A competency that a post asks for at a level that was not shown."""

    competency: str
    required: int
    shown: int


def identity(unit_id: str, post: Post) -> str:
    """The id of a unit's standard for a post."""
    return f"{unit_id}:{post}"


def set_standard(
    unit_id: str, post: Post, required: Sequence[Required], *, province: Province, unit_path: str, at: datetime
) -> Standard:
    """What a post asks for from now on; nothing at all, where a standard is withdrawn."""
    if len(required) > MOST_COMPETENCIES:
        raise InvalidStandard(
            f"Standar kompetensi paling banyak {MOST_COMPETENCIES} kompetensi. Kurangi daftarnya.",
            field="required",
            detail=f"expected at most {MOST_COMPETENCIES}, got {len(required)}",
        )
    wrong = [one.level for one in required if not 1 <= one.level <= HIGHEST]
    if wrong:
        raise InvalidStandard(
            f"Tingkat kompetensi harus 1 (sadar) sampai {HIGHEST} (ahli). Periksa tingkatnya.",
            field="required",
            detail=f"expected levels from 1 to {HIGHEST}, got {wrong}",
        )
    twice = [code for code, times in Counter(one.competency for one in required).items() if times > 1]
    if twice:
        raise InvalidStandard(
            f"Kompetensi {twice[0]} disebut dua kali. Sebutkan sekali dengan satu tingkat.",
            field="required",
            detail=f"expected each competency once, got {twice} again",
        )
    if required:
        competencies.checked(one.competency for one in required)
    return Standard(
        id=identity(unit_id, post),
        post=post,
        province=province,
        unit_path=unit_path,
        required=tuple(required),
        set_at=at,
    )


def refuse_many(known: int) -> None:
    """Refuse a new standard where a government has as many as can be looked at."""
    if known >= MOST_STANDARDS:
        raise InvalidStandard(
            f"Sudah ada {known} standar kompetensi di pemerintah daerah ini. Ubah yang ada, atau tetapkan standar "
            "pada unit yang lebih tinggi.",
            field="unit_id",
            detail=f"expected at most {MOST_STANDARDS} standards in a government",
        )


def asked_of(record: Record, standards: Iterable[Standard]) -> dict[str, int]:
    """What the standards ask of an employee in the post they hold."""
    asked: dict[str, int] = {}
    for standard in standards:
        here = f"{record.unit_path}/".startswith(f"{standard.unit_path}/")
        if here and standard.post in (record.jabatan_kind, record.jenjang):
            for one in standard.required:
                asked[one.competency] = max(one.level, asked.get(one.competency, 0))
    return asked


def gaps_of(record: Record, standards: Iterable[Standard]) -> list[Gap]:
    """What an employee's certificates have not shown of it, the widest gap first."""
    gaps = [
        Gap(competency=code, required=level, shown=level_of(record, code))
        for code, level in asked_of(record, standards).items()
        if level > level_of(record, code)
    ]
    return sorted(gaps, key=lambda gap: (gap.shown - gap.required, gap.competency))


def hold_against(record: Record, standards: Iterable[Standard], year: int) -> tuple[Record, Effect]:
    """A gap asks for training until it is closed; one that no standard asks for any more does not."""
    wanted = {need.id: need for need in (_need(gap, year) for gap in gaps_of(record, standards))}
    kept = tuple(n for n in record.needs if n.competency is None or n.state == "closed" or n.id in wanted)
    needs = kept
    for need in wanted.values():
        needs = ask(needs, need)
    if needs == record.needs:
        return record, {}
    opened = [need.id for need in needs[len(kept) :]]
    dropped = [need.id for need in record.needs if need not in kept]
    return replace(record, needs=needs), {"did": "held against the standard", "opened": opened, "dropped": dropped}


def _need(gap: Gap, year: int) -> Need:
    name = f"{_PREFIX}{gap.competency}-{gap.required}"
    return Need(
        id=name,
        component=name,
        topic=competencies.topic_of(gap.competency),
        period=str(year),
        reason=f"Standar kompetensi jabatan meminta {gap.competency} tingkat {gap.required}; "
        f"yang telah ditunjukkan tingkat {gap.shown}.",
        competency=gap.competency,
        level=gap.required,
    )
