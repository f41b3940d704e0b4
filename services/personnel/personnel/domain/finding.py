"""What a rule finds: met, not met or unknown, with why, what is missing, and the law that asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Result = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule's answer: why in Indonesian, and what is missing where something is."""

    result: Result
    why: str
    missing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer with the rule that gave it, as it is kept with a proposal."""

    rule: str
    title: str
    source: str
    result: Result
    why: str
    missing: str | None = None


def found(rule: str, title: str, source: str, judged: Judged) -> Finding:
    """What a rule has found."""
    return Finding(rule=rule, title=title, source=source, result=judged.result, why=judged.why, missing=judged.missing)


def overall(findings: Iterable[Finding]) -> Result:
    """Met when every rule is; one that is not met outweighs any that is unknown."""
    results = {finding.result for finding in findings}
    return "not_met" if "not_met" in results else "unknown" if "unknown" in results else "met"


def both(earlier: Iterable[Finding], later: Iterable[Finding]) -> tuple[Finding, ...]:
    """Two days' findings as one: what a rule found later counts, unless it was not met before.

    Another post may ask for other rules; what was not met stays so, also where nobody asks any more.
    """
    unmet = {finding.rule: finding for finding in earlier if finding.result == "not_met"}
    return tuple(({finding.rule: finding for finding in later} | unmet).values())
