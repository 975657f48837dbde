"""`{% load promised %}`: what was promised, row by row."""

from collections.abc import Mapping, Sequence

from django import template

from careloop.domains.commitments.states import Measure
from careloop.domains.commitments.types import Standing

__all__ = ["of"]

register = template.Library()


@register.filter
def of(
    promised: Mapping[int, Sequence[tuple[Measure, Standing]]] | str, case_id: int
) -> Sequence[tuple[Measure, Standing]]:
    """Return how the promises of one case stand: `{% for measure, standing in promised|of:row.id %}`; none where nobody asked."""
    return promised.get(case_id, ()) if isinstance(promised, Mapping) else ()
