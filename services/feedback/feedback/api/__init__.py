"""HTTP in: what citizens and counters say, what oversight holds and releases, who is invited, what is published."""

from feedback.api import (
    campaigns,
    climate,
    commitments,
    complaints,
    forums,
    ikm,
    invitations,
    moderation,
    public,
    quarantine,
    routes,
)
from feedback.api.routes import STATUS

ROUTERS = [
    routes.router,
    quarantine.router,
    invitations.router,
    complaints.router,
    moderation.router,
    ikm.router,
    campaigns.router,
    forums.router,
    commitments.router,
    public.router,
    climate.router,
]

__all__ = ["ROUTERS", "STATUS"]
