"""The checker knows a good round when it sees one, and names the promise that each kind of damage breaks."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts import Event, Province
from kinara.contracts.feedback import FeedbackReceived
from kinara.contracts.personnel import EmployeeRegistered
from kinara.kit import outbox
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.envelope import Raw
from kinara.kit.held import HELD
from kinara.kit.ids import new_id
from kinara.kit.outbox import OUTBOX
from kinara.kit.topics import Registry
from kinara.kit.work import Cause

from faults.accounts import commands_counted
from faults.checker import nothing_unasked, tallied, violations
from faults.evidence import SCHEDULER, Evidence
from faults.history import History, Injected, Operation, Recovery
from faults.observed import Observed
from faults.verdict import Violation

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
TOPIC = "asn.nasional.feedback.v1"
POISON = (TOPIC, 3, 0)


@dataclass
class Round:
    """A round in which one officer was registered, rated twice, and everything went well."""

    registry: Registry
    officer: str = field(default_factory=new_id)
    history: History = field(default_factory=History)
    injected: Injected = field(default_factory=Injected)
    observed: Observed = field(init=False)

    def __post_init__(self) -> None:
        rows = {
            "personnel": [self._row(self._registration(), 1, new_id())],
            "feedback": [self._row(self._rating(), version, self._asked(version)) for version in (1, 2)],
            "appraisal": [],
            "training": [],
        }
        self.injected.facts["personnel"] = rows["personnel"]
        topics = [
            Raw(message.topic, 0, offset, message.key, message.value, tuple(message.headers))
            for service, said in rows.items()
            for offset, message in enumerate(outbox.messages({"rows": said}, service, self.registry))
        ]
        heard = [{"id": row["id"], "type": row["type"].split(".")[3]} for row in rows["personnel"]]
        commands = [{"id": row["id"], "type": "command"} for row in rows["feedback"]]
        votes = [{"id": row["id"], "type": "FeedbackReceived"} for row in rows["feedback"]]
        self.observed = Observed(self.registry, topics=topics)
        self.observed.databases = {
            "personnel": {
                "profiles": [self._document(votes, seen={"feedback": 2}, appraisals={}, courses=[], voices={})]
            },
            "training": {"records": [self._document(heard, seen={"personnel": 1}, needs=[], completions=[])]},
            "feedback": {
                OUTBOX: [{"_id": "b", "rows": rows["feedback"]}],
                "feedback": [self._voice(operation) for operation in self.history.operations.values()],
                "subjects": [self._document(heard + commands, seen={"personnel": 1}, said=2, votes=2)],
            },
            "appraisal": {
                "scorecards": [
                    self._document(heard + votes, seen={"personnel": 1, "feedback": 2}, months={}, scores=SCORES)
                ]
            },
        }
        self.observed.anew = copy.deepcopy(self.observed.databases)

    def found(self) -> list[Violation]:
        """What the checker finds."""
        return violations(self.history, self.observed, self.injected)

    def documents(self, service: str, collection: str) -> list[dict[str, Any]]:
        """The documents of a collection, which may be empty so far."""
        found: list[dict[str, Any]] = self.observed.databases[service].setdefault(collection, [])
        return found

    @property
    def card(self) -> dict[str, Any]:
        """The officer's scorecard."""
        return self.documents("appraisal", "scorecards")[0]

    @property
    def said(self) -> list[dict[str, Any]]:
        """What feedback has said."""
        rows: list[dict[str, Any]] = self.documents("feedback", OUTBOX)[0]["rows"]
        return rows

    def ask(self, kind: str, service: str = "appraisal", **known: Any) -> Operation:
        """Another operation about the officer, an hour after the others."""
        told = {"outcome": "ok", "status": 200, "asked": 1, "began": 3_600.0, "ended": 3_600.1} | known
        operation = Operation(new_id(), service, kind, (self.officer,), **told)
        self.history.note(operation)
        return operation

    def _asked(self, number: int) -> str:
        answer = {"id": new_id()}
        known = {"began": float(number), "ended": number + 0.1, "answer": answer}
        return self.ask("feedback", "feedback", **known).id

    def _voice(self, operation: Operation) -> dict[str, Any]:
        return {"_id": operation.answer["id"], "employee_id": self.officer, "unit_id": "u", "status": "received"}

    def _document(self, rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        return {"_id": self.officer, "rev": 3, "said": 0, "waits": [], "page": {"no": 0, "rows": rows}, **more}

    def _row(self, event: Event, version: int, correlation: str) -> dict[str, Any]:
        return outbox.row(event, id_=new_id(), version=version, at=NOON, cause=Cause(correlation))

    def _rating(self) -> FeedbackReceived:
        return FeedbackReceived(
            province=Province(code="16"), unit_path="/16.71/plaju", feedback_id=new_id(), employee_id=self.officer,
            unit_id=new_id(), rating=4, trust=Decimal(1), given_at=NOON,
        )  # fmt: skip

    def _registration(self) -> EmployeeRegistered:
        return EmployeeRegistered(
            province=Province(code="16"), unit_path="/16.71/plaju", employee_id=self.officer, nip="199001012015042001",
            name="Rani", kind="PNS", sex="F", birth_year=1990, golongan="III/b", jabatan="Pengelola layanan",
            jabatan_kind="pelaksana", unit_id=new_id(), effective_on=date(2026, 1, 1),
        )  # fmt: skip


SCORES = {"2026-11": {"components": {"M": Decimal("83.18")}}}
"""Two ratings of 4: 25 · (8 + 48) / 17 = 82.35 on the scale of the IKM, 83.18 as a mark."""

Damage = Callable[[Round], object]


def _letter(
    round_: Round, place: tuple[str, int, int], *, kept: bool = True, sent: bool = True,
    group: str = "appraisal.score.nasional", id_: str = "l",
) -> None:  # fmt: skip
    """A dead letter of a group, in its service's database and on its topic."""
    if kept:
        topic, partition, offset = place
        round_.documents(group.split(".", maxsplit=1)[0], DEAD_LETTERS).append(
            {"_id": id_, "group": group, "topic": topic, "partition": partition, "offset": offset}
        )
    if sent:
        letter = Raw(f"{place[0]}.{group}.dlq", 0, 0, b"k", b"v", (("x-dead-letter-id", id_.encode()),))
        round_.observed.topics.append(letter)


def _poison(round_: Round) -> None:
    """Poison on feedback's topic, which all groups that read it have put aside as they should, but for appraisal's."""
    for group in ("training.record.nasional", "personnel.profile.nasional"):
        _letter(round_, POISON, group=group, id_=group)
    round_.injected.poison.add(POISON)
    round_.observed.topics.append(Raw(*POISON, b"k", b"\xff", ()))


def _dead_without_letter(round_: Round) -> None:
    _poison(round_)


def _letter_on_topic_only(round_: Round) -> None:
    _poison(round_)
    _letter(round_, POISON, kept=False)


def _two_letters(round_: Round) -> None:
    _poison(round_)
    _letter(round_, POISON)
    _letter(round_, POISON, sent=False)


def _letter_said_twice(round_: Round) -> None:
    _poison(round_)
    _letter(round_, POISON)
    row = {"headers": [["x-dead-letter-id", b"l"], ["x-redrive-count", b"0"]]}
    round_.documents("appraisal", OUTBOX).append({"_id": "b", "rows": [row, row]})


def _parked_let_go(round_: Round) -> None:
    place = (TOPIC, 3, 1)
    round_.injected.parked.add(place)
    round_.observed.topics.append(Raw(*place, b"k", b"{}", ()))


def _read_back(round_: Round) -> None:
    round_.ask("read", answer={"rev": 4})
    round_.ask("read", began=3_700.0, answer={"rev": 3})


def _not_found(round_: Round) -> None:
    round_.ask("read", "feedback", status=404, outcome="refused",
               told={"document": round_.documents("feedback", "feedback")[0]["_id"]})  # fmt: skip


def _import(round_: Round, **tally: int) -> None:
    known = {"created": 1, "updated": 0, "unchanged": 0, "rejected": 1} | tally
    told = {"rows": 2, "nips": ["199001012015042001"]}
    round_.ask("import", "personnel", answer={"id": "run"}, told=told)
    run = {"_id": "run", "state": "done", "position": 2, "tally": known}
    round_.documents("personnel", "imports").append(run)
    round_.documents("personnel", "employees").append({"_id": new_id(), "nip": told["nips"][0], "said": 0})


def _closing(id_: str) -> dict[str, Any]:
    """The effect of a daily round that has closed a month."""
    return {"id": id_, "type": "command", "by": SCHEDULER, "part": "context", "ref": "2026-10"}


def _refused_but_said(round_: Round) -> None:
    next(iter(round_.history.operations.values())).outcome = "refused"


def _said_of_another(round_: Round) -> None:
    """Of two facts of one round only the first is about the card that it has changed."""
    row = round_._row(round_._rating(), 1, new_id())
    round_.card["page"]["rows"].append(_closing(row["id"]))
    other = row | {"id": new_id(), "subject": f"employee/{new_id()}"}
    round_.documents("appraisal", OUTBOX).append({"_id": "b", "rows": [row, other]})


DAMAGE: dict[str, tuple[str, Damage]] = {
    "an accepted request whose document is gone": ("I1", lambda r: r.documents("feedback", "feedback").pop()),
    "an accepted request that has said nothing": ("I1", lambda r: r.said.pop()),
    "a fact that never came to its topic": ("I1", lambda r: r.observed.topics.pop()),
    "a fact without an effect": ("I1", lambda r: r.card["page"]["rows"].pop()),
    "a fact that waits for ever": (
        "I1", lambda r: r.documents("appraisal", HELD).append({"topic": TOPIC, "partition": 0, "offset": 1}),
    ),
    "a command whose effect is gone": ("I1", lambda r: r.documents("feedback", "subjects")[0]["page"]["rows"].pop()),
    "a fact with two effects": ("I2", lambda r: r.card["page"]["rows"].append(r.card["page"]["rows"][-1])),
    "a month that two rounds have closed": (
        "I2", lambda r: r.card["page"]["rows"].extend(_closing(new_id()) for _ in range(2)),
    ),
    "a fact of a round about somebody whom it left alone": ("I4", _said_of_another),
    "a request that has spoken twice": ("I2", lambda r: r.said.append(r.said[-1] | {"id": new_id(), "version": 3})),
    "a counter above its set": ("I2", lambda r: r.documents("feedback", "subjects")[0].update(votes=3)),
    "a score that is not the sum of the facts": ("I2", lambda r: r.card.update(
        scores={"2026-11": {"components": {"M": Decimal("84.1")}}})),
    "a version left out": ("I3", lambda r: r.said[1].update(version=3)),
    "a version used twice": ("I3", lambda r: r.said[1].update(version=1)),
    "effects in another order": ("I3", lambda r: r.card["page"]["rows"].insert(1, r.card["page"]["rows"].pop())),
    "a topic in another order": ("I3", lambda r: r.observed.topics.append(r.observed.topics.pop(1))),
    "a parked fact that was let go": ("I3", _parked_let_go),
    "a speaker that has lost count": ("I3", lambda r: r.documents("feedback", "subjects")[0].update(said=1)),
    "a refused request that has spoken": ("I4", _refused_but_said),
    "a record that no outbox holds": ("I4", lambda r: r.injected.facts.clear()),
    "an effect of what nobody said": ("I4", lambda r: r.card["page"]["rows"].append({"id": "?", "type": "X"})),
    "a fact that nobody asked for": ("I4", lambda r: r.said[0].update(correlation=new_id())),
    "a revision that goes back": ("I5", _read_back),
    "a write that is not found by a later read": ("I5", _not_found),
    "a projection that the log does not give": ("I6", lambda r: r.documents("training", "records")[0].update(name="?")),
    "a document that the log does not give": ("I6", lambda r: r.observed.anew["training"].clear()),
    "an import that has lost a row": ("I7", lambda r: _import(r, created=0)),
    "a recovery that took too long": ("I9", lambda r: r.injected.recoveries.append(Recovery("kill", 61.0))),
    "a dead letter that is no poison": ("I11", lambda r: _letter(r, (TOPIC, 0, 1))),
    "poison without a dead letter": ("I11", _dead_without_letter),
    "a dead letter on its topic only": ("I11", _letter_on_topic_only),
    "a dead letter twice": ("I11", _two_letters),
    "a dead letter said twice": ("I11", _letter_said_twice),
}  # fmt: skip


@pytest.fixture
def round_(registry: Registry) -> Round:
    return Round(registry)


def test_a_good_round_has_no_violation(round_: Round) -> None:
    assert round_.found() == []


def test_a_good_round_with_poison_and_an_import_has_none_either(round_: Round) -> None:
    _poison(round_)
    _letter(round_, POISON)
    _import(round_)
    assert round_.found() == []


def test_an_operation_of_which_nobody_knows_may_have_done_all_or_nothing(round_: Round) -> None:
    for operation in round_.history.operations.values():
        operation.outcome = "unknown"
    round_.ask("feedback", "feedback", outcome="unknown", status=None)
    assert round_.found() == []


@pytest.mark.parametrize(("invariant", "damage"), DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_found_and_the_promise_named(invariant: str, damage: Damage, round_: Round) -> None:
    damage(round_)
    assert invariant in {violation.invariant for violation in round_.found()}


@pytest.mark.parametrize(("by", "found"), [("scheduler", set()), ("a superior", {"I2", "I4"})])
def test_what_a_daily_round_does_was_asked_by_nobody(by: str, found: set[str], round_: Round) -> None:
    row = round_._row(round_._rating(), 1, new_id())
    round_.documents("appraisal", OUTBOX).append({"_id": "b", "rows": [row]})
    round_.card["page"]["rows"].append(_closing(row["id"]) | {"by": by})
    evidence = Evidence(round_.history, round_.observed, round_.injected)
    complaints = [*nothing_unasked(evidence), *commands_counted(evidence)]
    assert {violation.invariant for violation in complaints} == found


def test_a_topic_that_is_refilled_may_begin_with_a_new_fact_that_comes_again_in_its_turn(round_: Round) -> None:
    first, second = round_.observed.topics[1:]
    round_.injected.emptied = 1
    round_.observed.topics[1:] = [second, first]
    assert "I3" in {violation.invariant for violation in round_.found()}
    round_.observed.topics.append(second)
    assert round_.found() == []


def test_what_was_said_in_a_cell_that_is_gone_may_be_said_again_in_its_new_one_and_nothing_else_late(
    round_: Round,
) -> None:
    first, second = round_.observed.topics[1:]
    round_.observed.topics[1:] = [second, first]
    assert "I3" in {violation.invariant for violation in round_.found()}
    round_.observed.registry = replace(round_.registry, cells={**round_.registry.cells, "papua": frozenset({"96"})})
    assert "I3" in {violation.invariant for violation in round_.found()}, "it was never in the other cell"
    round_.observed.topics.insert(1, replace(first, topic=TOPIC.replace("nasional", "papua")))
    assert "I3" not in {violation.invariant for violation in round_.found()}


def test_people_are_told_what_they_ask_first() -> None:
    found = [Violation("I1", "a"), Violation("I1", "b"), Violation("I2", "c"), Violation("I11", "d")]
    assert tallied(found) == {"lost": 2, "doubled": 1, "out_of_order": 0, "other": 1}
