"""Competencies as codes ``<topic>.<name>``, so that a training can be matched with what somebody needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, get_args

from training.domain.refusals import InvalidCompetency

Topic = Literal["teknis", "pelayanan", "perilaku", "umum"]
"""Technical work; service to citizens and their complaints; behaviour; learning in general."""

TOPICS: tuple[Topic, ...] = get_args(Topic)

_CODE = re.compile(rf"({'|'.join(TOPICS)})\.[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def checked(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes without repeats, in their order; refuses none at all and what is no code."""
    competencies = tuple(dict.fromkeys(codes))
    wrong = [code for code in competencies if _CODE.fullmatch(code) is None]
    if wrong or not competencies:
        raise InvalidCompetency(
            f"Isi sedikitnya satu kompetensi, diawali {', '.join(TOPICS)}. Contoh: pelayanan.publik-digital.",
            field="competencies",
            detail=f"expected <topic>.<name>, got {wrong or 'nothing'}",
        )
    return competencies


def covers(competencies: Iterable[str], topic: Topic) -> bool:
    """Whether learning these serves a need of this topic; any learning serves the need to learn at all."""
    return topic == "umum" or any(code.partition(".")[0] == topic for code in competencies)


def topic_of(code: str) -> Topic:
    """The topic of a competency's code."""
    return next(topic for topic in TOPICS if code.startswith(f"{topic}."))
