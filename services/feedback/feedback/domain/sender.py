"""Who may have spoken before: told by keyed hashes that are made when a voice comes in, never by an address.

An address, a device key and the person whom an identity provider names are known only while a voice is being taken.
What is kept are HMACs under a key of the region and the year, so that none of them can be followed from one year, or
one region, to the next (reference §5.5, linkability).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.regions import day_of, kemendagri_code

_PURPOSE = "kinara.feedback.sender.v1"
_CLUSTER_BYTES = 8
"""Told apart are the clusters of one subject and hour only."""
_STANDING_BYTES = 16
_NETWORK = 64
"""Leading bits of an IPv6 address that name a household or an office: the rest are free for the taking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Where a request came from; its text shows nothing, so that no log line can."""

    address: str | None = field(default=None, repr=False)
    """As the server tells it; None where it tells none."""
    device: str | None = field(default=None, repr=False)
    """A random key that a page made and keeps; None where none was sent."""
    person: str | None = field(default=None, repr=False)
    """By which name the identity provider knows the person who speaks; None where nobody vouches for one."""
    secret: bytes = field(default=b"", repr=False)

    @property
    def verified(self) -> bool:
        """Whether somebody vouches that a real person speaks."""
        return self.person is not None

    def cluster(self, subject_id: str, province: Province, at: datetime) -> str | None:
        """Which voices about a subject share an address in this hour; None where there is no address."""
        if self.address is None:
            return None
        words = f"cluster:{subject_id}:{at:%Y-%m-%dT%H}:{network_of(self.address)}"
        return self._hash(words, province, at)[:_CLUSTER_BYTES].hex()

    def standings(
        self, subject_id: str, province: Province, at: datetime, within: timedelta, of: Literal["rating", "answer"]
    ) -> tuple[str, ...]:
        """Under which ids this sender's voice about a subject stands: that of now, and last year's while it matters.

        A person stands for themselves, on whatever device; a device for its ratings, where no person is known. Answers
        to surveys are given on one device by many, at a counter's tablet: of these only persons stand for theirs.
        """
        if self.person is not None:
            words = f"person:{of}:{subject_id}:{self.person}"
        elif self.device is not None and of == "rating":
            words = f"device:{subject_id}:{self.device}"
        else:
            return ()
        found = (self._hash(words, province, moment)[:_STANDING_BYTES].hex() for moment in (at, at - within))
        return tuple(dict.fromkeys(found))

    def complainant(self, root: str, province: Province, at: datetime) -> str | None:
        """Under which id a verified person has complained about a government in a month; None of who proves nothing:
        new addresses and device keys cost nothing, so that by these nobody is told to be somebody else.
        """
        if self.person is None:
            return None
        month = f"{day_of(at, kemendagri_code(province)):%Y-%m}"
        return self._hash(f"complaint:{root}:{month}:person:{self.person}", province, at)[:_STANDING_BYTES].hex()

    def _hash(self, words: str, province: Province, at: datetime) -> bytes:
        code = kemendagri_code(province)
        key = hmac.digest(self.secret, f"{_PURPOSE}:{code}:{day_of(at, code).year}".encode(), "sha256")
        return hmac.digest(key, words.encode(), "sha256")


NOBODY = Sender()
"""Of whom nothing is known."""


def network_of(address: str) -> str:
    """What an address says of where somebody is: all of IPv4, the first 64 bits of IPv6; other text as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((int(found), _NETWORK), strict=False))
    return str(found)
