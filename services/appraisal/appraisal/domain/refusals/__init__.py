"""Every way appraisal's rules can say no.

Refusal
├── CoachingNotWaiting         a case is opened once
├── CoachingNotOpen            meetings and evaluations belong to an open case
├── SuperiorOpens              the office opens a case only where there is no superior
├── InvalidPlan                a plan outside its bounds, or marks that are none
├── PlanRunning                a case does not fail before its plan is over
├── AwardDecided               a nomination is decided once
├── WonTwiceRunning            nobody wins a third time running
├── DisciplineUnchecked        an award without a look at discipline
├── Disciplined                a disciplinary measure bars an award
├── UnknownJenjang             no functional level has this code
├── UnknownPredikat            organisations have no predikat of this name
├── InvalidCuts                levels that no mark, or every mark, would reach
├── UnknownProvince            the code is no province of Indonesia
├── InvalidPeriod              neither month, quarter nor year; or not a period the policy appraises
│   ├── PeriodNotBegun         nobody is rated for days to come
│   ├── PeriodNotOver          a period is closed after its last day
│   └── PeriodOver             nothing is agreed for days that have passed
├── PeriodClosed               the period was closed and no longer changes
├── EarlierPeriodOpen          periods are closed in their order
├── NotLatestClosed            only the latest closed period is opened again
├── DayToCome                  a meeting or hearing that has not been held
├── TooMuchAsked               a report over more than one answer looks at
├── InvalidPolicy              a policy outside the legal bounds, or unreadable
│   └── CitationUnknown        a goal cites what nobody has published, as far as is known
├── PolicyAlreadyExists        the same version, or a second policy for one unit and date
├── PolicyAlreadyActive        a draft is activated once
├── PolicyTooLate              no policy weighs a period that has begun
├── PolicyNotTried             nobody is judged by a policy that was not simulated
├── UnitUnknown                personnel has not told of a unit at this path
├── NoPolicyInForce            no policy reaches the unit on that day
├── StillInShadow              a period that is only tried out has no consequences
├── NothingProposed            a period closed without both axes
├── DeviationNeedsReason       another predikat than proposed, or a decision given back, in silence
├── AlreadyDecided             a verdict is given once
├── NothingToSign              no decision waits for a second signer
├── OwnSignature               nobody signs their own decision
├── NotYetDecided              no objection to what nobody has decided
├── ObjectionTooLate           an objection after its fourteen days
├── ObjectionMade              one objection for each verdict
├── NoObjection                no objection waits
├── OrganisationFirst          a year is decided once the organisation has its predikat
├── NotHeard                   an objection is decided when both sides were heard
├── InvalidIndicator           an indicator that cannot be measured
├── UnknownField               the catalogue of indicators knows no such field
├── InvalidOutcome             an outcome that cannot be read, or a code that stands twice in a plan
│   ├── InnovationWithoutGoal  an innovation that serves no goal of the policy
│   ├── NoMainOutcome          a plan (SKP) without a main outcome
│   └── UnknownOutcome         the superior's agreed plan has no outcome of that code
├── SkpNotProposed             no proposal waits for the superior's word
├── TargetChangeNeedsReason    a target agreed or changed after a quarter of its period
├── IndicatorNotAgreed         progress on something that was never agreed
├── InvalidProgress            an amount that cannot be, or a day to come
├── ReportAlreadyMade          the same report twice
├── ReportNotFound             no report of that id waits for verification
├── ReportAnswered             what was verified or returned stays as it was seen
├── InvalidEvidence            no https link, or a file of a kind that is not accepted
├── EvidenceMissing            what is shown by nothing does not count in full
├── TooMuchEvidence            a report has so many pieces, and no more
├── SelfVerification           nobody verifies or returns their own report
├── AuditDecided               an audit is decided once
├── OwnAudit                   nobody audits what they reported or verified
├── InvalidPanel               not so many people, not all of them of this government, or the superior among them
├── PanelExists                an employee has one panel for a period
├── PanelClosed                a panel that is closed takes no answers
├── InvalidBehaviourRating     not seven marks from 1 to 5
└── SelfRating                 nobody rates themselves
"""

