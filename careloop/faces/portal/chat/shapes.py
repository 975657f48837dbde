"""What a widget is told, as JSON."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from careloop.domains.chats.types import ChatRow, Place, WidgetSettings
from careloop.domains.files.types import FileRow
from careloop.processes.calling import CallbackWindow
from careloop.processes.chatting import Line

__all__ = ["chat_shown", "file_shown", "invitations_shown", "line_shown", "moment", "place_shown", "window_shown"]


def line_shown(line: Line) -> dict[str, Any]:
    """Return a word as its visitor reads it; a colleague's number is nobody's business."""
    return {
        "name": "word",
        "id": line.id,
        "by": "us" if line.is_ours else "you",
        "who": line.name if line.is_ours else "",
        "at": line.at.isoformat(),
        "text": line.text,
        "files": [file_shown(file) for file in line.files],
    }


def file_shown(file: FileRow) -> dict[str, Any]:
    """Return a file as its visitor sees it."""
    return {
        "id": file.id,
        "name": file.name,
        "bytes": file.byte_count,
        "is_risky": file.is_risky,
        "is_picture": file.is_picture,
    }


def chat_shown(row: ChatRow, place: Place | None) -> dict[str, Any]:
    """Return how a chat stands. place: of one that waits; was_with: somebody had it before."""
    return {
        "name": "state",
        "state": row.state,
        "who": row.agent,
        "read": row.agent_read_id,
        "seen": row.visitor_read_id,
        "ended_by": row.ended_by,
        "place": place_shown(place),
        "was_with": row.picked_at is not None,
    }


def place_shown(place: Place | None) -> dict[str, Any] | None:
    """Return where a visitor stands, in whole minutes: finer would promise what nobody can keep."""
    if place is None:
        return None
    wait = place.wait
    minutes: Sequence[int] = () if wait is None else [_minutes(s) for s in (wait.middle, wait.least, wait.most)]
    return {"ahead": place.ahead, "minutes": list(minutes)}


def invitations_shown(settings: WidgetSettings, *, language: str) -> list[dict[str, Any]]:
    """Return the rules of a widget that are for readers of a language, in their order, in its words or else in the widget's.

    mark: under which the browser remembers that it was shown; other words make another invitation.
    """
    shown = []
    for rule in settings.invitations:
        text = rule.texts.get(language) or rule.texts.get(settings.language, "")
        if text and (not rule.languages or language in rule.languages):
            mark = hashlib.sha256(f"{rule.path} {rule.to} {sorted(rule.texts.items())}".encode()).hexdigest()[:12]
            said = {"text": text, "path": rule.path, "after": rule.after_s, "to": rule.to, "pause": rule.pause_h}
            shown.append({"mark": mark, **said})
    return shown


def window_shown(window: CallbackWindow | None) -> dict[str, Any] | None:
    """Return when somebody is called who asks for it, None where nobody is."""
    return None if window is None else {"from": moment(window.from_at), "by": moment(window.due_at)}


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))


def moment(at: datetime | None) -> str | None:
    """Return a moment as the browser reads it."""
    return None if at is None else at.isoformat()
