"""What the appraisal service must be told; the kit's settings are enough."""

from __future__ import annotations

from kinara.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Policies are data in the database, not settings."""
