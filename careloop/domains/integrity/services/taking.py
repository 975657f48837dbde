"""The house takes what its checks found: opens flags, keeps them up to date, ends them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from careloop.domains.integrity.events import FlagGone, FlagOpened, FlagReopened
from careloop.domains.integrity.judging import Standing, Verdict, judged
from careloop.domains.integrity.models import Flag, FlagStep, LastExamination
from careloop.domains.integrity.states import Said, State, Step
from careloop.domains.integrity.types import About, Examination, Finding, Severity
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import Event, record_all, subject

__all__ = ["take_findings"]

MOST_PARTS: Final = 20
"""Flags on parts that one check opens in one month; whoever has answered twenty sees the next."""

_RANK: Final = (Severity.NOTE, Severity.WARNING, Severity.SEVERE)
_Place = tuple[str, str, str, date]
_CHANGING: Final = (
    "user_id", "method", "severity", "sentence", "metrics", "since", "until", "value", "limit", "count", "of_count", "parts",
    "state", "last_seen_at", "said", "words", "answered_by", "answered_at", "answered_amount",
)  # fmt: skip


@act
def take_findings(
    findings: Sequence[Finding], *, looked: Collection[tuple[str, date]], examination: Examination, actor: Actor
) -> int:
    """Bring the flags of the workspace to what a look at the facts found, and return how many were opened.

    findings: of everything that was looked at, whether above the limit or not. looked: checks and months that were looked at;
    a flag of these that was not found is over. examination: when and at what.

    Asked twice with the same findings it changes nothing. Records FlagOpened, FlagReopened and FlagGone.
    """
    LastExamination.objects.bulk_create([LastExamination()], ignore_conflicts=True)
    # Two examiners go one after the other; the second finds the first one's flags.
    last = LastExamination.objects.select_for_update().get()
    found = {_place_of(one): one for one in findings}
    months = {month for _check, month in looked}
    flags = {
        (flag.check_id, flag.about, flag.key, flag.month): flag
        for flag in Flag.objects.select_for_update().filter(month__in=months).order_by("pk")
        if (flag.check_id, flag.month) in looked
    }
    at = examination.at
    events: list[Event] = []
    steps: list[FlagStep] = []
    for place, flag in flags.items():
        events += _looked_at(flag, found.get(place), steps, actor=actor, at=at)
    opened = [_made(finding, at) for finding in _new(findings, flags)]
    for flag in Flag.objects.bulk_create(opened):
        steps.append(FlagStep(flag=flag, step=Step.OPENED, at=at, value=flag.value, count=flag.count))
        events.append(
            FlagOpened(
                **_said_of(flag, actor=actor, at=at),
                about=flag.about,
                month=f"{flag.month:%Y-%m}",
                value=flag.value,
                limit=flag.limit,
            )
        )
    FlagStep.objects.bulk_create(steps)
    record_all(events)
    last.at, last.lake, last.last, last.seconds = at, examination.lake, examination.last, examination.seconds
    last.seen = dict(examination.seen)
    last.save(update_fields=["at", "lake", "last", "seconds", "seen"])
    return len(opened)


def _new(findings: Sequence[Finding], flags: Mapping[_Place, Flag]) -> list[Finding]:
    """Return what opens a flag: the whole, or, where the whole is in order, the parts that are not."""
    wholes = {(one.check, one.month) for one in findings if one.about is About.WHOLE and one.is_sure} | {
        (flag.check_id, flag.month) for flag in flags.values() if flag.about == About.WHOLE and flag.state != State.GONE
    }
    new: list[Finding] = []
    counts: dict[tuple[str, date], int] = {}
    for one in sorted(findings, key=lambda one: (one.about != About.WHOLE, -(one.count or 0.0), -one.value, one.key)):
        pair = (one.check, one.month)
        if not one.is_sure or _place_of(one) in flags:
            continue
        if one.about is not About.WHOLE:
            counts[pair] = counts.get(pair, 0) + 1
            if pair in wholes or counts[pair] > MOST_PARTS:
                continue
        new.append(one)
    # The newest stand first in lists, and of those found together the gravest.
    return sorted(new, key=lambda one: _RANK.index(one.severity))


def _looked_at(
    flag: Flag, finding: Finding | None, steps: list[FlagStep], *, actor: Actor, at: datetime
) -> list[Event]:
    amount = flag.amount
    if finding is not None and finding.is_above:
        _describe(flag, finding)
        flag.last_seen_at, amount = at, flag.amount
    verdict = judged(
        Standing(
            state=State(flag.state),
            said=Said(flag.said) if flag.said else None,
            answered_at=flag.answered_at,
            amount=flag.answered_amount,
        ),
        is_sure=finding is not None and finding.is_sure,
        is_above=finding is not None and finding.is_above,
        amount=amount,
        are_rows=flag.count is not None,
        at=at,
    )
    events = [] if verdict is None else _moved(flag, verdict, steps, actor=actor, at=at)
    flag.save(update_fields=_CHANGING)
    return events


def _moved(flag: Flag, verdict: Verdict, steps: list[FlagStep], *, actor: Actor, at: datetime) -> list[Event]:
    flag.state = verdict.state
    steps.append(
        FlagStep(flag=flag, step=verdict.step, at=at, reason=verdict.reason or "", value=flag.value, count=flag.count)
    )
    match verdict.state:
        case State.GONE:
            open_seconds = int((at - flag.opened_at).total_seconds())
            return [FlagGone(**_said_of(flag, actor=actor, at=at), open_seconds=open_seconds)]
        case State.OPEN:
            flag.said, flag.words = "", ""
            flag.answered_by_id, flag.answered_at, flag.answered_amount = None, None, None
            reason = str(verdict.reason)
            return [FlagReopened(**_said_of(flag, actor=actor, at=at), reason=reason, value=flag.value)]
    return []


def _made(finding: Finding, at: datetime) -> Flag:
    flag = Flag(
        check_id=finding.check,
        about=finding.about,
        key=finding.key,
        month=finding.month,
        state=State.OPEN,
        opened_at=at,
        last_seen_at=at,
    )
    _describe(flag, finding)
    return flag


def _describe(flag: Flag, finding: Finding) -> None:
    flag.user_id = finding.user_id
    flag.method = finding.method
    flag.severity, flag.sentence, flag.metrics = finding.severity, dict(finding.sentence), list(finding.metrics)
    flag.since, flag.until = finding.since, finding.until
    flag.value, flag.limit, flag.count, flag.of_count = finding.value, finding.limit, finding.count, finding.of_count
    flag.parts = [asdict(part) for part in finding.parts]


def _place_of(finding: Finding) -> _Place:
    return finding.check, finding.about.value, finding.key, finding.month


def _said_of(flag: Flag, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what every event about a flag says."""
    return {
        "subject": subject("flag", flag.pk),
        "actor": str(actor),
        "at": at,
        "check": flag.check_id,
        "severity": str(flag.severity),
    }
