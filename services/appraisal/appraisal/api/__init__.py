"""HTTP in: the routes, what they take and what they show."""

from appraisal.api import consequences, policies, routes, skp, verdicts
from appraisal.api.routes import STATUS

ROUTERS = [routes.router, policies.router, verdicts.router, consequences.router, skp.router]

__all__ = ["ROUTERS", "STATUS"]
