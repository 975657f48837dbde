"""The clock tells UTC."""

from datetime import UTC, timedelta

from careloop.kernel import clock


def test_now_is_aware_and_in_utc() -> None:
    before, after = clock.now(), clock.now()

    assert before.tzinfo is UTC
    assert timedelta() <= after - before < timedelta(minutes=1)
