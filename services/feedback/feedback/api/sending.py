"""Where a request comes from, as far as a guard against stuffing must know it, and no further than that."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request
from kinara.kit.http import address_of, secret_of
from kinara.kit.identity import NotAuthenticated, Verifier

from feedback.domain.refusals import ProofRefused
from feedback.domain.sender import Sender


async def _sender(
    request: Request,
    x_citizen_token: Annotated[
        str | None,
        Header(
            max_length=8000,
            description="A token of the identity provider that vouches for citizens: the voice of a real person weighs "
            "half. Of its subject a keyed hash is made, which nothing leads back from; one voice of a person about one "
            "officer counts within 30 days, the last.",
        ),
    ] = None,
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
    person = None if x_citizen_token is None else await _person(request, x_citizen_token)
    return Sender(address=address_of(request), device=x_device_key, person=person, secret=secret_of(request))


async def _person(request: Request, token: str) -> str | None:
    """By which name the provider knows the citizen who brings this proof."""
    citizens: Verifier | None = request.app.state.citizens
    if citizens is None:
        raise _refused("nobody vouches for citizens here")
    try:
        return await citizens.person(token)
    except NotAuthenticated as error:
        raise _refused(str(error)) from error


def _refused(why: str) -> ProofRefused:
    said = "Bukti identitas ini tidak diterima. Masuk kembali pada penyedia identitas, atau kirim tanpa bukti itu."
    return ProofRefused(said, field="header.X-Citizen-Token", detail=why)


SenderDep = Annotated[Sender, Depends(_sender)]
