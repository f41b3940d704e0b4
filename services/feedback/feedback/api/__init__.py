"""HTTP in: what citizens and counters say, what oversight holds and releases, who is invited, and complaints."""

from feedback.api import complaints, invitations, moderation, quarantine, routes
from feedback.api.routes import STATUS

ROUTERS = [routes.router, quarantine.router, invitations.router, complaints.router, moderation.router]

__all__ = ["ROUTERS", "STATUS"]
