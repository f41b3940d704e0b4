"""What the training service must be told."""

from __future__ import annotations

from decimal import Decimal

from kinara.kit.settings import ServiceSettings
from pydantic import Field

from training.domain.complaints import ENOUGH
from training.domain.need import LOW_SCORE


class Settings(ServiceSettings):
    """The kit's settings, and when a score asks for training."""

    need_below: Decimal = Field(
        default=LOW_SCORE, ge=0, le=100, description="A score below this mark (0-100) opens a training need."
    )
    need_complaints: int = Field(
        default=ENOUGH, ge=1, le=100, description="So many complaints of one topic in a quarter open a training need."
    )
