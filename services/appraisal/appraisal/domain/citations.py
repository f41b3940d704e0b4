"""What the goals of a policy cite: the public input that asked for them, as feedback has published it.

Source: seed S0 ("menyesuaikan kebijakan serta strategi"), reference §1a row 36 (proposal). No service is asked for it:
units remember what feedback has told of, so that what was published a moment ago may not be known yet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import get_args

from kinara.contracts.feedback import Topic

from appraisal.domain.policy import Policy
from appraisal.domain.refusals import CitationUnknown

MOST = 400
"""References that a unit remembers: those of years, and of two forums with as many proposals as a forum may have."""
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_REFERENCE = re.compile(rf"(forum|proposal|campaign|commitment):{_ID}|ikm:{_ID}:\d{{4}}-\d{{2}}")
_TOPICS = frozenset(f"topic:{topic}" for topic in get_args(Topic))


def remembered(known: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    """The references of a unit with new ones; the oldest are forgotten."""
    return tuple(dict.fromkeys((*known, *new)))[-MOST:]


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
