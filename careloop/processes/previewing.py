"""Small pictures of the images that came with a message, drawn by a worker."""

from collections.abc import Sequence

from procrastinate.contrib.django import app

from careloop.domains.conversations.events import MessageReceived
from careloop.domains.conversations.queries import files_of_messages
from careloop.domains.files.queries import files_by_id
from careloop.kernel.events import Recorded
from careloop.kernel.scope import current_workspace

__all__ = ["draw_previews"]


def draw_previews(recorded: Sequence[Recorded]) -> None:
    """Have the images of received messages drawn small."""
    received = {one.event.message_id for one in recorded if isinstance(one.event, MessageReceived)}
    for file in files_by_id(files_of_messages(received)).values():
        if file.width is not None and not file.is_previewed:
            app.configure_task("preview_file").defer(workspace_id=current_workspace(), file_id=file.id)
