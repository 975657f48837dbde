"""What a rule would have touched: its events of the last days, and the cases as they were then.

Of a case most is known for every moment, because the log tells it; what the log does not tell is asked of the case as it is
today, and said so. What other rules would have done, and what would have followed from it all, nobody can know.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.automation import rules
from careloop.domains.automation.checking import checked
from careloop.domains.automation.contacts import AS_TODAY as CONTACTS_AS_TODAY
from careloop.domains.automation.contacts import tree_of
from careloop.domains.automation.errors import MayNotMakeRules
from careloop.domains.automation.states import EVENTS
from careloop.domains.automation.types import RuleSettings
from careloop.domains.cases.queries import cases_by_id, reasons, status_ids, visible_case_ids
from careloop.domains.cases.types import CaseRow
from careloop.domains.conversations.events import DeliveryChanged
from careloop.domains.conversations.states import WORRYING
from careloop.domains.conversations.types import Channel
from careloop.kernel.actors import Actor
from careloop.kernel.conditions import Condition, comparisons_of, matches
from careloop.kernel.events import Recorded, stories, subject, trail
from careloop.kernel.hours import NotEnoughHours
from careloop.processes.automation.contacts import Contact, contacts_in, facts_of, is_nobodys
from careloop.processes.automation.running import due_at_of
from careloop.processes.automation.then import AS_TODAY, facts_at

__all__ = ["DAYS", "MOST_EVENTS", "Touched", "Trial", "moments_held", "what_it_would_have_touched"]

DAYS: Final = 7
MOST_EVENTS: Final = 20_000
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A case that a rule would have touched. at: when first. times: how often.

    call_id: of a call. case_id, number: None where it has no case; the subject then says who called.
    """

    case_id: int | None
    number: int | None
    subject: str
    call_id: int | None = None
    at: datetime
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a rule would have done since a moment.

    touched: the cases, the newest first. run_count: how often in all. event_count: events looked at; is_cut: there were more, and
    only the newest were looked at. pending_count: waits that would not be over yet.
    as_today: fields that were asked of the cases as they are today, because the log does not tell them.
    """

    since: datetime
    event_count: int
    is_cut: bool
    run_count: int
    pending_count: int
    touched: tuple[Touched, ...]
    as_today: tuple[str, ...]


def what_it_would_have_touched(
    *, settings: RuleSettings, viewer: Actor, at: datetime, days: int = DAYS, most: int = MOST_EVENTS
) -> Trial:
    """Say which cases a rule would have touched in the last days, had it been there. Writes nothing.

    Raises MayNotMakeRules, BadRule.
    """
    if not rules.may_make_rules(viewer):
        raise MayNotMakeRules(_("Only an owner or a manager can say what the house does by itself."))
    checked(settings, at=at)
    tree = tree_of(settings)
    since = at - timedelta(days=days)
    names = [name for name, when in EVENTS.items() if when in settings.when]
    events = trail(names=names, since=since, until=at + timedelta(seconds=1), limit=most + 1)
    looked_at = [one for one in reversed(events[:most]) if not getattr(one.event, "is_quiet", False)]
    if settings.is_of_contacts:
        return _on_contacts(looked_at, settings, tree, viewer, since=since, at=at, is_cut=len(events) > most)
    asked, pending = _moments(_by_case(looked_at, viewer), settings, at)
    times = moments_held(asked, tree, viewer)
    rows = cases_by_id(times, viewer=viewer)
    touched = [
        Touched(case_id=key, number=rows[key].number, subject=rows[key].subject, at=held[0], times=len(held))
        for key, held in times.items()
        if key in rows
    ]
    fields = {one.field for one in comparisons_of(tree)}
    return Trial(
        since=since,
        event_count=len(looked_at),
        is_cut=len(events) > most,
        run_count=sum(one.times for one in touched),
        pending_count=pending,
        touched=tuple(sorted(touched, key=lambda one: (one.at, one.case_id), reverse=True)),
        as_today=tuple(name for name in AS_TODAY if name in fields),
    )


def _on_contacts(
    events: Sequence[Recorded],
    settings: RuleSettings,
    tree: Condition,
    viewer: Actor,
    *,
    since: datetime,
    at: datetime,
    is_cut: bool,
) -> Trial:
    """Do the same for a rule on calls and chats: it would have run once on each for which its conditions held."""
    contacts = contacts_in(events)
    happened = [(contacts[one.id], one.event.at) for one in events if one.id in contacts]
    due = [(contact, moment if settings.delay_s is None else _due(settings, moment)) for contact, moment in happened]
    asked = [(contact, moment) for contact, moment in due if moment is not None and moment <= at]
    fields = {one.field for one in comparisons_of(tree)}
    facts = facts_of(asked, fields)
    held = [pair for pair, found in zip(asked, facts, strict=True) if matches(tree, found, pair[1])]
    acted = [(contact, moment) for contact, moment in held if not is_nobodys(contact)]
    rows = cases_by_id({contact.case_id for contact, _at in acted if contact.case_id is not None}, viewer=viewer)
    touched = [_touched(contact, moment, rows.get(contact.case_id or 0)) for contact, moment in acted]
    return Trial(
        since=since,
        event_count=len(contacts),
        is_cut=is_cut,
        run_count=len(touched),
        pending_count=sum(moment is not None and moment > at for _contact, moment in due),
        touched=tuple(sorted(touched, key=lambda one: (one.at, one.call_id or 0, one.case_id or 0), reverse=True)),
        as_today=tuple(name for name in CONTACTS_AS_TODAY if name in fields),
    )


def _touched(contact: Contact, at: datetime, row: CaseRow | None) -> Touched:
    is_call = contact.channel is Channel.VOICE
    return Touched(
        case_id=row.id if row is not None else None,
        number=row.number if row is not None else None,
        subject=row.subject if row is not None else contact.who,
        call_id=contact.id if is_call else None,
        at=at,
        times=1,
    )


def _by_case(events: Sequence[Recorded], viewer: Actor) -> dict[int, list[datetime]]:
    """Return by case when something happened that the rule waits for."""
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    lost = {one.subject_id for one in events if isinstance(one.event, DeliveryChanged)}
    of_conversation: Mapping[int, int] = visible_case_ids(lost, viewer=viewer) if lost else {}
    for one in events:
        if isinstance(one.event, DeliveryChanged):
            if one.event.now in WORRYING and one.subject_id in of_conversation:
                found[of_conversation[one.subject_id]].append(one.event.at)
        elif one.event.subject.startswith("case:"):  # a caller who waits has none
            found[one.subject_id].append(one.event.at)
    return found


def _moments(
    happened: Mapping[int, Sequence[datetime]], settings: RuleSettings, at: datetime
) -> tuple[dict[int, list[datetime]], int]:
    """Return by case when the rule would have looked at it, and how many waits would not be over yet."""
    if settings.delay_s is None:
        return {key: list(moments) for key, moments in happened.items()}, 0
    found: dict[int, list[datetime]] = {}
    pending = 0
    for key, moments in happened.items():
        due = [_due(settings, moment) for moment in moments]
        if settings.from_last:
            # A newer one before the time is over begins it again.
            due = [
                one
                for index, one in enumerate(due)
                if one is not None and (index + 1 == len(due) or moments[index + 1] > one)
            ]
        over = [one for one in due if one is not None and one <= at]
        pending += sum(one is not None and one > at for one in due)
        if over:
            found[key] = over
    return found, pending


def _due(settings: RuleSettings, moment: datetime) -> datetime | None:
    try:
        return due_at_of(settings, moment)
    except NotEnoughHours:
        return None


def moments_held(asked: Mapping[int, Sequence[datetime]], tree: Condition, viewer: Actor) -> dict[int, list[datetime]]:
    """Return by case at which of some moments the conditions held."""
    codes = {row.code: row.id for row in reasons()}
    keys, found = list(asked), dict[int, list[datetime]]()
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        rows, statuses = cases_by_id(part, viewer=viewer), status_ids(part)
        told: defaultdict[int, list[Recorded]] = defaultdict(list)
        for one in stories([subject("case", key) for key in part]):
            told[one.subject_id].append(one)
        for key in part:
            if key not in rows:
                continue
            then = facts_at(told[key], asked[key], today=rows[key], status_id=statuses[key], reasons=codes)
            held = [moment for moment in asked[key] if moment in then and matches(tree, then[moment], moment)]
            if held:
                found[key] = held
    return found
