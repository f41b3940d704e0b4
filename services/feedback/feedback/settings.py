"""What the feedback service must be told: the kit's settings, and from how many voices on a crowd is looked at."""

from __future__ import annotations

from pathlib import Path

from kinara.kit.settings import ServiceSettings
from pydantic import Field

from feedback.domain.lodging import MOST
from feedback.domain.pace import FEWEST


class Settings(ServiceSettings):
    """Feedback needs ``KINARA_SECRET``: receipt keys, and the hashes of senders, are made from it."""

    burst_from: int = Field(
        default=FEWEST, ge=1, description="Voices about one officer or unit in an hour that are never a burst."
    )
    complaints_most: int = Field(
        default=MOST, ge=1, description="Complaints about one unit in an hour that one address may lodge."
    )
    regional: Path | None = Field(
        default=None,
        description="A folder whose holidays.yaml, complaint_classes.yaml and insults.yaml replace those shipped.",
    )
