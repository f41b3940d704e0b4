"""No secret in the repository: not in code, not in settings, not in tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import ROOT

_SECRETS = {
    "a private key": re.compile(r"-----BEGIN (\w+ )*PRIVATE KEY|\"d\"\s*:\s*\"[\w-]{40,}\""),
    "an access key": re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bxox[abp]-[\w-]{10,}"),
    "a token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password in an address": re.compile(r"\b\w+://[^\s/:@'\"{}$<>]+:[^\s/:@'\"{}$<>]+@"),
    "a password": re.compile(
        r"(?i)(password|passwd|secret|api_?key)\w*[\"']?\s*[:=]\s*[\"'](?=[^\"'\n]*\d)[^\"'\s{}$<>]{8,}[\"']"
    ),
    "a filled-in setting": re.compile(r"(?m)^\w*(PASSWORD|SECRET|TOKEN)\w*=\S+"),
}
_PLAIN = re.compile(r"change-?me|changethis|development-only|not-a-secret|rahasia|write .env")
"""What is said in place of a secret."""


def ignored() -> set[str]:
    """Names that git passes over, and its own."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    return {".git", *(line.strip("/") for line in lines if line and not line.startswith("#"))}


def files(root: Path) -> Iterator[Path]:
    """Every file that is or could be committed."""
    passed_over = ignored()
    for entry in sorted(root.iterdir()):
        if entry.name not in passed_over and not entry.match("*.pyc"):
            yield from files(entry) if entry.is_dir() else (entry,)


def secrets_in(text: str) -> Iterator[str]:
    """What looks like a secret in a text."""
    for what, pattern in _SECRETS.items():
        yield from (what for found in pattern.finditer(text) if not _PLAIN.search(found[0]))


def test_no_file_holds_a_secret() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {what}"
        for file in files(ROOT)
        for what in secrets_in(file.read_text("utf-8", errors="ignore"))
    ]
    assert found == []


def test_the_example_settings_have_no_secret_filled_in() -> None:
    text = (ROOT / ".env.example").read_text()
    assert re.findall(r"(?m)^(\w*(?:PASSWORD|SECRET)\w*)=(.+)$", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN EC " + "PRIVATE KEY-----",
        '{"kty": "EC", ' + '"d": "' + "a1B2" * 11 + '"}',
        "key = AKIA" + "ABCDEFGHIJKLMNOP",
        "Bearer eyJ" + "hbGciOiJFUzI1NiJ9" + ".eyJ" + "zdWIiOiJkZXYifQ1" + ".c2lnbmF0dXJl",
        "mongodb" + "://root:" + "hunter22@mongo:27017/",
        "MONGO_PASSWORD" + ' = "hunter2222"',
        "KINARA_SECRET" + "=0123456789abcdef",
    ],
    ids=["PEM", "JWK", "access key", "JWT", "address", "assignment", "environment"],
)
def test_a_planted_secret_is_found(text: str) -> None:
    assert list(secrets_in(text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "mongodb://personnel:${MONGO_PASSWORD_PERSONNEL:?write .env}@mongo:27017/",
        'SecretStr("development-only")',
        "KINARA_SECRET=",
        "password: SecretStr",
    ],
    ids=["variable", "placeholder", "empty", "type"],
)
def test_what_stands_in_for_a_secret_is_left_alone(text: str) -> None:
    assert list(secrets_in(text)) == []
