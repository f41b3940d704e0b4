"""Invented employees of the four governments, the same for the same seed, few or many, with a few flawed records."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from .names import degree, full_name
from .places import GOVERNMENTS, UNITS, Government, Unit, oracle_id
from .posts import PNS_RANKS, post_of_leader, post_of_staff, rank_after
from .records import Life, data_utama

AS_OF = date(2025, 10, 1)
"""Everybody's age and rank are as of this day, so that the same seed makes the same people for ever."""
_PPPK_SHARE = 0.28
_PPPK_CODES = (21, 21, 21, 22, 24)
"""First and second contract, and part-time (paruh waktu)."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """One employee as SIASN would show them. ``flaw`` names what is wrong with the record, if anything is."""

    record: Record
    flaw: str | None
    government_id: str

    @property
    def nip(self) -> str:
        """What SIASN is asked for."""
        return str(self.record["nipBaru"])


def _bad_nip(record: Record) -> Record:
    return record | {"nipBaru": f"{record['nipBaru'][:4]}13{record['nipBaru'][6:]}"}


def _odd_capitals(record: Record) -> Record:
    odd = "".join(c.lower() if n % 3 == 0 else c.upper() for n, c in enumerate(record["nama"]))
    return record | {"nama": odd, "golRuangAkhir": record["golRuangAkhir"].swapcase()}


def _odd_keys(record: Record) -> Record:
    return {f"{key[0].upper()}{key[1:]}": value for key, value in record.items() if key != "nipBaru"} | {
        "nipBaru": record["nipBaru"]
    }


REJECTED_FLAWS: dict[str, Callable[[Record], Record]] = {
    "bad_nip": _bad_nip,
    "bad_date": lambda record: record | {"tglLahir": f"31-02-{record['tglLahir'][-4:]}"},
    "missing_unit": lambda record: record | {"unorId": "", "unorNama": ""},
    "unknown_unit": lambda record: record | {"unorId": oracle_id("unor", "dihapus")},
    "not_found": lambda record: record,
}
"""Flaws that keep a record out; ``unknown_unit`` shows only against the unit tree, ``not_found`` only over HTTP."""
HARMLESS_FLAWS: dict[str, Callable[[Record], Record]] = {
    "odd_capitals": _odd_capitals,
    "double_spaces": lambda record: record | {"nama": f" {record['nama'].replace(' ', '   ')} "},
    "odd_keys": _odd_keys,
}
"""Flaws that a reader has to put up with."""


def people(count: int = 2000, seed: int = 1, flawed: bool = True) -> Iterator[Person]:
    """About ``count`` people, leaders of all units first; nobody is kept in memory."""
    serials: Counter[str] = Counter()
    for unit in UNITS:
        rng = Random(f"{seed}/{unit.id}")
        yield Person(data_utama(_leader(rng, unit, serials)), None, unit.government.id)
    for government in GOVERNMENTS:
        rng = Random(f"{seed}/{government.code}")
        units = [unit for unit in UNITS if unit.government == government]
        for number in range(max(0, round(count * government.share) - len(units))):
            life = _staff(rng, government, units[1 + number % (len(units) - 1)], number, serials)
            yield _with_flaw(rng, data_utama(life), flawed, government.id)


def _with_flaw(rng: Random, record: Record, flawed: bool, government_id: str) -> Person:
    chance = rng.random()
    for flaws, share in ((REJECTED_FLAWS, 0.004), (HARMLESS_FLAWS, 0.03)):
        for name, spoil in flaws.items():
            if chance < share and flawed:
                return Person(spoil(record), name, government_id)
            chance -= share
    return Person(record, None, government_id)


def _leader(rng: Random, unit: Unit, serials: Counter[str]) -> Life:
    post = post_of_leader(unit.place)
    years = rng.randint(16, 28)
    male, born, appointed = _dates(rng, years)
    rank = rank_after(post, years)
    return Life(
        id=unit.leader_id,
        nip=_nip(born, appointed.year, appointed.month, male, serials),
        name=full_name(rng, unit.government.culture, "M" if male else "F"),
        back_title=degree(rng),
        male=male,
        born=born,
        appointed=appointed,
        status="PNS",
        unit=unit,
        post=post,
        golongan=PNS_RANKS[rank][1],
        golongan_since=_months_before(rng.randint(2, 40)),
        post_since=_months_before(rng.randint(1, 48)),
    )


def _staff(rng: Random, government: Government, unit: Unit, number: int, serials: Counter[str]) -> Life:
    post = post_of_staff(rng, unit.place)
    pppk = rng.random() < _PPPK_SHARE
    years = rng.randint(1, 6 if pppk else 30)
    male, born, appointed = _dates(rng, years)
    code = rng.choice(_PPPK_CODES) if pppk else appointed.month
    key = f"{government.code}/{number}"
    return Life(
        id=oracle_id("pns", key) if years > 10 else str(uuid.uuid5(uuid.NAMESPACE_OID, key)),
        nip=_nip(born, appointed.year, code, male, serials),
        name=full_name(rng, government.culture, "M" if male else "F"),
        back_title=degree(rng) if post.entry != "II/a" else "",
        male=male,
        born=born,
        appointed=appointed,
        status="PPPK" if pppk else "PNS",
        unit=unit,
        post=post,
        golongan=post.pppk_grade if pppk else PNS_RANKS[rank_after(post, years)][1],
        golongan_since=appointed if pppk else max(appointed, _months_before(rng.randint(2, 47))),
        post_since=max(appointed, _months_before(rng.randint(1, 70))),
    )


def _dates(rng: Random, years: int) -> tuple[bool, date, date]:
    """Sex, birth and appointment of somebody who has served for ``years``."""
    appointed = date(AS_OF.year - years, rng.randint(1, 12) if years else 1, 1)
    born = date(appointed.year - rng.randint(20, 29), 1, 1) + timedelta(days=rng.randint(0, 364))
    return rng.random() < 0.5, born, appointed


def _nip(born: date, year: int, code: int, male: bool, serials: Counter[str]) -> str:
    stem = f"{born:%Y%m%d}{year}{code:02}{1 if male else 2}"
    serials[stem] += 1
    return f"{stem}{serials[stem]:03}"


def _months_before(months: int) -> date:
    month = AS_OF.year * 12 + AS_OF.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)
