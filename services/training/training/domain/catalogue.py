"""The seed catalogue: the five training subjects that the regions named, ready to be offered with a partner.

Hours and kinds of course are proposals; each government offers a template with its own partner institution.
"""

from __future__ import annotations

from dataclasses import dataclass

from kinara.contracts import Province

from training.domain.programme import Partner, Programme, offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A programme that still lacks partner and government."""

    code: str
    title: str
    jp: int
    course_kind: str
    competencies: tuple[str, ...]


CATALOGUE: tuple[Template, ...] = (
    Template(
        code="teknologi-informasi",
        title="Teknologi informasi bagi tenaga administrasi",
        jp=24,
        course_kind="8",
        competencies=("teknis.teknologi-informasi",),
    ),
    Template(
        code="pelayanan-digital",
        title="Pelayanan publik digital",
        jp=16,
        course_kind="4",
        competencies=("pelayanan.publik-digital", "pelayanan.penanganan-pengaduan"),
    ),
    Template(
        code="manajemen-proyek",
        title="Manajemen proyek di pemerintahan daerah",
        jp=24,
        course_kind="8",
        competencies=("teknis.manajemen-proyek",),
    ),
    Template(
        code="pentingnya-kinerja",
        title="Memahami pentingnya kinerja",
        jp=4,
        course_kind="7",
        competencies=("umum.kinerja",),
    ),
    Template(
        code="teknis-mental-motivasi",
        title="Keterampilan teknis, mental, dan motivasi kerja",
        jp=16,
        course_kind="4",
        competencies=("teknis.keterampilan-kerja", "perilaku.mental-motivasi"),
    ),
)


def offer_template(
    programme_id: str, template: Template, *, partner: Partner, province: Province, unit_path: str
) -> Programme:
    """A template as a programme of one government, taught by its partner."""
    return offer(
        programme_id,
        title=template.title,
        partner=partner,
        jp=template.jp,
        course_kind=template.course_kind,
        competencies=template.competencies,
        province=province,
        unit_path=unit_path,
    )
