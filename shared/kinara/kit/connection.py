"""What aiokafka must be told of a lost connection, since uvloop says it in words that it does not know."""

from __future__ import annotations

from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError

_library_send = AIOKafkaConnection.send


def _send(self: AIOKafkaConnection, request: Any, expect_response: bool = True) -> Any:
    """As the library sends, which takes ``OSError`` alone for a lost connection: uvloop raises ``RuntimeError``.

    Left alone, that ends the task that keeps a consumer in its group, for good and without a word.
    """
    try:
        return _library_send(self, request, expect_response)
    except RuntimeError as error:
        self.close(reason=CloseReason.CONNECTION_BROKEN)
        raise KafkaConnectionError(f"connection to {self.host}:{self.port} is closed: {error}") from error


def heed_uvloop() -> None:
    """Have every Kafka client of this process take a closed transport for a lost connection."""
    AIOKafkaConnection.send = _send
