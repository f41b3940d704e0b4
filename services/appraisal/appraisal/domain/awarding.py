"""Penghargaan: nominations that rules make when a period is closed, and a person's word on each.

Source: reference §5.3: the common gates, no more than two wins running, small units pooled; a person confirms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID, uuid5

from kinara.contracts import Province
from kinara.contracts.appraisal import AwardGranted, Period

from appraisal.domain.components import ZERO
from appraisal.domain.discipline import Measures, bar
from appraisal.domain.nomination import Appraised, Rank, chosen, longest, qualifies, rank_of
from appraisal.domain.periods import months_of, preceding
from appraisal.domain.refusals import AwardDecided, Disciplined, DisciplineUnchecked, WonTwiceRunning
from appraisal.domain.triggers import SPANS, Award

WINS_RUNNING = 2
"""Who has won so often running lets others go first."""
_NOMINATIONS = UUID("6f0b1d52-8a52-5d0e-9a5e-2b1f4c7f7a10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomination:
    """One employee who is nominated for an award, and what became of it."""

    id: str
    employee_id: str
    province: str
    unit_path: str
    code: str
    title: str
    grants: Literal["award", "training"]
    policy: str
    period: Period
    """The last period of the span that it is given for."""
    rank: Rank
    state: Literal["nominated", "barred", "granted", "declined", "lapsed"] = "nominated"
    """barred: a disciplinary measure runs, else they would be nominated; lapsed: the rules no longer nominate them."""
    periods: tuple[Period, ...] = ()
    """The whole span, latest first."""
    decree: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None


def span_of(award: Award, period: Period) -> tuple[Period, ...]:
    """The periods that an award given at the end of a period is about, latest first; none if it is not given then.

    An award by semester is given after its second quarter, for both.
    """
    months = months_of(period)
    length = SPANS[award.every]
    if len(months) > length or int(months[-1][5:]) % length:
        return ()
    span = [period]
    while len(span) * len(months) < length:
        span.append(preceding(span[-1]))
    return tuple(span)


def periods_before(award: Award, span: Sequence[Period]) -> tuple[Period, ...]:
    """The periods before the span that the award's conditions look back on, latest first."""
    found, period = [], span[-1]
    for _ in range(longest((award,)) - 1):
        period = preceding(period)
        found.append(period)
    return tuple(found)


def nomination_id(award: Award, period: Period, employee_id: str) -> str:
    """Under which id a nomination is kept: once for each award, period and employee."""
    return str(uuid5(_NOMINATIONS, f"{award.code}/{period}/{employee_id}"))


def standing(award: Award, found: Sequence[Appraised], earlier: Sequence[Appraised]) -> Rank | None:
    """The mean rank of who qualifies in every period of the span (``found``, latest first); None for who does not."""
    if not found:
        return None
    history = [*found, *earlier]
    if not all(qualifies(award, one, history[at + 1 :]) for at, one in enumerate(found)):
        return None
    ranks = [rank_of(one) for one in found]
    score, lower, indicators = (sum(parts, ZERO) / len(ranks) for parts in zip(*ranks, strict=True))
    return score, lower, indicators


def nominate(
    award: Award, ranks: Mapping[str, Rank], places: Mapping[str, str], won_before: Iterable[Iterable[str]]
) -> set[str]:
    """Who is nominated; ``won_before`` are the winners of the spans before, latest first."""
    wins = Counter(id_ for winners in list(won_before)[:WINS_RUNNING] for id_ in set(winners))
    free = {id_: rank for id_, rank in ranks.items() if wins[id_] < WINS_RUNNING}
    return chosen(award, free, places)


def barred(ranks: Iterable[str], discipline: Mapping[str, Measures], span: Sequence[Period]) -> dict[str, str]:
    """Of those who qualify, by employee id, who had a measure running on the span, with the words for it."""
    found = {id_: bar(discipline.get(id_, {}), span) for id_ in ranks}
    return {id_: words for id_, words in found.items() if words is not None}


