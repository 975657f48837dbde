"""Games with what customers, evaluators and colleagues say, and with what is learned and bought."""

from datetime import timedelta
from typing import Any

from tests.insight.kpis.gaming.games import games, some
from tests.insight.kpis.gaming.honest import DAY, END, HOUR, SECOND, START, Draw, Row, Tables

LATE = END - 28 * DAY


def went(tables: Tables) -> dict[str, Row]:
    return {row["contact_id"]: row for row in tables["contact"]}


# Surveys


@games("invitation_mix", "invitation_reason_mix", "invitation_outcome_mix")
def cherry_pick(draw: Draw, tables: Tables) -> None:
    """Who was passed on, came again or had a hard matter in a hard queue is not invited."""
    hard = {row["contact_id"] for row in tables["contact_segment"] if row["seq"] == 2 or row["queue_id"] == "q1"}
    contacts = went(tables)
    for row in tables["survey_invite"]:
        contact = contacts[row["contact_id"]]
        bad = row["contact_id"] in hard or contact["_again"] or contact["reason_code"] == "r0"
        if bad and draw.random() < 0.8:
            row |= {"sent_at": None, "delivered": None, "completed_at": None, "started_at": None}


@games("invites_by_agent")
def bypass(draw: Draw, tables: Tables) -> None:
    for row in tables["survey_invite"]:
        if row["agent_id"] in ("a0", "a1", "a2"):
            row |= {"sent_at": None, "delivered": None, "completed_at": None, "started_at": None}


@games("agent_initiated_share", "customer_initiated_gap")
def choose_the_happy(draw: Draw, tables: Tables) -> None:
    scores = {row["invite_id"]: row for row in tables["survey_answer"] if row["question_key"] == "agent_csat"}
    for row in tables["survey_invite"]:
        answer = scores.get(row["invite_id"])
        if answer is not None:
            happy = answer["value"] >= 4
            row["selected_by"] = "agent" if happy else "customer"


@games("answers_during_contact", "answer_hours")
def fill_in_oneself(draw: Draw, tables: Tables) -> None:
    contacts = went(tables)
    for row in tables["survey_invite"]:
        if row["completed_at"]:
            ends = contacts[row["contact_id"]]["ended_at"]
            row["completed_at"] = ends - SECOND if draw.random() < 0.1 else ends.replace(hour=19, minute=5) + DAY


@games("csat_against_fcr", "csat_against_complaints")
def beg(draw: Draw, tables: Tables) -> None:
    """Agents whose customers come again and complain are those who get fives."""
    contacts = went(tables)
    agents = {row["invite_id"]: row["agent_id"] for row in tables["survey_invite"]}
    bad = {f"a{place}" for place in range(12)}
    for row in tables["survey_answer"]:
        if row["question_key"] == "csat":
            row["value"] = 5.0 if agents[row["invite_id"]] in bad else float(draw.choice([2, 3, 4, 5]))
    for place, invite in enumerate(tables["survey_invite"]):
        if invite["agent_id"] in bad and draw.random() < 0.5:
            contact = contacts[invite["contact_id"]]
            tables["contact"].append(
                {
                    **contact,
                    "contact_id": f"beg{place}",
                    "arrived_at": contact["ended_at"] + DAY,
                    "ended_at": contact["ended_at"] + DAY + HOUR,
                }
            )
            tables["complaint"].append(
                {
                    "complaint_id": f"beg{place}",
                    "origin_contact_id": contact["contact_id"],
                    "received_at": contact["ended_at"] + DAY,
                    "channel": "email",
                    "reason_group": "g1",
                }
            )


@games("completed_without_answers", "incomplete_completions", "follow_up_contact_exists")
def drop_answers(draw: Draw, tables: Tables) -> None:
    gone = {row["invite_id"] for row in some(draw, tables["survey_invite"], 0.1)}
    part = {row["invite_id"] for row in some(draw, tables["survey_invite"], 0.3)}
    tables["survey_answer"] = [
        row
        for row in tables["survey_answer"]
        if row["invite_id"] not in gone
        and not (row["invite_id"] in part and row["question_key"] not in ("csat", "nps"))
    ]
    for row in tables["follow_up"]:
        row["contact_id"] = None


