"""The FastStream broker of a service: it only consumes, so that nothing but the relay can publish."""

from __future__ import annotations

from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from kinara.kit.connection import heed_uvloop
from kinara.kit.settings import KafkaUrl


def make_broker(kafka: KafkaUrl, client_id: str) -> KafkaBroker:
    """A broker that only consumes, creates no topic, and waits for running handlers when it stops."""
    heed_uvloop()
    return KafkaBroker(
        list(kafka.servers),
        client_id=client_id,
        consumer_only=True,
        allow_auto_create_topics=False,
        graceful_timeout=15,
        logger=None,
        security=_security(kafka),
    )


def _security(kafka: KafkaUrl) -> BaseSecurity | None:
    """FastStream's own words for what the URL says of TLS and SASL."""
    options = kafka.client_options()
    protocol = options.get("security_protocol", "PLAINTEXT")
    if protocol == "PLAINTEXT":
        return None
    common = {"ssl_context": options.get("ssl_context"), "use_ssl": protocol.endswith("SSL")}
    if not protocol.startswith("SASL"):
        return BaseSecurity(**common)
    kind = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}
    login = {"username": options["sasl_plain_username"], "password": options["sasl_plain_password"]}
    return kind[options["sasl_mechanism"]](**login, **common)
