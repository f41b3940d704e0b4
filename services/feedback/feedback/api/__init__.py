"""HTTP in: what citizens and counters say, what oversight holds and releases, who is invited, and complaints."""

from feedback.api import complaints, invitations, quarantine, routes
from feedback.api.routes import STATUS

ROUTERS = [routes.router, quarantine.router, invitations.router, complaints.router]

__all__ = ["ROUTERS", "STATUS"]
