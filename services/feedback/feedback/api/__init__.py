"""HTTP in: what citizens and counters say, what oversight holds and releases, and who is invited."""

from feedback.api import invitations, quarantine, routes
from feedback.api.routes import STATUS

ROUTERS = [routes.router, quarantine.router, invitations.router]

__all__ = ["ROUTERS", "STATUS"]
