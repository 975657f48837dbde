"""Stages in the form in which a version keeps them, and back."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from careloop.domains.procedures.states import Climb, FieldKind, StepKind, Whom
from careloop.domains.procedures.types import Field, Rung, Stage, Step
from careloop.kernel.actors import Role

__all__ = ["stages_as_json", "stages_from_json"]


def stages_as_json(stages: Iterable[Stage]) -> list[dict[str, Any]]:
    """Return stages as they are stored."""
    return [{"name": stage.name.strip(), "steps": [_step(step) for step in stage.steps]} for stage in stages]


def stages_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Stage, ...]:
    """Return stages that were stored."""
    return tuple(
        Stage(name=stage["name"], steps=tuple(_step_read(step) for step in stage["steps"])) for stage in stored
    )


def _step(step: Step) -> dict[str, Any]:
    common = {
        "key": step.key,
        "kind": step.kind.value,
        "title": step.title.strip(),
        "words": step.words.strip(),
        "is_mandatory": step.is_mandatory,
    }
    match step.kind:
        case StepKind.FORM:
            return common | {"fields": [_field(one) for one in step.fields]}
        case StepKind.APPROVAL:
            return common | {
                "rungs": [_rung(one) for one in step.rungs],
                "climb": step.climb.value,
                "amount": step.amount,
            }
    return common


def _field(field: Field) -> dict[str, Any]:
    has_bounds = field.kind in {FieldKind.NUMBER, FieldKind.AMOUNT}
    return {
        "key": field.key,
        "kind": field.kind.value,
        "label": field.label.strip(),
        "is_required": field.is_required,
        "least": _number(field.least) if has_bounds else None,
        "most": _number(field.most) if has_bounds else None,
        "currency": field.currency if field.kind is FieldKind.AMOUNT else "",
        "choices": [one.strip() for one in field.choices] if field.kind is FieldKind.CHOICE else [],
    }


def _rung(rung: Rung) -> dict[str, Any]:
    return {
        "whom": rung.whom.value,
        "role": rung.role.value if rung.role is not None and rung.whom is Whom.ROLE else None,
        "user_ids": list(rung.user_ids) if rung.whom is Whom.PEOPLE else [],
        "up_to": _number(rung.up_to),
        "deputy_ids": list(rung.deputy_ids),
    }


def _step_read(step: Mapping[str, Any]) -> Step:
    return Step(
        key=step["key"],
        kind=StepKind(step["kind"]),
        title=step["title"],
        words=step["words"],
        is_mandatory=step["is_mandatory"],
        fields=tuple(
            Field(
                key=one["key"],
                kind=FieldKind(one["kind"]),
                label=one["label"],
                is_required=one["is_required"],
                least=_number_read(one["least"]),
                most=_number_read(one["most"]),
                currency=one["currency"],
                choices=tuple(one["choices"]),
            )
            for one in step.get("fields", ())
        ),
        rungs=tuple(
            Rung(
                whom=Whom(one["whom"]),
                role=Role(one["role"]) if one["role"] else None,
                user_ids=tuple(one["user_ids"]),
                up_to=_number_read(one["up_to"]),
                deputy_ids=tuple(one["deputy_ids"]),
            )
            for one in step.get("rungs", ())
        ),
        climb=Climb(step.get("climb", Climb.ALL)),
        amount=step.get("amount", ""),
    )


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _number_read(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
