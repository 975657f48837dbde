"""What a site tells us about its telephony."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from careloop.insight.facts.tables.vocabulary import AgentState
from careloop.insight.imports.events import Custom

__all__ = ["PAUSE_WORDS", "Settings", "state_of_pause"]

PAUSE_WORDS: Mapping[AgentState, tuple[str, ...]] = {
    AgentState.TRAINING: ("train", "교육", "培训", "đào tạo"),
    AgentState.COACHING: ("coach", "코칭", "辅导"),
    AgentState.MEETING: ("meet", "회의", "会议", "họp"),
    AgentState.WRAP: ("wrap", "acw", "after call", "aftercall", "후처리", "后处理"),
    AgentState.SYSTEM_ISSUE: ("auto-pause", "system", "technical", "장애", "故障", "sự cố"),
    AgentState.AUX_PRODUCTIVE: ("admin", "back office", "backoffice", "e-mail", "email", "outbound", "업무", "文书"),
    AgentState.BREAK: ("break", "lunch", "toilet", "rest", "pause", "휴식", "점심", "休息", "午餐", "nghỉ", "ăn trưa"),
}
"""Words in the reason of a pause that tell its state, in the order in which they are looked for."""

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to read one telephone system.

    source: begins the id of every contact, so that two systems never share one; also the `source` of the rows.
    contact_key: secret with which callers' numbers are hashed; the same for all sources of a workspace.
    custom: what verbs or user events of the site's own dialplan mean.
    pauses: the state for a reason of a pause, in lower case, where PAUSE_WORDS would guess wrong.
    callback_seconds: within which time a callback asked for is due. counts_callbacks: false where whoever promised
    them counts them.
    inbound: dialplan contexts in which customers' calls begin, or how their channels' names begin, such as PJSIP/trunk;
    needed to count calls that never reached a queue.
    people: the agents of the lake behind the names in the log. Ids of rows keep the name, so saying it later makes nothing twice.
    """

    source: str
    contact_key: bytes
    custom: Mapping[str, Custom] = field(default_factory=dict)
    pauses: Mapping[str, AgentState] = field(default_factory=dict)
    callback_seconds: float = DAY_SECONDS
    counts_callbacks: bool = True
    inbound: tuple[str, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)


def state_of_pause(reason: str, pauses: Mapping[str, AgentState]) -> AgentState | None:
    """Return what an agent does in a pause of that reason, None where nothing tells; nobody chose a reason is a break."""
    words = reason.casefold().strip()
    if words in pauses:
        return pauses[words]
    if not words:
        return AgentState.BREAK
    return next((state for state, signs in PAUSE_WORDS.items() if any(sign in words for sign in signs)), None)