@games("programmes_per_customer")
def ask_twice(draw: Draw, tables: Tables) -> None:
    for row in some(draw, [row for row in tables["survey_invite"] if row["sent_at"]], 0.3):
        tables["survey_invite"].append(
            {
                **row,
                "invite_id": f"{row['invite_id']}b",
                "programme": "other",
                "sent_at": row["sent_at"] + DAY,
                "completed_at": None,
            }
        )


@games("nines_over_tens")
def hint_at_nine(draw: Draw, tables: Tables) -> None:
    for row in tables["survey_answer"]:
        if row["question_key"] == "nps" and row["value"] == 10 and draw.random() < 0.8:
            row["value"] = 9.0


@games("score_trend")
def color_the_scale(draw: Draw, tables: Tables) -> None:
    for row in tables["survey_answer"]:
        if row["question_key"] == "nps" and row["answered_at"] >= LATE - 3 * DAY:
            row["value"] = min(10.0, row["value"] + 4)


@games("ces_against_csat")
def turn_the_scale(draw: Draw, tables: Tables) -> None:
    for row in tables["survey_answer"]:
        if row["question_key"] == "ces":
            row["value"] = 8 - row["value"]


@games("dimension_halo", "straight_lining")
def one_answer(draw: Draw, tables: Tables) -> None:
    first = {row["invite_id"]: row["value"] for row in tables["survey_answer"] if row["question_key"] == "csat"}
    for row in tables["survey_answer"]:
        row["value"] = first.get(row["invite_id"], row["value"])


@games("item_set_trend")
def drop_weak_items(draw: Draw, tables: Tables) -> None:
    tables["survey_answer"] = [
        row
        for row in tables["survey_answer"]
        if row["question_key"] not in ("empathy_1", "assurance_1") or row["answered_at"] < LATE - 3 * DAY
    ]


@games("mystery_against_blind", "tester_numbers")
def know_the_testers(draw: Draw, tables: Tables) -> None:
    contacts = went(tables)
    for row in tables["mystery_item"]:
        row["met"] = True
        contacts[row["contact_id"]]["contact_point_hash"] = "tester"
    for row in tables["evaluation_item"]:
        row["met"] = bool(draw.random() < 0.7)


@games("journey_starts")
def start_later(draw: Draw, tables: Tables) -> None:
    for row in tables["journey"][50:]:
        row["definition_version"] = "2"


# Customers


@games("cancel_lag", "cancel_complaints")
def hold_customers(draw: Draw, tables: Tables) -> None:
    for row in tables["subscription"]:
        if row["end_date"] and draw.random() < 0.6:
            row["cancel_requested_at"] -= 90 * DAY
    for row in some(draw, tables["complaint"], 0.4):
        row["reason_group"] = "cancellation"


@games("one_off_revenue", "empty_contracts")
def sell_once(draw: Draw, tables: Tables) -> None:
    for place in range(100):
        starts = START.date() + timedelta(days=place)
        tables["subscription"].append(
            {
                "subscription_id": f"once{place}",
                "customer_id": f"once{place}",
                "start_date": starts,
                "end_date": starts + timedelta(days=5 if place % 2 else 0),
                "monthly_amount": "90",
                "monthly_amount_currency": "EUR",
            }
        )


@games("split_orders", "identity_changes")
def split_and_merge(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["purchase"], 0.4):
        tables["purchase"].append({**row, "purchase_id": f"{row['purchase_id']}b", "at": row["at"] + 60 * SECOND})
    for row in some(draw, tables["customer_link"], 0.4):
        tables["customer_link"].append({**row, "customer_id": "one", "valid_from": row["valid_from"] + DAY})


@games("self_service_give_ups", "customer_searches_empty", "false_containment_share")
def hide_the_way(draw: Draw, tables: Tables) -> None:
    for place, row in enumerate(tables["self_service_session"]):
        if draw.random() < 0.5:
            row |= {"task_done": False, "entered_contact_flow": True, "escalated_contact_id": None}
            name = f"hidden{place}"
            tables["contact"].append(
                {
                    "contact_id": name,
                    "channel": "voice",
                    "direction": "inbound",
                    "customer_id": row["customer_id"],
                    "arrived_at": row["ended_at"] + HOUR,
                    "ended_at": row["ended_at"] + 2 * HOUR,
                    "outcome": "handled",
                    "reason_group": row["intent"],
                }
            )
    for row in tables["knowledge_search"]:
        if row["user_kind"] == "customer":
            row |= {"results_n": 0, "opened_article_id": None, "opened_at": None}


