"""A call on its way to somebody else: what each thing that a telephone system tells makes of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.domains.calls.course import Happened, Step
from careloop.domains.calls.passing import OPEN, Passing, heard
from careloop.domains.calls.states import TransferKind, TransferState

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
BLIND = Passing(kind=TransferKind.BLIND, sender_seat="Ada", sender_phone="PJSIP/101", seat="Mina", phone="PJSIP/102")
ATTENDED = replace(BLIND, kind=TransferKind.ATTENDED)
TO_QUEUE = replace(BLIND, seat="", phone="")
FAR = Passing(
    kind=TransferKind.BLIND, sender_seat="Ada", sender_phone="Local/101@in/n", seat="Mina", phone="Local/102@in/n"
)


def step(what: Happened, *, phone: str = "", said: str = "", seat: str = "") -> Step:
    return Step(what=what, key="1.1", at=AT, phone=phone, said=said, seat=seat)


def rang(extension: str, said: str) -> Step:
    return step(Happened.DIALED, phone=f"PJSIP/{extension}-0000002a", said=said)


def after(passing: Passing, *told: Step) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the state and reason of a transfer, and which steps the call itself takes, with whose seats."""
    taken = []
    for one in told:
        passing, its = heard(passing, one)
        taken += [(str(its.what), its.seat)] if its is not None else []
    return passing.state, passing.why, taken


GONE, QUEUED = step(Happened.PASSED_ON), step(Happened.QUEUED)
OVER = step(Happened.HUNG_UP)


class TestHeard:
    @pytest.mark.parametrize(
        ("passing", "told", "state", "why"),
        [
            (BLIND, [GONE, rang("102", "ANSWER")], "taken", ""),
            (BLIND, [GONE, rang("102", "BUSY")], "refused", "busy"),
            (BLIND, [GONE, rang("102", "NOANSWER")], "refused", "no_answer"),
            (BLIND, [GONE, rang("102", "CHANUNAVAIL")], "refused", "unreachable"),
            (BLIND, [GONE, rang("102", "SOMETHING")], "refused", "failed"),
            (BLIND, [GONE, rang("102", "NOANSWER"), rang("101", "ANSWER")], "came_back", "no_answer"),
            (BLIND, [GONE, rang("102", "NOANSWER"), rang("101", "NOANSWER"), OVER], "refused", "no_answer"),
            (BLIND, [GONE, rang("102", "NOANSWER"), rang("102", "ANSWER")], "taken", ""),
            (BLIND, [GONE, rang("1020", "ANSWER")], "asked", ""),
            (BLIND, [GONE, OVER], "lost", ""),
            (BLIND, [step(Happened.NOT_PASSED_ON)], "refused", "failed"),
            (BLIND, [step(Happened.TAKEN_OVER)], "asked", ""),
            (ATTENDED, [rang("102", "ANSWER")], "asked", ""),
            (ATTENDED, [rang("102", "ANSWER"), step(Happened.TAKEN_OVER)], "taken", ""),
            (ATTENDED, [rang("102", "BUSY")], "refused", "busy"),
            (ATTENDED, [rang("102", "BUSY"), step(Happened.NOT_TAKEN_OVER)], "came_back", "busy"),
            (ATTENDED, [step(Happened.NOT_TAKEN_OVER)], "came_back", "failed"),
            (TO_QUEUE, [GONE, QUEUED, rang("102", "ANSWER")], "asked", ""),
            (TO_QUEUE, [GONE, QUEUED, step(Happened.ANSWERED, seat="Olga")], "taken", ""),
            (TO_QUEUE, [GONE, QUEUED, step(Happened.ANSWERED, seat="Ada")], "came_back", ""),
            (TO_QUEUE, [GONE, QUEUED, OVER], "lost", ""),
        ],
    )
    def test_says_what_came_of_it(self, passing: Passing, told: list[Step], state: str, why: str) -> None:
        assert after(passing, *told)[:2] == (state, why)

    def test_moves_the_call_to_whoever_has_it(self) -> None:
        assert after(BLIND, GONE, rang("102", "ANSWER"))[2] == [("passed_on", ""), ("taken_over", "Mina")]
        back = after(BLIND, GONE, rang("102", "BUSY"), rang("101", "ANSWER"))[2]
        assert back == [("passed_on", ""), ("taken_over", "Ada")]
        assert after(ATTENDED, rang("102", "ANSWER"), step(Happened.TAKEN_OVER))[2] == [("taken_over", "Mina")]
        assert after(TO_QUEUE, QUEUED, step(Happened.ANSWERED, seat="Olga"))[2] == [
            ("queued", ""),
            ("answered", "Olga"),
        ]

    def test_knows_phones_behind_the_dialplan(self) -> None:
        answered = step(Happened.DIALED, phone="Local/102@in-00000007;1", said="ANSWER")

        assert after(FAR, GONE, answered)[0] == "taken"

    @given(
        passing=st.sampled_from([BLIND, ATTENDED, TO_QUEUE]),
        told=st.lists(
            st.tuples(
                st.sampled_from(Happened),
                st.sampled_from(["Ada", "Mina", "Olga"]),
                st.sampled_from(["101", "102"]),
                st.sampled_from(["ANSWER", "BUSY"]),
            ),
            max_size=8,
        ),
    )
    def test_never_changes_what_came_of_it(self, passing: Passing, told: list[tuple[Happened, str, str, str]]) -> None:
        """Whatever is told, and in whatever order; told again it says the same."""
        for what, seat, extension, said in told:
            one = step(what, seat=seat, phone=f"PJSIP/{extension}-1", said=said)
            was, (passing, _its) = passing, heard(passing, one)
            assert heard(passing, one)[0].state == passing.state or passing.state in OPEN
            if was.state not in OPEN:
                assert passing == was
        if passing.state == TransferState.TAKEN:
            assert passing.why == ""
