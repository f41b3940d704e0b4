"""Evidence is told by its content, whatever it is called; links are https."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from appraisal.domain.evidence import PART_BYTES, parts_of, read_file, read_link, refuse_more_than
from appraisal.domain.refusals import InvalidEvidence, TooMuchEvidence
from hypothesis import given
from hypothesis import strategies as st


def archive(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind", "shown"),
    [
        (b"%PDF-1.4 x", "a.pdf", "pdf", "a.pdf"),
        (b"%PDF-1.4 x", "a.exe", "pdf", "a.exe.pdf"),
        (b"\xff\xd8\xff\xe0", "foto.JPEG", "jpeg", "foto.JPEG"),
        (b"\xff\xd8\xff\xe0", "foto", "jpeg", "foto.jpg"),
        (b"\x89PNG\r\n\x1a\n", "x.jpg", "png", "x.jpg.png"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "r.xlsx", "xlsx", "r.xlsx"),
        (archive("[Content_Types].xml", "word/document.xml"), "r.zip", "docx", "r.zip.docx"),
    ],
)
def test_a_file_is_what_it_holds_and_is_called_so(content: bytes, name: str, kind: str, shown: str) -> None:
    file = read_file(name, content)
    assert (file.kind, file.name, len(file.sha256)) == (kind, shown, 64)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" %PDF-1.4",
        b"GIF89a",
        b"PK\x03\x04" + b"\xff" * 100,
        archive("word/document.xml"),
        archive("[Content_Types].xml", "ppt/presentation.xml"),
        archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    ],
)
def test_whatever_else_it_is_it_is_not_taken(content: bytes) -> None:
    with pytest.raises(InvalidEvidence) as refused:
        read_file("a.pdf", content)
    assert "5 MiB" in refused.value.message


@given(st.binary(max_size=400), st.integers(0, 200), st.binary(max_size=8))
def test_a_broken_archive_is_refused_and_breaks_nothing(tail: bytes, at: int, patch: bytes) -> None:
    whole = archive("[Content_Types].xml", "word/document.xml")
    for content in (b"PK\x03\x04" + tail, whole[:at] + patch + whole[at + len(patch) :], whole[:-1] + tail):
        with suppress(InvalidEvidence):
            kind = read_file("a", content).kind
            assert kind == "docx" or at < 4, "with its first four bytes patched it may be of another kind"


@given(st.integers(1, 3), st.integers(-1, 1))
def test_parts_make_the_whole_and_none_is_too_large(number: int, more: int) -> None:
    content = bytes(number * PART_BYTES + more)
    parts = parts_of("e", content)
    assert b"".join(part.content for part in parts) == content
    assert all(0 < len(part.content) <= PART_BYTES for part in parts)


@pytest.mark.parametrize("link", ["https://arsip.go.id", "https://a.id:8443/b?c=d#e", "https://arsip.go.id/é"])
def test_an_https_address_is_a_link(link: str) -> None:
    assert read_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "", "arsip.go.id", "http://a.id/b", "ftp://a.id", "https:///b", "https://u@a.id", "https://a.id:x/", "https://[",
        "https://a.id/b c", "https://a.id/<script>", "https://a.id/\u202eb", "https://a.id\\b", "data:text/html,x",
    ],
)  # fmt: skip
def test_anything_else_is_none(link: str) -> None:
    with pytest.raises(InvalidEvidence):
        read_link(link)


def test_three_pieces_are_enough() -> None:
    refuse_more_than(2)
    with pytest.raises(TooMuchEvidence):
        refuse_more_than(3)
