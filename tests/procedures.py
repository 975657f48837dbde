"""A procedure to test with: what is above a limit is refunded after two approvals."""

from decimal import Decimal
from typing import Any, Final

from careloop.domains.procedures.states import Begins, Climb, FieldKind, StepKind, Whom
from careloop.domains.procedures.types import Field, ProcedureSettings, Rung, Stage, Step
from careloop.kernel.actors import Role

__all__ = ["AMOUNT", "APPROVAL", "REFUND", "TICK", "approval", "refund", "stages"]

AMOUNT: Final = Field(key="sum", kind=FieldKind.AMOUNT, label="Amount", least=Decimal(0), currency="EUR")
WHY: Final = Field(key="why", kind=FieldKind.CHOICE, label="Why", choices=("Broken", "Late"), is_required=False)
FORM: Final = Step(key="form", kind=StepKind.FORM, title="What is refunded", fields=(AMOUNT, WHY))
NOTE: Final = Step(
    key="law", kind=StepKind.NOTE, title="The law", words="Refunds leave within 14 days.", is_mandatory=False
)
TICK: Final = Step(key="paid", kind=StepKind.CHECK, title="Pay it out")


def approval(**said: Any) -> Step:
    """Return the approval: a team lead up to 100, and a manager besides for more."""
    usual: dict[str, Any] = {
        "rungs": (Rung(whom=Whom.TEAM_LEAD, up_to=Decimal(100)), Rung(whom=Whom.ROLE, role=Role.MANAGER)),
        "climb": Climb.ALL,
        "amount": "form.sum",
    }
    return Step(key="ok", kind=StepKind.APPROVAL, title="Approve the refund", **{**usual, **said})


APPROVAL: Final = approval()


def stages(**said: Any) -> tuple[Stage, ...]:
    """Return the stages. said: what is different about the approval."""
    return (
        Stage(name="Request", steps=(FORM, NOTE)),
        Stage(name="Approval", steps=(approval(**said),)),
        Stage(name="Payment", steps=(TICK,)),
    )


def refund(name: str = "Refund", **said: Any) -> ProcedureSettings:
    """Return the procedure, begun by hand unless it is said otherwise."""
    return ProcedureSettings(name=name, **{"stages": stages(), "begins": Begins.HAND, **said})


REFUND: Final = refund()
