"""Every way in which the rules of who teaches can say no.

Refusal
└── TeachingRefused
    ├── InvalidTrainer
    ├── TrainerUnknown
    ├── TrainerRetired
    ├── TrainerElsewhere
    └── TrainerTaken
"""

from __future__ import annotations

from training.domain.refusals.places import Refusal


class TeachingRefused(Refusal):
    """They cannot teach like this."""


class InvalidTrainer(TeachingRefused):
    """A name or days that cannot be, or somebody who is named twice."""


class TrainerUnknown(TeachingRefused):
    """Nobody in the caller's reach is a trainer under this id."""


class TrainerRetired(TeachingRefused):
    """They teach no more, or have left."""


class TrainerElsewhere(TeachingRefused):
    """They teach for another government, or for a partner with whom the programme has nothing to do."""


class TrainerTaken(TeachingRefused):
    """On one of these days they teach or learn elsewhere."""
