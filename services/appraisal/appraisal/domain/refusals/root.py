"""The root of every way appraisal's rules can say no."""

from __future__ import annotations


class Refusal(Exception):
    """A rule said no: ``message`` is for the person (Indonesian), ``detail`` for the developer (English)."""

    def __init__(self, message: str, *, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.message = message
        self.detail = detail
        self.field = field
