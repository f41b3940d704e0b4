"""What the demonstration shows: progress while it runs, a table per region, one person in plain words, addresses."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from embedded.demo.callers import GOVERNMENTS
from embedded.stack import PORTS, SERVICES

PREDIKAT = {"Sangat Baik": "SB", "Baik": "B", "Butuh Perbaikan": "BP", "Kurang": "K", "Sangat Kurang": "SK"}
"""Short enough for the columns of a narrow terminal; the table's caption spells them out."""


def comma(number: object) -> str:
    """A number as Indonesian readers write it."""
    return str(number).replace(".", ",")


def bars(console: Console) -> Progress:
    """Progress bars with counts and time."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<46}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def regions(cards: list[dict[str, Any]]) -> Table:
    """One line for each government (Plaju apart, since it has a policy of its own): people, marks, predikat."""
    table = Table(
        title="Nilai sementara per wilayah (usulan; pejabat penilai yang memutuskan)",
        caption=", ".join(f"{short} {name.lower()}" for name, short in PREDIKAT.items()),
    )
    for heading in ("Wilayah", "Pegawai", "Dinilai", "Rata-rata", *PREDIKAT.values()):
        table.add_column(heading, justify="left" if heading == "Wilayah" else "right")
    for path, name in {"/16.71/plaju": "  Kecamatan Plaju", **GOVERNMENTS}.items():
        inside = [c for c in cards if c["unit_path"] == path or c["unit_path"].startswith(path + "/")]
        scores = [s for c in inside for s in c["scores"][-1:] if s["score"] is not None]
        mean = sum((Decimal(s["score"]) for s in scores), Decimal(0)) / len(scores) if scores else None
        found = Counter(s["predikat"] for s in scores)
        counts = [str(found.get(p, 0)) for p in PREDIKAT]
        table.add_row(name, str(len(inside)), str(len(scores)), comma(f"{mean:.2f}") if mean else "–", *counts)
    return table


def person(console: Console, name: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """One person: the score before, what happened, the score after, and how it adds up."""
    first, last = before["score"], after["score"]
    console.rule(f"Penjelasan untuk {name}")
    console.print(f"Kebijakan {last['policy']}, periode {last['period']}.")
    console.print(f"Sebelum: nilai {comma(first['score'])}, usulan predikat {first['predikat'] or 'belum ada'}.")
    for part, account in after["components"].items():
        lines = account["effects"]
        known = {line["event_id"] for line in before["components"][part]["effects"]}
        if not account["applies"]:
            continue
        opened, value = comma(account["opened_with"]), comma(account["value"])
        console.print(f"  [bold]{account['name']}[/bold]: dibuka {opened}, sekarang {value}")
        fresh = [line for line in lines if line["event_id"] not in known]
        for line in fresh[-4:]:
            delta = comma(f"{Decimal(line['delta']):+.4f}")
            console.print(f"    {delta}  {line['note']}")
        total = Decimal(account["opened_with"]) + sum((Decimal(line["delta"]) for line in lines), Decimal(0))
        console.print(f"    [dim]{len(lines)} kejadian, jumlah seluruhnya {comma(total)} = {value}[/dim]")
    console.print(f"Sesudah: nilai {comma(last['score'])}, usulan predikat {last['predikat'] or 'belum ada'}.")


def decisions(console: Console, decided: dict[str, Any]) -> None:
    """The second act in five lines: what was closed, and what people made of it."""
    console.rule("Beberapa minggu kemudian")
    console.print("Periode ditutup di keempat wilayah. Capaian yang sama, kebijakan yang berbeda; usulan predikatnya:")
    for region, predikat in decided["predikat_by_region"].items():
        console.print(f"  {region:<14} {predikat}")
    console.print(f"Penghargaan diberikan: {decided['awards']}. Pembinaan dibuka: {decided['coaching']}.")
    console.print(f"Keberatan diputus oleh atasan pejabat penilai: {decided['objections']}.")
    tried = decided["simulation"]
    console.print(
        f"Rancangan kebijakan Plaju dicoba pada {tried['employees']} pegawai dalam {comma(tried['seconds'])} detik: "
        f"{tried['moved']} berpindah predikat, tidak seorang pun dinilai dengannya."
    )
    offices(console, decided)


def offices(console: Console, decided: dict[str, Any]) -> None:
    """What the offices did, in as many lines."""
    ikm, money, heard, told = (decided[name] for name in ("ikm", "budget", "complaints", "bkn_out"))
    console.print(f"Survei Plaju: IKM {comma(ikm['plaju'])}, mutu {ikm['mutu']}, dari {ikm['answers']} jawaban.")
    console.print(
        f"Pengaduan: {heard['lodged']} masuk, {heard['answered']} jawaban, {heard['overdue']} lewat batas waktu, "
        f"{heard['reopened']} dibuka kembali. Hak pelatihan karenanya: {decided['entitlements']}."
    )
    console.print(
        f"Anggaran pelatihan Plaju: Rp{money['reserved']:,} dari Rp{money['planned']:,} dipesan, ".replace(",", ".")
        + f"{money['waiting']} menunggu dana."
    )
    console.print(f"Kenaikan pangkat: {decided['promotions']}.")
    console.print(
        f"Kepada BKN (SIASN tiruan): {told['accepted']} diterima, {told['refused']} ditolak dengan alasannya, "
        f"{told['unknown']} tidak diketahui."
    )


def addresses(console: Console) -> None:
    """Where to look: the stack ends with the demonstration, `make up` starts one that stays, at these addresses."""
    console.rule("Alamat setelah `make up`")
    for name in SERVICES:
        address = f"http://127.0.0.1:{PORTS[name]}"
        console.print(f"  {name:<10} {address}/docs   {address}/asyncapi/")