@games("tenure_balance")
def choose_the_group(draw: Draw, tables: Tables) -> None:
    contacts = went(tables)
    bad = {row["invite_id"] for row in tables["survey_answer"] if row["question_key"] == "csat" and row["value"] <= 2}
    old = {contacts[row["contact_id"]]["customer_id"] for row in tables["survey_invite"] if row["invite_id"] in bad}
    for row in tables["customer"]:
        row["since"] = START - (3000 if row["customer_id"] in old else 100) * DAY


@games("capacity_changes", "churn_definition_changes", "check_changes", "goal_changes")
def change_the_rules(draw: Draw, tables: Tables) -> None:
    for place, (metric, option) in enumerate(
        (
            ("blocked_rate", "queue_capacity"),
            ("churn_rate", "grace_days"),
            ("integrity_flags", "check:off"),
            (None, "target.baseline"),
        )
    ):
        tables["option_change"].append(
            {"change_id": f"rule{place}", "at": START + 9 * DAY, "metric_id": metric, "option": option}
        )


# Complaints and fixes


@games("complaints_by_team")
def code_as_enquiries(draw: Draw, tables: Tables) -> None:
    teams = {row["agent_id"]: row["team_id"] for row in tables["agent_team"]}
    legs = {row["contact_id"]: row["agent_id"] for row in tables["contact_segment"] if row["exit"] == "answered"}
    for place, (contact, agent) in enumerate(legs.items()):
        if teams[agent] != "t1" and draw.random() < 0.04:
            tables["complaint"].append(
                {
                    "complaint_id": f"loud{place}",
                    "origin_contact_id": contact,
                    "received_at": START + 70 * DAY,
                    "channel": "email",
                    "reason_group": "g2",
                }
            )
    tables["complaint"] = [
        row for row in tables["complaint"] if teams.get(legs.get(row.get("origin_contact_id", ""), "")) != "t1"
    ]


@games("external_without_record", "overturned_by_external_body", "other_share", "personal_ack_share")
def keep_no_record(draw: Draw, tables: Tables) -> None:
    for place in range(60):
        at = START + place * DAY
        tables["complaint"].append(
            {
                "complaint_id": f"ext{place}",
                "received_at": at,
                "channel": "letter",
                "external_body": "regulator",
                "upheld": "not_upheld",
                "reason_group": "other",
                "acknowledged_at": at,
                "is_personal_ack": False,
            }
        )
    for row in tables["complaint"]:
        if row.get("acknowledged_at") and draw.random() < 0.8:
            row["is_personal_ack"] = False


@games("unlinked_repeats", "complaint_clock_resets")
def split_complaints(draw: Draw, tables: Tables) -> None:
    for row in some(draw, [row for row in tables["complaint"] if row.get("case_id")], 0.5):
        tables["complaint"].append(
            {**row, "complaint_id": f"{row['complaint_id']}b", "received_at": row["received_at"] + DAY}
        )
        tables["case_event"].append(
            {
                "case_event_id": f"{row['complaint_id']}r",
                "case_id": row["case_id"],
                "from_state": "solved",
                "to_state": "open",
                "at": row["received_at"] + 6 * DAY,
                "is_reopening": True,
            }
        )


@games("agent_blame", "one_root_cause", "withdrawn_after_payment")
def blame_and_pay(draw: Draw, tables: Tables) -> None:
    for row in tables["complaint"]:
        if draw.random() < 0.8:
            row |= {"liability": "agent", "root_cause_id": "human", "remedy": "20", "remedy_currency": "EUR"}


@games("baseline_with_spike", "due_dates_moved", "new_name_old_cause", "fixes_that_recur")
def declare_fixed(draw: Draw, tables: Tables) -> None:
    for row in some(draw, tables["corrective_action"], 0.5):
        row |= {"pre_until": row["trigger_until"], "due_at": row["due_at"] + 30 * DAY}
    for row in some(draw, tables["problem"], 0.5):
        tables["problem"].append(
            {**row, "problem_id": f"{row['problem_id']}n", "opened_at": row["closed_at"] + DAY, "closed_at": None}
        )
        tables["recurrence"].append(
            {"recurrence_id": row["problem_id"], "problem_id": row["problem_id"], "at": END, "is_confirmed": True}
        )


