"""Which posts people hold in which kind of unit, and the golongan that goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .places import Place, Work

PNS_RANKS = tuple(
    (f"{n}{order}", f"{roman}/{letter}")
    for n, roman, letters in ((1, "I", "abcd"), (2, "II", "abcd"), (3, "III", "abcd"), (4, "IV", "abcde"))
    for order, letter in enumerate(letters, start=1)
)
"""SIASN id and golongan, from the lowest."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post that people hold."""

    jenis: str
    """SIASN's jenisJabatan: 1 struktural, 2 fungsional, 4 pelaksana."""
    name: str
    entry: str
    """Golongan at which a PNS starts."""
    ceiling: str
    pppk_grade: str
    level: str = ""


_LEVELS = {
    "TERAMPIL": ("II/c", "III/b", "VII"),
    "MAHIR": ("II/d", "III/d", "IX"),
    "AHLI PERTAMA": ("III/a", "III/b", "IX"),
    "AHLI MUDA": ("III/a", "III/d", "XI"),
    "AHLI MADYA": ("III/a", "IV/c", "XIII"),
}


def _functional(name: str, *levels: str) -> list[Post]:
    return [
        Post("2", f"{name} {level.title()}", entry, ceiling, grade, level)
        for level in levels
        for entry, ceiling, grade in (_LEVELS[level],)
    ]


def _pelaksana(*names: str) -> list[Post]:
    return [Post("4", name, "II/a", "III/b", "V") for name in names]


_OFFICE = [
    *_functional("Analis SDM Aparatur", "AHLI PERTAMA", "AHLI MUDA"),
    *_functional("Perencana", "AHLI PERTAMA", "AHLI MUDA", "AHLI MADYA"),
    *_functional("Arsiparis", "TERAMPIL", "MAHIR"),
    *_pelaksana("Pengadministrasi Perkantoran", "PENGELOLA KEUANGAN", "Penata Layanan Operasional"),
]
POSTS: dict[Work, list[Post]] = {
    "kantor": _OFFICE,
    "kesehatan": [
        *_functional("Perawat", "TERAMPIL", "MAHIR", "AHLI PERTAMA"),
        *_functional("Bidan", "TERAMPIL", "AHLI PERTAMA"),
        *_functional("Dokter", "AHLI PERTAMA", "AHLI MUDA", "AHLI MADYA"),
        *_pelaksana("Pengadministrasi Rekam Medis"),
    ],
    "pendidikan": [
        *_functional("Guru", "AHLI PERTAMA", "AHLI PERTAMA", "AHLI MUDA", "AHLI MADYA"),
        *_pelaksana("Pengelola Layanan Operasional"),
    ],
    "wilayah": [
        *_pelaksana("Pengadministrasi Perkantoran", "Pengelola Layanan Masyarakat", "PENGELOLA DATA KEPENDUDUKAN"),
        *_functional("Penggerak Swadaya Masyarakat", "TERAMPIL", "AHLI PERTAMA"),
    ],
    "kependudukan": [
        *_functional("Administrator Database Kependudukan", "TERAMPIL", "AHLI PERTAMA", "AHLI MUDA"),
        *_pelaksana("Operator Layanan Operasional", "Pengadministrasi Perkantoran"),
    ],
    "teknis": [
        *_functional("Pranata Komputer", "TERAMPIL", "AHLI PERTAMA", "AHLI MUDA"),
        *_functional("Pekerja Sosial", "AHLI PERTAMA"),
        *_pelaksana("Penata Kelola Jalan dan Jembatan", "Pengadministrasi Perkantoran"),
    ],
}
_HEADS = {
    "Kecamatan": "Camat",
    "Distrik": "Kepala Distrik",
    "Kelurahan": "Lurah",
    "Pemerintah": "Sekretaris Daerah",
    "Sekretariat": "Asisten Administrasi Umum",
}


def post_of_leader(place: Place) -> Post:
    """The managerial post that leads a unit."""
    first, rest = place.name.title().split(" ", 1) if " " in place.name else (place.name, "")
    head = _HEADS.get(first)
    name = f"{head} {rest}".strip() if head in ("Camat", "Lurah", "Kepala Distrik") else head or f"Kepala {place.name}"
    high = place.eselon < "30"
    return Post("1", name, "III/a", "IV/d" if high else "IV/a", "")


def post_of_staff(rng: Random, place: Place) -> Post:
    """One of the posts that exist where ``place``'s work is done."""
    return rng.choice(POSTS[place.work])


def rank_after(post: Post, years: int) -> int:
    """Index into ``PNS_RANKS``: a step every four years from the entry, as far as the post goes."""
    golongan = [name for _, name in PNS_RANKS]
    return min(golongan.index(post.entry) + years // 4, golongan.index(post.ceiling))
