"""Everything that happens next: who reacts to what, which readers follow the log, and what timers do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from procrastinate.contrib.django import app

from careloop.domains.cases.tallies import TALLIES
from careloop.domains.contacts.services import QUIET, end_quiet
from careloop.domains.conversations.events import DeliveryChanged
from careloop.domains.conversations.services import DISPATCH
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.notifications.services import MAIL_NOTICES
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import Recorded
from careloop.kernel.readers import Reader
from careloop.kernel.scope import current_workspace
from careloop.kernel.timers import Ring
from careloop.processes.notifying import tell_about_case, tell_about_delivery
from careloop.processes.previewing import draw_previews
from careloop.processes.reactions import Reaction, reader_of
from careloop.processes.receipts import send_receipt
from careloop.processes.sending import dispatch
from careloop.processes.workspace import quiet_time, workspace_facts

__all__ = ["READERS", "RINGS", "SUBSCRIPTIONS"]


def _put_on_wire(recorded: Recorded) -> None:
    event = recorded.event
    if isinstance(event, DeliveryChanged) and event.now == DeliveryState.QUEUED:
        app.configure_task("send_message", queueing_lock=f"send {event.message_id}").defer(
            workspace_id=recorded.workspace_id, message_id=event.message_id
        )


def _mail_notices(user_id: int, at: datetime) -> None:
    if not workspace_facts().may_send:
        return  # a demo's people read their notices in the app
    app.configure_task("mail_notices").defer(workspace_id=current_workspace(), user_id=user_id)


def _end_quiet(contact_id: int, at: datetime) -> None:
    end_quiet(contact_id=contact_id, quiet=quiet_time(), actor=HOUSE, at=at)


SUBSCRIPTIONS: Final[Mapping[str, Sequence[Reaction]]] = {
    "case.opened": (send_receipt,),
    "case.assigned": (tell_about_case,),
    "case.followed": (tell_about_case,),
    "case.noted": (tell_about_case,),
    "case.answered": (tell_about_case,),
    "case.customer_wrote": (tell_about_case,),
    "case.third_party_wrote": (tell_about_case,),
    "case.solved": (tell_about_case,),
    "case.reopened": (tell_about_case,),
    "message.received": (draw_previews,),
    "message.delivery_changed": (_put_on_wire, tell_about_delivery),
}

READERS: Final[Sequence[Reader]] = (TALLIES, reader_of(SUBSCRIPTIONS))

RINGS: Final[Mapping[str, Ring]] = {
    DISPATCH: dispatch,
    QUIET: _end_quiet,
    MAIL_NOTICES: _mail_notices,
}
