"""Findings as an examiner would bring them."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from careloop.domains.integrity.services import take_findings
from careloop.domains.integrity.types import About, Examination, Finding, Method, Severity
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW

__all__ = ["MONTH", "SENTENCE", "finding", "later", "look"]

MONTH = date(2026, 11, 1)
SENTENCE = "Many answered contacts have less than ten seconds of talk: answered and dropped?"


def finding(**changes: Any) -> Finding:
    """Return a severe finding of the whole workspace in November."""
    usual: dict[str, Any] = {
        "check": "short_talk_share",
        "method": Method.ABOVE,
        "severity": Severity.SEVERE,
        "sentence": {"en": SENTENCE, "ko": "통화 10초 미만", "zh-hans": "通话不足十秒", "vi": "dưới mười giây"},
        "metrics": ("service_level", "asa"),
        "about": About.WHOLE,
        "key": "",
        "user_id": None,
        "month": MONTH,
        "since": datetime(2026, 10, 31, 15, tzinfo=UTC),
        "until": datetime(2026, 11, 30, 15, tzinfo=UTC),
        "value": 0.2,
        "limit": 0.05,
        "count": 20.0,
        "of_count": 100.0,
        "is_sure": True,
        "is_above": True,
    }
    return Finding(**{**usual, **changes})


def look(
    workspace_id: int,
    findings: Sequence[Finding],
    *,
    at: datetime = NOW,
    looked: Collection[tuple[str, date]] | None = None,
    lake: str = "1-1",
) -> int:
    """Give findings to the flags, as of a look at their checks and months."""
    pairs = {(one.check, one.month) for one in findings} if looked is None else looked
    with workspace_scope(workspace_id):
        return take_findings(findings, looked=pairs, examination=Examination(at=at, lake=lake), actor=HOUSE)


def later(**passed: float) -> datetime:
    return NOW + timedelta(**passed)