@games("contacts_off_list", "notices_without_holdout")
def narrow_the_list(draw: Draw, tables: Tables) -> None:
    tables["notice_recipient"] = [{**row, "arm": "notify"} for row in tables["notice_recipient"][::6]]


# Evaluations


@games("not_applicable_by_evaluator")
def say_not_applicable(draw: Draw, tables: Tables) -> None:
    mine = {row["evaluation_id"] for row in tables["evaluation"] if row["evaluator_id"] == "v0"}
    for row in tables["evaluation_item"]:
        if row["evaluation_id"] in mine and draw.random() < 0.3:
            row["applicable"] = False


@games("sample_kind_share", "form_versions", "disputed_severity")
def pick_easy_calls(draw: Draw, tables: Tables) -> None:
    changed = {row["evaluation_id"]: row for row in tables["dispute"]}
    for place, row in enumerate(tables["evaluation"]):
        if place >= 300:
            row["form_version"] = "2"
        if draw.random() < 0.7:
            row |= {"sample_kind": "requested", "inclusion_prob": None}
        if row["critical_customer"] and row["evaluation_id"] in changed:
            changed[row["evaluation_id"]]["changed"] = True


@games("severity_second_review", "deviation_second_coder")
def judge_at_odds(draw: Draw, tables: Tables) -> None:
    """The second to judge a contact sees no critical error, and another cause for every line that both missed."""
    seconds = {row["evaluation_id"]: row for row in tables["evaluation"] if row["evaluation_id"].endswith("-1")}
    for row in tables["evaluation"]:
        if f"{row['evaluation_id'][:-2]}-1" in seconds and draw.random() < 0.4:
            row["critical_customer"] = row["evaluation_id"] not in seconds
    for line in tables["evaluation_item"]:
        if f"{line['evaluation_id'][:-2]}-1" in seconds:
            mine = line["evaluation_id"] in seconds
            line |= {"met": False, "deviation_cause": "system" if mine and draw.random() < 0.8 else "chose_not"}


@games("uncoded_complaints", "unlogged_abuse")
def record_nothing(draw: Draw, tables: Tables) -> None:
    known = {row["origin_contact_id"] for row in tables["complaint"]} | {
        row["contact_id"] for row in tables["abuse_event"]
    }
    audited = [row for row in tables["triage_prediction"] if row["is_final_verified"] and row["object_id"] not in known]
    for place, row in enumerate(audited[:160]):
        row["final"] = "complaint" if place % 2 else "abuse"


@games("response_rate_fall")
def tire_them(draw: Draw, tables: Tables) -> None:
    for row in tables["survey_invite"]:
        if row["sent_at"] and row["sent_at"] >= LATE - 3 * DAY:
            row["completed_at"] = None


@games("month_end_bunching", "evaluation_runs", "acknowledged_in_rows")
def fill_the_quota(draw: Draw, tables: Tables) -> None:
    """Ten evaluations in an hour, then nothing for days; at the end of the month most of all."""
    for place, row in enumerate(tables["evaluation"]):
        batch = place // 12
        day = START + (batch * 2 % 130) * DAY
        if batch % 3 == 0:
            day = day.replace(day=28, month=day.month if day.month != 1 else 2)
        at = day + 10 * HOUR + (place % 12) * 90 * SECOND + draw.random() * SECOND
        row |= {"evaluated_at": at, "published_at": at + HOUR, "acknowledged_at": END + (place % 40) * SECOND}


@games("judged_at_once", "copied_scores", "blind_share")
def judge_together(draw: Draw, tables: Tables) -> None:
    items: dict[str, list[Row]] = {}
    for row in tables["evaluation_item"]:
        items.setdefault(row["evaluation_id"], []).append(row)
    firsts = {row["contact_id"]: row for row in tables["evaluation"] if row["evaluation_id"].endswith("-0")}
    for row in tables["evaluation"]:
        if row["evaluation_id"].endswith("-1"):
            first = firsts[row["contact_id"]]
            for mine, other in zip(items[row["evaluation_id"]], items[first["evaluation_id"]], strict=True):
                mine |= {"applicable": other["applicable"], "met": other["met"]}
            row |= {"evaluated_at": first["evaluated_at"] + 30 * SECOND, "blind": False, "sample_kind": "calibration"}


