"""Listen to telephone systems: one loop for each, which stores what it hears before anybody understands it."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Final

from django.db import Error, connection

from careloop.domains.telephony import queries
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.errors import PbxNotFound
from careloop.domains.telephony.types import Offer, PbxRow, PbxState
from careloop.gateways.telephony import ActionRefused, AsteriskSwitch, ManagerLine, PhoneTrouble, connect
from careloop.gateways.telephony import Event as PhoneEvent
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.pausing import Order, Pauses, heed, wishes_of
from careloop.processes.phone_trial import account_of
from careloop.processes.phoning import PHONES, connected_text, event_texts, standing_text

__all__ = ["Pace", "watch_phone"]

log = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 20.0
QUIET_SECONDS: Final = 0.2
PIECE_SECONDS: Final = 1.0
PING_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 5.0
STANDING_SECONDS: Final = 600.0
"""How often we ask how everything stands, though nothing seems to be missed."""
DENIED: Final = "permission denied"
"""What Asterisk says to a manager who may not do something."""
FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 60.0


class Pace:
    """How long to wait before the next try: longer after each failure, short again once the line has held."""

    def __init__(
        self, *, first_seconds: float = FIRST_PAUSE_SECONDS, longest_seconds: float = LONGEST_PAUSE_SECONDS
    ) -> None:
        self._first, self._longest = first_seconds, longest_seconds
        self._next = first_seconds

    def failed(self, *, after_seconds: float) -> float:
        """Return how long to wait. after_seconds: for how long it had worked."""
        if after_seconds >= self._longest:
            self._next = self._first
        pause, self._next = self._next, min(self._next * 2, self._longest)
        return pause


def watch_phone(
    *,
    workspace_id: int,
    pbx_id: int,
    stopping: Event,
    pace: Pace | None = None,
    pauses: Callable[[], Pauses] = Pauses,
) -> None:
    """Listen to a telephone system until it is no longer live or the house stops; a line that breaks is made anew.

    pauses: makes what keeps phones and people together while a line lasts.
    """
    pace = pace or Pace()
    while not stopping.is_set():
        began = time.monotonic()
        try:
            with workspace_scope(workspace_id):
                row, server = queries.pbx(pbx_id), queries.pbx_server(pbx_id)
            if row.state != PbxState.LIVE:
                return
            with connect(account_of(server, timeout_seconds=ANSWER_SECONDS)) as line:
                _Ear(workspace_id, row, line, pauses).hear(stopping)
        except PbxNotFound:
            return
        except (PhoneTrouble, Refusal) as trouble:
            code, detail = str(trouble.code), str(getattr(trouble, "detail", ""))
            log.warning("phone.trouble", extra={"pbx_id": pbx_id, "code": code})
            _note_failure(workspace_id, pbx_id, code, detail)
            stopping.wait(pace.failed(after_seconds=time.monotonic() - began))
        except Exception as problem:
            # Nobody foresaw it; other telephone systems go on, this one is tried again, and its page says so.
            log.exception("phone.failed", extra={"pbx_id": pbx_id})
            connection.close()
            _note_failure(workspace_id, pbx_id, "failed", type(problem).__name__)
            stopping.wait(pace.failed(after_seconds=time.monotonic() - began))


class _Ear:
    """One connection to one telephone system."""

    def __init__(self, workspace_id: int, row: PbxRow, line: ManagerLine, pauses: Callable[[], Pauses]) -> None:
        self._workspace_id, self._row, self._line = workspace_id, row, line
        self._pauses = pauses() if Offer.PAUSE in row.offers else None
        self._is_refused = row.pausing_refused_at is not None

    def hear(self, stopping: Event) -> None:
        """Say that we are here and how everything stands; then store what happens, until the settings change."""
        began = connected_text(self._line.ping() or f"{clock.now().timestamp():.6f}")
        self._ask(began, is_first=True)
        asked = looked = noted = time.monotonic()
        while not stopping.is_set():
            # What came until this moment is among what is gathered next; what comes meanwhile may not be.
            at = clock.now()
            events = self._gathered()
            now = time.monotonic()
            if text := event_texts(events, at=clock.now()):
                self._store(text, at=at)
                noted = now
            elif now - noted >= PING_SECONDS:
                # Events that bear on no call say as well that somebody is there.
                if not events:
                    self._line.ping()
                with workspace_scope(self._workspace_id):
                    telephony.note_heard(pbx_id=self._row.id, actor=PHONES, at=at)
                noted = now
            self._keep_pauses(events)
            if now - asked >= STANDING_SECONDS:
                self._ask("")
                asked = now
            if now - looked >= LOOK_SECONDS:
                if not self._is_unchanged():
                    return
                looked = now

    def _gathered(self) -> list[PhoneEvent]:
        """Return what came within a second, or until it was quiet for a moment: together it is put into order and committed."""
        events = self._line.events(within_seconds=PIECE_SECONDS)
        until = time.monotonic() + PIECE_SECONDS
        while events and (left := until - time.monotonic()) > 0:
            try:
                more = self._line.events(within_seconds=min(QUIET_SECONDS, left))
            except PhoneTrouble:
                break  # what was heard before is kept; the next call says it again
            if not more:
                break
            events += more
        return events

    def _ask(self, before: str, *, is_first: bool = False) -> None:
        seen = self._line.snapshot()
        at = clock.now()
        names = {one.fields.get("Name", "") for one in seen.members}
        body = before + event_texts(seen.before, at=at) + standing_text(seen)
        with workspace_scope(self._workspace_id):
            if is_first:
                telephony.note_connected(pbx_id=self._row.id, actor=PHONES, at=at)
            telephony.store_piece(pbx_id=self._row.id, body=body.encode(), actor=PHONES, at=at)
            telephony.note_names(pbx_id=self._row.id, names=names, actor=PHONES, at=at)
        if self._pauses is not None:
            self._pauses.stand([one.fields for one in seen.members])

    def _keep_pauses(self, events: list[PhoneEvent]) -> None:
        """Let phones and people follow each other, where this is asked for."""
        if self._pauses is None:
            return
        for one in events:
            self._pauses.hear(one.name, one.fields)
        with workspace_scope(self._workspace_id):
            wishes = wishes_of(self._row.id)
        orders, words = self._pauses.due(wishes, now_s=time.monotonic())
        for word in words:
            with workspace_scope(self._workspace_id):
                heed(pbx_id=self._row.id, word=word, at=clock.now())
        for order in orders:
            if not self._gave(order):
                self._pauses = None  # asked again over another line only, which may have another right
                return

    def _gave(self, order: Order) -> bool:
        """Ask for a pause or its end; say whether we may."""
        switch, is_denied = AsteriskSwitch(self._line), False
        try:
            if order.reason:
                switch.pause(order.interface, reason=order.reason)
            else:
                switch.resume(order.interface)
        except ActionRefused as refused:
            # Whoever has just left the queues cannot be paused in them, and need not.
            log.warning("phone.pause_refused", extra={"pbx_id": self._row.id})
            is_denied = refused.detail.casefold() == DENIED
        if is_denied != self._is_refused:
            self._is_refused = is_denied
            with workspace_scope(self._workspace_id):
                telephony.note_pausing(pbx_id=self._row.id, is_refused=is_denied, actor=PHONES, at=clock.now())
        return not is_denied

    def _store(self, text: str, *, at: datetime) -> None:
        with workspace_scope(self._workspace_id):
            telephony.store_piece(pbx_id=self._row.id, body=text.encode(), actor=PHONES, at=at)

    def _is_unchanged(self) -> bool:
        with workspace_scope(self._workspace_id):
            now = queries.pbx(self._row.id)
        return all(
            getattr(now, name) == getattr(self._row, name)
            for name in ("state", "host", "port", "security", "user", "offers")
        )


def _note_failure(workspace_id: int, pbx_id: int, reason: str, detail: str) -> None:
    """Note it where that is possible: when the database is gone as well, the next try comes all the same."""
    try:
        with workspace_scope(workspace_id):
            telephony.note_failure(pbx_id=pbx_id, reason=reason, detail=detail, actor=PHONES, at=clock.now())
    except PbxNotFound:
        pass
    except Error:
        log.warning("phone.failure_not_noted", extra={"pbx_id": pbx_id, "code": reason})
        connection.close()
