"""What is kept of where a voice came from: hashes that cannot be followed, and nothing that a log could show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from feedback.domain.sender import NOBODY, Sender, network_of
from kinara.contracts import Province

PALEMBANG, SORONG = Province(code="16"), Province(code="96")
AT = datetime(2026, 11, 14, 3, 21, tzinfo=UTC)
MONTH = timedelta(days=30)


def sender(address: str | None = "103.10.60.7", device: str | None = "d" * 22, secret: bytes = b"s") -> Sender:
    return Sender(address=address, device=device, secret=secret)


def test_one_address_is_one_cluster_of_a_subject_and_hour() -> None:
    first = sender().cluster("rani", PALEMBANG, AT)

    assert sender(device="another").cluster("rani", PALEMBANG, AT + timedelta(minutes=30)) == first
    assert first is not None
    assert len(first) == 16


@pytest.mark.parametrize(
    ("who", "subject", "province", "at"),
    [
        pytest.param(sender("103.10.60.8"), "rani", PALEMBANG, AT, id="address"),
        pytest.param(sender(), "budi", PALEMBANG, AT, id="officer"),
        pytest.param(sender(), "rani", PALEMBANG, AT + timedelta(hours=1), id="hour"),
        pytest.param(sender(), "rani", SORONG, AT, id="region"),
        pytest.param(sender(secret=b"t"), "rani", PALEMBANG, AT, id="secret"),
    ],
)
def test_another_is_another_cluster(who: Sender, subject: str, province: Province, at: datetime) -> None:
    assert who.cluster(subject, province, at) != sender().cluster("rani", PALEMBANG, AT)


def test_a_device_is_the_same_all_year_wherever_it_is_and_nobody_knows_it_next_year() -> None:
    (may,) = sender().standings("rani", PALEMBANG, datetime(2026, 5, 1, tzinfo=UTC), MONTH, "rating")
    (now,) = sender("10.0.0.1").standings("rani", PALEMBANG, AT, MONTH, "rating")
    next_year = sender().standings("rani", PALEMBANG, datetime(2027, 6, 1, tzinfo=UTC), MONTH, "rating")

    assert may == now
    assert now not in next_year
    assert sender(device="e" * 22).standings("rani", PALEMBANG, AT, MONTH, "rating") != (now,)


def test_in_january_the_voice_of_december_is_still_found() -> None:
    new_year = datetime(2026, 12, 31, 17, tzinfo=UTC)  # midnight in Palembang
    (december,) = sender().standings("rani", PALEMBANG, new_year - timedelta(minutes=1), MONTH, "rating")

    own, last_years = sender().standings("rani", PALEMBANG, new_year, MONTH, "rating")

    assert (last_years, own == december) == (december, False)


def test_who_tells_nothing_is_in_no_cluster_and_on_no_device() -> None:
    assert NOBODY.cluster("rani", PALEMBANG, AT) is None
    assert NOBODY.standings("rani", PALEMBANG, AT, MONTH, "rating") == ()


def test_neither_address_nor_device_shows_in_a_text_or_a_hash() -> None:
    shown = f"{sender()!r} {sender().cluster('rani', PALEMBANG, AT)}"
    assert "103.10" not in shown
    assert "ddd" not in shown


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:103.10.60.7", "103.10.60.7", True),
        ("103.10.60.7", "103.10.60.8", False),
        ("testclient", "testclient", True),
    ],
)
def test_a_household_that_has_2_to_the_64_addresses_is_one_network(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_a_person_stands_for_themselves_on_every_device_and_once_for_ratings_and_for_answers() -> None:
    who = [Sender(person="warga-1", device=device, secret=b"s") for device in ("d" * 22, "e" * 22, None)]
    found = {one.standings("rani", PALEMBANG, AT, MONTH, "rating") for one in who}
    answers = {one.standings("rani", PALEMBANG, AT, MONTH, "answer") for one in who}

    assert (len(found), len(answers), found & answers) == (1, 1, set())
    other = Sender(person="warga-2", secret=b"s").standings("rani", PALEMBANG, AT, MONTH, "rating")
    assert other not in found
    assert Sender(device="d" * 22, secret=b"s").standings("rani", PALEMBANG, AT, MONTH, "rating") not in found


def test_a_device_at_the_counter_answers_surveys_for_many() -> None:
    assert sender().standings("rani", PALEMBANG, AT, MONTH, "answer") == ()


def test_the_person_is_in_no_text_of_a_sender() -> None:
    assert "warga-1" not in repr(Sender(person="warga-1", secret=b"s"))


def test_of_complaints_a_verified_person_is_told_in_a_month_and_a_government_and_nobody_else_is() -> None:
    def told(at: datetime = AT, root: str = "/16.71", **who: str) -> str | None:
        return Sender(secret=b"s", **who).complainant(root, PALEMBANG, at)  # type: ignore[arg-type]

    person = told(person="warga-1", address="10.0.0.1", device="d" * 22)
    assert person == told(AT + timedelta(hours=2), person="warga-1", address="10.0.0.2")
    others = [told(person="warga-2"), told(root="/96.71", person="warga-1"), told(AT + timedelta(40), person="warga-1")]
    assert len({person, *others}) == 4, "other people, another government, another month"
    assert told(address="10.0.0.1", device="d" * 22) is None, "addresses and device keys cost nothing"
