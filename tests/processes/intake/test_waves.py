"""Mails are settled together only when they have nothing to do with each other, and never in another order."""

from hypothesis import given
from hypothesis import strategies as st

from careloop.processes.intake.waves import first_wave

mails = st.lists(st.frozensets(st.integers(0, 6), max_size=3), max_size=12)


@given(mails)
def test_a_wave_shares_nothing_and_the_rest_waits_for_its_reasons(keys: list[frozenset[int]]) -> None:
    wave, rest = first_wave([(number, touched) for number, touched in enumerate(keys)])

    assert sorted([*wave, *rest]) == list(range(len(keys)))
    assert wave == sorted(wave)
    assert rest == sorted(rest)
    for number in wave:
        assert all(keys[number].isdisjoint(keys[older]) for older in range(number))
    for number in rest:
        assert any(keys[number] & keys[older] for older in range(number))


@given(mails)
def test_wave_after_wave_those_that_touch_the_same_keep_their_order(keys: list[frozenset[int]]) -> None:
    settled: list[int] = []
    waiting = list(range(len(keys)))
    while waiting:
        wave, waiting = first_wave([(number, keys[number]) for number in waiting])
        assert wave or not waiting
        settled += wave

    for younger in range(len(keys)):
        for older in range(younger):
            if keys[older] & keys[younger]:
                assert settled.index(older) < settled.index(younger)
