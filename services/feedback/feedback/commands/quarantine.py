"""What oversight decides about the voices of a burst: they count after all, or never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from feedback.domain import quarantine as rules
from feedback.domain import subject
from feedback.domain.feedback import Feedback
from feedback.domain.quarantine import Verdict
from feedback.domain.refusals import InvalidChoice
from feedback.store import FEEDBACK, HELD, SUBJECTS

MOST = 200
"""Voices that are decided about in one transaction; of a larger burst the rest waits for the next call."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which held voices are meant: these, or all of a burst."""

    feedback_ids: Sequence[str] = ()
    burst: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """About how many voices was decided, and whether more of the burst wait."""

    decided: int
    more: bool


@command
async def decide(tx: Transaction, scope: Scope, choice: Choice, verdict: Verdict, reason: str) -> Decided:
    """Release held voices inside the scope, or uphold their quarantine: all of those meant, or none."""
    held = await _chosen(tx, scope, choice)
    for voice in held[:MOST]:
        changed, event = rules.decide(voice, verdict, reason=reason, at=tx.now)
        about, effect = subject.follow_verdict(await tx.load(SUBJECTS, event.subject.id, SYSTEM), event)
        tx.save(FEEDBACK, changed)
        tx.save(SUBJECTS, about, effect=effect)
        tx.publish(event)
    return Decided(len(held[:MOST]), len(held) > MOST)


async def _chosen(tx: Transaction, scope: Scope, choice: Choice) -> list[Feedback]:
    """The voices that are meant; named ones must be there, a burst must have some."""
    if bool(choice.feedback_ids) == (choice.burst is not None):
        raise InvalidChoice(
            "Sebutkan penilaian yang diputuskan, atau satu lonjakan, salah satu saja.",
            field="feedback_ids",
            detail="expected either feedback_ids or a burst",
        )
    if choice.burst is not None:
        found = await tx.find(FEEDBACK, scope, {"burst": choice.burst, **HELD}, limit=MOST + 1)
        if not found:
            raise NotFound("bursts", choice.burst)
        return found
    known = await tx.by_ids(FEEDBACK, choice.feedback_ids, scope)
    return [_there(known, id_) for id_ in dict.fromkeys(choice.feedback_ids)]


def _there(known: dict[str, Feedback], id_: str) -> Feedback:
    if id_ not in known:
        raise NotFound("feedback", id_)
    return known[id_]
