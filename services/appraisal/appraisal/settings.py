"""What the appraisal service must be told: the kit's settings, and where a region keeps holidays of its own."""

from __future__ import annotations

from kinara.kit.settings import ServiceSettings
from pydantic import DirectoryPath, Field


class Settings(ServiceSettings):
    """Policies are data in the database, not settings."""

    regional: DirectoryPath | None = Field(
        default=None,
        description="A folder whose holidays.yaml replaces the shipped one; the same as feedback's, so that the clocks"
        " of one office agree.",
    )
