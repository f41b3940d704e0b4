"""HTTP in: the routes, what they take and what they show."""

from appraisal.api.routes import STATUS, router

__all__ = ["STATUS", "router"]
