"""How the log of who did what tells the events of queues, offers and people at work."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import names_of, team_names_of
from careloop.domains.queues.queries import queue_names
from careloop.domains.queues.reasons import reason_label
from careloop.domains.supervision.states import AbuseKind
from careloop.domains.workforce.events import PresenceChanged
from careloop.domains.workforce.queries import skill_names
from careloop.domains.workforce.states import State
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.faces.web.routing.wording import reason_said
from careloop.kernel.events import Event

__all__: list[str] = []


def _queues(ids: Iterable[int]) -> dict[int, str]:
    return queue_names(set(ids))


def _skills(ids: Iterable[int]) -> dict[int, str]:
    return skill_names(set(ids))


def _doing(event: Event) -> dict[str, str]:
    if not isinstance(event, PresenceChanged):
        return {}
    state = State(event.state)
    reason = reason_said(state, event.reason)
    return {"doing": f"{state.label} ({reason})" if reason else str(state.label)}


def _presence(event: Event) -> str | Promise:
    if isinstance(event, PresenceChanged) and event.forced_by:
        return _("%(who)s put %(whom)s into another state: %(doing)s.")
    return _("%(whom)s does something else: %(doing)s.")


def _person(event: Event) -> dict[str, str]:
    key = getattr(event, "user_id", 0)
    reason = getattr(event, "reason", "")
    return {"person": names_of([key]).get(key, ""), "why": str(reason_label(reason)) if reason else "–"}


def _abuse(event: Event) -> dict[str, str]:
    kind = getattr(event, "kind", "")
    return {
        "person": names_of([key := getattr(event, "user_id", 0)]).get(key, ""),
        "kind": str(AbuseKind(kind).label) if kind in AbuseKind.values else "",
        "minutes": str(getattr(event, "rest_s", 0) // 60),
    }


def _queue(event: Event) -> dict[str, str]:
    key = getattr(event, "queue_id", 0)
    return {"queue": queue_names([key]).get(key, "")}


def _place(event: Event) -> dict[str, str]:
    return {"place": str(getattr(event, "position", 0) + 1)}


def _team(event: Event) -> dict[str, str]:
    key = getattr(event, "team_id", None) or 0
    return {"team": team_names_of([key]).get(key, "")}


def _message(event: Event) -> str | Promise:
    if getattr(event, "team_id", None) is None:
        return _("%(who)s sent a message to everybody at work.")
    return _("%(who)s sent a message to the team %(team)s.")


name_subjects("queue", _queues)
name_subjects("skill", _skills)

say("queue.made", label=_("Queue made"), sentence=_("%(who)s made the queue %(name)s."))
say("queue.changed", label=_("Queue changed"), sentence=_("%(who)s changed the queue %(name)s."))
say("queue.retired", label=_("Queue retired"), sentence=_("%(who)s took the queue %(whom)s out of use."))
say(
    "queue_rule.made",
    label=_("Rule into a queue made"),
    sentence=_("%(who)s made a rule into the queue %(queue)s."),
    places=_queue,
)
say(
    "queue_rule.changed",
    label=_("Rule into a queue changed"),
    sentence=_("%(who)s changed a rule into the queue %(queue)s."),
    places=_queue,
)
say(
    "queue_rule.moved",
    label=_("Rule into a queue moved"),
    sentence=_("%(who)s moved a rule of queues to place %(place)s."),
    places=_place,
)
say(
    "queue_rule.removed",
    label=_("Rule into a queue removed"),
    sentence=_("%(who)s removed a rule of queues."),
)
say(
    "waiting.entered",
    label=_("Waits in a queue"),
    sentence=_("%(whom)s waits in the queue %(queue)s."),
    places=_queue,
)
say(
    "waiting.moved",
    label=_("Moved into another queue"),
    sentence=_("%(who)s moved %(whom)s into the queue %(queue)s."),
    places=_queue,
)
say(
    "waiting.prioritized",
    label=_("Priority in a queue changed"),
    sentence=_("%(whom)s stands elsewhere in the queue %(queue)s, because its priority changed."),
    places=_queue,
)
say(
    "waiting.handed",
    label=_("Given out of a queue"),
    sentence=_("%(who)s gave %(whom)s to %(person)s out of the queue."),
    places=_person,
)
say(
    "waiting.left",
    label=_("Left a queue"),
    sentence=_("%(whom)s does not wait in the queue %(queue)s any more."),
    places=_queue,
)
say(
    "waiting.taken_back",
    label=_("Waits again"),
    sentence=_("%(whom)s waits again, because %(person)s was gone."),
    places=_person,
)
say("offer.made", label=_("Offer made"), sentence=_("%(whom)s was offered to %(person)s."), places=_person)
say("offer.accepted", label=_("Offer accepted"), sentence=_("%(person)s took %(whom)s."), places=_person)
say(
    "offer.ended",
    label=_("Offer not taken"),
    sentence=_("%(person)s did not take %(whom)s: %(why)s."),
    places=_person,
)
say("presence.changed", label=_("State changed"), sentence=_presence, places=_doing)
say(
    "person.capacity_set",
    label=_("Room of a person set"),
    sentence=_("%(who)s set how much %(whom)s holds at a time: %(room)s."),
)
say("hand.raised", label=_("Help asked for"), sentence=_("%(person)s asked for help."), places=_person)
say(
    "hand.taken_up",
    label=_("On the way to help"),
    sentence=_("%(who)s went to help %(person)s, after %(waited_s)s s."),
    places=_person,
)
say(
    "hand.lowered",
    label=_("Help is over"),
    sentence=_("%(who)s said that %(person)s needs no more help."),
    places=_person,
)
say(
    "abuse.noted",
    label=_("Abuse written down"),
    sentence=_("%(person)s wrote down that the customer abused them: %(kind)s."),
    places=_abuse,
)
say("abuse.warned", label=_("Abusive customer warned"), sentence=_("%(person)s warned the customer."), places=_abuse)
say(
    "abuse.contact_ended",
    label=_("Abusive contact ended"),
    sentence=_("%(person)s ended the contact because of abuse: %(kind)s."),
    places=_abuse,
)
say(
    "abuse.rest_given",
    label=_("Rest after abuse"),
    sentence=_("%(person)s rests for %(minutes)s minutes after an abusive contact."),
    places=_abuse,
)
say("team_message.sent", label=_("Message to a team"), sentence=_message, places=_team)
say("team_message.read", label=_("Message to a team read"), sentence=_("%(who)s read a message to the team."))
say("person.skills_set", label=_("Skills of a person set"), sentence=_("%(who)s set what %(whom)s knows."))
say("person.languages_set", label=_("Languages of a person set"), sentence=_("%(who)s set what %(whom)s speaks."))
say("skill.made", label=_("Skill named"), sentence=_("%(who)s named the skill %(name)s."))
say("skill.renamed", label=_("Skill renamed"), sentence=_("%(who)s renamed a skill: %(name)s."))
say("skill.retired", label=_("Skill retired"), sentence=_("%(who)s took the skill %(whom)s out of use."))
say(
    "share.set",
    label=_("Share of the workspace set"),
    sentence=_("%(who)s set the weight of this workspace among all: %(agreed)s."),
)
