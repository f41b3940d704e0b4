"""The log of a process: JSON lines, whoever writes them, with no personal number readable in any of them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from kinara.kit.log import mask

NIP, NIK = "198609262015051001", "1671012609860001"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (NIP, "1986**********1001"),
        (NIK, "1671********0001"),
        ("NIP.19860926 201505 1 001, ok", "NIP.1986**** ****** * 001, ok"),
        (f"/employees/{NIP}?nik={NIK}", "/employees/1986**********1001?nik=1671********0001"),
        (f"{NIP}x{NIP}", "1986**********1001x1986**********1001"),
        ("+6281234567890123", "+6281********0123"),
        ("123456789012345", "123456789012345"),
        ("1234567890123456789", "1234567890123456789"),
        ("01a2018f-7a60-7bf0-9ea9-594985175440", "01a2018f-7a60-7bf0-9ea9-594985175440"),
        ("2026-11-22T02:27:53.123456+00:00", "2026-11-22T02:27:53.123456+00:00"),
        ("", ""),
    ],
)
def test_the_middle_of_a_personal_number_is_hidden(text: str, masked: str) -> None:
    assert mask(text) == masked


SCRIPT = f"""
import logging, warnings
logging.getLogger("uvicorn.error").addHandler(logging.StreamHandler())  # as uvicorn does before it loads the app
logging.getLogger("uvicorn.error").propagate = False
from kinara.kit import log
log.configure("toy", "info")
nip, nik = "{NIP}", "{NIK}"
own, theirs = log.get("a file"), logging.getLogger("uvicorn.error")
with log.bound(correlation="c-1", causation=None):
    nested = {{"nik": [nik, {{nik: 1}}, (nik,)]}}
    own.info("hello " + nip, nested=nested, number=int(nip), text=nik.encode(), many={{nip}})
    own.debug("not asked for")
theirs.warning("said %s of %s", nip, {{"nik": nik}})
logging.getLogger("aiokafka").warning("not asked for")
logging.getLogger("asyncio").error("about %r", ValueError(nik))
def fail(secret):
    raise ValueError("no post for " + secret)
for logger in (own, theirs):
    try:
        fail(nip)
    except ValueError:
        logger.exception("failed")
own.info("amounts", count=3, share=0.5, yes=True, nothing=None, large=10**14)
"""


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """What a process says that logs in every way; stderr included."""
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True)
    assert run.stderr == ""
    assert NIP not in run.stdout
    assert NIK not in run.stdout
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_every_line_is_json_with_level_time_and_service(lines: list[dict[str, Any]]) -> None:
    assert len(lines) == 6
    for line in lines:
        assert {"event", "level", "timestamp"} <= line.keys()
    assert lines[0]["service"] == "toy"


def test_correlation_is_on_the_lines_inside_only(lines: list[dict[str, Any]]) -> None:
    assert [line.get("correlation") for line in lines[:2]] == ["c-1", None]
    assert "causation" not in lines[0]


def test_values_are_masked_however_deep_they_stand_and_whatever_they_are(lines: list[dict[str, Any]]) -> None:
    masked = "1671********0001"
    assert lines[0]["nested"] == {"nik": [masked, {masked: 1}, [masked]]}
    assert lines[0]["number"] == "1986**********1001"
    assert lines[0]["text"] == f"b'{masked}'"


def test_lines_of_other_libraries_are_ours_too(lines: list[dict[str, Any]]) -> None:
    assert [line["event"] for line in lines[1:3]] == [
        "said 1986**********1001 of {'nik': '1671********0001'}",
        "about ValueError('1671********0001')",
    ]


def test_tracebacks_are_masked(lines: list[dict[str, Any]]) -> None:
    for line in lines[3:5]:
        assert line["event"] == "failed"
        assert "no post for 1986**********1001" in line["exception"]
        assert "Traceback" in line["exception"]


def test_figures_stay_figures(lines: list[dict[str, Any]]) -> None:
    assert {k: lines[5][k] for k in ("count", "share", "yes", "nothing", "large")} == {
        "count": 3, "share": 0.5, "yes": True, "nothing": None, "large": 10**14,
    }  # fmt: skip
