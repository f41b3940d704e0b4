"""Given and family names as they are common in the four regions; people made of them are invented."""

from __future__ import annotations

from random import Random

_MEN = {
    "palembang": "Ahmad Muhammad Rizki Hendra Yusuf Fauzan Kemas Masagus Agus Dedi Zulkifli Iskandar Taufik Rahmat",
    "papua": "Yohanes Markus Petrus Yakobus Obed Silas Melkianus Ruben Frans Daud Elimelek Septinus Lukas Hengky Simon",
    "dayak": "Yansen Sylvanus Arton Rinco Untung Ahmad Gazali Fahmi Restu Lambung Bajik Tewah Robby Ketut Erwin",
    "bengkulu": "Rohidin Syafrudin Hamka Yulian Edi Rejang Depi Suherman Mustarani Jaduliwan Andri Herwan Zulfan",
}
_WOMEN = {
    "palembang": "Siti Nyimas Masayu Nur'aini Dewi Ratna Fitri Yuliana Sri Mardiana Maryam Rosmala Lestari Aisyah",
    "papua": "Maria Yuliana Dorkas Fransina Orpa Selfina Martha Naomi Yosina Debora Ester Wilhelmina Agustina Paulina",
    "dayak": "Lisa Nyai Kameloh Bawi Intan Rusnah Helmina Norhayati Mega Tari Yulita Sari Lampang Hamidah Rina",
    "bengkulu": "Yeni Fatmawati Elva Reni Marlina Suriani Neliyana Rosita Sumarni Wati Herlina Dahlia Meri Susanti",
}
_FAMILIES = {
    "palembang": "Saputra Wijaya Ramadhan Akbar Hasan Utama Oktariansyah Pratama Febrianti Anggraini Azhari Marzuki",
    "papua": "Kalami Malibela Osok Mambrasar Kambuaya Howay Sawaki Fonataba Wamafma Bisulu Klawom Mobalen Way Kareth",
    "dayak": "Narang Silam Usop Toendan Dohong Salundik Binti Ngantung Asan Bahan Riwut Tundan Mihing Rahman Noor",
    "bengkulu": "Sjafri Effendi Harahap Sebayang Adnan Kencana Burhan Mersyah Jamaludin Riduan Mukmin Oktavia Yanti",
}
_DEGREES = ("S.Kom.", "S.E., M.M.", "S.H.", "S.Sos., M.Si.", "S.Pd.", "S.T., M.T.", "A.Md.", "S.K.M.", "")


def full_name(rng: Random, culture: str, sex: str) -> str:
    """Two or three names without titles."""
    given = (_MEN if sex == "M" else _WOMEN)[culture].split()
    names = rng.sample(given, rng.choice((1, 1, 2)))
    return " ".join((*names, rng.choice(_FAMILIES[culture].split())))


def degree(rng: Random) -> str:
    """Titles behind the name, empty for some."""
    return rng.choice(_DEGREES)
