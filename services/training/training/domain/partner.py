"""A partner institution: what was agreed with it, what it offers, and who of ours has an interest in it.

Sources: agreements (MoU/PKS) under PP 28/2018 on regional cooperation (remembered, not read); declarations of conflict
of interest under UU 30/2014 art. 42-43 and PermenPANRB 17/2024. The rule that protects (proposal): while somebody has a
declared interest, nothing is opened with the partner and nobody gets a seat unless a second person, who neither planned
the session nor has the interest, has approved it with the interest in view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kinara.contracts import Province

from training.domain.funding import FREE, rupiah
from training.domain.programme import Partner, PartnerKind, Programme
from training.domain.refusals import AgreementMissing, InterestUnapproved, InvalidPartner, NotSecondPerson
from training.domain.session import MOST_SEATS, Session
from training.domain.unit import Unit, refuse_closed

MOST_AGREEMENTS = 50
MOST_OFFERS = 200
MOST_INTERESTS = 50
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A memorandum of understanding, or what follows from one."""

    number: str
    starts_on: date
    ends_on: date
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOffer:
    """What a place in a programme costs at this partner, and for how many at once."""

    programme_id: str
    price: Decimal
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """Somebody of ours who gains from business with the partner."""

    id: str
    employee_id: str
    reason: str
    declared_by: str
    declared_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A partner in the registry of a unit."""

    id: str
    name: str
    kind: PartnerKind
    province: Province
    unit_path: str
    agreements: tuple[Agreement, ...] = ()
    offers: tuple[CourseOffer, ...] = ()
    interests: tuple[Interest, ...] = ()

    @property
    def flagged(self) -> tuple[Interest, ...]:
        """The interests that are still there."""
        return tuple(interest for interest in self.interests if interest.ended_on is None)

    @property
    def partner(self) -> Partner:
        """As a programme names it."""
        return Partner(name=self.name, kind=self.kind)

    def in_force(self, first: date, last: date) -> bool:
        """Whether one agreement covers all of these days."""
        return any(a.starts_on <= first and last <= a.ends_on for a in self.agreements)

    def offer_of(self, programme_id: str) -> CourseOffer | None:
        """What a programme costs here."""
        return next((offer for offer in self.offers if offer.programme_id == programme_id), None)


def register(institution_id: str, unit: Unit, partner: Partner) -> Institution:
    """An institution with which agreements can be made."""
    refuse_closed(unit)
    name = " ".join(partner.name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise InvalidPartner(
            f"Nama lembaga mitra harus diisi, paling panjang {_LONGEST_NAME} huruf. Periksa isinya.",
            field="name",
            detail=f"expected 1 to {_LONGEST_NAME} characters, got {len(name)}",
        )
    return Institution(
        id=institution_id, name=name, kind=partner.kind, province=unit.province, unit_path=unit.unit_path
    )


def agree(institution: Institution, agreement: Agreement) -> Institution:
    """An agreement was signed; each has a number of its own."""
    if agreement.ends_on < agreement.starts_on:
        raise InvalidPartner(
            "Perjanjian tidak dapat berakhir sebelum dimulai. Periksa tanggalnya.",
            field="ends_on",
            detail=f"expected {agreement.starts_on} or later, got {agreement.ends_on}",
        )
    if any(known.number == agreement.number for known in institution.agreements):
        raise InvalidPartner(
            f"Perjanjian nomor {agreement.number} sudah tercatat. Periksa nomornya.",
            field="number",
            detail="the partner has an agreement of this number",
        )
    _refuse_many(institution.agreements, MOST_AGREEMENTS, "number", "perjanjian")
    return replace(institution, agreements=(*institution.agreements, agreement))


def offer_course(institution: Institution, programme: Programme, price: Decimal, seats: int, on: date) -> Institution:
    """The partner offers a programme of its own at a price; a new offer takes the place of the last."""
    if programme.partner_id != institution.id:
        raise InvalidPartner(
            f"Program {programme.title} bukan program mitra ini. Tawarkan program yang diajarkan mitra ini.",
            field="programme_id",
            detail=f"the programme's partner is {programme.partner_id}",
        )
    refuse_unagreed(institution, on, on)
    if not 1 <= seats <= MOST_SEATS:
        raise InvalidPartner(
            f"Jumlah kursi harus 1 sampai {MOST_SEATS}. Periksa kapasitasnya.",
            field="seats",
            detail=f"expected 1 to {MOST_SEATS}, got {seats}",
        )
    others = tuple(offer for offer in institution.offers if offer.programme_id != programme.id)
    _refuse_many(others, MOST_OFFERS, "programme_id", "penawaran")
    offer = CourseOffer(programme_id=programme.id, price=rupiah(price, "price"), seats=seats)
    return replace(institution, offers=(*others, offer))


def price_of(institution: Institution | None, programme: Programme, asked: Decimal | None, seats: int) -> Decimal:
    """What a place in a session costs: what is asked for it, else what the partner offers, else nothing."""
    offer = institution.offer_of(programme.id) if institution is not None else None
    if offer is not None and seats > offer.seats:
        raise InvalidPartner(
            f"Mitra menawarkan paling banyak {offer.seats} kursi. Kurangi kursi sesi, atau perbarui penawarannya.",
            field="seats",
            detail=f"the partner offers {offer.seats} seats at once",
        )
    if asked is not None:
        return rupiah(asked, "price")
    return offer.price if offer is not None else FREE


def declare(institution: Institution, interest: Interest) -> Institution:
    """Somebody of ours has an interest in the partner."""
    _refuse_many(institution.interests, MOST_INTERESTS, "employee_id", "pernyataan kepentingan")
    return replace(institution, interests=(*institution.interests, interest))


def end_interest(institution: Institution, interest_id: str, by: str, on: date) -> Institution:
    """The interest is there no more; whoever had it does not decide that."""
    if any(one.id == interest_id and by == one.employee_id for one in institution.interests):
        raise NotSecondPerson(
            "Pernyataan kepentingan tidak dapat diakhiri oleh orang yang berkepentingan. Minta petugas lain.",
            field="interest_id",
            detail="whoever has the interest does not end it",
        )
    interests = tuple(
        replace(one, ended_on=on) if one.id == interest_id and one.ended_on is None else one
        for one in institution.interests
    )
    return replace(institution, interests=interests)


def refuse_unagreed(institution: Institution, first: date, last: date) -> None:
    """Refuse unless an agreement is in force on all of these days."""
    if not institution.in_force(first, last):
        raise AgreementMissing(
            f"Tidak ada perjanjian dengan {institution.name} yang berlaku {first:%d-%m-%Y} sampai {last:%d-%m-%Y}. "
            "Catat perjanjiannya, atau pilih tanggal lain.",
            field="partner_id",
            detail=f"no single agreement covers {first} to {last}",
        )


def uncleared(institution: Institution, session: Session) -> bool:
    """Whether somebody has an interest with which nobody has approved the session."""
    return not {interest.id for interest in institution.flagged} <= set(session.cleared)


def refuse_uncleared(institution: Institution, session: Session) -> None:
    """Refuse what gives the partner business while an interest in it is not approved by a second person."""
    if uncleared(institution, session):
        raise InterestUnapproved(
            f"Ada pernyataan benturan kepentingan dengan {institution.name}. Minta persetujuan petugas kedua untuk "
            "sesi ini.",
            field="session_id",
            detail="a declared interest in the partner is not approved by a second person",
        )


def clear(session: Session, institution: Institution, by: str) -> Session:
    """A second person approves a session in spite of all interests that are declared today."""
    if by == session.planned_by or any(by == interest.employee_id for interest in institution.flagged):
        raise NotSecondPerson(
            "Persetujuan harus dari orang kedua: bukan perencana sesi dan bukan yang berkepentingan.",
            field="session_id",
            detail="whoever planned the session or has the interest does not approve",
        )
    return replace(session, cleared=tuple(interest.id for interest in institution.flagged))


def _refuse_many(known: Sequence[object], most: int, field: str, what: str) -> None:
    if len(known) >= most:
        raise InvalidPartner(
            f"Paling banyak {most} {what} untuk satu mitra. Hubungi pengelola sistem.",
            field=field,
            detail=f"expected at most {most}",
        )
