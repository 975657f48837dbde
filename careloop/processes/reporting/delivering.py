"""Make a report for one reader and send it, once (docs/reasons/sending.md says the same of answers).

transaction 1   who reads it, what they may see; it is skipped here where it must not go
no transaction  numbers are measured, the letter is written
transaction 2   waiting → sending, committed
the wire        outside any transaction
transaction 3   sending → sent, waiting for another try, failed, or uncertain
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import translation

from careloop.domains.boards import queries as boards
from careloop.domains.boards.errors import BoardNotFound, MayNotSeeNumbers
from careloop.domains.people.queries import MailAddress, actor_for, mail_address_of, own_account
from careloop.domains.reports import services
from careloop.domains.reports.queries import due_run
from careloop.domains.reports.states import RunState, Why
from careloop.domains.reports.types import DueRun
from careloop.kernel import clock
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.kernel.timers import set_timer
from careloop.processes.reporting.due import REPORT_RETRY
from careloop.processes.reporting.types import Errand, Letter
from careloop.processes.reporting.wire import Outcome, put_on_wire
from careloop.processes.workspace import workspace_facts

__all__ = ["REPORTING", "Compose", "deliver"]

log = logging.getLogger(__name__)

Compose = Callable[[Errand], Letter]
"""Writes a letter, outside any scope; raises Refusal where nothing can be written."""

REPORTING: Final = Actor(kind=ActorKind.HOUSE, name="reports")
PAUSES: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long to wait before each further try; after the last one the run has failed."""


def deliver(*, workspace_id: int, run_id: int, compose: Compose) -> None:
    """Make and send one mail of a report. A second call, after a crash or beside the first, never sends it twice.

    compose: how a report is written is the door's affair; it hands itself in.
    """
    with workspace_scope(workspace_id):
        found = due_run(run_id)
        prepared = None if found is None else _prepared(found, workspace_id)
    if found is None or prepared is None:
        return
    errand, address = prepared
    try:
        letter = compose(errand)
    except Refusal as refusal:
        with workspace_scope(workspace_id):
            _move(found.id, RunState.SKIPPED, Why.UNMEASURED, str(refusal))
        return
    except Exception:
        log.exception("report.unmade", extra={"run_id": run_id})
        with workspace_scope(workspace_id):
            _try_later(found, Outcome(RunState.WAITING, Why.BROKEN))
        return
    with workspace_scope(workspace_id):
        if not services.begin_sending(run_id=run_id, actor=REPORTING, at=clock.now()):
            return
    outcome = put_on_wire(letter, to=address.email, message_id=_message_id(workspace_id, run_id))
    with workspace_scope(workspace_id):
        if outcome.state is RunState.WAITING:
            _try_later(found, outcome)
        else:
            _move(run_id, outcome.state, outcome.why, outcome.detail)


def _prepared(found: DueRun, workspace_id: int) -> tuple[Errand, MailAddress] | None:
    """Return what is to be written and where it goes; None, and said so in the run, where it must not go."""
    if found.state is RunState.SENDING:
        # Whoever sent it died on the wire.
        services.begin_sending(run_id=found.id, actor=REPORTING, at=clock.now())
    if found.state is not RunState.WAITING:
        return None
    facts, viewer, address = workspace_facts(), actor_for(found.user_id, workspace_id), mail_address_of(found.user_id)
    why, board = Why.NOTHING, None
    if not facts.may_send:
        why = Why.DEMO
    elif found.is_stopped:
        why = Why.PAUSED
    elif viewer is None:
        why = Why.LEFT
    elif address is None:
        why = Why.WANTS_NO_MAIL
    else:
        try:
            # Boards that every workspace has are called what they are called in the reader's language.
            with translation.override(address.language):
                board = boards.board(key=found.content.board_key, viewer=viewer)
        except (BoardNotFound, MayNotSeeNumbers):
            why = Why.NO_BOARD
    if why or viewer is None or address is None or board is None:
        _move(found.id, RunState.SKIPPED, why, "")
        return None
    errand = Errand(
        report_id=found.report_id,
        content=found.content,
        board=board,
        viewer=viewer,
        workspace=facts,
        language=address.language,
        time_zone=own_account(found.user_id).settings.time_zone,
        due_at=found.due_at,
    )
    return errand, address


def _try_later(found: DueRun, outcome: Outcome) -> None:
    tried = found.tried_count
    if tried >= len(PAUSES):
        _move(found.id, RunState.FAILED, outcome.why, outcome.detail)
        return
    _move(found.id, RunState.WAITING, outcome.why, outcome.detail)
    set_timer(kind=REPORT_RETRY, subject_id=found.id, due_at=clock.now() + PAUSES[tried])


def _move(run_id: int, to: RunState, why: Why, detail: str) -> None:
    services.move_run(run_id=run_id, to=to, why=why, detail=detail, actor=REPORTING, at=clock.now())


def _message_id(workspace_id: int, run_id: int) -> str:
    return f"<report.{workspace_id}.{run_id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('> ')}>"
