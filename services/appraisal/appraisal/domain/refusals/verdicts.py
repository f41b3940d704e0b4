"""Refusals about verdicts and objections to them."""

from __future__ import annotations

from appraisal.domain.refusals.root import Refusal


class NothingProposed(Refusal):
    """The period was closed without work results or without behaviour: the matrix proposes nothing."""


class DeviationNeedsReason(Refusal):
    """A decision that differs from the proposal, or gives a decision back, needs a written reason."""


class AlreadyDecided(Refusal):
    """The verdict was given: from here on only an objection changes it."""


class NothingToSign(Refusal):
    """No decision of this period waits for a second signature."""


class OwnSignature(Refusal):
    """The second signer is somebody else than who decided."""


class NotYetDecided(Refusal):
    """There is no verdict yet that could be objected to."""


class ObjectionTooLate(Refusal):
    """Objections are filed within fourteen days. Source: PP 30/2019 ps. 59."""


class ObjectionMade(Refusal):
    """This verdict was objected to before."""


class NoObjection(Refusal):
    """No objection to this verdict waits for a hearing or a decision."""


class OrganisationFirst(Refusal):
    """The people of an organisation are judged by the year after the organisation is. Source: PermenPANRB 6/2022."""


class NotHeard(Refusal):
    """An objection is decided after both sides were heard."""
