"""I2, I7: what is counted is what is there, by sums that owe nothing to the product's own rules."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kinara.contracts.feedback import (
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackWithdrawn,
    SurveyAnswered,
    SurveyAnswerQuarantined,
)

from faults.evidence import SCHEDULER, Evidence, Said
from faults.verdict import Violation

PRIOR_WEIGHT, PRIOR_MEAN = Decimal(15), Decimal("3.2")
IKM = tuple((Decimal(at), Decimal(mark)) for at, mark in
            (("25", "0"), ("65", "58.33"), ("76.61", "75"), ("88.31", "91.67"), ("100", "100")))  # fmt: skip
NEAR = Decimal("0.005")
ZONES = {"16": 7, "17": 7, "96": 9, "62": 7}
"""Hours ahead of UTC in the provinces of the town."""
HELD = frozenset(event.type() for event in (FeedbackQuarantined, SurveyAnswerQuarantined))
VOTES = HELD | {event.type() for event in (FeedbackReceived, FeedbackWithdrawn, SurveyAnswered)}
COUNTED = {
    ("appraisal", "scorecards"): ("target", "report", "verification", "behaviour"),
    ("training", "records"): ("enrolment", "completion", "cancellation"),
    ("feedback", "subjects"): ("feedback", "withdrawal"),
}
"""Commands that have one effect each on their first subject."""


def commands_counted(evidence: Evidence) -> Iterator[Violation]:
    """What was accepted has had its own effect once; what nobody knows of at most once."""
    for (service, collection), kinds in COUNTED.items():
        accepted: Counter[str] = Counter(op.subjects[0] for op in evidence.history.of(*kinds, outcome="ok"))
        unknown: Counter[str] = Counter(op.subjects[0] for op in evidence.history.of(*kinds, outcome="unknown"))
        for (listener, store, subject), hearing in evidence.hearings.items():
            if (listener, store) == (service, collection):
                found = sum(row["type"] == "command" and row.get("by") != SCHEDULER for row in hearing.rows)
                least, most = accepted.pop(subject, 0), unknown.pop(subject, 0)
                if not least <= found <= least + most:
                    told = f"{found} effects of commands, {least} were accepted and {most} are unknown"
                    yield Violation("I1" if found < least else "I2", f"{hearing} has {told}")
        for subject in accepted:
            yield Violation("I1", f"{service}.{collection}/{subject} is not there, though a command was accepted")


def rounds_once(evidence: Evidence) -> Iterator[Violation]:
    """What daily rounds do to a card they do once, however many of them there are at a time; nobody opens it again."""
    for hearing in evidence.hearings.values():
        done = Counter((row["part"], row["ref"]) for row in hearing.rows if row.get("by") == SCHEDULER)
        for (part, ref), times in done.items():
            if times > 1:
                yield Violation("I2", f"daily rounds have changed {part} of {hearing} for {ref} {times} times")


def counters(evidence: Evidence) -> Iterator[Violation]:
    """Counters are as large as the sets that they count."""
    votes: Counter[str] = Counter()
    for given in evidence.documents("feedback", "feedback").values():
        votes[given["employee_id"] or given["unit_id"]] += given["status"] == "received"
    for id_, subject in evidence.documents("feedback", "subjects").items():
        if subject["votes"] != votes[id_]:
            yield Violation("I2", f"feedback.subjects/{id_} counts {subject['votes']} voices of {votes[id_]}")
    answers: Counter[str] = Counter()
    for answer in evidence.documents("feedback", "answers").values():
        if Decimal(str(answer["trust"])) and answer.get("status", "received") == "received":
            answers[answer["unit_id"]] += 1  # what a flood leaves without weight, or is held, enters no sum
    tallied: Counter[str] = Counter()
    for tally in evidence.documents("feedback", "tallies").values():
        tallied[tally["unit_id"]] += tally["answers"]
    for unit in answers.keys() | tallied.keys():
        if answers[unit] != tallied[unit]:
            yield Violation("I2", f"feedback.tallies of {unit} count {tallied[unit]} answers of {answers[unit]}")
    seated: dict[str, list[str]] = defaultdict(list)
    for enrolment in evidence.documents("training", "enrolments").values():
        if enrolment["status"] not in ("cancelled", "waiting"):
            seated[enrolment["session_id"]].append(enrolment["employee_id"])
    for id_, session in evidence.documents("training", "sessions").items():
        if sorted(session["seated"]) != sorted(seated[id_]):
            told = f"seats {len(session['seated'])}, there are {len(seated[id_])} enrolments"
            yield Violation("I2", f"training.sessions/{id_} {told}")


def satisfaction(evidence: Evidence) -> Iterator[Violation]:
    """M of every open period of every employee, from the facts alone: reference §5.7."""
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    held = {_voice(fact) for fact in evidence.said if fact.type in HELD}
    for fact in evidence.said:
        if fact.type in VOTES and _voice(fact) in held:
            continue  # held from the first, and released by nobody here
        if fact.kind == "employee" and fact.type in VOTES:
            month, weight, weighted = _vote(fact)
            total = sums[fact.subject, month]
            total[0] += weight
            total[1] += weighted
    for id_, card in evidence.documents("appraisal", "scorecards").items():
        for period, score in card["scores"].items():
            months = [total for (subject, month), total in sums.items() if subject == id_ and _within(month, period)]
            weight, weighted = (sum((total[i] for total in months), Decimal(0)) for i in (0, 1))
            expected, found = _mark(weight, weighted), score["components"].get("M")
            if (expected is None) != (found is None) or (expected is not None and abs(expected - found) > NEAR):
                yield Violation("I2", f"appraisal.scorecards/{id_} has M {found} in {period}, expected {expected}")


def _voice(fact: Said) -> str:
    """The rating or the answer that a fact is about."""
    told: dict[str, Any] = json.loads(fact.data)
    return str(told.get("feedback_id") or told["answer_id"])


def _vote(fact: Said) -> tuple[str, Decimal, Decimal]:
    """Month, weight and weighted rating that a fact adds."""
    told: dict[str, Any] = json.loads(fact.data)
    at = datetime.fromisoformat(told.get("given_at") or told["answered_at"])
    month = f"{at + timedelta(hours=ZONES[fact.province]):%Y-%m}"
    trust = Decimal(told["trust"])
    if fact.name == "SurveyAnswered":
        return month, trust, trust * (told["u3"] + told["u6"] + told["u7"]) / 3
    sign = -1 if fact.name == "FeedbackWithdrawn" else 1
    return month, sign * trust, sign * trust * told["rating"]


def _within(month: str, period: str) -> bool:
    """Whether a month belongs to a month, quarter or year."""
    quarter = f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
    return period in (month, quarter, month[:4])


def _mark(weight: Decimal, weighted: Decimal) -> Decimal | None:
    """The mark of so many ratings; None of none."""
    if not weight:
        return None
    ikm = 25 * (weighted + PRIOR_WEIGHT * PRIOR_MEAN) / (weight + PRIOR_WEIGHT)
    for (low, low_mark), (high, high_mark) in pairwise(IKM):
        if ikm <= high:
            return low_mark + (high_mark - low_mark) * (ikm - low) / (high - low)
    return IKM[-1][1]


def imports(evidence: Evidence) -> Iterator[Violation]:
    """I7: every row of an import has one outcome, and every good one is a person, once."""
    runs = evidence.documents("personnel", "imports")
    employees = evidence.documents("personnel", "employees")
    nips = Counter(employee["nip"] for employee in employees.values())
    for nip, count in nips.items():
        if count > 1:
            yield Violation("I7", f"{count} employees have the NIP {nip}")
    for asked in evidence.history.of("import", outcome="ok"):
        run = runs.get(asked.answer.get("id", ""))
        if run is None:
            yield Violation("I1", f"import {asked.id} was accepted and is not there")
            continue
        tally = {name: run["tally"][name] for name in ("created", "updated", "unchanged", "rejected")}
        if run["state"] != "done" or sum(tally.values()) != asked.told["rows"] or run["position"] != asked.told["rows"]:
            told = f"{run['state']} ({run.get('why')}) at {run['position']} of {asked.told['rows']} rows, {tally}"
            yield Violation("I7", f"import {run['_id']} is {told}")
        for nip in asked.told["nips"]:
            if nips[nip] != 1:
                yield Violation("I7", f"{nips[nip]} employees have the NIP {nip} that import {run['_id']} told of")
