"""Programmes: what can be offered."""

from __future__ import annotations

from typing import Any

import pytest
from kinara.contracts import Province
from training.domain import programme as programmes
from training.domain.programme import COURSE_KINDS, NATIONAL, Partner, Programme
from training.domain.refusals import (
    InvalidCompetency,
    InvalidProgramme,
    ProgrammeElsewhere,
    ProgrammeRetired,
    UnitClosed,
    UnknownCourseKind,
)
from training.domain.unit import Unit


def offer(**change: Any) -> Programme:
    facts: dict[str, Any] = {
        "title": "Manajemen proyek",
        "partner": Partner(name="Lembaga Contoh", kind="private"),
        "jp": 24,
        "course_kind": "8",
        "competencies": ["teknis.manajemen-proyek"],
        "province": Province(code="62"),
        "unit_path": "/62.71",
    }
    return programmes.offer("p", **facts | change)


def test_a_programme_is_offered_with_its_partner() -> None:
    programme = offer(title="  Manajemen \n proyek ", partner=Partner(name=" Lembaga  Contoh ", kind="ngo"))

    assert (programme.title, programme.partner) == ("Manajemen proyek", Partner(name="Lembaga Contoh", kind="ngo"))
    assert programme.active


@pytest.mark.parametrize("title", ["x", "x" * 200])
def test_a_title_has_up_to_two_hundred_characters(title: str) -> None:
    assert offer(title=title).title == title


@pytest.mark.parametrize("jp", [1, 400])
def test_hours_reach_from_one_to_four_hundred(jp: int) -> None:
    assert offer(jp=jp).jp == jp


@pytest.mark.parametrize(
    ("change", "refused", "field"),
    [
        ({"jp": 0}, InvalidProgramme, "jp"),
        ({"jp": 401}, InvalidProgramme, "jp"),
        ({"title": " "}, InvalidProgramme, "title"),
        ({"title": "x" * 201}, InvalidProgramme, "title"),
        ({"partner": Partner(name="", kind="ngo")}, InvalidProgramme, "partner.name"),
        ({"course_kind": "99"}, UnknownCourseKind, "course_kind"),
        ({"course_kind": ""}, UnknownCourseKind, "course_kind"),
        ({"competencies": []}, InvalidCompetency, "competencies"),
        ({"level": 0}, InvalidProgramme, "level"),
        ({"level": 6}, InvalidProgramme, "level"),
    ],
)
def test_what_cannot_be_offered_is_refused_by_field(
    change: dict[str, Any], refused: type[Exception], field: str
) -> None:
    with pytest.raises(refused) as refusal:
        offer(**change)
    assert refusal.value.field == field  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("4", "Workshop"),
        ("7", "Sosialisasi"),
        ("8", "Bimbingan teknis"),
        ("9", "Seminar"),
        ("10", "Magang"),
        ("14", "Coaching"),
        ("15", "Mentoring"),
        ("16", "E-learning"),
        ("22", "Belajar mandiri"),
        ("23", "Komunitas belajar"),
    ],
)
def test_the_known_kinds_of_course_carry_siasns_codes(code: str, name: str) -> None:
    assert COURSE_KINDS[code] == name
    assert offer(course_kind=code).course_kind == code


def test_a_programme_is_retired_once() -> None:
    retired = programmes.retire(offer())

    assert not retired.active
    with pytest.raises(ProgrammeRetired):
        programmes.retire(retired)


def unit_at(path: str, *, active: bool = True) -> Unit:
    return Unit(id="u", name="Unit", province=Province(code="16"), unit_path=path, active=active)


@pytest.mark.parametrize(
    ("offered_at", "host"), [("/62.71", "/62.71"), ("/62.71", "/62.71/dinkes"), (NATIONAL, "/16.71/plaju")]
)
def test_a_programme_is_hosted_where_it_is_offered_and_below(offered_at: str, host: str) -> None:
    hosted = programmes.hosted_by(offer(unit_path=offered_at), unit_at(host))

    assert (hosted.unit_path, hosted.province.code) == (host, "16")


@pytest.mark.parametrize("host", ["/16.71", "/62", "/62.710", "/62.71x/dinkes"])
def test_a_programme_is_not_hosted_elsewhere(host: str) -> None:
    with pytest.raises(ProgrammeElsewhere) as refusal:
        programmes.hosted_by(offer(), unit_at(host))
    assert refusal.value.field == "unit_id"


def test_a_closed_unit_hosts_nothing() -> None:
    with pytest.raises(UnitClosed):
        programmes.hosted_by(offer(), unit_at("/62.71", active=False))
