"""Small pictures of the images that came with a message, drawn by a worker."""

from procrastinate.contrib.django import app

from careloop.domains.conversations.events import MessageReceived
from careloop.domains.conversations.queries import files_of_message
from careloop.domains.files.queries import files_by_id
from careloop.kernel.events import Recorded

__all__ = ["draw_previews"]


def draw_previews(recorded: Recorded) -> None:
    """Have the images of a received message drawn small."""
    event = recorded.event
    file_ids = files_of_message(event.message_id) if isinstance(event, MessageReceived) else []
    for file in files_by_id(file_ids).values():
        if file.width is not None and not file.is_previewed:
            app.configure_task("preview_file").defer(workspace_id=recorded.workspace_id, file_id=file.id)
