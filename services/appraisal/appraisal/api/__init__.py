"""HTTP in: the routes, what they take and what they show."""

from appraisal.api import policies, routes
from appraisal.api.routes import STATUS

ROUTERS = [routes.router, policies.router]

__all__ = ["ROUTERS", "STATUS"]