from __future__ import annotations

from appraisal.domain.refusals.consequences import (
    AwardDecided,
    CoachingNotOpen,
    CoachingNotWaiting,
    Disciplined,
    DisciplineUnchecked,
    InvalidCuts,
    InvalidPlan,
    PlanRunning,
    SuperiorOpens,
    UnknownJenjang,
    UnknownPredikat,
    WonTwiceRunning,
)
from appraisal.domain.refusals.periods import (
    DayToCome,
    EarlierPeriodOpen,
    InvalidPeriod,
    NotLatestClosed,
    PeriodClosed,
    PeriodNotBegun,
    PeriodNotOver,
    PeriodOver,
    TooMuchAsked,
    UnknownProvince,
)
from appraisal.domain.refusals.policies import (
    CitationUnknown,
    InvalidPolicy,
    NoPolicyInForce,
    PolicyAlreadyActive,
    PolicyAlreadyExists,
    PolicyNotTried,
    PolicyTooLate,
    StillInShadow,
    UnitUnknown,
)
from appraisal.domain.refusals.root import (
    Refusal,
)
from appraisal.domain.refusals.verdicts import (
    AlreadyDecided,
    DeviationNeedsReason,
    NoObjection,
    NotHeard,
    NothingProposed,
    NothingToSign,
    NotYetDecided,
    ObjectionMade,
    ObjectionTooLate,
    OrganisationFirst,
    OwnSignature,
)
from appraisal.domain.refusals.work import (
    AuditDecided,
    EvidenceMissing,
    IndicatorNotAgreed,
    InnovationWithoutGoal,
    InvalidBehaviourRating,
    InvalidEvidence,
    InvalidIndicator,
    InvalidOutcome,
    InvalidPanel,
    InvalidProgress,
    NoMainOutcome,
    OwnAudit,
    PanelClosed,
    PanelExists,
    ReportAlreadyMade,
    ReportAnswered,
    ReportNotFound,
    SelfRating,
    SelfVerification,
    SkpNotProposed,
    TargetChangeNeedsReason,
    TooMuchEvidence,
    UnknownField,
    UnknownOutcome,
)

__all__ = [
    "AlreadyDecided",
    "AuditDecided",
    "AwardDecided",
    "CitationUnknown",
    "CoachingNotOpen",
    "CoachingNotWaiting",
    "DayToCome",
    "DeviationNeedsReason",
    "DisciplineUnchecked",
    "Disciplined",
    "EarlierPeriodOpen",
    "EvidenceMissing",
    "IndicatorNotAgreed",
    "InnovationWithoutGoal",
    "InvalidBehaviourRating",
    "InvalidCuts",
    "InvalidEvidence",
    "InvalidIndicator",
    "InvalidOutcome",
    "InvalidPanel",
    "InvalidPeriod",
    "InvalidPlan",
    "InvalidPolicy",
    "InvalidProgress",
    "NoMainOutcome",
    "NoObjection",
    "NoPolicyInForce",
    "NotHeard",
    "NotLatestClosed",
    "NotYetDecided",
    "NothingProposed",
    "NothingToSign",
    "ObjectionMade",
    "ObjectionTooLate",
    "OrganisationFirst",
    "OwnAudit",
    "OwnSignature",
    "PanelClosed",
    "PanelExists",
    "PeriodClosed",
    "PeriodNotBegun",
    "PeriodNotOver",
    "PeriodOver",
    "PlanRunning",
    "PolicyAlreadyActive",
    "PolicyAlreadyExists",
    "PolicyNotTried",
    "PolicyTooLate",
    "Refusal",
    "ReportAlreadyMade",
    "ReportAnswered",
    "ReportNotFound",
    "SelfRating",
    "SelfVerification",
    "SkpNotProposed",
    "StillInShadow",
    "SuperiorOpens",
    "TargetChangeNeedsReason",
    "TooMuchAsked",
    "TooMuchEvidence",
    "UnitUnknown",
    "UnknownField",
    "UnknownJenjang",
    "UnknownOutcome",
    "UnknownPredikat",
    "UnknownProvince",
    "WonTwiceRunning",
]
