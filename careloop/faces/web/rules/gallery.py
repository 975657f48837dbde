"""Rules to begin with: each is opened in the editor, where what is left to choose is chosen and tried."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careloop.domains.automation.contacts import CONTACTS, GAVE_UP
from careloop.domains.automation.states import ActionKind, When
from careloop.domains.cases.queries import statuses
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import Priority
from careloop.faces.web.desk.editing import Row
from careloop.faces.web.promises.written import length_written
from careloop.faces.web.rules.drafts import ActionDraft, Draft
from careloop.kernel.conditions import Operator, Unit

__all__ = ["TEMPLATES", "Template"]

HOUR: Final = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """key: in the address. words: what it does, in a sentence. begun: the draft it opens."""

    key: str
    icon: str
    name: str | Promise
    words: str | Promise
    begun: Callable[[], Draft]


def _escalation() -> Draft:
    return Draft(
        name=_("Escalate when a customer waits too long"),
        when=(When.OPENED.value, When.CUSTOMER_WROTE.value),
        timing="later",
        delay=length_written(4 * HOUR),
        rows=(Row(field="waiting_since", operator=Operator.OLDER_THAN, values=("3",), unit=Unit.HOURS),),
        actions=(
            ActionDraft(kind=ActionKind.PRIORITY, values=(str(Priority.HIGH.value),)),
            ActionDraft(kind=ActionKind.TAG, values=(_("waits long"),)),
            ActionDraft(kind=ActionKind.NOTIFY_ASSIGNEE),
        ),
    )


def _words_to_tags() -> Draft:
    return Draft(
        name=_("Tag by words in the subject"),
        rows=(Row(field="words", operator=Operator.CONTAINS_WORDS, values=(_("refund"),)),),
        actions=(ActionDraft(kind=ActionKind.TAG, values=(_("refund"),)),),
    )


def _silence() -> Draft:
    return Draft(
        name=_("Thank and close after silence"),
        when=(When.ANSWERED.value,),
        timing="later",
        delay=length_written(7 * 24 * HOUR),
        from_last=True,
        rows=(Row(field="category", operator=Operator.IS, values=(Category.WAITING.value,)),),
        actions=(
            ActionDraft(kind=ActionKind.REPLY),
            ActionDraft(kind=ActionKind.STATUS, values=_default(Category.SOLVED)),
        ),
    )


def _important() -> Draft:
    return Draft(
        name=_("Important customers first"),
        rows=(Row(field="requester", operator=Operator.ANY_OF),),
        actions=(
            ActionDraft(kind=ActionKind.PRIORITY, values=(str(Priority.URGENT.value),)),
            ActionDraft(kind=ActionKind.TEAM),
        ),
    )


def _no_reply() -> Draft:
    return Draft(
        name=_("Close what needs no answer"),
        rows=(Row(field="words", operator=Operator.CONTAINS_WORDS, values=("no-reply",)),),
        actions=(
            ActionDraft(kind=ActionKind.TAG, values=(_("no answer needed"),)),
            ActionDraft(kind=ActionKind.STATUS, values=_default(Category.CLOSED)),
        ),
    )


def _reopened() -> Draft:
    return Draft(
        name=_("Tell the assignee of a reopened case"),
        when=(When.REOPENED.value,),
        rows=(Row(field="assignee", operator=Operator.IS_SET),),
        actions=(
            ActionDraft(kind=ActionKind.TAG, values=(_("reopened"),)),
            ActionDraft(kind=ActionKind.NOTIFY_ASSIGNEE),
        ),
    )


def _broken_word() -> Draft:
    return Draft(
        name=_("Call when a promise was broken"),
        when=(When.PROMISE_MISSED.value,),
        rows=(Row(field="priority", operator=Operator.ANY_OF, values=("3", "4")),),
        actions=(
            ActionDraft(kind=ActionKind.CALLBACK, values=("", _("We are late. Say when it will be done."))),
            ActionDraft(kind=ActionKind.NOTIFY_ASSIGNEE),
        ),
    )


def _procedure() -> Draft:
    return Draft(
        name=_("Begin the procedure for a type of case"),
        when=(When.OPENED.value, When.TYPED.value),
        rows=(Row(field="type", operator=Operator.ANY_OF),),
        actions=(ActionDraft(kind=ActionKind.PROCEDURE),),
    )


def _missed_call() -> Draft:
    return Draft(
        name=_("Call back who gave up waiting"),
        when=(When.CALL_UNANSWERED.value,),
        timing="later",
        delay=length_written(5 * 60),
        rows=(
            Row(field="waited_s", operator=Operator.AT_LEAST, values=("30",), registry=CONTACTS),
            Row(field="is_reached", operator=Operator.IS, values=("false",), registry=CONTACTS),
        ),
        actions=(
            ActionDraft(kind=ActionKind.CALLBACK, values=("", _("Called and nobody answered."))),
            ActionDraft(kind=ActionKind.TAG, values=(_("missed call"),)),
        ),
    )


def _missed_chat() -> Draft:
    return Draft(
        name=_("Write to who gave up a chat"),
        when=(When.CHAT_UNANSWERED.value,),
        rows=(Row(field="ending", operator=Operator.IS, values=(GAVE_UP,), registry=CONTACTS),),
        actions=(
            ActionDraft(kind=ActionKind.PRIORITY, values=(str(Priority.HIGH.value),)),
            ActionDraft(kind=ActionKind.TAG, values=(_("missed chat"),)),
            ActionDraft(kind=ActionKind.NOTIFY_TEAM),
        ),
    )


TEMPLATES: Final[Sequence[Template]] = (
    Template(
        key="escalation",
        icon="timer",
        name=gettext_lazy("Escalate when a customer waits too long"),
        words=gettext_lazy("After some hours without an answer the priority rises and the assignee hears of it."),
        begun=_escalation,
    ),
    Template(
        key="words",
        icon="tag",
        name=gettext_lazy("Tag by words in the subject"),
        words=gettext_lazy("What arrives with certain words gets a tag, so that lists and numbers find it."),
        begun=_words_to_tags,
    ),
    Template(
        key="silence",
        icon="circle-check",
        name=gettext_lazy("Thank and close after silence"),
        words=gettext_lazy(
            "When a customer is silent for a week after our answer, they get a kind word and the case is solved."
        ),
        begun=_silence,
    ),
    Template(
        key="important",
        icon="star",
        name=gettext_lazy("Important customers first"),
        words=gettext_lazy("Requests of chosen customers become urgent and go to the team that knows them."),
        begun=_important,
    ),
    Template(
        key="no-reply",
        icon="bell-off",
        name=gettext_lazy("Close what needs no answer"),
        words=gettext_lazy("Notices of machines get a tag and are closed, so that nobody has to open them."),
        begun=_no_reply,
    ),
    Template(
        key="reopened",
        icon="rotate-ccw",
        name=gettext_lazy("Tell the assignee of a reopened case"),
        words=gettext_lazy("Whoever solved it hears at once that the customer is not satisfied."),
        begun=_reopened,
    ),
    Template(
        key="broken-word",
        icon="phone-outgoing",
        name=gettext_lazy("Call when a promise was broken"),
        words=gettext_lazy(
            "Whoever waits for something important longer than promised is called, in a time that can be kept."
        ),
        begun=_broken_word,
    ),
    Template(
        key="procedure",
        icon="list-checks",
        name=gettext_lazy("Begin the procedure for a type of case"),
        words=gettext_lazy("What must be done properly begins by itself, whoever opens the case."),
        begun=_procedure,
    ),
    Template(
        key="missed-call",
        icon="phone-missed",
        name=gettext_lazy("Call back who gave up waiting"),
        words=gettext_lazy(
            "Whoever waited in vain and has not reached us since gets a case and a callback that can be kept."
        ),
        begun=_missed_call,
    ),
    Template(
        key="missed-chat",
        icon="message-circle",
        name=gettext_lazy("Write to who gave up a chat"),
        words=gettext_lazy(
            "A chat that nobody took becomes urgent for a team, so that its visitor gets an answer all the same."
        ),
        begun=_missed_chat,
    ),
)


def _default(category: Category) -> tuple[str, ...]:
    return tuple(str(row.id) for row in statuses() if row.category == category and row.is_default)
