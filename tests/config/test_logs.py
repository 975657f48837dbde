"""The log tells the facts that belong to a message, and nothing that a library passes along."""

import logging
from typing import Any

import pytest
from django.conf import settings

from careloop.config.logs import FactsFormatter


@pytest.mark.parametrize(
    ("name", "line"), [("careloop.faces.cli", "work.failed work=timers workspace_id=7"), ("library", "work.failed")]
)
def test_facts_of_ours_are_written_and_others_are_not(name: str, line: str) -> None:
    facts = {"name": name, "msg": "work.failed", "work": "timers", "workspace_id": 7}

    assert FactsFormatter("%(message)s").format(logging.makeLogRecord(facts)) == line


def test_the_house_writes_its_log_this_way() -> None:
    formatters: Any = settings.LOGGING["formatters"]
    assert formatters["plain"]["()"] == f"{FactsFormatter.__module__}.{FactsFormatter.__qualname__}"
