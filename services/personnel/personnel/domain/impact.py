"""Whether groups fare alike: rates by group, the four-fifths rule, and nothing about groups of fewer than five people.

A group that gets something less than four fifths as often as the group that gets it most raises an alarm: a reason
to look, not a verdict. 29 CFR 1607.4 D (that it is asked here too is a proposal); affirmative categories
are lawful.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

FOUR_FIFTHS = Decimal("0.8")
FEWEST = 5
"""People of a group that is shown (proposal)."""
_SHOWN = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Share:
    """A group of at least five, and how many of it got something."""

    group: str
    people: int
    got: int
    rate: Decimal
    alarm: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """The groups of one division of people. Of those that are hidden not even the sum is told."""

    groups: tuple[Share, ...]
    hidden: int
    """How many groups are not shown: small ones, and one beside a single small one, which would follow from the sum."""
    alarm: bool


@dataclass
class Tally:
    """People counted into groups; grows by the number of groups, never by that of people."""

    people: Counter[str] = field(default_factory=Counter)
    got: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    """Those of a group who cannot get it at all, and so do not count."""

    def count(self, group: str, *, got: bool, can: bool = True) -> None:
        """Take one person in."""
        if not can:
            self.apart[group] += 1
            return
        self.people[group] += 1
        self.got[group] += got

    def compared(self) -> Compared:
        """The rates of the groups that may be shown."""
        hidden = hidden_of(self.people, self.apart)
        exact = {name: Decimal(self.got[name]) / many for name, many in self.people.items() if name not in hidden}
        best = max(exact.values(), default=Decimal(0))
        shown = tuple(
            Share(
                name, self.people[name], self.got[name], rate.quantize(_SHOWN, ROUND_HALF_UP), rate < FOUR_FIFTHS * best
            )
            for name, rate in sorted(exact.items())
        )
        return Compared(shown, len(hidden), any(one.alarm for one in shown))


def hidden_of(people: Mapping[str, int], apart: Mapping[str, int]) -> set[str]:
    """Groups that are not shown, so that no count below five can be told, nor be worked out from what is shown.

    Since the sum of all may be known from another division, what is hidden are at least two groups, of five people
    or more; and a group is hidden as well where those set apart from it are few.
    """
    small = {name for name, many in people.items() if many < FEWEST or 0 < apart.get(name, 0) < FEWEST}
    for name, _ in sorted(people.items(), key=lambda entry: (entry[1], entry[0])):
        if not small or (len(small) > 1 and sum(people[one] for one in small) >= FEWEST):
            break
        small.add(name)
    return small
