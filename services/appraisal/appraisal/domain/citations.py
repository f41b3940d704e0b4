"""What the goals of a policy cite: the public input that asked for them, as feedback has published it.

Source: seed S0 ("menyesuaikan kebijakan serta strategi"), reference §1a row 36 (proposal). No service is asked for it:
units remember what feedback has told of, so that what was published a moment ago may not be known yet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import get_args

from kinara.contracts.feedback import Topic

from appraisal.domain.policy import Policy
from appraisal.domain.refusals import CitationUnknown

MOST: Mapping[str, int] = {"ikm": 120, "forum": 100, "campaign": 100, "commitment": 100, "proposal": 400}
"""References of each kind that a unit remembers: ten years of months, and two forums with as many proposals as a forum
may have. Each kind forgets its own oldest, so that two full forums do not make a unit forget what it has promised."""
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_REFERENCE = re.compile(rf"(forum|proposal|campaign|commitment):{_ID}|ikm:{_ID}:\d{{4}}-\d{{2}}")
_TOPICS = frozenset(f"topic:{topic}" for topic in get_args(Topic))


def remembered(known: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    """The references of a unit with new ones; the oldest of each kind are forgotten."""
    counts, kept = Counter[str](), list[str]()
    for one in reversed(dict.fromkeys((*known, *new))):
        kind = one.partition(":")[0]
        counts[kind] += 1
        if counts[kind] <= MOST[kind]:
            kept.append(one)
    return tuple(reversed(kept))


def cited(policy: Policy) -> list[str]:
    """What must have been published for the goals to cite it; refuses what is no reference.

    A topic of complaints is one of those by which all complaints are told apart.
    """
    cites = dict.fromkeys(cite for goal in policy.goals for cite in goal.cites if cite not in _TOPICS)
    for cite in cites:
        if not _REFERENCE.fullmatch(cite):
            raise CitationUnknown(
                f"Rujukan '{cite}' tidak dapat dibaca. Tulis forum:, proposal:, campaign: atau commitment: dengan id "
                "yang diumumkan, ikm:<unit>:<bulan>, atau topic: dengan topik pengaduan.",
                detail=f"{cite!r} is no reference",
                field="cites",
            )
    return list(cites)


def refuse_unpublished(cites: Iterable[str], published: Collection[str]) -> None:
    """Refuse what nobody in the government has published, as far as is known by now."""
    for cite in cites:
        if cite not in published:
            raise CitationUnknown(
                f"Rujukan {cite} tidak dikenal di daerah ini. Periksa id-nya; bila baru saja diumumkan, coba lagi "
                "sebentar lagi.",
                detail=f"no unit of the government has published {cite}, as far as is known by now",
                field="cites",
            )
