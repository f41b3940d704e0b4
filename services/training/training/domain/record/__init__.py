"""An employee's training record: who they are to training, what was offered and completed, and what they need."""

from training.domain.hours import ANNUAL_HOURS, AnnualHours, HoursOfYear
from training.domain.record.asking import (
    count_complaint,
    entitlements_granted,
    follow_award,
    give_entitlement_back,
    open_need_after_coaching,
    open_need_after_low_score,
    remember_score,
    use_entitlement,
)
from training.domain.record.learning import (
    attained,
    count_completion,
    count_mentoring,
    count_offer,
    count_place,
    follow_cancellation,
    hours_of,
)
from training.domain.record.people import (
    follow_change,
    follow_registration,
    follow_separation,
    follow_transfer,
    followed,
    with_facts_of,
)
from training.domain.record.state import (
    Completion,
    Effect,
    Offer,
    Record,
    blank,
    level_of,
)

__all__ = [
    "ANNUAL_HOURS",
    "AnnualHours",
    "Completion",
    "Effect",
    "HoursOfYear",
    "Offer",
    "Record",
    "attained",
    "blank",
    "count_complaint",
    "count_completion",
    "count_mentoring",
    "count_offer",
    "count_place",
    "entitlements_granted",
    "follow_award",
    "follow_cancellation",
    "follow_change",
    "follow_registration",
    "follow_separation",
    "follow_transfer",
    "followed",
    "give_entitlement_back",
    "hours_of",
    "level_of",
    "open_need_after_coaching",
    "open_need_after_low_score",
    "remember_score",
    "use_entitlement",
    "with_facts_of",
]
