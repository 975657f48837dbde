"""A customer's words with their files, kept or refused as one."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from careloop.domains.cases.queries import case_detail
from careloop.domains.files.errors import FileTooLarge
from careloop.domains.files.queries import file_row
from careloop.domains.files.services import keep_file
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.scope import current_workspace
from careloop.processes.answering import add_word_of_customer, receive_request
from careloop.processes.answering.types import Words
from careloop.processes.portal_access.types import Upload

__all__ = ["MOST_FILES", "add_reply", "write_request"]

MOST_FILES = 10


@act
def write_request(
    *,
    channel: str,
    address: str,
    name: str,
    language: str,
    subject_line: str,
    text: str,
    uploads: Sequence[Upload],
    team_id: int | None = None,
    mailbox_id: int | None = None,
    customer: Actor | None,
    actor: Actor,
    at: datetime,
) -> int:
    """Take in a request from the portal or a form and return its number.

    customer: the signed-in one, whose name and address are known; None for a visitor, who says both.
    The rest as in answering.receive_request. Raises FileTooLarge, AddressUnusable, MessageEmpty, CaseUnclear.
    """
    case_id = receive_request(
        channel=channel,
        address=address,
        name=name,
        language=language,
        subject_line=subject_line,
        words=_words(text, uploads, actor, at),
        team_id=team_id,
        mailbox_id=mailbox_id,
        customer=customer,
        actor=actor,
        at=at,
    )
    return case_detail(case_id=case_id, viewer=actor if customer is None else customer).row.number


@act
def add_reply(*, case_id: int, text: str, uploads: Sequence[Upload], actor: Actor, at: datetime) -> int:
    """Add what a customer writes to their request and return the message's id.

    actor: the customer. Raises CaseNotFound for anybody else's, CaseClosedAlready, FileTooLarge, MessageEmpty.
    """
    return add_word_of_customer(case_id=case_id, words=_words(text, uploads, actor, at), actor=actor, at=at)


def _words(text: str, uploads: Sequence[Upload], actor: Actor, at: datetime) -> Words:
    limit = settings.ATTACHMENT_BYTES_LIMIT
    if len(uploads) > MOST_FILES or sum(upload.byte_count for upload in uploads) > limit:
        raise FileTooLarge(
            _("Add at most %(count)d files of together %(limit)d MB. Share a link to larger ones instead.")
            % {"count": MOST_FILES, "limit": limit // 1024**2},
        )
    return Words(text=text, html="", file_ids=[_kept(upload, actor, at) for upload in uploads])


def _kept(upload: Upload, actor: Actor, at: datetime) -> int:
    file_id = keep_file(
        name=upload.name,
        declared_type=upload.declared_type,
        content=upload.read(),
        is_loose=True,
        actor=actor,
        at=at,
    )
    if file_row(file_id).width is not None:
        app.configure_task("preview_file").defer(workspace_id=current_workspace(), file_id=file_id)
    return file_id
