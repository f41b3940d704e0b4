"""Every way in which the rules of partners, plans and budgets can say no.

Refusal
├── PartnerRefused
│   ├── InvalidPartner
│   ├── AgreementMissing
│   └── InterestRefused
│       ├── InterestUnapproved
│       └── NotSecondPerson
├── PlanRefused
│   ├── InvalidPlan
│   ├── PlanNotAgreed
│   └── PlanOverBudget
└── BudgetRefused
    ├── InvalidBudget
    ├── SharesUneven
    └── BudgetExhausted
"""

from __future__ import annotations

from training.domain.refusals.places import Refusal


class PartnerRefused(Refusal):
    """The partner institution cannot be engaged like this."""


class InvalidPartner(PartnerRefused):
    """A name, agreement or offer that cannot be."""


class AgreementMissing(PartnerRefused):
    """No agreement is in force on these days."""


class InterestRefused(PartnerRefused):
    """Somebody of ours has an interest in the partner."""


class InterestUnapproved(InterestRefused):
    """No second person has approved."""


class NotSecondPerson(InterestRefused):
    """Whoever planned it, or has the interest, is not the second person."""


class PlanRefused(Refusal):
    """The annual plan does not allow what was asked."""


class InvalidPlan(PlanRefused):
    """Lines that cannot be."""


class PlanNotAgreed(PlanRefused):
    """Sessions follow an agreed plan, in the line that it has for them."""


class PlanOverBudget(PlanRefused):
    """The plan costs more than the unit's budget."""


class BudgetRefused(Refusal):
    """The money does not allow what was asked."""


class InvalidBudget(BudgetRefused):
    """Not an amount of rupiah, or less than is already bound."""


class SharesUneven(BudgetRefused):
    """The shares do not add up to the price."""


class BudgetExhausted(BudgetRefused):
    """Less is free than is asked for."""
