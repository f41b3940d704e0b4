"""A connection that is lost at the moment of sending is an error that clients of Kafka wait out, also on uvloop."""

from __future__ import annotations

import asyncio

import pytest
import uvloop
from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest
from kinara.kit.connection import heed_uvloop


async def _sends_on_a_closed_transport() -> None:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    connection = AIOKafkaConnection("127.0.0.1", server.sockets[0].getsockname()[1])
    connection._versions = {request.API_KEY: (0, 0) for request in [MetadataRequest([])]}
    connection._reader, connection._writer = await asyncio.open_connection("127.0.0.1", connection.port)
    connection._read_task = asyncio.create_task(asyncio.sleep(0))
    connection._writer.transport.abort()
    await asyncio.sleep(0)
    try:
        connection.send(MetadataRequest([]))
    finally:
        server.close()


def test_a_closed_transport_is_a_lost_connection() -> None:
    heed_uvloop()
    with (
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        pytest.raises(KafkaConnectionError, match="is closed"),
    ):
        runner.run(_sends_on_a_closed_transport())
