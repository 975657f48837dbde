"""What must be done properly in a workspace of the demo: a refund above a limit, as it is written in its texts."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from careloop.domains.procedures.services import make_procedure
from careloop.domains.procedures.states import FieldKind, StepKind, Whom
from careloop.domains.procedures.types import Field, ProcedureSettings, Rung, Stage, Step
from careloop.kernel.actors import Actor, Role

__all__ = ["lay_down"]


def lay_down(house: Mapping[str, Any], *, owner: Actor, at: datetime) -> int:
    """Publish the procedure of the workspace in scope, and return its primary key.

    A lead approves up to a limit, and a manager besides above it.

    People begin it by hand, so that nothing which is played holds up on it.
    """
    said = house["procedure"]
    form = Step(
        key="refund",
        kind=StepKind.FORM,
        title=said["form"],
        fields=(
            Field(
                key="amount",
                kind=FieldKind.AMOUNT,
                label=said["amount"],
                currency=said["currency"],
                least=Decimal(1),
            ),
            Field(key="cause", kind=FieldKind.CHOICE, label=said["cause"], choices=tuple(said["causes"])),
        ),
    )
    note = Step(key="law", kind=StepKind.NOTE, title=said["note"], words=said["note_words"])
    approval = Step(
        key="approval",
        kind=StepKind.APPROVAL,
        title=said["approval"],
        rungs=(
            Rung(whom=Whom.TEAM_LEAD, up_to=Decimal(said["limit"])),
            Rung(whom=Whom.ROLE, role=Role.MANAGER),
        ),
        amount="refund.amount",
    )
    paid = Step(key="paid", kind=StepKind.CHECK, title=said["paid"])
    steps = ((form, note), (approval,), (paid,))
    stages = tuple(Stage(name=name, steps=found) for name, found in zip(said["stages"], steps, strict=True))
    settings = ProcedureSettings(name=said["name"], words=said["words"], stages=stages)
    return make_procedure(settings=settings, actor=owner, at=at)
