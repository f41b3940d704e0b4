"""Nobody decides in an office's name about themselves."""

from __future__ import annotations

from personnel.domain.refusals import OwnMatter


def refuse_own_matter(person: str | None, employee_id: str | None) -> None:
    """Refuse an officer (an employee, as their token says) a decision about themselves.

    Source: a conflict of interest bars from deciding (UU 30/2014 ps. 42-43).
    """
    if person is not None and person == employee_id:
        raise OwnMatter(
            "Keputusan ini menyangkut diri Anda sendiri. Mintalah petugas kepegawaian lain memutuskannya.",
            field="employee_id",
            detail="whoever decides is the employee whom it is about",
        )
