"""What oversight decides about the voices of a burst: they count after all, or never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from kinara.kit.documents import Collection
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from feedback.commands.complaints import keep
from feedback.commands.surveys import counted
from feedback.domain import complaint_hold, subject
from feedback.domain import quarantine as rules
from feedback.domain.answering import Answer
from feedback.domain.complaint import Complaint
from feedback.domain.feedback import Feedback
from feedback.domain.quarantine import Verdict
from feedback.domain.refusals import InvalidChoice
from feedback.store import ANSWERS, COMPLAINTS, FEEDBACK, HELD, SUBJECTS

Voice = TypeVar("Voice", Feedback, Answer, Complaint)

MOST = 200
"""Voices that are decided about in one transaction; of a larger burst the rest waits for the next call."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which held voices are meant: these ratings, answers and complaints, or all of a burst."""

    feedback_ids: Sequence[str] = ()
    answer_ids: Sequence[str] = ()
    complaint_ids: Sequence[str] = ()
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
        if isinstance(voice, Feedback):
            await _decide_rating(tx, voice, verdict, reason)
        elif isinstance(voice, Complaint):
            changed, facts = complaint_hold.decide(voice, verdict, reason=reason, at=tx.now)
            await keep(tx, voice, changed, *facts)
    answers = [voice for voice in held[:MOST] if isinstance(voice, Answer)]
    if answers:
        await _decide_answers(tx, answers, verdict, reason)
    return Decided(len(held[:MOST]), len(held) > MOST)


async def _decide_rating(tx: Transaction, voice: Feedback, verdict: Verdict, reason: str) -> None:
    changed, event = rules.decide(voice, verdict, reason=reason, at=tx.now)
    about, effect = subject.follow_verdict(await tx.load(SUBJECTS, event.subject.id, SYSTEM), event)
    tx.save(FEEDBACK, changed)
    tx.save(SUBJECTS, about, effect=effect)
    tx.publish(event)


async def _decide_answers(tx: Transaction, answers: Sequence[Answer], verdict: Verdict, reason: str) -> None:
    """Answers of many subjects; each tally is read once, since one that is new could not be found again."""
    released: dict[str, list[Answer]] = {}
    for given in answers:
        changed, event = rules.decide_answer(given, verdict, reason=reason, at=tx.now)
        tx.save(ANSWERS, changed)
        released.setdefault(event.subject.id, []).extend([changed] if verdict == "release" else [])
        tx.publish(event)
    for id_, of_one in released.items():
        tx.save(SUBJECTS, await counted(tx, await tx.load(SUBJECTS, id_, SYSTEM), of_one))


async def _chosen(tx: Transaction, scope: Scope, choice: Choice) -> list[Feedback | Answer | Complaint]:
    """The voices that are meant; named ones must be there, a burst must have some."""
    named = len(choice.feedback_ids) + len(choice.answer_ids) + len(choice.complaint_ids)
    if bool(named) == (choice.burst is not None) or named > MOST:
        raise InvalidChoice(
            f"Sebutkan penilaian yang diputuskan (paling banyak {MOST}), atau satu lonjakan, salah satu saja.",
            field="feedback_ids",
            detail=f"expected either ids, at most {MOST} in all, or a burst",
        )
    if choice.burst is None:
        ratings = await _named(tx, FEEDBACK, choice.feedback_ids, scope)
        answers = await _named(tx, ANSWERS, choice.answer_ids, scope)
        return [*ratings, *answers, *await _named(tx, COMPLAINTS, choice.complaint_ids, scope)]
    query = {"burst": choice.burst, **HELD}
    ratings = await tx.find(FEEDBACK, scope, query, limit=MOST + 1)
    answers = await tx.find(ANSWERS, scope, query, limit=MOST + 1)
    complaints = await tx.find(COMPLAINTS, scope, query, limit=MOST + 1)
    if not ratings and not answers and not complaints:
        raise NotFound("bursts", choice.burst)
    return [*ratings, *answers, *complaints]


async def _named(tx: Transaction, kept_in: Collection[Voice], ids: Sequence[str], scope: Scope) -> list[Voice]:
    """These, each once; ``NotFound`` if one is not there."""
    known = await tx.by_ids(kept_in, ids, scope)
    if missing := [id_ for id_ in ids if id_ not in known]:
        raise NotFound(kept_in.name, missing[0])
    return list(known.values())
