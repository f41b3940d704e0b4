"""Innovations: outcomes of a plan (SKP) beyond what the post asks for, in the service of a named goal of the policy.

Source: seed S3 ("program-program inovatif yang selaras dengan kebijakan pemerintah"), reference §1a row 4 (proposal).
"""

from __future__ import annotations

from collections.abc import Sequence

from appraisal.domain.policy import Policy
from appraisal.domain.refusals import InnovationWithoutGoal
from appraisal.domain.skp import Outcome


def refuse_aimless(outcomes: Sequence[Outcome], policy: Policy) -> None:
    """Refuse an innovation that serves no goal, or none of those that the policy names."""
    goals = [goal.words for goal in policy.goals]
    for one in outcomes:
        if one.innovation and (one.goal is None or (goals and one.goal not in goals)):
            choice = f"Pilih salah satu tujuan kebijakan: {'; '.join(goals)}." if goals else "Sebutkan sasarannya."
            raise InnovationWithoutGoal(
                f"Inovasi {one.code} harus mendukung tujuan kebijakan. {choice}",
                detail=f"{one.code} serves {one.goal!r}, and {policy.ref} names {len(goals)} goals",
                field="goal",
            )
