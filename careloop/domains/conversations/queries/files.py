"""Files as messages carry them."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from careloop.domains.conversations.models import Attachment
from careloop.domains.conversations.types import AttachedFile
from careloop.kernel.statements import Asked, Statement

__all__ = ["files_of"]


def files_of(message_ids: Collection[int]) -> dict[int, list[AttachedFile]]:
    files: defaultdict[int, list[AttachedFile]] = defaultdict(list)
    for message_id, file_id, content_id, is_inline in FILES(message_ids=list(message_ids)) if message_ids else ():
        files[message_id].append(AttachedFile(file_id=file_id, content_id=content_id, is_inline=is_inline))
    return files


FILES: Final = Statement(
    lambda: (
        Attachment.objects.filter(message__among=Asked("message_ids"))
        .order_by("pk")
        .values_list("message_id", "file_id", "content_id", "is_inline")
    )
)
