"""What the training service must be told."""

from __future__ import annotations

from decimal import Decimal

from kinara.kit.settings import ServiceSettings
from pydantic import Field

from training.domain.need import LOW_SCORE


class Settings(ServiceSettings):
    """The kit's settings, and when a score asks for training."""

    need_below: Decimal = Field(
        default=LOW_SCORE, ge=0, le=100, description="A score below this mark (0-100) opens a training need."
    )
