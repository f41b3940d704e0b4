"""How the predikat of a unit's people are spread, against that of their organisation: advice, nothing is forced.

Source: MenPANRB's circular under PermenPANRB 6/2022 (seen as a newspaper's reprint). It says *sebagian besar* and gives
only its upper bound; read here as more than half. "Must have some" is read as at least one person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kinara.contracts.appraisal import Predikat

from appraisal.domain.components import HUNDRED, shown
from appraisal.domain.organisation import PredikatOrganisasi
from appraisal.domain.rating import PREDIKAT

FEWEST_PEOPLE = 10
"""Fewer cannot be spread by tenths, so nothing is said about them."""

Bound = Literal["more_than", "at_least", "at_most"]
_WORDS: Mapping[Bound, str] = {"more_than": "lebih dari", "at_least": "paling sedikit", "at_most": "paling banyak"}
_NONE_WORDS: Mapping[Bound, str] = {"more_than": "harus ada", "at_most": "tidak boleh ada"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One bound on the share of people with one of these predikat, in percent of the unit."""

    bound: Bound
    percent: int
    of: tuple[Predikat, ...]

    def limit(self, people: int) -> int:
        """The fewest, or for ``at_most`` the most, of so many people."""
        whole, rest = divmod(people * self.percent, 100)
        return whole + {"more_than": 1, "at_least": int(rest > 0), "at_most": 0}[self.bound]

    @property
    def words(self) -> str:
        """The rule in Indonesian: "Sangat Baik: paling banyak 10%"."""
        asked = f"{_WORDS[self.bound]} {self.percent}%" if self.percent else _NONE_WORDS[self.bound]
        return f"{' dan/atau '.join(PREDIKAT[one] for one in self.of)}: {asked}"


_SB, _B, _BP, _K, _SK = Predikat
_O = PredikatOrganisasi
RULES: Mapping[PredikatOrganisasi, tuple[Rule, ...]] = {
    _O.ISTIMEWA: (Rule("more_than", 50, (_SB,)), Rule("at_most", 70, (_SB,))),
    _O.BAIK: (Rule("more_than", 50, (_B,)), Rule("at_most", 70, (_B,)), Rule("more_than", 0, (_BP, _K))),
    _O.BUTUH_PERBAIKAN: (Rule("at_least", 60, (_BP,)), Rule("at_most", 10, (_SB,))),
    _O.KURANG: (Rule("at_least", 60, (_K,)), Rule("at_least", 10, (_BP,)), Rule("at_most", 10, (_SB,))),
    _O.SANGAT_KURANG: (Rule("at_least", 60, (_SK,)), Rule("at_least", 10, (_K, _BP)), Rule("at_most", 0, (_SB,))),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule, and how a unit stands to it."""

    rule: Rule
    people: int
    """How many have one of the rule's predikat."""
    percent: Decimal
    """The same in percent of the unit, two decimals."""
    off: int
    """Too many people (above zero), too few (below), or zero where the rule is kept."""
    off_percent: Decimal
    """The same in percent of the unit."""

    @property
    def kept(self) -> bool:
        """Whether the rule is kept."""
        return self.off == 0


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is advised about a unit; without findings where it has too few people."""

    organisation: PredikatOrganisasi
    people: int
    findings: tuple[Finding, ...]

    @property
    def applicable(self) -> bool:
        """Whether the unit has enough people to be spread by tenths."""
        return self.people >= FEWEST_PEOPLE

    @property
    def kept(self) -> bool | None:
        """Whether every rule is kept; None where none applies."""
        return all(finding.kept for finding in self.findings) if self.applicable else None


def check_distribution(organisation: PredikatOrganisasi, predikat: Iterable[Predikat]) -> Distribution:
    """Hold the predikat of a unit's people, one for each, against the predikat of the organisation."""
    counts = Counter(predikat)
    people = counts.total()
    rules = RULES[organisation] if people >= FEWEST_PEOPLE else ()
    return Distribution(organisation, people, tuple(_find(rule, counts, people) for rule in rules))


def _find(rule: Rule, counts: Counter[Predikat], people: int) -> Finding:
    found = sum(counts[one] for one in rule.of)
    distance = found - rule.limit(people)
    off = max(0, distance) if rule.bound == "at_most" else min(0, distance)
    return Finding(rule, found, _share(found, people), off, _share(off, people))


def _share(part: int, people: int) -> Decimal:
    return shown(HUNDRED * part / people)
