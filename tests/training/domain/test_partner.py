"""Partners: agreements that must be in force, offers, and interests that a second person must look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from kinara.contracts import Province
from training.domain import partner as partners
from training.domain.partner import Agreement, Institution, Interest
from training.domain.programme import Partner, Programme
from training.domain.refusals import AgreementMissing, InterestUnapproved, InvalidPartner, NotSecondPerson, UnitClosed
from training.domain.session import Session
from training.domain.unit import Unit

UNIT = Unit(id="u1", name="BKPSDM", province=Province(code="16"), unit_path="/16.71", active=True)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MOU = Agreement(number="MoU/1", starts_on=FIRST, ends_on=LAST, scope="Pelatihan pelayanan publik")
INTEREST = Interest(
    id="i1", employee_id="budi", reason="Pengurus lembaga", declared_by="sari", declared_on=date(2026, 3, 1)
)


@pytest.fixture
def institution() -> Institution:
    registered = partners.register("p1", UNIT, Partner(name="  Universitas   Contoh ", kind="education"))
    return partners.agree(registered, MOU)


@pytest.fixture
def taught(programme: Programme) -> Programme:
    return replace(programme, partner_id="p1")


def test_a_partner_is_of_the_registry_of_a_unit(institution: Institution) -> None:
    assert (institution.name, institution.unit_path, institution.flagged) == ("Universitas Contoh", "/16.71", ())
    assert institution.partner == Partner(name="Universitas Contoh", kind="education")
    with pytest.raises(UnitClosed):
        partners.register("p2", replace(UNIT, active=False), Partner(name="L", kind="ngo"))
    with pytest.raises(InvalidPartner):
        partners.register("p2", UNIT, Partner(name="x" * 201, kind="private"))


@pytest.mark.parametrize(
    ("change", "field"),
    [({"number": "MoU/1"}, "number"), ({"number": "MoU/2", "ends_on": FIRST - timedelta(days=1)}, "ends_on")],
    ids=["a number twice", "ends before it starts"],
)
def test_an_agreement_that_cannot_be_is_refused(
    institution: Institution, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidPartner) as refusal:
        partners.agree(institution, replace(MOU, **change))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_one_agreement_covers_all_days(institution: Institution) -> None:
    next_year = Agreement(number="MoU/2", starts_on=LAST, ends_on=LAST + timedelta(days=365), scope="Lanjutan")
    both = partners.agree(institution, next_year)

    partners.refuse_unagreed(both, FIRST, LAST)
    partners.refuse_unagreed(both, LAST, LAST + timedelta(days=365))
    for first, last in [(FIRST - timedelta(days=1), LAST), (date(2026, 12, 30), date(2027, 1, 2))]:
        with pytest.raises(AgreementMissing) as refusal:
            partners.refuse_unagreed(both, first, last)
        assert refusal.value.field == "partner_id"


def test_lists_of_a_partner_are_bounded(institution: Institution) -> None:
    full = replace(
        institution, agreements=(MOU,) * partners.MOST_AGREEMENTS, interests=(INTEREST,) * partners.MOST_INTERESTS
    )
    with pytest.raises(InvalidPartner):
        partners.agree(full, replace(MOU, number="MoU/51"))
    with pytest.raises(InvalidPartner):
        partners.declare(full, INTEREST)


def test_a_partner_offers_its_own_programmes_and_the_last_offer_holds(
    institution: Institution, taught: Programme
) -> None:
    offered = partners.offer_course(institution, taught, Decimal(500_000), 30, date(2026, 6, 1))
    again = partners.offer_course(offered, taught, Decimal(450_000), 25, date(2026, 7, 1))

    assert [(offer.price, offer.seats) for offer in again.offers] == [(450_000, 25)]
    with pytest.raises(InvalidPartner) as refusal:
        partners.offer_course(institution, replace(taught, partner_id=None), Decimal(1), 1, FIRST)
    assert refusal.value.field == "programme_id"
    with pytest.raises(AgreementMissing):
        partners.offer_course(institution, taught, Decimal(1), 1, LAST + timedelta(days=1))
    for seats in (0, 1001):
        with pytest.raises(InvalidPartner):
            partners.offer_course(institution, taught, Decimal(1), seats, FIRST)


def test_a_place_costs_what_is_asked_else_what_is_offered_else_nothing(
    institution: Institution, taught: Programme
) -> None:
    offered = partners.offer_course(institution, taught, Decimal(500_000), 30, FIRST)

    assert partners.price_of(offered, taught, None, 30) == 500_000
    assert partners.price_of(offered, taught, Decimal(400_000), 30) == 400_000
    assert partners.price_of(institution, taught, None, 31) == 0
    assert partners.price_of(None, taught, None, 31) == 0
    with pytest.raises(InvalidPartner) as refusal:
        partners.price_of(offered, taught, None, 31)
    assert refusal.value.field == "seats"


def test_while_somebody_has_an_interest_a_session_needs_a_second_person(
    institution: Institution, session: Session
) -> None:
    planned = replace(session, planned_by="sari")
    partners.refuse_uncleared(institution, planned)
    flagged = partners.declare(institution, INTEREST)

    with pytest.raises(InterestUnapproved) as refusal:
        partners.refuse_uncleared(flagged, planned)
    assert refusal.value.field == "session_id"
    for same in ("sari", "budi"):
        with pytest.raises(NotSecondPerson):
            partners.clear(planned, flagged, same)

    cleared = partners.clear(planned, flagged, "wati")
    partners.refuse_uncleared(flagged, cleared)
    newer = partners.declare(flagged, replace(INTEREST, id="i2", employee_id="joko"))
    with pytest.raises(InterestUnapproved):
        partners.refuse_uncleared(newer, cleared)


def test_an_interest_ends_but_not_by_who_has_it(institution: Institution, session: Session) -> None:
    flagged = partners.declare(institution, INTEREST)

    with pytest.raises(NotSecondPerson):
        partners.end_interest(flagged, "i1", "budi", LAST)
    ended = partners.end_interest(flagged, "i1", "sari", LAST)

    assert (ended.flagged, ended.interests[0].ended_on) == ((), LAST)
    assert partners.end_interest(ended, "i1", "sari", LAST + timedelta(days=1)) == ended
    partners.refuse_uncleared(ended, session)
