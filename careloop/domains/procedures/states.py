"""What a procedure is made of, what people do in one, and how far it can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Begins", "Climb", "Doing", "FieldKind", "RunState", "StandIn", "Standing", "State", "StepKind", "Whom"]


class State(models.TextChoices):
    ACTIVE = "active", _("In use")
    RETIRED = "retired", _("Out of use")


class Begins(models.TextChoices):
    """How a procedure comes to a case."""

    HAND = "hand", _("Somebody begins it by hand")
    ITSELF = "itself", _("It begins by itself in cases where the conditions hold")


class StepKind(models.TextChoices):
    CHECK = "check", _("Something to be done and ticked")
    FORM = "form", _("A form to be filled in")
    APPROVAL = "approval", _("An approval")
    NOTE = "note", _("A note to be read and confirmed")


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    AMOUNT = "amount", _("Amount of money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    YES_NO = "yes_no", _("Yes or no")


class Whom(models.TextChoices):
    """Who may approve on one rung of the ladder."""

    ROLE = "role", _("Everybody with a role")
    TEAM_LEAD = "team_lead", _("Leads of the case's team")
    PEOPLE = "people", _("These people")


class Climb(models.TextChoices):
    """Who approves what is above the limit of the first."""

    NEXT = "next", _("Only the first whose limit is high enough")
    ALL = "all", _("One after the other, up to the first whose limit is high enough")


class Doing(models.TextChoices):
    """What somebody did in a step."""

    CHECKED = "checked", _("Ticked")
    UNCHECKED = "unchecked", _("Tick taken back")
    FILLED = "filled", _("Filled in")
    READ = "read", _("Read and confirmed")
    ASKED = "asked", _("Approval asked for")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class Standing(models.TextChoices):
    """How far a step is."""

    LOCKED = "locked", _("Not yet its turn")
    OPEN = "open", _("To be done")
    WAITING = "waiting", _("Waiting for approval")
    REFUSED = "refused", _("Refused")
    DONE = "done", _("Done")


class StandIn(models.TextChoices):
    """In whose place an approval is asked for: of the approvers themselves, of a deputy, or of the managers."""

    NONE = "none", _("Approver")
    DEPUTY = "deputy", _("Deputy")
    MANAGER = "manager", _("Manager, because nobody else is there")


class RunState(models.TextChoices):
    OPEN = "open", _("In progress")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Left out, with a reason")
