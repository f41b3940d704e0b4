"""Selections on merit: opened, applied to, checked; scored blind, decided once and signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kinara.contracts.personnel import Sex
from kinara.contracts.regions import kemendagri_code
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from personnel.commands.places import open_unit, today
from personnel.domain import application as filing
from personnel.domain import extension, merit, selection
from personnel.domain.application import Application, Check, Person, file_application, origin_of
from personnel.domain.employee import Employee
from personnel.domain.oneself import refuse_own_matter
from personnel.domain.refusals import AlreadyApplied
from personnel.domain.requirements import Requirements, findings
from personnel.domain.scoring import Category, Marks, Rules, Skd
from personnel.domain.selection import MOST_APPLICATIONS, MOST_SCORERS, Extension, Form, Selection, Sheet
from personnel.domain.signing import candidate_code, sign
from personnel.domain.tree import government_of
from personnel.store import APPLICATIONS, EMPLOYEES, INCLUSIONS, PROFILES, SELECTIONS, SHEETS


@command
async def open_selection(
    tx: Transaction, scope: Scope, *, form: Form, unit_id: str, jabatan: str, seats: Mapping[Category, int],
    requirements: Requirements, rules: Rules, opens_on: date, closes_on: date, scoring_until: date,
) -> Selection:  # fmt: skip
    """Announce a post that will be filled on merit."""
    unit = await open_unit(tx, scope, unit_id)
    opened = Selection(
        id=new_id(), form=form, province=unit.province, unit_id=unit.id, unit_path=unit.unit_path, jabatan=jabatan,
        seats=seats, requirements=requirements, rules=rules, opens_on=opens_on, closes_on=closes_on,
        scoring_until=scoring_until, opened_by=scope.who,
    )  # fmt: skip
    selection.refuse_unusable(opened)
    tx.save(SELECTIONS, opened)
    return opened


@command
async def apply(
    tx: Transaction, scope: Scope, selection_id: str, category: Category, ipk: Decimal | None
) -> Application:
    """An employee of the government applies, with the facts of today."""
    employee = await tx.load(EMPLOYEES, scope.who, SYSTEM)
    opening = await tx.load(SELECTIONS, selection_id, SYSTEM)
    if employee.separation is not None or government_of(employee.unit_path) != government_of(opening.unit_path):
        raise NotFound(SELECTIONS.name, selection_id)
    day = today(tx, opening.province)
    profile = (await tx.by_ids(PROFILES, [employee.id], SYSTEM)).get(employee.id)
    known = profile or merit.blank(employee.id, kemendagri_code(employee.province))
    stated = await tx.find(INCLUSIONS, SYSTEM, {"_id": employee.id}, limit=1)
    person = Person(
        birth_date=employee.birth_date, sex=employee.sex, origin=origin_of(employee),
        disability=stated[0].disability if stated else None,
    )  # fmt: skip
    counted, filed = file_application(
        opening, category=category, person=person, ipk=ipk, now=tx.now, today=day, employee_id=employee.id,
        findings=findings(employee, known, opening.requirements, day),
    )  # fmt: skip
    return await _take(tx, counted, filed)


@command
async def enter_candidate(
    tx: Transaction, scope: Scope, selection_id: str, *, participant: str, sex: Sex, birth_date: date, origin: str,
    category: Category, ipk: Decimal | None,
) -> Application:  # fmt: skip
    """The office enters somebody who is no employee, under their participant number."""
    opening = await tx.load(SELECTIONS, selection_id, scope)
    selection.refuse_outsiders(opening)
    counted, filed = file_application(
        opening, category=category, person=Person(birth_date=birth_date, sex=sex, origin=origin), ipk=ipk, now=tx.now,
        today=today(tx, opening.province), participant=participant,
    )  # fmt: skip
    return await _take(tx, counted, filed)


async def _take(tx: Transaction, counted: Selection, filed: Application) -> Application:
    """Keep an application, one a person, with the selection that has counted it."""
    if await tx.find(APPLICATIONS, SYSTEM, {"_id": filed.id}, limit=1):
        raise AlreadyApplied(
            "Lamaran untuk seleksi ini sudah ada.", field="selection_id", detail="one application a person"
        )
    tx.save(SELECTIONS, counted)
    tx.save(APPLICATIONS, filed)
    return filed


@command
async def withdraw(tx: Transaction, scope: Scope, selection_id: str, application_id: str) -> Application:
    """An employee takes their application back."""
    opening, filed = await _filed(tx, scope, selection_id, application_id)
    return _keep(tx, opening, filing.withdraw(opening, filed))


@command
async def check(
    tx: Transaction, scope: Scope, selection_id: str, application_id: str, *, passed: bool, why: str
) -> Application:
    """The office says whether an application meets what is asked, and why."""
    opening, filed = await _filed(tx, scope, selection_id, application_id)
    refuse_own_matter(scope.person, filed.employee_id)
    given = Check(passed, why, scope.who, today(tx, opening.province))
    return _keep(tx, opening, filing.check(opening, filed, given))


@command
async def record_skd(tx: Transaction, scope: Scope, selection_id: str, application_id: str, skd: Skd) -> Application:
    """The office records what Panselnas reports."""
    opening, filed = await _filed(tx, scope, selection_id, application_id)
    refuse_own_matter(scope.person, filed.employee_id)
    return _keep(tx, opening, filing.record_skd(opening, filed, skd))


async def _filed(
    tx: Transaction, scope: Scope, selection_id: str, application_id: str
) -> tuple[Selection, Application]:
    filed = await tx.load(APPLICATIONS, application_id, scope)
    if filed.selection_id != selection_id:
        raise NotFound(APPLICATIONS.name, application_id)
    return await tx.load(SELECTIONS, selection_id, SYSTEM), filed


def _keep(tx: Transaction, opening: Selection, filed: Application) -> Application:
    """Keep an application with its selection, whose next step has to see it."""
    tx.save(SELECTIONS, opening)
    tx.save(APPLICATIONS, filed)
    return filed


@command
async def begin_scoring(tx: Transaction, scope: Scope, selection_id: str, asked: Sequence[str]) -> Selection:
    """Applications are over and everybody is checked: these people score."""
    opening = await tx.load(SELECTIONS, selection_id, scope)
    serving, filed = await _serving(tx, opening, asked), await _applications(tx, selection_id)
    begun = selection.begin_scoring(opening, filed, serving, asked, today(tx, opening.province))
    tx.save(SELECTIONS, begun)
    return begun


@command
async def extend_scoring(
    tx: Transaction, scope: Scope, selection_id: str, until: date, further: Sequence[str], why: str
) -> Selection:
    """Scoring that cannot end as planned goes on until a later day, perhaps with further scorers."""
    opening = await tx.load(SELECTIONS, selection_id, scope)
    serving, filed = await _serving(tx, opening, further), await _applications(tx, selection_id)
    day = today(tx, opening.province)
    asked = Extension(until=until, scorers=tuple(further), why=why, by=scope.who, on=day)
    extended = extension.extend_scoring(opening, filed, serving, asked)
    tx.save(SELECTIONS, extended)
    return extended


async def _serving(tx: Transaction, opening: Selection, asked: Sequence[str]) -> dict[str, Employee]:
    """Those of the asked who serve in the government."""
    known = await tx.by_ids(EMPLOYEES, asked[: MOST_SCORERS + 1], SYSTEM)
    government = government_of(opening.unit_path)
    return {
        id_: one for id_, one in known.items() if one.separation is None and government_of(one.unit_path) == government
    }


@command
async def score(
    tx: Transaction, scope: Scope, selection_id: str, given: Mapping[str, Marks], secret: bytes
) -> list[Sheet]:
    """A scorer marks candidates; the selection is saved too, so that marks and the result exclude one another."""
    opening = await tx.load(SELECTIONS, selection_id, SYSTEM)
    if scope.who not in opening.scorers:
        raise NotFound(SELECTIONS.name, selection_id)
    selection.refuse_untimely_marks(opening, today(tx, opening.province))
    coded = {candidate_code(secret, one.id): one for one in await _applications(tx, selection_id)}
    codes = selection.codes_to_score(opening, coded)
    await tx.by_ids(SHEETS, [selection.sheet_id(selection_id, code, scope.who) for code in given], SYSTEM)
    sheets = [selection.sheet(opening, codes, code, scope.who, marks, tx.now) for code, marks in given.items()]
    for one in sheets:
        tx.save(SHEETS, one)
    tx.save(SELECTIONS, opening)
    return sheets


@command
async def decide(tx: Transaction, scope: Scope, selection_id: str, secret: bytes) -> Selection:
    """Join identity and marks, order everybody, sign what came of it, and say who was selected."""
    opening = await tx.load(SELECTIONS, selection_id, scope)
    selection.refuse_unless_scored(opening)
    day, filed = today(tx, opening.province), await _applications(tx, selection_id)
    for one in filed:
        refuse_own_matter(scope.person, one.employee_id)
    people = await tx.by_ids(EMPLOYEES, [one.employee_id for one in filed if one.employee_id], SYSTEM)
    filed = [filing.without_leavers(opening, one, people) for one in filed]
    coded = {candidate_code(secret, one.id): one for one in filed}
    codes = selection.codes_to_score(opening, coded)
    sheets = await tx.find(SHEETS, SYSTEM, {"selection_id": selection_id}, limit=MOST_APPLICATIONS * MOST_SCORERS)
    counting = selection.counting_scorers(opening, codes, sheets, day)
    marked = selection.sheets_that_count(counting, codes, sheets)
    places = {place.code: place for place in selection.outcome(opening, coded, marked)}
    digest = selection.result_digest(opening, filed, counting, marked, list(places.values()))
    decided = selection.conclude(opening, counting, sign(digest, scope.who, tx.now, secret))
    for code, one in coded.items():
        tx.save(APPLICATIONS, replace(one, place=places.get(code)))
    tx.save(SELECTIONS, decided)
    _announce(tx, decided, [replace(one, place=places.get(code)) for code, one in coded.items()], people, day)
    return decided


def _announce(
    tx: Transaction, decided: Selection, filed: Sequence[Application], people: Mapping[str, Employee], day: date
) -> None:
    """Say of each employee who was selected that they were."""
    for one in filed:
        if one.employee_id and one.place and one.place.selected:
            tx.save(EMPLOYEES, people[one.employee_id])
            tx.publish(selection.announced(decided, people[one.employee_id], one.place, day))


async def _applications(tx: Transaction, selection_id: str) -> list[Application]:
    return await tx.find(APPLICATIONS, SYSTEM, {"selection_id": selection_id}, limit=MOST_APPLICATIONS)