def elect(
    award: Award,
    ranks: Mapping[str, Rank],
    places: Mapping[str, str],
    won_before: Sequence[Collection[str]],
    discipline: Mapping[str, Measures],
    span: Sequence[Period],
) -> tuple[set[str], dict[str, str]]:
    """Who is nominated of those who qualify, and who would be but for a disciplinary measure, with the words for it.

    Their places go to others.
    """
    kept_out = barred(ranks, discipline, span)
    free = {id_: rank for id_, rank in ranks.items() if id_ not in kept_out}
    would_be = nominate(award, ranks, places, won_before) & kept_out.keys()
    return nominate(award, free, places, won_before), {id_: kept_out[id_] for id_ in would_be}


def spans_before(span: Sequence[Period]) -> tuple[Period, ...]:
    """The last periods of as many spans before this one as wins are counted in, latest first."""
    found, period = [], span[0]
    for _ in range(WINS_RUNNING):
        for _ in span:
            period = preceding(period)
        found.append(period)
    return tuple(found)


def grant(
    nomination: Nomination, discipline: Measures, won: Collection[Nomination], *,
    decree: str, undisciplined: bool, by: str, today: date,
) -> tuple[Nomination, AwardGranted]:  # fmt: skip
    """A person confirms the nomination by decree; no measure ran on its span or runs today, as far as anybody knows.

    ``won`` are their other nominations for this award that were granted, perhaps after this one was made.
    """
    _refuse_decided(nomination)
    _refuse_third_win(nomination, won)
    words = bar(discipline, nomination.periods or (nomination.period,), today)
    if words is not None:
        raise Disciplined(
            f"{words} Tolak nominasi ini, atau tunggu sampai hukumannya berakhir atau dicabut.",
            detail=f"a disciplinary measure bars {nomination.id}",
        )
    if not undisciplined:
        raise DisciplineUnchecked(
            "Pastikan pegawai tidak sedang menjalani hukuman disiplin sebelum penghargaan diberikan.",
            detail="running discipline was not ruled out",
            field="no_running_discipline",
        )
    granted = replace(nomination, state="granted", decree=decree, decided_by=by, decided_on=today)
    fact = AwardGranted(
        province=Province(code=nomination.province), unit_path=nomination.unit_path,
        employee_id=nomination.employee_id, award_id=nomination.id, award=nomination.title, period=nomination.period,
        granted_on=today, grants=nomination.grants, decree_number=decree,
    )  # fmt: skip
    return granted, fact


def decline(nomination: Nomination, *, reason: str, by: str, today: date) -> Nomination:
    """A person decides against the nomination, and says why."""
    _refuse_decided(nomination)
    return replace(nomination, state="declined", reason=reason, decided_by=by, decided_on=today)


def _refuse_third_win(nomination: Nomination, won: Collection[Nomination]) -> None:
    """Refuse where three wins would be running, in whatever order they are granted."""
    wins = {nomination.period, *(one.period for one in won)}
    for last in (nomination, *won):
        run = (last.period, *spans_before(last.periods or (last.period,)))
        if nomination.period in run and wins.issuperset(run):
            others = " dan ".join(sorted(period for period in run if period != nomination.period))
            raise WonTwiceRunning(
                f"Pegawai ini sudah menerima '{nomination.title}' untuk {others}, sehingga menang tiga kali"
                " berturut-turut. Tolak nominasi ini agar yang lain didahulukan.",
                detail=f"{nomination.id} would be a third win running",
            )


def _refuse_decided(nomination: Nomination) -> None:
    if nomination.state == "barred":
        raise Disciplined(
            f"{nomination.reason} Setelah hukumannya dicabut, mintalah nominasi dibuat ulang.",
            detail=f"{nomination.id} is barred",
        )
    if nomination.state != "nominated":
        raise AwardDecided(
            f"Penghargaan '{nomination.title}' periode {nomination.period} sudah diputuskan.",
            detail=f"{nomination.id} is {nomination.state}",
        )
