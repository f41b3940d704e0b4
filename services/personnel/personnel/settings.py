"""What the personnel service must be told: the kit's settings, where imports are kept, and the way to SIASN."""

from __future__ import annotations

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from kinara.kit.settings import ServiceSettings, UnsafeSettings
from pydantic import Field, SecretStr, model_validator

_SHIPPED = {code: code for code in ("16.71", "96.71", "62.71", "17")}
_NOTHING = SecretStr("")


class Settings(ServiceSettings):
    """Without credentials for SIASN, imports from files work all the same."""

    governments: dict[str, str] = Field(
        default=_SHIPPED, description="SIASN's instansi id or kode cepat of each government, to its Kemendagri code."
    )
    import_dir: Path = Field(
        default=Path(".kinara/imports"),
        description="Uploads are kept here until their run has ended; shared by all processes of the service.",
    )
    import_most_mib: int = Field(default=256, ge=1, le=256, description="Largest upload.")
    import_batch: int = Field(default=500, ge=1, le=5000, description="Rows of a file in one transaction.")
    import_poll_s: float = Field(default=1, gt=0, description="How often a process looks for work to take up.")

    siasn_base_url: str = "https://apimws.bkn.go.id:8243/apisiasn/1.0"
    siasn_apim_url: str = "https://apimws.bkn.go.id/oauth2/token"
    siasn_apim_key: SecretStr = _NOTHING
    siasn_apim_secret: SecretStr = _NOTHING
    siasn_sso_url: str = "https://sso-siasn.bkn.go.id/auth/realms/public-siasn/protocol/openid-connect/token"
    siasn_sso_client_id: str = ""
    siasn_sso_username: SecretStr = Field(default=_NOTHING, description="NIP of the officer who answers for the feed.")
    siasn_sso_password: SecretStr = _NOTHING
    siasn_sso_token: SecretStr = Field(
        default=_NOTHING, description="Pasted by hand where the SSO asks for more than a password; used instead of it."
    )
    siasn_requests_per_s: float = Field(default=5, gt=0, description="Our own limit; BKN publishes none.")
    siasn_concurrency: int = Field(default=8, ge=1, le=64, description="Questions under way at a time.")
    siasn_timeout_s: float = Field(default=60, gt=0)
    siasn_attempts: int = Field(default=5, ge=1, description="Before a question counts as unanswered.")
    siasn_pause_s: float = Field(default=1, gt=0, description="Before a question is asked again; doubled each time.")
    siasn_suspended_pause_s: float = Field(default=15, gt=0, description="The same while SIASN's gateway is SUSPENDED.")
    siasn_batch: int = Field(default=100, ge=1, le=1000, description="Employees from SIASN in one transaction.")

    siasn_write: bool = Field(
        default=False, description="Write results, credits, courses and awards back to SIASN; prepared in any case."
    )
    siasn_write_poll_s: float = Field(default=2, gt=0, description="How often it is looked whether any wait.")

    @model_validator(mode="after")
    def _write_with_credentials(self) -> Self:
        if self.siasn_write and not self.siasn_has_credentials:
            raise UnsafeSettings("KINARA_SIASN_WRITE needs SIASN's credentials (KINARA_SIASN_APIM_KEY, …)")
        return self

    @model_validator(mode="after")
    def _only_https_in_production(self) -> Self:
        addresses = (self.siasn_base_url, self.siasn_apim_url, self.siasn_sso_url)
        if self.env == "production" and any(urlsplit(address).scheme != "https" for address in addresses):
            raise UnsafeSettings("KINARA_SIASN_…_URL must be https addresses in production")
        return self

    @property
    def siasn_has_credentials(self) -> bool:
        """Whether there is anything to identify ourselves with."""
        sso = self.siasn_sso_token.get_secret_value() or self.siasn_sso_password.get_secret_value()
        return bool(self.siasn_apim_key.get_secret_value() and sso)
