"""A profile as a personnel officer states it, checked as strictly as one that comes from SIASN."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kinara.contracts.personnel import JabatanKind

from personnel.domain import nip as nips
from personnel.domain.appointment import refuse_before_appointment
from personnel.domain.day import refuse_not_yet_in_force
from personnel.domain.golongan import golongan_of
from personnel.domain.jabatan import Jenjang
from personnel.domain.profile import Profile
from personnel.domain.refusals import InvalidProfile


def stated(
    *,
    nip: str,
    name: str,
    golongan: str,
    jabatan: str,
    jabatan_kind: JabatanKind,
    siasn_id: str | None = None,
    front_title: str | None = None,
    back_title: str | None = None,
    birth_date: date | None = None,
    golongan_since: date | None = None,
    jenjang: Jenjang | None = None,
    jabatan_since: date | None = None,
) -> Profile:
    """The profile; kind and sex follow from the NIP, and the birth date too where none is stated."""
    number = nips.parse(nip)
    if jenjang is not None and jabatan_kind != "fungsional":
        raise InvalidProfile(
            "Jenjang hanya ada pada jabatan fungsional. Kosongkan jenjang atau perbaiki jenis jabatan.",
            field="jenjang",
            detail="only functional posts have a level",
        )
    return Profile(
        nip=number.digits,
        siasn_id=siasn_id,
        name=_person_name(name),
        front_title=front_title,
        back_title=back_title,
        kind=number.kind,
        sex=number.sex,
        birth_date=birth_date or number.birth_date,
        golongan=golongan_of(number.kind, golongan).code,
        golongan_since=golongan_since,
        jabatan=" ".join(jabatan.split()),
        jabatan_kind=jabatan_kind,
        jenjang=jenjang,
        jabatan_since=jabatan_since,
    )


def refuse_other_birth_date(profile: Profile, known: date | None = None) -> None:
    """What a person types must agree with digits 1-8 of the NIP, or be the date that is ``known`` already.

    Typed by hand, another date is a slip of the pen. SIASN does hold people whose NIP keeps a date that a court has
    corrected since: an import takes them as they are, and afterwards everything else about them can be corrected.
    """
    if profile.birth_date not in (nips.parse(profile.nip).birth_date, known):
        raise InvalidProfile(
            "Tanggal lahir berbeda dari yang tertulis dalam NIP. Perbaiki salah satunya; pegawai yang tanggal lahirnya "
            "memang berbeda dari NIP didaftarkan melalui impor SIASN.",
            field="birth_date",
            detail="the birth date disagrees with digits 1-8 of the NIP",
        )


def with_known_birth_date(profile: Profile, known: Profile) -> Profile:
    """The profile, whose birth date nobody has stated, with the known one: it may be one that a court has corrected.

    A known date that only followed from the NIP follows it still, also where the NIP itself is being corrected.
    """
    if known.birth_date == nips.parse(known.nip).birth_date:
        return profile
    return replace(profile, birth_date=known.birth_date)


def refuse_untimely(profile: Profile, appointed: date, today: date, known: Profile | None = None) -> None:
    """Rank and post are held since a day between the appointment and today, or since the day that is ``known``.

    SIASN may know a rank of the days to come; afterwards everything else about that person can be corrected.
    """
    for field in ("golongan_since", "jabatan_since"):
        since = getattr(profile, field)
        if since is not None and since != getattr(known, field, None):
            refuse_before_appointment(since, appointed, field)
            refuse_not_yet_in_force(since, today, field)


def refuse_raise(profile: Profile, known: Profile) -> None:
    """A correction gives no PNS a higher rank: that takes a decree (SK), and the rules are asked."""
    rank, present = golongan_of(profile.kind, profile.golongan), golongan_of(known.kind, known.golongan)
    if profile.kind == "PNS" and rank.is_higher_than(present):
        raise InvalidProfile(
            f"Golongan tidak dinaikkan dari {present.code} ke {rank.code} lewat perbaikan data. Catat kenaikan "
            "pangkatnya dengan SK.",
            field="golongan",
            detail="a rank is raised by a promotion, with its decree",
        )


def _person_name(text: str) -> str:
    if not any(c.isalpha() for c in text) or any(c.isdigit() for c in text):
        raise InvalidProfile(
            "Nama harus berupa nama orang tanpa angka. Perbaiki namanya.", field="name", detail="not a person's name"
        )
    return " ".join(text.split())
