"""The components that a page prints by the dozen, as functions: the machinery of a template costs five times their words.

In templates they are written like all others: `<c-icon name="inbox" />`. Each docstring is what the reference says of it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.utils.safestring import SafeString

from careloop.ui.printed import acts, fields, layout, marks, story

__all__ = ["PRINTED"]

PRINTED: Mapping[str, Callable[..., SafeString]] = MappingProxyType(
    {
        printed.__name__.replace("_", "-"): printed
        for printed in (
            *(
                acts.button,
                acts.icon_button,
                acts.link_button,
                acts.menu,
                acts.menu_item,
                acts.menu_rule,
                acts.tag_chip,
            ),
            *(fields.field, fields.select, fields.text_input),
            *(layout.dialog, layout.fact, layout.facts, layout.panel, layout.row, layout.stack, layout.table_row),
            *(marks.avatar, marks.badge, marks.due, marks.icon, marks.priority, marks.status_badge, marks.time),
            *(story.timeline, story.timeline_event, story.timeline_item),
        )
    }
)
"""By the name after `c-`. One that takes `slot` gets what stands in it, a named slot is an argument of its name, and one that
takes `attrs` gets the attributes it does not name."""
