"""The four governments of the stub and their unit trees: codes are readable, since they become path segments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Work = Literal["kantor", "kesehatan", "pendidikan", "wilayah", "kependudukan", "teknis"]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, and what kind of people work there."""

    code: str
    name: str
    work: Work
    eselon: str
    """SIASN's eselon id of its leader."""
    below: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Government:
    """A regional government (instansi) of the stub."""

    code: str
    name: str
    seat: str
    culture: Literal["palembang", "papua", "dayak", "bengkulu"]
    share: float
    """Of all generated people."""
    places: tuple[Place, ...]

    @property
    def id(self) -> str:
        """SIASN's instansi id."""
        return oracle_id("instansi", self.code)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its ids; the root of a government is one as well."""

    id: str
    parent: Unit | None
    government: Government
    place: Place

    @property
    def leader_id(self) -> str:
        """SIASN's id of the person who leads it."""
        return oracle_id("pns", self.id, "pemimpin")


def oracle_id(*parts: str) -> str:
    """A stable 32-character id as older SIASN records have it."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32].upper()


def units_of(government: Government) -> Iterator[Unit]:
    """The units of a government, parents first."""
    eselon = "21" if "." in government.code else "12"
    root = Place(government.code, f"PEMERINTAH {government.name.upper()}", "kantor", eselon, government.places)
    yield from _walk(root, None, government)


def _walk(place: Place, parent: Unit | None, government: Government) -> Iterator[Unit]:
    unit = Unit(oracle_id("unor", parent.id if parent else "", place.code), parent, government, place)
    yield unit
    for child in place.below:
        yield from _walk(child, unit, government)


def _offices(*codes_and_names: tuple[str, str]) -> tuple[Place, ...]:
    return tuple(Place(code, name, "kantor", "22") for code, name in codes_and_names)


def _below(work: Work, eselon: str, *codes_and_names: tuple[str, str]) -> tuple[Place, ...]:
    return tuple(Place(code, name, work, eselon) for code, name in codes_and_names)


def _health_office(*puskesmas: tuple[str, str]) -> Place:
    return Place("dinkes", "Dinas Kesehatan", "kesehatan", "22", _below("kesehatan", "41", *puskesmas))


def _district(code: str, name: str, *kelurahan: tuple[str, str]) -> Place:
    below = _below("wilayah", "41", *((part, f"Kelurahan {title}") for part, title in kelurahan))
    return Place(code, name, "wilayah", "31", below)


PALEMBANG = Government(
    code="16.71",
    name="Kota Palembang",
    seat="Palembang",
    culture="palembang",
    share=0.45,
    places=(
        *_offices(
            ("setda", "SEKRETARIAT DAERAH"),
            ("inspektorat", "Inspektorat Daerah"),
            ("bappeda", "Badan Perencanaan Pembangunan Daerah"),
            ("bkpsdm", "BADAN KEPEGAWAIAN DAN PENGEMBANGAN SDM"),
        ),
        _health_office(("pkm-plaju", "UPTD PUSKESMAS PLAJU"), ("pkm-makrayu", "UPTD Puskesmas Makrayu")),
        Place(
            "disdik",
            "Dinas Pendidikan",
            "pendidikan",
            "22",
            _below("pendidikan", "41", ("sdn-80", "SDN 80 Palembang"), ("smpn-20", "SMPN 20 Palembang")),
        ),
        Place("disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "kependudukan", "22"),
        Place("diskominfo", "Dinas Komunikasi dan Informatika", "teknis", "22"),
        Place("dpupr", "Dinas PUPR", "teknis", "22"),
        _district(
            "plaju",
            "KECAMATAN PLAJU",
            ("plaju-ulu", "Plaju Ulu"),
            ("plaju-darat", "Plaju Darat"),
            ("plaju-ilir", "Plaju Ilir"),
        ),
        _district("ilir-barat-satu", "Kecamatan Ilir Barat I", ("lorok-pakjo", "Lorok Pakjo"), ("demang", "Demang")),
        _district("seberang-ulu-dua", "Kecamatan Seberang Ulu II", ("tangga-takat", "Tangga Takat")),
    ),
)
SORONG = Government(
    code="96.71",
    name="Kota Sorong",
    seat="Sorong",
    culture="papua",
    share=0.15,
    places=(
        *_offices(("setda", "Sekretariat Daerah"), ("bkpsdm", "Badan Kepegawaian dan Pengembangan SDM")),
        Place(
            "dinkes", "Dinas Kesehatan", "kesehatan", "22", _below("kesehatan", "41", ("pkm-remu", "Puskesmas Remu"))
        ),
        Place("disdik", "Dinas Pendidikan", "pendidikan", "22"),
        Place("disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "kependudukan", "22"),
        _district("sorong-manoi", "DISTRIK SORONG MANOI", ("malawei", "Malawei"), ("klabala", "Klabala")),
        _district("sorong-timur", "Distrik Sorong Timur", ("klawuyuk", "Klawuyuk"), ("klamana", "Klamana")),
    ),
)
PALANGKA_RAYA = Government(
    code="62.71",
    name="Kota Palangka Raya",
    seat="Palangka Raya",
    culture="dayak",
    share=0.18,
    places=(
        *_offices(("setda", "Sekretariat Daerah"), ("bkpsdm", "Badan Kepegawaian dan Pengembangan SDM")),
        Place(
            "dinkes",
            "Dinas Kesehatan",
            "kesehatan",
            "22",
            _below("kesehatan", "41", ("pkm-menteng", "Puskesmas Menteng")),
        ),
        Place("disdik", "Dinas Pendidikan", "pendidikan", "22"),
        Place("disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "kependudukan", "22"),
        Place("diskominfo", "Dinas Komunikasi, Informatika, Statistik dan Persandian", "teknis", "22"),
        _district("pahandut", "Kecamatan Pahandut", ("langkai", "Langkai"), ("panarung", "Panarung")),
        _district("jekan-raya", "KECAMATAN JEKAN RAYA", ("menteng", "Menteng"), ("bukit-tunggal", "Bukit Tunggal")),
        _district("sabangau", "Kecamatan Sabangau", ("kereng-bangkirai", "Kereng Bangkirai")),
    ),
)
BENGKULU = Government(
    code="17",
    name="Provinsi Bengkulu",
    seat="Bengkulu",
    culture="bengkulu",
    share=0.22,
    places=(
        Place(
            "setda",
            "SEKRETARIAT DAERAH",
            "kantor",
            "21",
            _below("kantor", "22", ("biro-organisasi", "Biro Organisasi"), ("biro-umum", "Biro Umum")),
        ),
        *_offices(("bkd", "Badan Kepegawaian Daerah"), ("bappeda", "Badan Perencanaan Pembangunan Daerah")),
        Place("rsud-m-yunus", "RSUD dr. M. Yunus", "kesehatan", "22"),
        Place("dinkes", "Dinas Kesehatan", "kesehatan", "21"),
        Place(
            "disdikbud",
            "Dinas Pendidikan dan Kebudayaan",
            "pendidikan",
            "21",
            _below("pendidikan", "41", ("sman-5", "SMAN 5 KOTA BENGKULU"), ("smkn-1", "SMKN 1 Kota Bengkulu")),
        ),
        Place("dinsos", "Dinas Sosial", "teknis", "21"),
        Place("dpmptsp", "DPMPTSP", "teknis", "21"),
    ),
)
GOVERNMENTS = (PALEMBANG, SORONG, PALANGKA_RAYA, BENGKULU)
UNITS = tuple(unit for government in GOVERNMENTS for unit in units_of(government))
