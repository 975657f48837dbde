"""The tables of facts in the words of people, for whoever saves them. docs/reference/facts.md says all about each."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = ["GROUPS", "TITLES"]

Word = str | Promise

GROUPS: Final[Sequence[tuple[Word, Mapping[str, Word]]]] = (
    (
        _("Contacts and queues"),
        {
            "contact": _("Contacts, one row each"),
            "contact_segment": _("Legs of contacts, by queue and agent"),
            "message": _("Messages of written conversations"),
            "blocked_attempt": _("Blocked attempts"),
            "callback": _("Promised callbacks"),
            "callback_attempt": _("Tries to call back"),
            "forecast": _("Forecasts"),
            "calendar": _("Opening hours"),
        },
    ),
    (
        _("Cases, complaints and causes"),
        {
            "case": _("Cases, one row each"),
            "case_event": _("Changes of cases"),
            "complaint": _("Complaints"),
            "problem": _("Problems"),
            "recurrence": _("Problems that came back"),
            "corrective_action": _("Corrective actions"),
            "triage_prediction": _("Predictions of models"),
            "commitment": _("Promises to customers, one row each"),
            "sla_policy": pgettext_lazy("facts", "Commitments"),
        },
    ),
    (
        _("The customer's voice"),
        {
            "survey_invite": _("Survey invitations"),
            "survey_answer": _("Survey answers"),
            "follow_up": _("Follow-ups of low scores"),
            "mystery_item": _("Lines of mystery visits"),
        },
    ),
    (
        _("Quality"),
        {
            "evaluation": _("Evaluations"),
            "evaluation_item": _("Lines of evaluations"),
            "dispute": _("Disputes"),
        },
    ),
    (
        _("People and time"),
        {
            "agent": pgettext_lazy("facts", "Agents"),
            "agent_team": _("Members of teams"),
            "agent_state": _("States of agents"),
            "schedule_activity": _("Scheduled activities"),
            "activity_state_map": _("States that count as an activity"),
            "paid_time": _("Paid time"),
            "cost_entry": _("Costs"),
            "abuse_event": _("Abuse of agents"),
            "pulse_wave": _("Waves of staff surveys"),
            "training_record": _("Trainings"),
        },
    ),
    (
        _("Knowledge and self-service"),
        {
            "self_service_session": _("Self-service sessions"),
            "knowledge_search": _("Searches for knowledge"),
            "article": _("Versions of articles"),
            "article_link": _("Articles used for cases"),
            "article_vote": _("Votes on articles"),
            "article_view": _("Views of articles"),
            "procedure_version": _("Versions of procedures"),
            "procedure_ack": _("Procedures read"),
            "procedure_use": _("Procedures applied"),
            "procedure_issue": _("Problems with procedures"),
            "quiz_attempt": _("Quiz attempts"),
            "suggestion": _("Suggestions of staff"),
        },
    ),
    (
        _("Customers and revenue"),
        {
            "customer": _("Customers, by pseudonym"),
            "customer_link": _("Numbers and addresses of customers"),
            "subscription": _("Subscriptions"),
            "purchase": _("Purchases"),
            "journey": _("Customers on their way to a goal"),
            "notice_recipient": _("Recipients of notices"),
        },
    ),
    (
        _("About the numbers"),
        {
            "target": _("Targets"),
            "option_change": _("Changes of definitions and options"),
            "integrity_flag": _("Integrity flags"),
        },
    ),
)

TITLES: Final[Mapping[str, Word]] = {name: title for _group, titles in GROUPS for name, title in titles.items()}
