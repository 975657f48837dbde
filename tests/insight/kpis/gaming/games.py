"""Every way of gaming that a check looks for, done to a world: the same facts, and somebody who makes them look better."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.insight.kpis.gaming.honest import DAY, END, HOUR, SECOND, START, Draw, Row, Tables

__all__ = ["GAMES", "games", "some"]

Game = Callable[[Draw, Tables], None]
GAMES: dict[str, Game] = {}
LATE = END - 28 * DAY


def games(*checks: str) -> Callable[[Game], Game]:
    """Note which checks have to see a game."""

    def note(game: Game) -> Game:
        GAMES.update(dict.fromkeys(checks, game))
        return game

    return note


def answered(tables: Tables, agent: str | None = None) -> list[Row]:
    return [row for row in tables["contact_segment"] if row["exit"] == "answered" and agent in (None, row["agent_id"])]


def some(draw: Draw, rows: list[Row], share: float) -> list[Row]:
    return [row for row in rows if draw.random() < share]


def talk(row: Row, seconds: float) -> None:
    """Let a segment last so long, and all that follows it in the same contact begin earlier or later."""
    row["talk_s"], row["hold_s"] = seconds, 0.0
    row["released_at"] = row["answered_at"] + seconds * SECOND
    row["wrap_ended_at"] = row["released_at"] + row["wrap_s"] * SECOND


# Calls


@games("short_talk_share", "short_talk_by_agent", "short_calls_by_agent", "agent_release_share")
def drop_calls(draw: Draw, tables: Tables) -> None:
    """Four agents answer and hang up."""
    for agent in ("a0", "a1", "a2", "a3"):
        for row in some(draw, answered(tables, agent), 0.6):
            talk(row, 4.0)
            row["release_party"] = "agent"


@games("early_hold_share")
def answer_and_hold(draw: Draw, tables: Tables) -> None:
    for row in some(draw, answered(tables), 0.2):
        begins = row["answered_at"] + 3 * SECOND
        tables["agent_state"].append(
            {
                "agent_state_id": f"hold-{row['segment_id']}",
                "agent_id": row["agent_id"],
                "state": "hold",
                "started_at": begins,
                "ended_at": begins + 40 * SECOND,
                "contact_id": row["contact_id"],
            }
        )


@games("talk_heaping")
def wait_past_ten(draw: Draw, tables: Tables) -> None:
    for row in some(draw, answered(tables), 0.06):
        talk(row, 10.5)


@games("repeat_after_short_calls")
def send_away(draw: Draw, tables: Tables) -> None:
    contacts = {row["contact_id"]: row for row in tables["contact"]}
    for place, row in enumerate(answered(tables, "a4")):
        contact = contacts[row["contact_id"]]
        if row["seq"] == 1 and contact["customer_id"]:
            talk(row, 12.0)
            again = {
                **contact,
                "contact_id": f"again{place}",
                "arrived_at": contact["arrived_at"] + 3 * HOUR,
                "ended_at": contact["ended_at"] + 3 * HOUR,
            }
            tables["contact"].append(again)
            leg = next(leg for leg in answered(tables) if leg["contact_id"] == contact["contact_id"])
            shift = {name: value + 3 * HOUR for name, value in leg.items() if name.endswith("_at")}
            tables["contact_segment"].append(
                {
                    **leg,
                    **shift,
                    "segment_id": f"again{place}-1",
                    "contact_id": f"again{place}",
                    "agent_id": "a5",
                    "talk_s": 200.0,
                }
            )


@games("conservation_identity")
def lose_abandons(draw: Draw, tables: Tables) -> None:
    lost = {
        row["contact_id"]
        for row in some(draw, [row for row in tables["contact"] if row["outcome"] == "abandoned_queue"], 0.9)
    }
    tables["contact_segment"] = [row for row in tables["contact_segment"] if row["contact_id"] not in lost]


@games("same_caller_by_agent")
def call_oneself(draw: Draw, tables: Tables) -> None:
    for place in range(25):
        at = START + place * 3 * DAY + 12 * HOUR
        for turn in range(3):
            begins = at + turn * 600 * SECOND
            _call(tables, f"self{place}-{turn}", begins, agent="a6", point="friend")


@games("ghost_calls_by_agent")
def talk_to_nobody(draw: Draw, tables: Tables) -> None:
    for place in range(40):
        _call(tables, f"ghost{place}", START + place * DAY + 15 * HOUR, agent="a7", point=f"ghost{place}", talk_s=40.0)
        tables["contact"][-1]["is_ghost"] = True


def _call(
    tables: Tables, name: str, at: Any, *, agent: str, point: str, talk_s: float = 200.0, reason: str = "r1"
) -> None:
    ends = at + talk_s * SECOND
    tables["contact"].append(
        {
            "contact_id": name,
            "channel": "voice",
            "direction": "inbound",
            "customer_id": None,
            "contact_point_hash": point,
            "arrived_at": at,
            "ended_at": ends,
            "outcome": "handled",
            "reason_code": reason,
            "reason_group": "g1",
            "disposition": "solved",
        }
    )
    tables["contact_segment"].append(
        {
            "segment_id": f"{name}-1",
            "contact_id": name,
            "seq": 1,
            "queue_id": "q0",
            "channel": "voice",
            "agent_id": agent,
            "queued_at": at,
            "answered_at": at,
            "left_queue_at": at,
            "wait_s": 0.0,
            "exit": "answered",
            "talk_s": talk_s,
            "hold_s": 0.0,
            "wrap_s": 20.0,
            "released_at": ends,
            "wrap_ended_at": ends + 20 * SECOND,
        }
    )


# Waiting and demand


@games("censored_wait_gap")
def let_long_waiters_leave(draw: Draw, tables: Tables) -> None:
    for row in some(draw, answered(tables), 0.25):
        if row["seq"] == 1:
            row |= {
                "exit": "abandoned",
                "agent_id": None,
                "answered_at": None,
                "talk_s": None,
                "wait_s": 90.0 + row["wait_s"],
            }


@games("wait_heaping")
def answer_just_in_time(draw: Draw, tables: Tables) -> None:
    for row in answered(tables):
        if 20 < row["wait_s"] < 25:
            row["wait_s"] = 19.5


@games("short_abandon_share")
def hang_up_on_waiting(draw: Draw, tables: Tables) -> None:
    for row in tables["contact_segment"]:
        if row["exit"] == "abandoned" and draw.random() < 0.9:
            row["wait_s"] = 3.0


@games("flow_out_share")
def send_elsewhere(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["contact_segment"], 0.3):
        row |= {"exit": "flow_out_callback", "answered_at": None, "talk_s": None}


@games("service_level_spread")
def lose_many(draw: Draw, tables: Tables) -> None:
    for row in some(draw, answered(tables), 0.15):
        row |= {"exit": "abandoned", "answered_at": None, "talk_s": None, "wait_s": float(draw.uniform(1, 60))}


@games("missed_offered_share")
def miss_the_peaks(draw: Draw, tables: Tables) -> None:
    """Forty calls of one half hour each day, all answered late, beside quiet intervals that are met."""
    for day in range(60):
        for place in range(12):
            name = f"peak{day}-{place}"
            _call(tables, name, START + day * DAY + 10 * HOUR + place * SECOND, agent=f"a{place}", point=name)
            tables["contact_segment"][-1]["wait_s"] = 200.0


@games("repeat_dial_rate")
def let_redial(draw: Draw, tables: Tables) -> None:
    for place, row in enumerate(some(draw, tables["contact"], 0.2)):
        tables["contact"].append(
            {**row, "contact_id": f"redial{place}", "arrived_at": row["arrived_at"] + 120 * SECOND}
        )


@games("time_before_queue", "time_before_queue_trend")
def announce_long(draw: Draw, tables: Tables) -> None:
    """Waiting moves before the queue in the last four weeks."""
    for row in tables["contact"]:
        if row["arrived_at"] >= LATE - 2 * DAY:
            row["arrived_at"] -= 900 * SECOND


@games("lost_share", "lost_share_trend")
def shrink_the_queue(draw: Draw, tables: Tables) -> None:
    for row in tables["blocked_attempt"]:
        if row["cause"] == "trunk_busy" and row["bucket_start"] >= LATE:
            row["count"] += 12


@games("quick_second_messages", "same_first_replies")
def reply_by_stamp(draw: Draw, tables: Tables) -> None:
    for row in list(tables["message"]):
        if row["message_id"].endswith("-1"):
            row["text_hash"] = "stamp"
            if draw.random() < 0.8:
                tables["message"].append(
                    {**row, "message_id": f"{row['message_id']}?", "sender": "customer", "at": row["at"] + 30 * SECOND}
                )


@games("callbacks_never_connected", "short_rings")
def ring_once(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["callback"], 0.6):
        row["connected_at"] = None
        tables["callback_attempt"] = [
            one for one in tables["callback_attempt"] if one["callback_id"] != row["callback_id"]
        ] + [
            {
                "callback_id": row["callback_id"],
                "attempt_no": turn,
                "at": row["promised_at"] + turn * HOUR,
                "ring_s": 3.0,
                "outcome": "no_answer",
            }
            for turn in (1, 2, 3)
        ]


@games("out_of_hours_recorded")
def forget_the_night(draw: Draw, tables: Tables) -> None:
    tables["blocked_attempt"] = [row for row in tables["blocked_attempt"] if row["cause"] != "out_of_hours"]


@games("split_contacts")
def split_issues(draw: Draw, tables: Tables) -> None:
    for place, row in enumerate(some(draw, [row for row in tables["contact"] if row["outcome"] == "handled"], 0.15)):
        tables["contact"].append(
            {
                **row,
                "contact_id": f"split{place}",
                "arrived_at": row["ended_at"] + 60 * SECOND,
                "ended_at": row["ended_at"] + 120 * SECOND,
            }
        )


@games("contacts_per_customer_trend")
def log_no_follow_ups(draw: Draw, tables: Tables) -> None:
    """Follow-ups come by the dozen in the last four weeks."""
    for place, row in enumerate(some(draw, [row for row in tables["contact"] if row["arrived_at"] >= LATE], 0.6)):
        tables["contact"].append(
            {
                **row,
                "contact_id": f"more{place}",
                "arrived_at": row["arrived_at"] + 2 * HOUR,
                "ended_at": row["ended_at"] + 2 * HOUR,
            }
        )


@games("unlogged_calls")
def write_nothing(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["contact"], 0.2):
        row |= {"case_id": None, "disposition": None, "reason_code": None}


# Agents' work


@games("transfers_by_agent", "received_transfer_handle", "bounced_transfers", "transfer_heaping")
def dump_transfers(draw: Draw, tables: Tables) -> None:
    """Three agents pass on half of their contacts at once, which then bounce and take long."""
    for agent in ("a8", "a9", "a10"):
        for row in some(draw, answered(tables, agent), 0.5):
            if row["seq"] == 1:
                talk(row, 25.0)
                row["transfer_kind"] = "cold"
                first = row["queue_id"]
                for seq, queue in ((2, "q9"), (3, first)):
                    tables["contact_segment"].append(
                        {
                            **row,
                            "segment_id": f"{row['segment_id']}b{seq}",
                            "seq": seq,
                            "queue_id": queue,
                            "agent_id": f"a{int(draw.integers(20, 30))}",
                            "talk_s": 1200.0,
                            "transfer_kind": "none",
                        }
                    )


@games("escalations_by_agent")
def escalate_all(draw: Draw, tables: Tables) -> None:
    for row in some(draw, answered(tables, "a11"), 0.4):
        row["is_escalation"] = True


@games("easy_work_by_agent")
def pick_easy(draw: Draw, tables: Tables) -> None:
    contacts = {row["contact_id"]: row for row in tables["contact"]}
    for row in some(draw, answered(tables, "a12"), 0.7):
        contacts[row["contact_id"]]["reason_code"] = "r5"
        talk(row, 50.0)


@games("wrap_heaping")
def fill_the_cap(draw: Draw, tables: Tables) -> None:
    for row in some(draw, answered(tables), 0.6):
        row["wrap_s"] = 90.0


@games("aux_after_contact_by_agent", "aux_by_agent")
def hide_in_aux(draw: Draw, tables: Tables) -> None:
    for row in tables["agent_state"]:
        if row["agent_id"] in ("a13", "a14") and row["state"] == "available" and draw.random() < 0.8:
            row["state"], row["task_id"] = "aux_productive", "t"


@games("occupancy_sustained", "occupancy_strained")
def never_rest(draw: Draw, tables: Tables) -> None:
    for row in tables["agent_state"]:
        if row["state"] in ("available", "ringing") and draw.random() < 0.95:
            row["state"] = "wrap"


@games("micro_aux")
def blink(draw: Draw, tables: Tables) -> None:
    for row in tables["agent_state"]:
        if row["state"] == "aux_productive" and draw.random() < 0.4:
            row["ended_at"] = row["started_at"] + 10 * SECOND


@games("work_without_task")
def tag_idle_time(draw: Draw, tables: Tables) -> None:
    for row in tables["agent_state"]:
        if row["state"] == "aux_productive" and draw.random() < 0.5:
            row["task_id"] = None


@games("idle_before_close")
def keep_dead_chats(draw: Draw, tables: Tables) -> None:
    for row in tables["contact"]:
        if row["channel"] == "chat" and row["ended_at"] and draw.random() < 0.6:
            row["ended_at"] += 1800 * SECOND


@games("late_schedule_edits")
def edit_schedules(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["schedule_activity"], 0.2):
        row["edited_at"] = row["starts_at"] + 10 * HOUR


@games("work_outside_paid_time", "paid_time_identity")
def work_for_nothing(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["paid_time"], 0.4):
        row |= {"worked_s": 0.0, "absence_s": 0.0}
    for row in tables["agent_state"]:
        if row["state"] == "available":
            row["ended_at"] = row["started_at"] + HOUR


@games("absence_kind_trend")
def relabel_absence(draw: Draw, tables: Tables) -> None:
    for row in tables["paid_time"]:
        if row["local_date"] >= LATE.date():
            row["is_absence_planned"] = True


@games("forecast_reissued")
def forecast_afterwards(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["forecast"], 0.2):
        row["issued_at"] = row["interval_start"] - HOUR


@games("inflated_handle_plan")
def plan_with_reserve(draw: Draw, tables: Tables) -> None:
    for row in tables["forecast"]:
        row["handle_s"] *= 1.6


@games("headcount_identity")
def call_leavers_transfers(draw: Draw, tables: Tables) -> None:
    for row in tables["agent_team"]:
        if row["agent_id"].startswith("m"):
            row["valid_to"] = START + 40 * DAY


@games("abuse_by_team")
def log_no_abuse(draw: Draw, tables: Tables) -> None:
    for row in some(draw, answered(tables), 0.05):
        tables["abuse_event"].append(
            {
                "abuse_event_id": f"more{row['segment_id']}",
                "contact_id": row["contact_id"],
                "agent_id": row["agent_id"],
                "kind": "insult",
                "at": row["answered_at"],
            }
        )
    quiet = {f"a{place}" for place in range(0, 30, 5)}
    tables["abuse_event"] = [row for row in tables["abuse_event"] if row["agent_id"] not in quiet]


# Commitments, cases, first-contact resolution


@games("paused_time_share", "paused_by_team")
def stop_clocks(draw: Draw, tables: Tables) -> None:
    """One team lets nearly all of its cases wait for weeks."""
    ours = {row["case_id"]: row for row in tables["case"] if row.get("owner_team") == "t0"}
    for name, row in ours.items():
        if row.get("resolved_at") and draw.random() < 0.9:
            row["resolved_at"] = row["opened_at"] + 30 * DAY
            tables["case_event"] = [one for one in tables["case_event"] if one["case_id"] != name] + [
                {
                    "case_event_id": f"{name}p{place}",
                    "case_id": name,
                    "from_state": was,
                    "to_state": now,
                    "at": row["opened_at"] + after,
                }
                for place, (was, now, after) in enumerate(
                    ((None, "open", 0 * DAY), ("open", "waiting", HOUR), ("waiting", "solved", 30 * DAY))
                )
            ]


@games("priority_downgrades")
def lower_priorities(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["case"], 0.15):
        tables["case_event"].append(
            {
                "case_event_id": f"{row['case_id']}low",
                "case_id": row["case_id"],
                "from_state": "open",
                "to_state": "open",
                "at": row["opened_at"] + 60 * SECOND,
                "from_priority": "high",
                "to_priority": "normal",
            }
        )


@games("last_minute_share", "last_minute_reopened", "reopened_share")
def finish_on_paper(draw: Draw, tables: Tables) -> None:
    for row in some(draw, [row for row in tables["case"] if row.get("sla_policy_id")], 0.4):
        name, limit = row["case_id"], timedelta(hours=24 if row["priority"] == "high" else 72)
        row["resolved_at"], row["reopen_count"] = row["opened_at"] + limit * 0.98, 1
        tables["case_event"] = [one for one in tables["case_event"] if one["case_id"] != name] + [
            {
                "case_event_id": f"{name}l{place}",
                "case_id": name,
                "from_state": was,
                "to_state": now,
                "at": row["opened_at"] + after,
                "is_reopening": place == 2,
            }
            for place, (was, now, after) in enumerate(
                (
                    (None, "open", 0 * DAY),
                    ("open", "solved", limit * 0.98),
                    ("solved", "open", limit + HOUR),
                    ("open", "solved", limit + 2 * HOUR),
                )
            )
        ]


@games("reopen_cycles")
def close_in_turns(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["case"], 0.12):
        row["reopen_count"] = 3


@games("complaints_after_resolution")
def close_and_be_told(draw: Draw, tables: Tables) -> None:
    for row in some(draw, [row for row in tables["case"] if row.get("resolved_at")], 0.12):
        tables["complaint"].append(
            {
                "complaint_id": f"t{row['case_id']}",
                "case_id": row["case_id"],
                "received_at": row["resolved_at"] + DAY,
                "channel": "email",
                "reason_group": "g1",
            }
        )


@games("backlog_identity", "bulk_closures")
def close_in_bulk(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["case"], 0.2):
        row["resolved_at"] = None
    for row in some(draw, tables["case_event"], 0.3):
        row["is_bulk"] = True


@games("parked_cases")
def park(draw: Draw, tables: Tables) -> None:
    for place in range(60):
        name, at = f"parked{place}", END - 30 * DAY
        tables["case"].append({"case_id": name, "opened_at": at, "reopen_count": 0})
        tables["case_event"] += [
            {"case_event_id": f"{name}a", "case_id": name, "to_state": "open", "at": at},
            {
                "case_event_id": f"{name}b",
                "case_id": name,
                "from_state": "open",
                "to_state": "waiting",
                "at": at + HOUR,
            },
        ]


@games("recreated_cases", "implicit_reopen_gap")
def make_anew(draw: Draw, tables: Tables) -> None:
    for row in some(draw, [row for row in tables["case"] if row.get("resolved_at") and row.get("customer_id")], 0.15):
        tables["case"].append(
            {
                **row,
                "case_id": f"anew{row['case_id']}",
                "opened_at": row["resolved_at"] + HOUR,
                "resolved_at": row["resolved_at"] + 2 * HOUR,
            }
        )


@games("changes_after_completion")
def correct_silently(draw: Draw, tables: Tables) -> None:
    for row in some(draw, [row for row in tables["case"] if row.get("resolved_at")], 0.15):
        tables["case_event"].append(
            {
                "case_event_id": f"{row['case_id']}s",
                "case_id": row["case_id"],
                "from_state": "solved",
                "to_state": "solved",
                "at": row["resolved_at"] + HOUR,
            }
        )


@games("long_without_escalation")
def never_escalate(draw: Draw, tables: Tables) -> None:
    for row in some(draw, [row for row in tables["case"] if row.get("resolved_at")], 0.2):
        row["resolved_at"] = row["opened_at"] + 50 * DAY


@games("customer_only_gap", "reason_change_trend")
def recode_reasons(draw: Draw, tables: Tables) -> None:
    """In the last weeks, and often before, the second call gets another reason than the first."""
    for row in tables["contact"]:
        if "_of" in row and row["_of"]["_again"] and (row["arrived_at"] >= LATE - 7 * DAY or draw.random() < 0.5):
            row |= {"reason_code": "r9", "reason_group": "g9", "customer_id": row["_of"]["customer_id"]}
    for place, row in enumerate(
        some(draw, [row for row in tables["contact"] if row["arrived_at"] >= LATE - 7 * DAY], 0.4)
    ):
        later = 2 * DAY
        tables["contact"].append(
            {
                **row,
                "contact_id": f"recoded{place}",
                "reason_group": "g8",
                "arrived_at": row["arrived_at"] + later,
                "ended_at": row["ended_at"] + later,
            }
        )


@games("unidentified_share", "other_reason_share")
def ask_no_name(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["contact"], 0.4):
        row |= {"customer_id": None, "reason_code": "other"}


@games("fcr_survey_gap", "fcr_gap_trend")
def prompt_for_yes(draw: Draw, tables: Tables) -> None:
    """Agents say “press yes”, and in the last weeks everybody comes again."""
    for row in tables["survey_answer"]:
        if row["question_key"] == "solved":
            row["value"] = 1.0
    for place, row in enumerate([row for row in tables["contact"] if row["outcome"] == "handled"]):
        if row["arrived_at"] >= LATE - 7 * DAY or draw.random() < 0.15:
            tables["contact"].append(
                {
                    **row,
                    "contact_id": f"yes{place}",
                    "arrived_at": row["arrived_at"] + DAY,
                    "ended_at": row["ended_at"] + DAY,
                }
            )


@games("failures_passed_on")
def pass_failures_on(draw: Draw, tables: Tables) -> None:
    failed = {row["_of"]["contact_id"] for row in tables["contact"] if "_of" in row}
    for row in answered(tables):
        if row["contact_id"] in failed and row["seq"] == 1 and draw.random() < 0.7:
            tables["contact_segment"].append(
                {
                    **row,
                    "segment_id": f"{row['segment_id']}f",
                    "seq": 5,
                    "agent_id": "a29" if row["agent_id"] != "a29" else "a28",
                }
            )


@games("audit_not_random", "verified_class_mix")
def audit_the_easy(draw: Draw, tables: Tables) -> None:
    for row in tables["triage_prediction"]:
        row["is_final_verified"] = row["predicted"] in ("r0", "r1")
        row["inclusion_prob"] = None
