"""What the feedback service must be told: the kit's settings, and from how many voices on a crowd is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from kinara.kit.settings import ServiceSettings, UnsafeSettings
from pydantic import DirectoryPath, Field, model_validator

from feedback.domain.lodging import MOST
from feedback.domain.pace import FEWEST


@dataclass(frozen=True, slots=True)
class CitizenIssuer:
    """Whose word on citizens is believed; it signs officers in nowhere."""

    oidc_issuer: str
    oidc_audience: str
    jwks_address: str


class Settings(ServiceSettings):
    """Feedback needs ``KINARA_SECRET``: receipt keys, and the hashes of senders, are made from it."""

    burst_from: int = Field(
        default=FEWEST, ge=1, description="Voices about one officer or unit in an hour that are never a burst."
    )
    complaints_most: int = Field(
        default=MOST, ge=1, description="Complaints about one unit in an hour that one address may lodge."
    )
    citizen_issuer: str = Field(
        default="", description="Identity provider that vouches for citizens without naming them; empty: none does."
    )
    citizen_audience: str = Field(default="kinara-warga", description="For whom its tokens must be meant.")
    citizen_jwks: str = Field(default="", description="Where its keys are; discovered from it when empty.")
    regional: DirectoryPath | None = Field(
        default=None,
        description="A folder whose holidays.yaml, complaint_classes.yaml and insults.yaml replace those shipped;"
        " the same as appraisal's, so that the clocks of one office agree.",
    )

    @model_validator(mode="after")
    def _citizens_are_vouched_for_safely(self) -> Self:
        addresses = {"KINARA_CITIZEN_ISSUER": self.citizen_issuer, "KINARA_CITIZEN_JWKS": self.citizen_jwks}
        for name, address in addresses.items():
            if self.env == "production" and address and not address.startswith("https://"):
                raise UnsafeSettings(f"{name} must be an https address in production")
        if (self.citizen_issuer, self.citizen_audience) == (self.oidc_issuer, self.oidc_audience):
            raise UnsafeSettings("KINARA_CITIZEN_AUDIENCE must differ from the officers', or they are citizens too")
        return self

    @property
    def citizens(self) -> CitizenIssuer | None:
        """Who vouches for citizens, if anybody does."""
        if not self.citizen_issuer:
            return None
        return CitizenIssuer(self.citizen_issuer, self.citizen_audience, self.citizen_jwks)
