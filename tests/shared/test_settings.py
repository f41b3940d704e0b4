"""Settings: what is understood, and what production refuses to start with."""

from __future__ import annotations

from typing import Any

import pytest
from kinara.kit.settings import KafkaUrl, ServiceSettings
from pydantic import SecretStr, ValidationError

PRODUCTION: dict[str, Any] = {
    "env": "production",
    "secret": "a-long-and-unguessable-secret-of-this-region",
    "oidc_issuer": "https://sso.example.go.id",
}
UNSAFE: dict[str, tuple[dict[str, Any], str]] = {
    "no secret": ({"secret": ""}, "KINARA_SECRET"),
    "a placeholder": ({"secret": "changethis"}, "KINARA_SECRET"),
    "the one of development": ({"secret": "development-only"}, "KINARA_SECRET"),
    "a short secret": ({"secret": "k" * 31}, "KINARA_SECRET"),
    "a placeholder four times": ({"secret": "changethis" * 4}, "KINARA_SECRET"),
    "a placeholder in other letters": ({"secret": "Change-Me_" * 4}, "KINARA_SECRET"),
    "an issuer without TLS": ({"oidc_issuer": "http://sso.example.go.id"}, "KINARA_OIDC_ISSUER"),
    "the issuer of development": ({"oidc_issuer": "http://kinara.local/development"}, "KINARA_OIDC_ISSUER"),
    "keys from a file": ({"oidc_jwks": "file:keys.json"}, "KINARA_OIDC_JWKS"),
    "keys without TLS": ({"oidc_jwks": "http://sso.example.go.id/keys"}, "KINARA_OIDC_JWKS"),
}
PASSWORDS = {
    "changethis": True,
    "ChangeThis": True,
    "change-me": True,
    "passwordPASSWORD": True,
    "secret": True,
    "": True,
    "%63hangethis": True,
    "passwords-of-this-region": False,
    "kunci-gudang": False,
}
ADDRESSES = {
    "kafka": "kafka://a:9092?security_protocol=SASL_SSL&sasl_username=kinara&sasl_password={}",
    "mongo": "mongodb://kinara:{}@a:27017,b:27017/?replicaSet=rs0",
}


class OfAService(ServiceSettings):
    """Settings of a service that has secrets of its own."""

    gateway_key: SecretStr = SecretStr("")
    gateway_url: SecretStr | None = None


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KINARA_KAFKA", "KINARA_MONGO", "KINARA_CRASH_AT"):
        monkeypatch.delenv(name, raising=False)


def test_production_starts_with_settings_of_its_own() -> None:
    settings = ServiceSettings(**PRODUCTION, oidc_jwks="https://sso.example.go.id/keys")
    assert settings.jwks_address == "https://sso.example.go.id/keys"


