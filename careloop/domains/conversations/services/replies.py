"""Texts that are written often."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.conversations import rules
from careloop.domains.conversations.errors import MayNotKeepReplies, MessageEmpty, MessageNotFound, NameTaken
from careloop.domains.conversations.events import SavedReplyChanged
from careloop.domains.conversations.models import SavedReply
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["delete_saved_reply", "save_reply", "use_saved_replies"]


@act
def save_reply(
    *,
    reply_id: int | None,
    name: str,
    language: str,
    html: str,
    is_shared: bool,
    actor: Actor,
    at: datetime,
) -> int:
    """Keep a text for later, or change a kept one, and return its id.

    html: sanitized by the face; may hold variables such as {{ customer }}.
    is_shared: for everybody in the workspace, which leads and above may keep.

    Raises MayNotKeepReplies, MessageEmpty, MessageNotFound, NameTaken. Records SavedReplyChanged.
    """
    _check(actor, is_shared=is_shared)
    if not name.strip() or not html.strip():
        raise MessageEmpty(_("A saved reply needs a name and a text."))
    reply = SavedReply() if reply_id is None else _locked(reply_id, actor)
    reply.name, reply.language, reply.html = name.strip()[:120], language, html
    reply.owner_id = None if is_shared else actor.user_id
    try:
        with attempt():
            reply.save()
    except IntegrityError:
        raise NameTaken(_("A saved reply of this name exists already. Choose another name.")) from None
    _record(reply.pk, "made" if reply_id is None else "changed", actor, at)
    return reply.pk


@act
def delete_saved_reply(*, reply_id: int, actor: Actor, at: datetime) -> None:
    """Throw a kept text away. Raises MayNotKeepReplies, MessageNotFound. Records SavedReplyChanged."""
    reply = _locked(reply_id, actor)
    _check(actor, is_shared=reply.owner_id is None)
    reply.delete()
    _record(reply_id, "deleted", actor, at)


@act
def use_saved_replies(*, reply_ids: Collection[int], actor: Actor) -> None:
    """Count one use of each, so that the most used come first; what is gone or somebody else's counts nothing.

    Drawn from the text of one message: whoever puts the same reply into it twice has used it once.
    """
    if not reply_ids:
        return
    found = SavedReply.objects.filter(Q(owner__isnull=True) | Q(owner_id=actor.user_id), pk__in=set(reply_ids))
    # Locked in one order, so that two who send at once do not wait for each other for ever.
    locked = list(found.select_for_update().order_by("pk").values_list("pk", flat=True))
    SavedReply.objects.filter(pk__in=locked).update(used_count=F("used_count") + 1)


def _check(actor: Actor, *, is_shared: bool) -> None:
    if is_shared and not rules.may_keep_shared_replies(actor):
        raise MayNotKeepReplies(_("Texts for everybody are kept by team leads. Keep this one for yourself."))
    if not is_shared and not rules.may_keep_own_replies(actor):
        raise MayNotKeepReplies(_("Your role does not answer customers, so it keeps no replies."))


def _locked(reply_id: int, actor: Actor) -> SavedReply:
    reply = SavedReply.objects.select_for_update().filter(pk=reply_id).first()
    if reply is None or (reply.owner_id is not None and reply.owner_id != actor.user_id):
        raise MessageNotFound(_("There is no such saved reply."))
    return reply


def _record(reply_id: int, change: str, actor: Actor, at: datetime) -> None:
    record(SavedReplyChanged(subject=subject("saved_reply", reply_id), actor=str(actor), at=at, change=change))
