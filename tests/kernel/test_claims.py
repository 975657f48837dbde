"""A claim is kept by one process at a time, and falls to the next when that one dies."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connections

from careloop.kernel.claims import Claim, claimed

pytestmark = pytest.mark.database

WORK = "watch the door"


@contextmanager
def another_process_holding(work: str) -> Iterator[int]:
    """Let a child process take a claim and keep it; the block receives its number and may kill it."""
    # A connection that two processes share would belong to neither.
    connections.close_all()
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(tells, b"1" if Claim(work).hold() else b"0")
        signal.pause()
        os._exit(os.EX_SOFTWARE)
    os.close(tells)
    try:
        with os.fdopen(hears, "rb") as told:
            assert told.read(1) == b"1"
        yield child
    finally:
        kill(child)


def kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass  # it is dead already


def comes_true(ask: Callable[[], bool]) -> bool:
    """Ask again until the server has noticed that the other side is gone."""
    deadline = time.monotonic() + 20
    while not ask():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_free_for_a_block() -> bool:
    with claimed(WORK) as is_ours:
        return is_ours


@pytest.mark.usefixtures("committed")
class TestTwoProcesses:
    def test_the_second_gets_the_work_only_when_the_first_is_killed(self) -> None:
        second = Claim(WORK)
        with another_process_holding(WORK) as first:
            assert not second.hold()
            assert not second.hold()

            kill(first)

            assert comes_true(second.hold)
        second.let_go()

    def test_work_of_another_name_is_free(self) -> None:
        with another_process_holding(WORK):
            other = Claim("something else")

            assert other.hold()
        other.let_go()

    def test_a_block_is_told_that_the_work_is_in_other_hands(self) -> None:
        with another_process_holding(WORK) as first:
            assert not is_free_for_a_block()

            kill(first)

            assert comes_true(is_free_for_a_block)


@pytest.mark.usefixtures("committed")
class TestOneProcess:
    def test_lets_go_so_that_others_may(self) -> None:
        first, second = Claim(WORK), Claim(WORK)
        assert first.hold()
        assert not second.hold()

        first.let_go()

        assert comes_true(second.hold)
        second.let_go()

    def test_takes_the_claim_again_after_its_connection_was_cut(self) -> None:
        claim = Claim(WORK)
        assert claim.hold()
        with pytest.raises(OperationalError), claim._connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        assert comes_true(claim.hold)
        claim.let_go()

    def test_a_block_that_fails_lets_go_all_the_same(self) -> None:
        def fails() -> None:
            with claimed(WORK):
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fails()

        other = Claim(WORK)
        assert other.hold()
        other.let_go()
