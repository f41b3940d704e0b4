"""Every way in which personnel's rules can say no.

Refusal
├── InvalidNip
│   └── QuarantinedNip
├── UnknownGolongan
├── UnknownJabatan
├── UnitRefused
│   ├── InvalidUnit
│   ├── UnitTooDeep
│   ├── UnitCycle
│   ├── UnitUnknown
│   ├── UnitClosed
│   ├── AlreadyClosed
│   ├── PlaceTaken
│   └── UnitInUse
├── EmployeeRefused
│   ├── AlreadySeparated
│   ├── NotPromotable
│   ├── UnknownPromotionKind
│   ├── RankNotHigher
│   ├── DateOutOfOrder
│   ├── NotYetInForce
│   ├── BeforeAppointment
│   ├── AlreadyThere
│   ├── OwnSupervisor
│   ├── OwnMatter
│   ├── InvalidProfile
│   ├── SupervisorUnknown
│   ├── NotContracted
│   ├── InvalidContract
│   ├── InvalidCredit
│   ├── InvalidPredikat
│   ├── ContractUnknown
│   └── ContractEnded
├── MeasureRefused
│   ├── InvalidMeasure
│   ├── MeasureKnown
│   ├── MeasureUnknown
│   ├── MeasureLifted
│   └── TooManyMeasures
├── ProposalRefused
│   ├── ProposalOpen
│   ├── ProposalDecided
│   ├── ProposalOutdated
│   ├── RuleNotMet
│   └── UnknownNeedsReason
├── UnknownPlace
├── ImportRefused
│   ├── OutsideGovernments
│   ├── ImportEnded
│   └── NotConfigured
├── OutgoingRefused
│   ├── NotToRetry
│   ├── PakIncomplete
│   └── UnfitCell
├── FileRefused
│   ├── UnreadableFile
│   ├── FileTooLarge
│   └── ColumnsMissing
├── SelectionRefused
│   ├── InvalidSelection
│   ├── SelectionNotOpen
│   ├── AlreadyApplied
│   ├── ConflictOfInterest
│   ├── NotReadyToScore
│   ├── ScoringClosed
│   ├── MarksMissing
│   └── AlreadyDecided
└── TalentRefused
    ├── PerformanceUnknown
    └── TooManyAssessments
"""

from __future__ import annotations

from personnel.domain.refusals.records import (
    AlreadyClosed,
    AlreadySeparated,
    AlreadyThere,
    BeforeAppointment,
    ColumnsMissing,
    ContractEnded,
    ContractUnknown,
    DateOutOfOrder,
    EmployeeRefused,
    FileRefused,
    FileTooLarge,
    ImportEnded,
    ImportRefused,
    InvalidContract,
    InvalidCredit,
    InvalidMeasure,
    InvalidNip,
    InvalidPredikat,
    InvalidProfile,
    InvalidUnit,
    MeasureKnown,
    MeasureLifted,
    MeasureRefused,
    MeasureUnknown,
    NotConfigured,
    NotContracted,
    NotPromotable,
    NotToRetry,
    NotYetInForce,
    OutgoingRefused,
    OutsideGovernments,
    OwnMatter,
    OwnSupervisor,
    PakIncomplete,
    PlaceTaken,
    ProposalDecided,
    ProposalOpen,
    ProposalOutdated,
    ProposalRefused,
    QuarantinedNip,
    RankNotHigher,
    Refusal,
    RuleNotMet,
    SupervisorUnknown,
    TooManyMeasures,
    UnfitCell,
    UnitClosed,
    UnitCycle,
    UnitInUse,
    UnitRefused,
    UnitTooDeep,
    UnitUnknown,
    UnknownGolongan,
    UnknownJabatan,
    UnknownNeedsReason,
    UnknownPlace,
    UnknownPromotionKind,
    UnreadableFile,
)
from personnel.domain.refusals.selections import (
    AlreadyApplied,
    AlreadyDecided,
    ConflictOfInterest,
    InvalidSelection,
    MarksMissing,
    NotReadyToScore,
    PerformanceUnknown,
    ScoringClosed,
    SelectionNotOpen,
    SelectionRefused,
    TalentRefused,
    TooManyAssessments,
)

__all__ = [
    "AlreadyApplied",
    "AlreadyClosed",
    "AlreadyDecided",
    "AlreadySeparated",
    "AlreadyThere",
    "BeforeAppointment",
    "ColumnsMissing",
    "ConflictOfInterest",
    "ContractEnded",
    "ContractUnknown",
    "DateOutOfOrder",
    "EmployeeRefused",
    "FileRefused",
    "FileTooLarge",
    "ImportEnded",
    "ImportRefused",
    "InvalidContract",
    "InvalidCredit",
    "InvalidMeasure",
    "InvalidNip",
    "InvalidPredikat",
    "InvalidProfile",
    "InvalidSelection",
    "InvalidUnit",
    "MarksMissing",
    "MeasureKnown",
    "MeasureLifted",
    "MeasureRefused",
    "MeasureUnknown",
    "NotConfigured",
    "NotContracted",
    "NotPromotable",
    "NotReadyToScore",
    "NotToRetry",
    "NotYetInForce",
    "OutgoingRefused",
    "OutsideGovernments",
    "OwnMatter",
    "OwnSupervisor",
    "PakIncomplete",
    "PerformanceUnknown",
    "PlaceTaken",
    "ProposalDecided",
    "ProposalOpen",
    "ProposalOutdated",
    "ProposalRefused",
    "QuarantinedNip",
    "RankNotHigher",
    "Refusal",
    "RuleNotMet",
    "ScoringClosed",
    "SelectionNotOpen",
    "SelectionRefused",
    "SupervisorUnknown",
    "TalentRefused",
    "TooManyAssessments",
    "TooManyMeasures",
    "UnfitCell",
    "UnitClosed",
    "UnitCycle",
    "UnitInUse",
    "UnitRefused",
    "UnitTooDeep",
    "UnitUnknown",
    "UnknownGolongan",
    "UnknownJabatan",
    "UnknownNeedsReason",
    "UnknownPlace",
    "UnknownPromotionKind",
    "UnreadableFile",
]
