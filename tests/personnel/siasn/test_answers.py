"""What each shape of an answer means."""

from __future__ import annotations

import json

import httpx
import pytest
from personnel.siasn.answers import read_answer, read_token
from personnel.siasn.failures import (
    AnswerNotUnderstood,
    CredentialsRefused,
    EmptyAnswer,
    GatewayBroken,
    NotJson,
    SiasnFailure,
    Suspended,
    Throttled,
    TokenRefused,
)


def _answer(body: object, status: int = 200) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(status, content=content)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        pytest.param({"code": 1, "data": {"id": "A"}}, {"id": "A"}, id="an object"),
        pytest.param({"code": 1, "data": [{"id": "A"}], "count": 1}, [{"id": "A"}], id="a list with its count"),
        pytest.param({"code": "1", "data": []}, [], id="the code as text"),
    ],
)
def test_a_good_answer_is_its_data(body: object, data: object) -> None:
    assert read_answer(_answer(body)) == data


@pytest.mark.parametrize("status", [404, 200])
def test_not_found_is_empty_whatever_the_status(status: int) -> None:
    assert read_answer(_answer({"code": 0, "data": "Data tidak ditemukan"}, status)) is None


@pytest.mark.parametrize(
    ("body", "status", "failure"),
    [
        pytest.param(b"", 200, EmptyAnswer, id="empty body"),
        pytest.param(b" \r\n", 503, EmptyAnswer, id="blank body"),
        pytest.param(b"<html>502</html>", 502, NotJson, id="HTML"),
        pytest.param(b"<html>login</html>", 200, NotJson, id="HTML with 200"),
        pytest.param(b"<html>no route</html>", 404, NotJson, id="HTML with 404 is not an absent person"),
        pytest.param(b"\x1f\x8b\x00", 200, NotJson, id="bytes"),
        pytest.param({"message": "Runtime Error"}, 500, GatewayBroken, id="Runtime Error"),
        pytest.param({"message": "Runtime Error"}, 200, GatewayBroken, id="Runtime Error with 200"),
        pytest.param({"message": "Runtime Error", "description": "State: SUSPENDED"}, 503, Suspended, id="SUSPENDED"),
        pytest.param({"message": "invalid or expired jwt"}, 401, TokenRefused, id="expired"),
        pytest.param({"message": "invalid or expired jwt"}, 200, TokenRefused, id="expired with 200"),
        pytest.param({"code": "900901", "message": "Invalid Credentials"}, 401, TokenRefused, id="APIM"),
        pytest.param({"code": 0, "data": "Token SSO mismatch"}, 401, TokenRefused, id="SSO"),
        pytest.param({"fault": "who are you"}, 401, TokenRefused, id="any other 401"),
        pytest.param({"message": "slow down"}, 429, Throttled, id="throttled"),
        pytest.param({"message": "oops"}, 500, GatewayBroken, id="any other 5xx"),
        pytest.param({"Error": "true", "Message": "ditolak"}, 200, AnswerNotUnderstood, id="a refusal"),
        pytest.param({"code": 1}, 200, AnswerNotUnderstood, id="no data"),
        pytest.param({"code": 0, "data": "Instansi tidak sesuai"}, 200, AnswerNotUnderstood, id="another zero"),
        pytest.param([1], 200, AnswerNotUnderstood, id="a list"),
    ],
)
def test_the_body_decides_what_went_wrong(body: object, status: int, failure: type[SiasnFailure]) -> None:
    with pytest.raises(failure) as raised:
        read_answer(_answer(body, status))
    assert type(raised.value) is failure


def test_a_failure_never_quotes_a_nip() -> None:
    with pytest.raises(AnswerNotUnderstood) as raised:
        read_answer(_answer({"code": 9, "message": "NIP 198609262015051001 ganda"}))
    assert "198609262015051001" not in str(raised.value)


def test_a_token_comes_with_its_life() -> None:
    assert read_token(_answer({"access_token": "t", "expires_in": 3600}), "APIM") == ("t", 3600.0)


@pytest.mark.parametrize(
    ("body", "status", "failure"),
    [
        ({"error": "invalid_client"}, 401, CredentialsRefused),
        ({"error": "invalid_grant"}, 400, CredentialsRefused),
        ({"access_token": "t"}, 200, CredentialsRefused),
        ({"message": "oops"}, 500, GatewayBroken),
        (b"<html>", 200, NotJson),
        (b"", 200, EmptyAnswer),
    ],
    ids=["client", "grant", "no life", "5xx", "HTML", "empty"],
)
def test_a_token_desk_that_gives_none_says_why(body: object, status: int, failure: type[SiasnFailure]) -> None:
    with pytest.raises(failure):
        read_token(_answer(body, status), "APIM")
