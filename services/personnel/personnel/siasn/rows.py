"""What the readers hand over: a normalised row, or the reason why there is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from kinara.contracts import Province

from personnel.domain.career import Career
from personnel.domain.dossier import Education
from personnel.domain.profile import PROFILE_FIELDS, Decree, Profile, SeparationReason

MAPPING_VERSION = 2
"""Raise it when the mapping learns to read a record differently: every hash then differs once, and is looked at."""
_plainly = json.JSONEncoder(default=str, ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Government:
    """A regional government (instansi): the segment of its root in the unit tree, and its province."""

    code: str
    province: Province

    @classmethod
    def of(cls, code: str) -> Self:
        """By Kemendagri's code, such as ``16.71`` (Kota Palembang) or ``17`` (Provinsi Bengkulu)."""
        return cls(code, Province(code=code[:2]))


Governments = Mapping[str, Government]
"""By SIASN's instansi id or by its kode cepat. A record of any other government is rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Everything that one record says about one employee, normalised."""

    profile: Profile
    government: Government
    unit_source_id: str | None
    """SIASN's unorId: which unit of the tree; None at most where service has ended."""
    separated_as: SeparationReason | None
    """Why service has ended, where the record says so."""
    content_hash: str
    """Of what the core record says; a changed record is the occasion to ask for the histories again."""
    education: Education | None = None
    """The highest, where the record states it."""
    career: Career | None = None
    """The histories of ranks and posts, where they were asked for."""
    unusable: tuple[Rejected, ...] = ()
    """Entries of the histories, and an education, that cannot be used."""
    digest: str | None = None
    """Of the record as it is written in its file; an answer of SIASN has none."""
    raw: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)
    """The record as it came, in case it is rejected yet."""


@dataclass(frozen=True, slots=True)
class Same:
    """A record that is written exactly as it was when it was last taken: there is nothing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """Everything that one record says about one unit, normalised."""

    source_id: str
    parent_source_id: str | None
    code: str
    """The unit's own segment of the path, unlike any sibling's."""
    name: str
    leader_source_id: str | None
    """SIASN's id of the person who leads it."""
    government: Government


@dataclass(frozen=True, slots=True, kw_only=True)
class RankEntry:
    """One entry of the history of ranks."""

    golongan: str
    since: date
    decree: Decree


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEntry:
    """One entry of the history of posts."""

    jabatan: str
    since: date
    unit_source_id: str | None
    decree_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that cannot be used as it is, with the reason and enough of it to correct it."""

    reason: str
    """Indonesian: what is wrong and what was expected."""
    field: str | None
    """SIASN's name of the field to correct."""
    raw: dict[str, str]
    """The fields that we read, as text; of an unreadable line its beginning, under ``mentah``."""
    detail: str = ""


Numbered = tuple[int, Row | Same | Rejected]
"""A result with its place in the source: the row of a file, or the position in the list of NIPs, from 1."""


def content_hash(
    profile: Profile,
    government: Government,
    unit_source_id: str | None,
    separated_as: SeparationReason | None,
    education: Education | None,
) -> str:
    """A stable hash of the normalised facts: it differs exactly when something that we keep differs."""
    stated = (getattr(profile, name) for name in PROFILE_FIELDS)
    facts = [MAPPING_VERSION, *stated, government.code, unit_source_id, separated_as, education]
    return hashlib.sha256(_plainly(facts).encode()).hexdigest()
