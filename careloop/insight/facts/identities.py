"""The invariants that need several rows (metrics.md §1.4): what has to add up, and which rows do not.

A broken identity names no culprit: a handled contact without a segment may lack the segment or be wrong about having been handled.
So these rows stay where they are, and the finding is told beside every number. That retention and churn add up to one, and paid
time to its parts, are identities of metrics and tested there.
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["IDENTITIES", "Identity", "Imbalance"]


class Imbalance(StrEnum):
    NO_SEGMENT = "no_segment"
    NEEDLESS_SEGMENT = "needless_segment"
    NO_CONTACT = "no_contact"
    UNANSWERED = "unanswered"
    WAITING_AFTER_END = "waiting_after_end"
    STATE_GAP = "state_gap"
    OVERWORKED = "overworked"
    BROKEN_CHAIN = "broken_chain"
    REOPENINGS_DIFFER = "reopenings_differ"
    BACKLOG_DIFFERS = "backlog_differs"
    NO_AGENT = "no_agent"
    LEFT_AND_IN_TEAM = "left_and_in_team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """sentence: what is wrong, of {count} rows. needs: the tables without which it cannot be asked.

    rows: SQL of the key of each row, or other name of a place, where it is wrong.
    """

    imbalance: Imbalance
    sentence: str
    needs: tuple[str, ...]
    rows: str


_TOLD = "(SELECT contact_id, bool_or(answered_at IS NOT NULL) AS was_answered FROM contact_segment GROUP BY contact_id)"
_CALLS = (
    "(SELECT agent_id, epoch_us(answered_at) / 1e6 AS start, epoch_us(coalesce(wrap_ended_at, released_at)) / 1e6 AS stop "
    "FROM contact_segment WHERE channel = 'voice' AND agent_id IS NOT NULL)"
)
IDENTITIES: tuple[Identity, ...] = (
    Identity(
        imbalance=Imbalance.NO_SEGMENT,
        sentence="{count} contacts entered a queue by their outcome, and have no segment.",
        needs=("contact", "contact_segment"),
        rows="SELECT contact_id FROM contact ANTI JOIN contact_segment USING (contact_id) "
        "WHERE direction = 'inbound' AND outcome IN ('handled', 'abandoned_queue', 'flow_out')",
    ),
    Identity(
        imbalance=Imbalance.NEEDLESS_SEGMENT,
        sentence="{count} contacts never entered a queue by their outcome, and have a segment.",
        needs=("contact", "contact_segment"),
        rows="SELECT contact_id FROM contact SEMI JOIN contact_segment USING (contact_id) "
        "WHERE outcome IN ('contained', 'abandoned_ivr', 'out_of_hours', 'blocked')",
    ),
    Identity(
        imbalance=Imbalance.NO_CONTACT,
        sentence="{count} segments belong to a contact that is not there.",
        needs=("contact", "contact_segment"),
        rows="SELECT segment_id FROM contact_segment ANTI JOIN contact USING (contact_id)",
    ),
    Identity(
        imbalance=Imbalance.UNANSWERED,
        sentence="{count} contacts are handled without an answered segment, or abandoned with one.",
        needs=("contact", "contact_segment"),
        rows=f"SELECT contact_id FROM contact JOIN {_TOLD} USING (contact_id) "  # noqa: S608
        "WHERE (outcome = 'handled' AND NOT was_answered) OR (outcome = 'abandoned_queue' AND was_answered)",
    ),
    Identity(
        imbalance=Imbalance.WAITING_AFTER_END,
        sentence="{count} segments still wait in a queue although their contact has ended.",
        needs=("contact", "contact_segment"),
        rows="SELECT segment_id FROM contact_segment JOIN contact USING (contact_id) "
        "WHERE left_queue_at IS NULL AND ended_at IS NOT NULL",
    ),
    Identity(
        imbalance=Imbalance.STATE_GAP,
        sentence="{count} times nothing is known of an agent between signing in and signing out.",
        needs=("agent_state",),
        # Where a source never says "offline", a gap is how it says so.
        rows="SELECT agent_state_id FROM (SELECT *, max(ended_at) OVER (line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) "
        "AS before, lag(state) OVER line AS was, bool_or(state = 'offline') OVER (PARTITION BY agent_id) AS tells "
        "FROM agent_state WINDOW line AS (PARTITION BY agent_id ORDER BY started_at, agent_state_id)) "
        "WHERE tells AND state != 'offline' AND was != 'offline' AND epoch_us(started_at) - epoch_us(before) > 1000000",
    ),
    Identity(
        imbalance=Imbalance.OVERWORKED,
        sentence="{count} times an agent handled calls for longer than the half hour lasts.",
        needs=("contact_segment",),
        rows="SELECT concat(agent_id, ' ', make_timestamptz(slot::BIGINT * 1800000000)) FROM (SELECT agent_id, slot, "  # noqa: S608
        "least(stop, (slot + 1) * 1800) - greatest(start, slot * 1800) AS busy FROM (SELECT *, unnest(generate_series("
        f"(start // 1800)::BIGINT, (stop // 1800)::BIGINT)) AS slot FROM {_CALLS} WHERE stop > start)) "
        "GROUP BY agent_id, slot HAVING sum(busy) > 1801",
    ),
    Identity(
        imbalance=Imbalance.BROKEN_CHAIN,
        sentence="{count} changes of cases begin in another state than the one before ended in.",
        needs=("case_event",),
        rows="SELECT case_event_id FROM (SELECT *, lag(to_state) OVER (PARTITION BY case_id ORDER BY at_us, case_event_id) AS was "
        "FROM case_event) WHERE was IS NOT NULL AND from_state IS DISTINCT FROM was",
    ),
    Identity(
        imbalance=Imbalance.REOPENINGS_DIFFER,
        sentence="{count} cases were reopened another number of times than their changes say.",
        needs=("case", "case_event"),
        rows='SELECT case_id FROM "case" JOIN (SELECT case_id, count(*) FILTER (is_reopening) AS told FROM case_event '
        "GROUP BY case_id) USING (case_id) WHERE reopen_count != told",
    ),
    Identity(
        imbalance=Imbalance.BACKLOG_DIFFERS,
        sentence="{count} cases are open by their changes and solved by themselves, or the other way round.",
        needs=("case", "case_event"),
        rows='SELECT case_id FROM "case" JOIN (SELECT case_id, arg_max(to_state, (at_us, case_event_id)) AS state FROM case_event '
        "GROUP BY case_id) USING (case_id) WHERE (resolved_at IS NULL) != (state NOT IN ('solved', 'closed'))",
    ),
    Identity(
        imbalance=Imbalance.NO_AGENT,
        sentence="{count} members of teams are no agents that the headcount knows.",
        needs=("agent", "agent_team"),
        rows="SELECT DISTINCT agent_id FROM agent_team ANTI JOIN agent USING (agent_id)",
    ),
    Identity(
        imbalance=Imbalance.LEFT_AND_IN_TEAM,
        sentence="{count} agents have left and are still in a team.",
        needs=("agent", "agent_team"),
        rows="SELECT DISTINCT agent_id FROM agent_team JOIN agent USING (agent_id) "
        "WHERE valid_to IS NULL AND separation_date IS NOT NULL",
    ),
)
