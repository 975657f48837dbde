"""Acts on people at work. Whoever changes what somebody holds locks their seat first, several in the order of their keys."""

from careloop.domains.workforce.services.holdings import (
    begin_offer,
    end_offer,
    hold,
    let_go,
    look_everywhere,
    looked_everywhere,
)
from careloop.domains.workforce.services.presence import (
    WRAP_OVER,
    end_wrap,
    put_off_work,
    refuse_if_resting,
    rest,
    resume,
    set_on_hold,
    set_state,
    tell_presence,
    wrap_up,
)
from careloop.domains.workforce.services.shares import note_given
from careloop.domains.workforce.services.skills import (
    make_skill,
    rename_skill,
    retire_skill,
    set_capacity,
    set_languages,
    set_share,
    set_skills,
)

__all__ = [
    "WRAP_OVER",
    "begin_offer",
    "end_offer",
    "end_wrap",
    "hold",
    "let_go",
    "look_everywhere",
    "looked_everywhere",
    "make_skill",
    "note_given",
    "put_off_work",
    "refuse_if_resting",
    "rename_skill",
    "rest",
    "resume",
    "retire_skill",
    "set_capacity",
    "set_languages",
    "set_on_hold",
    "set_share",
    "set_skills",
    "set_state",
    "tell_presence",
    "wrap_up",
]
