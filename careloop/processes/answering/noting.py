"""A word among colleagues, with the files uploaded for it."""

from collections.abc import Collection
from datetime import datetime

from careloop.domains.cases import services as cases
from careloop.domains.conversations.services import use_saved_replies
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.answering.drafting import attach_written
from careloop.processes.answering.types import Words

__all__ = ["note"]


@act
def note(*, case_id: int, words: Words, mentions: Collection[int], actor: Actor, at: datetime) -> int:
    """Write a note on a case that customers never see, and return its id.

    mentions: users to be drawn in.

    Raises CaseNotFound, MayNotWorkOnCases, CaseUnclear, FileNotFound.
    """
    attach_written(case_id=case_id, file_ids=words.file_ids, actor=actor)
    note_id = cases.add_note(
        case_id=case_id,
        html=words.html,
        text=words.text,
        mentions=mentions,
        file_ids=words.file_ids,
        actor=actor,
        at=at,
    )
    use_saved_replies(reply_ids=words.reply_ids, actor=actor)
    cases.discard_draft(case_id=case_id, kind="note", actor=actor)
    return note_id
