"""HTTP in: what the public sees of a unit on one page, and what a public reference names."""

from __future__ import annotations

from typing import Annotated, Any, Self

from fastapi import APIRouter, Path
from kinara.contracts import Id
from kinara.kit.http import WorkDep
from kinara.kit.identity import PublicScope
from kinara.kit.work import Work
from pydantic import BaseModel, Field

from feedback.api.commitments import CommitmentView
from feedback.api.forums import ForumView, ProposalView
from feedback.api.ikm import IkmView, published_ikm
from feedback.api.moderation import MaskDep
from feedback.api.routes import Period
from feedback.domain.commitment import REFERENCE
from feedback.domain.disclosure import FEWEST
from feedback.domain.edition import RATINGS
from feedback.domain.moderation import Mask
from feedback.queries import forums as queries
from feedback.queries import publication
from feedback.queries.moderation import all_for_the_public, names_in

router = APIRouter(prefix="/v1/public", tags=["public"])

SHOWN = 10
"""Forums, late answers and commitments on the page; lists of their own show all."""
Ref = Annotated[str, Path(max_length=60, pattern=f"^{REFERENCE}$")]


class VoicesView(BaseModel):
    """How many rated; None is withheld."""

    total: int | None
    by_rating: dict[int, int | None]

    @classmethod
    def of(cls, found: publication.Published) -> Self:
        return cls(total=found.voices, by_rating=dict(zip(RATINGS, found.by_rating, strict=True)))


class ComplaintsView(BaseModel):
    """How many complaints came, and what had become of them when their month was published; None is withheld."""

    received: int | None
    by_outcome: dict[str, int | None]

    @classmethod
    def of(cls, found: publication.Published) -> Self:
        return cls(received=found.complaints, by_outcome=dict(found.by_outcome))


class UnitPage(BaseModel):
    """What the public sees of a unit and everything below it."""

    ikm: IkmView
    voices: VoicesView
    complaints: ComplaintsView
    forums: list[ForumView]
    overdue_answers: list[ProposalView]
    commitments: list[CommitmentView]
    note: str = (
        "Angka diumumkan mulai tanggal 5 bulan berikutnya; yang dihitung adalah suara "
        "dengan karcis, undangan, atau akun terverifikasi. "
        f"Angka dari kurang dari {FEWEST} suara, "
        "atau yang dengannya angka sekecil itu dapat dihitung, tidak ditampilkan. Pengaduan ditampilkan bila di antara "
        f"pengirimnya ada sedikitnya {FEWEST} orang dengan karcis atau akun terverifikasi."
    )


class CitedView(BaseModel):
    """What a reference names, in few words; the address shows it whole."""

    ref: str
    unit_id: Id
    words: str = Field(description="Its title, or what was proposed or promised.")
    address: str


@router.get("/units/{unit_id}")
async def read_unit(unit_id: Id, _: PublicScope, work: WorkDep, mask: MaskDep, period: Period) -> UnitPage:
    """A unit's figures of a period, its forums, late answers and commitments."""
    unit, found, change = await publication.unit_figures(work, unit_id, period)
    return UnitPage(
        ikm=published_ikm(unit, found, change),
        voices=VoicesView.of(found),
        complaints=ComplaintsView.of(found),
        **await _said(work, mask, unit_id),
    )


@router.get("/units/{unit_id}/complaints")
async def read_complaints(unit_id: Id, _: PublicScope, work: WorkDep, period: Period) -> ComplaintsView:
    """What became of the complaints about a unit and everything below it, as published."""
    _unit, found, _change = await publication.unit_figures(work, unit_id, period)
    return ComplaintsView.of(found)


@router.get("/references/{ref}")
async def read_reference(ref: Ref, _: PublicScope, work: WorkDep, mask: MaskDep) -> CitedView:
    """What a policy's goal or a commitment cites: ``forum:<id>``, ``proposal:<id>``, ``ikm:<unit>:<month>``, …"""
    kind, _sign, id_ = ref.partition(":")
    unit_id, words = await queries.cited(work, kind, id_)
    shown = mask.shown(words, await names_in(work, unit_id))
    place = f"units/{unit_id}/ikm?period={words}" if kind == "ikm" else f"{kind}s/{id_}"
    return CitedView(ref=ref, unit_id=unit_id, words=shown, address=f"/v1/public/{place}")


async def _said(work: Work, mask: Mask, unit_id: str) -> dict[str, Any]:
    """The latest forums and commitments of a unit, and its late answers, without the names of its officers."""
    forums = await all_for_the_public(work, mask, await queries.forums(work, unit_id, None, SHOWN))
    overdue = await all_for_the_public(work, mask, await queries.overdue(work, unit_id, SHOWN))
    commitments = await all_for_the_public(work, mask, await queries.commitments(work, unit_id, None, SHOWN))
    return {
        "forums": [ForumView.of(one) for one in forums],
        "overdue_answers": [ProposalView.of(one) for one in overdue],
        "commitments": [CommitmentView.of(one) for one in commitments],
    }
