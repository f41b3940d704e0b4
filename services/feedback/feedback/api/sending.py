"""Where a request comes from, as far as a guard against stuffing must know it, and no further than that."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request
from kinara.kit.http import address_of, secret_of

from feedback.domain.sender import Sender


async def _sender(
    request: Request,
    x_device_key: Annotated[
        str | None,
        Header(
            min_length=22,
            max_length=100,
            description="A random key (at least 128 bits) that the page makes once and keeps on this device: of its "
            "voices without a ticket about one officer within 30 days, the last counts.",
        ),
    ] = None,
) -> Sender:
    return Sender(address=address_of(request), device=x_device_key, secret=secret_of(request))


SenderDep = Annotated[Sender, Depends(_sender)]
