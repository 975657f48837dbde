"""North with calls in its lake, a real mail server, and a report that Grace keeps."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from careloop.domains.reports.schedule import Clock, Frequency, Schedule
from careloop.domains.reports.services import make_report
from careloop.domains.reports.types import ReportContent
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.processes.reporting.calls import bring_calls
from tests.servers.smtp import ScriptedSmtp, scripted_smtp

__all__ = ["Make", "content_of"]

Make = Callable[..., int]


def content_of(board_key: str = "operations", **more: Any) -> ReportContent:
    """A daily report at eight in the workspace's time about the last week."""
    usual = {
        "name": "Morning numbers",
        "board_key": board_key,
        "period": "last_week",
        "clock": Clock.WORKSPACE,
        "schedule": Schedule(frequency=Frequency.DAILY, at=time(8, 0)),
    }
    return ReportContent(**{**usual, **more})


@pytest.fixture
def measured(house: House, settings: Any, tmp_path: Path) -> House:
    """The house, whose north has facts."""
    settings.LAKE_ROOT = tmp_path / "lake"
    bring_calls(settings.LAKE_ROOT / str(house.north))
    return house


@pytest.fixture
def server(settings: Any) -> Iterator[ScriptedSmtp]:
    """A real SMTP server that the installation's mail goes through."""
    with scripted_smtp() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.EMAIL_TIMEOUT = 5
        yield server


@pytest.fixture
def make(measured: House) -> Make:
    """Let somebody of north make a report for somebody, and return it."""

    def made(*readers: str, by: str = "grace", at: datetime = NOW, **content: Any) -> int:
        with workspace_scope(measured.north):
            return make_report(
                content=content_of(**content),
                reader_ids=[measured.ids[name] for name in readers or ("grace",)],
                actor=measured.actor(by),
                at=at,
            )

    return made
