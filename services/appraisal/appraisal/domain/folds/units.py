"""What facts about a unit do to its card."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypedDict

from kinara.contracts.feedback import ForumRecorded, ReferencePublished
from kinara.contracts.personnel import UnitChanged

from appraisal.domain.citations import remembered
from appraisal.domain.components import mark
from appraisal.domain.effects import comma
from appraisal.domain.folds.feedback import HAPPENED, Answer, Voice, with_answer, with_voice
from appraisal.domain.periods import month_of, province_code
from appraisal.domain.policy import Policies
from appraisal.domain.units import UnitCard, UnitMonth


class UnitEffect(TypedDict):
    """One event's entry in a unit's ledger; a unit has no score of its own."""

    month: str | None
    ref: str
    inputs: dict[str, Any]
    note: str


def vote_on_unit(card: UnitCard, event: Voice, policies: Policies) -> tuple[UnitCard, UnitEffect]:
    """A citizen's rating of a unit counts by its trust: unless it was taken back, or while it is in quarantine."""
    month = month_of(event.given_at, province_code(event.province))
    said = card.month(month)
    changed = replace(said, votes=with_voice(said.votes, event))
    trust = mark(event.trust)
    note = f"Umpan balik warga bernilai {event.rating} dari 4 (bobot {comma(trust)}) {HAPPENED[type(event)]}."
    inputs = {
        "rating": event.rating,
        "trust": trust,
        "weight": changed.votes.weight - said.votes.weight,
    }
    return _said(card, month, changed), {"month": month, "ref": event.feedback_id, "inputs": inputs, "note": note}


def survey_unit(card: UnitCard, event: Answer, policies: Policies) -> tuple[UnitCard, UnitEffect]:
    """A survey about a unit counts in all nine unsur: unless it was taken back, or while it is in quarantine."""
    month = month_of(event.answered_at, province_code(event.province))
    said = card.month(month)
    votes = with_answer(said.votes, event)
    trust, weight = mark(event.trust), votes.weight - said.votes.weight
    unsur = (event.u1, event.u2, event.u3, event.u4, event.u5, event.u6, event.u7, event.u8, event.u9)
    changed = UnitMonth(
        votes=votes,
        unsur=tuple(total + weight * answer for total, answer in zip(said.unsur, unsur, strict=True)),
        surveys=said.surveys + weight,
    )
    note = f"Survei kepuasan (SKM) dengan bobot {comma(trust)} {HAPPENED[type(event)]}."
    inputs = {"unsur": list(unsur), "trust": trust, "weight": weight}
    return _said(card, month, changed), {"month": month, "ref": event.answer_id, "inputs": inputs, "note": note}


def note_forum(card: UnitCard, event: ForumRecorded, policies: Policies) -> tuple[UnitCard, UnitEffect]:
    """A forum was recorded: policies may cite it, and what was proposed there."""
    new = (f"forum:{event.forum_id}", *(f"proposal:{id_}" for id_ in event.proposal_ids))
    return _citable(card, new, event.forum_id, f"Forum warga tercatat dengan {event.proposals} usulan.")


def note_reference(card: UnitCard, event: ReferencePublished, policies: Policies) -> tuple[UnitCard, UnitEffect]:
    """Something was published that policies may cite."""
    return _citable(card, (event.reference,), event.reference, "Rujukan publik diumumkan.")


def _citable(card: UnitCard, new: tuple[str, ...], ref: str, note: str) -> tuple[UnitCard, UnitEffect]:
    changed = replace(card, references=remembered(card.references, new))
    return changed, {"month": None, "ref": ref, "inputs": {"references": len(new)}, "note": note}


def rename_unit(card: UnitCard, event: UnitChanged, policies: Policies) -> tuple[UnitCard, UnitEffect]:
    """A unit has a new name, place in the tree, leader or end."""
    changed = replace(
        card,
        province=province_code(event.province),
        unit_path=event.unit_path,
        name=event.name,
        parent_id=event.parent_id,
        leader_id=event.leader_id,
        active=event.active,
    )
    inputs = {"name": event.name, "unit_path": event.unit_path, "active": event.active}
    return changed, {
        "month": None,
        "ref": event.unit_id,
        "inputs": inputs,
        "note": f"Data unit {event.name} diperbarui.",
    }


def _said(card: UnitCard, month: str, changed: UnitMonth) -> UnitCard:
    return replace(card, months={**card.months, month: changed})