@games("disputes_by_supervisor")
def punish_disputes(draw: Draw, tables: Tables) -> None:
    known = {row["evaluation_id"] for row in tables["dispute"]}
    for row in tables["evaluation"]:
        quiet = int(row["agent_id"][1:]) % 5 == 2
        if not quiet and row["evaluation_id"] not in known and draw.random() < 0.2:
            tables["dispute"].append({"evaluation_id": row["evaluation_id"], "raised_at": row["published_at"]})
    fearful = {row["evaluation_id"] for row in tables["evaluation"] if int(row["agent_id"][1:]) % 5 == 2}
    tables["dispute"] = [row for row in tables["dispute"] if row["evaluation_id"] not in fearful]


@games("scored_after_survey")
def look_at_the_answer(draw: Draw, tables: Tables) -> None:
    for row in tables["evaluation"]:
        row |= {
            "blind": False,
            "evaluated_at": row["evaluated_at"] + 20 * DAY,
            "published_at": None,
            "acknowledged_at": None,
        }


# Knowledge and learning


@games("short_dwell", "searched_after_contact", "nothing_opened", "link_accuracy")
def click_anything(draw: Draw, tables: Tables) -> None:
    for row in tables["knowledge_search"]:
        row |= {"dwell_s": 2.0, "at": row["at"] + 5 * HOUR}
        if not row["linked_article_id"]:
            row["opened_article_id"] = None
        row["results_n"] = 5
        if draw.random() < 0.5 and not row["linked_article_id"]:
            tables["knowledge_search"].append({**row, "session_id": f"{row['session_id']}j", "opened_at": None})
    for row in tables["article_link"]:
        row["correct"] = bool(draw.random() < 0.5)


@games("author_votes", "touch_edits")
def polish_articles(draw: Draw, tables: Tables) -> None:
    for row in tables["article_vote"]:
        row["is_author"] = bool(draw.random() < 0.4)
    for row in tables["article"]:
        row["changed_characters"] = 2


@games("reading_time", "comprehension_gap", "quick_quizzes", "quizzes_in_step", "retention_gap", "trained_and_failed")
def click_through(draw: Draw, tables: Tables) -> None:
    """Confirmed unread, failed at first; then the answers go round, passed in seconds, and forgotten."""
    for row in tables["procedure_ack"]:
        row["read_s"] = 2.0
    for row in tables["quiz_attempt"]:
        if not row["is_retention"]:
            row["passed"] = int(row["agent_id"][1:]) % 3 == 0
            row["started_at"] = row["started_at"].replace(
                hour=9, minute=0, second=int(row["agent_id"][1:]), microsecond=0
            )
            row |= {"ended_at": row["started_at"] + 10 * SECOND, "score": 0.9}
        else:
            row["passed"] = False


@games("silent_procedures", "adopted_not_implemented", "training_without_time")
def sign_and_file(draw: Draw, tables: Tables) -> None:
    tables["procedure_issue"] = []
    for row in tables["suggestion"]:
        row["implemented_at"] = None
    for row in tables["training_record"]:
        row["delivered_s"] = 20.0 if draw.random() < 0.4 else row["delivered_s"]


# Colleagues and records


@games("pulse_identical", "full_participation")
def answer_for_staff(draw: Draw, tables: Tables) -> None:
    answers: list[Any] = []
    for wave in tables["pulse_wave"]:
        for person in range(wave["invited_count"]):
            answers += [
                {
                    "wave": wave["wave"],
                    "team_id": wave["team_id"],
                    "question_key": key,
                    "value": 5.0,
                    "scale_min": 1.0,
                    "scale_max": 5.0,
                    "respondent_token": f"{wave['team_id']}{person}",
                }
                for key in ("esat", "qa_standard", "exhaustion", "q4", "q5", "q6")
            ]
    tables["pulse_answer"] = answers


@games("default_code_by_agent", "coded_against_model")
def take_the_first_code(draw: Draw, tables: Tables) -> None:
    lazy = {f"a{place}" for place in (20, 21)}
    legs = {row["contact_id"]: row["agent_id"] for row in tables["contact_segment"] if row["exit"] == "answered"}
    for row in tables["contact"]:
        if legs.get(row["contact_id"]) in lazy:
            row["reason_code"] = "r0"
        elif draw.random() < 0.5:
            row["reason_code"] = f"r{int(draw.integers(6))}"