@pytest.mark.parametrize(("changed", "named"), UNSAFE.values(), ids=UNSAFE.keys())
def test_production_refuses_what_is_for_development(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        ServiceSettings(**PRODUCTION | changed)
    assert ServiceSettings(**changed).env == "development"


@pytest.mark.parametrize(("password", "refused"), PASSWORDS.items())
@pytest.mark.parametrize(("setting", "address"), ADDRESSES.items(), ids=ADDRESSES.keys())
def test_production_refuses_a_placeholder_in_an_address(
    setting: str, address: str, password: str, refused: bool
) -> None:
    given = {setting: address.format(password)}
    assert getattr(ServiceSettings(**given), setting).get_secret_value() == given[setting]
    if not refused:
        assert ServiceSettings(**PRODUCTION, **given).env == "production"
        return
    with pytest.raises(ValidationError, match=f"KINARA_{setting.upper()} must not") as error:
        ServiceSettings(**PRODUCTION, **given)
    assert password == "" or password not in str(error.value)


def test_production_refuses_a_placeholder_in_another_option_of_an_address() -> None:
    with pytest.raises(ValidationError, match="KINARA_MONGO"):
        ServiceSettings(**PRODUCTION, mongo="mongodb://a/?tls=true&tlsCertificateKeyFilePassword=changethis")


def test_production_refuses_a_placeholder_in_a_secret_that_only_one_service_has() -> None:
    assert OfAService(**PRODUCTION).gateway_key.get_secret_value() == ""
    assert OfAService(**PRODUCTION, gateway_key="kunci-gudang", gateway_url="https://x.go.id").env == "production"
    for given in ({"gateway_key": "Password"}, {"gateway_url": "https://kinara:changethis@x.go.id"}):
        with pytest.raises(ValidationError, match=f"KINARA_{next(iter(given)).upper()}"):
            OfAService(**PRODUCTION, **given)
        assert OfAService(**given).env == "development"


def test_production_refuses_to_be_killed_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINARA_CRASH_AT", "outbox.after_send")
    with pytest.raises(ValidationError, match="KINARA_CRASH_AT"):
        ServiceSettings(**PRODUCTION)


def test_production_refuses_a_clock_that_is_ahead() -> None:
    assert ServiceSettings(clock_ahead_days=40).clock_ahead_days == 40
    with pytest.raises(ValidationError, match="KINARA_CLOCK_AHEAD_DAYS"):
        ServiceSettings(**PRODUCTION, clock_ahead_days=40)


def test_secrets_are_not_shown() -> None:
    password = "hunter" + "2"
    kafka = f"kafka://a:9092?sasl_password={password}"
    settings = ServiceSettings(**PRODUCTION, mongo=f"mongodb://user:{password}@db/", kafka=kafka)
    assert password not in f"{settings!r} {settings} {settings.kafka_url!r} {settings.model_dump_json()}"
    assert dict(settings.kafka_url.security)["sasl_password"] == password
    assert "unguessable" not in str(settings)


def test_cells_are_read_from_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINARA_CELLS", "nasional, jabar")
    assert ServiceSettings().cells == ("nasional", "jabar")


def test_a_kafka_url_says_where_and_how() -> None:
    url = KafkaUrl.parse(
        "kafka://a:9092,b:9093?fetch_max_wait_ms=20&session_timeout_ms=9000&idempotence=false"
        "&security_protocol=SASL_SSL&sasl_mechanism=SCRAM-SHA-512&sasl_username=kinara&sasl_password=p%40ss"
    )
    assert (url.servers, url.fetch_max_wait_ms, url.session_timeout_ms) == (("a:9092", "b:9093"), 20, 9000)
    options = url.client_options()
    assert options["ssl_context"].check_hostname
    assert {k: v for k, v in options.items() if k != "ssl_context"} == {
        "bootstrap_servers": ["a:9092", "b:9093"],
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "kinara",
        "sasl_plain_password": "p@ss",
    }
    assert not url.idempotence


def test_a_plain_kafka_url_has_safe_defaults() -> None:
    url = KafkaUrl.parse("kafka://a:9092")
    assert url.idempotence
    assert url.static_membership
    assert url.client_options() == {"bootstrap_servers": ["a:9092"]}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("a:9092", "expected kafka://"),
        ("http://a:9092", "expected kafka://"),
        ("kafka://", "expected kafka://"),
        ("kafka://a:1?idempotent=no", "unknown option in kafka url: idempotent"),
        ("kafka://a:1?idempotence=no", "idempotence in kafka url: expected true or false"),
        ("kafka://a:1?fetch_max_wait_ms=x", "fetch_max_wait_ms in kafka url: expected a whole number"),
    ],
)
def test_a_kafka_url_that_is_none_is_refused_at_start(wrong: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        ServiceSettings(kafka=wrong)


def test_a_refusal_does_not_repeat_the_password_in_an_address() -> None:
    with pytest.raises(ValidationError) as refused:
        ServiceSettings(kafka="kafka://a:1?sasl_password=hunter2&odd=1")
    assert "hunter2" not in str(refused.value) + repr(refused.value)
