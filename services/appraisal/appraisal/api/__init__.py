"""HTTP in: the routes, what they take and what they show."""

from appraisal.api import (
    audits,
    consequences,
    kudos,
    overshooting,
    panels,
    policies,
    progress,
    raters,
    routes,
    skp,
    talent,
    verdicts,
)
from appraisal.api.routes import STATUS

ROUTERS = [
    routes.router,
    progress.router,
    audits.router,
    kudos.router,
    raters.router,
    overshooting.router,
    panels.router,
    policies.router,
    verdicts.router,
    consequences.router,
    skp.router,
    talent.router,
]
UPLOADS = progress.UPLOADS

__all__ = ["ROUTERS", "STATUS", "UPLOADS"]
