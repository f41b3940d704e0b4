"""The seed catalogue: the five subjects that the regions named can all be offered and held."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from kinara.contracts import Province
from training.domain import session as sessions
from training.domain.catalogue import CATALOGUE, Template, offer_template
from training.domain.programme import Partner


def test_the_regions_named_five_subjects() -> None:
    assert [template.code for template in CATALOGUE] == [
        "teknologi-informasi",
        "pelayanan-digital",
        "manajemen-proyek",
        "pentingnya-kinerja",
        "teknis-mental-motivasi",
    ]


@pytest.mark.parametrize("template", CATALOGUE, ids=lambda template: template.code)
def test_every_template_can_be_offered_and_planned(template: Template) -> None:
    programme = offer_template(
        "p",
        template,
        partner=Partner(name="Lembaga Contoh", kind="education"),
        province=Province(code="17"),
        unit_path="/17",
    )
    days = -(-template.jp // 8)

    session = sessions.plan(
        "s",
        programme,
        starts_on=date(2026, 11, 16),
        ends_on=date(2026, 11, 16) + timedelta(days=days - 1),
        seats=20,
    )

    assert (programme.title, programme.jp, session.state) == (template.title, template.jp, "planned")


@pytest.mark.parametrize("topic", ["teknis", "pelayanan", "perilaku", "umum"])
def test_for_every_need_there_is_something_in_the_catalogue(topic: str) -> None:
    assert any(code.startswith(f"{topic}.") for template in CATALOGUE for code in template.competencies)
