"""The cases that are copied: written by customers, taken in and answered by the real services."""

from datetime import timedelta

from bench.stage.house import NOW, FreshHouse
from bench.stage.mails import openings

__all__ = ["make_template"]


def make_template(house: FreshHouse, *, cases: int) -> None:
    """Take in `cases` first mails, answer two of three, and let a customer come back to every sixth."""
    from careloop.domains.cases.queries import case_briefs, cases_of_conversations, statuses
    from careloop.domains.cases.services import change_status
    from careloop.domains.channels.services import store_raw
    from careloop.domains.channels.types import Arrived
    from careloop.domains.conversations.queries import known_mails
    from careloop.domains.people.queries import actor_for
    from careloop.kernel.actors import HOUSE, Actor, ActorKind
    from careloop.kernel.scope import workspace_scope
    from careloop.processes.answering import add_word_of_customer, reply
    from careloop.processes.answering.types import Words
    from careloop.processes.working import drain

    (address,) = house.mailboxes
    made = openings(cases, mailboxes=[address], at=NOW)
    for number, (mail, _matter) in enumerate(made):
        with workspace_scope(house.workspace_id):
            arrived = Arrived(
                mailbox_id=house.mailboxes[address], provider_id=f"1:{number}", raw=mail.raw, received_at=NOW
            )
            store_raw([arrived], is_silent=False, actor=HOUSE, at=NOW)
    drain()
    with workspace_scope(house.workspace_id):
        solved = next(status.id for status in statuses() if status.category == "solved")
    for number, (_mail, matter) in enumerate(made):
        with workspace_scope(house.workspace_id):
            ada = actor_for(house.agent_id, house.workspace_id)
            assert ada is not None
            (known,) = known_mails([matter.message_id.strip("<>")])
            ((case_id, _category),) = cases_of_conversations([known.conversation_id])[known.conversation_id]
            words = Words(text="Thank you. We are looking into it and write again today.", html="")
            if number % 3:
                reply(case_id=case_id, words=words, actor=ada, at=NOW + timedelta(hours=1))
            if number % 6 == 1:
                add_word_of_customer(
                    case_id=case_id,
                    words=Words(text="Still nothing!", html=""),
                    actor=Actor(kind=ActorKind.CUSTOMER, id=case_briefs([case_id])[case_id].requester_id),
                    at=NOW + timedelta(hours=2),
                )
            if number % 6 == 2:
                change_status(case_id=case_id, status_id=solved, actor=ada, at=NOW + timedelta(hours=3))
    drain()
