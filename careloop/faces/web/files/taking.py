"""Files that came with a form, where no script sent them one by one."""

from datetime import datetime

from django.http import HttpRequest

from careloop.kernel.actors import Actor
from careloop.processes.answering import upload

__all__ = ["kept_files"]


def kept_files(request: HttpRequest, *, actor: Actor, at: datetime) -> list[int]:
    """Keep the files of a form and return their ids. Raises MayNotWorkOnCases, FileTooLarge."""
    return [
        upload(name=file.name or "", declared_type=file.content_type or "", content=file.read(), actor=actor, at=at).id
        for file in request.FILES.getlist("files")
    ]
