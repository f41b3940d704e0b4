"""What the feedback service must be told; the kit's settings are enough."""

from __future__ import annotations

from kinara.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Feedback needs ``KINARA_SECRET``: receipt keys are made from it."""
