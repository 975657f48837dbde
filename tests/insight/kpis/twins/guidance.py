"""Twins of family H."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from tests.insight.kpis.twins.base import Options, Part, Twin, median_until, quantile
from tests.insight.kpis.twins.complaints import scaled
from tests.insight.kpis.twins.quality import items, weight
from tests.insight.kpis.twins.voice import keys_with
from tests.insight.kpis.worlds import Fact, World

__all__ = ["TWINS"]

DAY = timedelta(days=1)


def queries(world: World, options: Options) -> list[Fact]:
    return [row for row in world.rows("knowledge_search") if options["users"] in ("all", row["user_kind"])]


def sessions(world: World, options: Options) -> Iterator[list[Fact]]:
    rows = [row for row in queries(world, options) if row["has_solving_intent"]]
    for name in sorted({row["session_id"] for row in rows}):
        yield sorted((row for row in rows if row["session_id"] == name), key=lambda row: row["at"])


def whose(rows: list[Fact]) -> Fact:
    cases = [row["linked_case_id"] for row in rows if row["linked_case_id"]]
    return {"agent_id": rows[0]["agent_id"], "case_id": max(cases, default=None)}


def is_linked(row: Fact) -> bool:
    opened = row["opened_article_id"]
    return opened is not None and opened == row["linked_article_id"] and row["linked_case_id"] is not None


def knowledge_findability(world: World, options: Options) -> Iterator[Part]:
    for rows in sessions(world, options):
        right = [
            row["opened_at"]
            for row in rows
            if row["opened_article_id"]
            and (not options["dwell_s"] or (row["dwell_s"] or 0) >= options["dwell_s"])
            and (is_linked(row) or row["rated_useful"])
        ]
        found = bool(right)
        if options["within_s"]:
            soonest = min((at for at in right if at), default=None)
            found = soonest is not None and (soonest - rows[0]["at"]).total_seconds() <= options["within_s"]
        found = found and max(row["reformulation_no"] for row in rows) <= options["reformulations"]
        yield Part(row=whose(rows), at=rows[0]["at"], x=found, n=1)


def time_to_find(world: World, options: Options) -> Iterator[Part]:
    for rows in sessions(world, options):
        opened = [row["opened_at"] for row in rows if is_linked(row)]
        end = min(opened, default=None) or rows[0]["session_ended_at"] or rows[-1]["at"]
        lasted = (end - rows[0]["at"]).total_seconds()
        yield Part(row=whose(rows), at=rows[0]["at"], value=lasted, happened=bool(opened))


def zero_result_rate(world: World, options: Options) -> Iterator[Part]:
    for row in queries(world, options):
        yield Part(row=row, at=row["at"], x=row["results_n"] == 0, n=1)


def no_click_rate(world: World, options: Options) -> Iterator[Part]:
    for row in queries(world, options):
        if row["results_n"]:
            yield Part(row=row, at=row["at"], x=row["opened_article_id"] is None, n=1)


def link_rate(world: World, _options: Options) -> Iterator[Part]:
    linked = {row["case_id"] for row in world.rows("article_link") if row["kind"] in ("reused", "created")}
    for row in world.counted("case"):
        if row["closed_at"]:
            yield Part(row=row, at=row["closed_at"], x=row["case_id"] in linked, n=1)


def votes(world: World, options: Options) -> list[Fact]:
    return [
        row for row in world.rows("article_vote") if row["user_kind"] == options["readers"] and not row["is_author"]
    ]


def article_helpfulness(world: World, options: Options) -> Iterator[Part]:
    for row in votes(world, options):
        yield Part(row=row, at=row["at"], x=row["is_helpful"], n=1)


def voting_share(world: World, options: Options) -> Iterator[Part]:
    for row in votes(world, options):
        yield Part(row=row, at=row["at"], x=1)
    for row in world.rows("article_view"):
        yield Part(row=row, at=row["at"], n=row["user_kind"] == options["readers"])


def shown(world: World, article: str, at: datetime) -> Fact | None:
    """The version that readers see at a moment, if any."""
    published = [
        row
        for row in world.rows("article")
        if row["article_id"] == article and row["published_at"] and row["published_at"] <= at
    ]
    newest = max(published, key=lambda row: (row["published_at"], row["version"]), default=None)
    return newest if newest and newest["state"] == "published" else None


def is_fresh(row: Fact, at: datetime) -> bool:
    return not row["is_flagged_wrong"] and (row["review_due_at"] is None or at < row["review_due_at"])


def article_freshness(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("article_view"):
        if version := shown(world, row["article_id"], row["at"]):
            yield Part(row=row, at=row["at"], x=is_fresh(version, row["at"]), n=1)


def fresh_article_share(world: World, _options: Options) -> Iterator[Part]:
    before = (world.until or world.watermark) - timedelta(microseconds=1)
    for article in ("a1", "a2", "a3"):
        if version := shown(world, article, before):
            yield Part(row=version, at=before, x=is_fresh(version, before), n=1)


def asked_afterwards(world: World, row: Fact, options: Options) -> bool:
    end = row["ended_at"] + timedelta(hours=options["within_h"])
    return any(
        contact["outcome"] == "handled"
        and contact["direction"] == "inbound"
        and contact["customer_id"] is not None
        and contact["customer_id"] == row["customer_id"]
        and contact["reason_group"] is not None
        and contact["reason_group"] == row["intent"]
        and row["started_at"] <= contact["arrived_at"] <= end
        for contact in world.counted("contact")
    )


def is_resolved(world: World, row: Fact, options: Options) -> bool:
    inferred = bool(row["task_done"]) and row["escalated_contact_id"] is None
    inferred = inferred and not asked_afterwards(world, row, options)
    proof = options.get("proof", "any")
    return (proof != "inferred" and bool(row["confirmed_solved"])) or (proof != "confirmed" and inferred)


def self_service_resolution(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("self_service_session"):
        if row["intent"]:
            yield Part(row=row, at=row["started_at"], x=is_resolved(world, row, options), n=1)


def self_service_deflection(world: World, options: Options) -> Iterator[Part]:
    intents = {row["intent"] for row in world.rows("self_service_session")} - {None}
    for row in world.rows("self_service_session"):
        if row["intent"] and is_resolved(world, row, options):
            stopped = row["entered_contact_flow"] and row["escalated_contact_id"] is None
            saved = float(stopped) if options["method"] == "entered_flow" else options["share"]
            yield Part(row=row, at=row["started_at"], x=saved, n=1)
    for row in world.counted("contact"):
        if row["outcome"] == "handled" and row["direction"] == "inbound" and row["reason_group"] in intents:
            yield Part(row=row, at=row["arrived_at"], n=1)


def containment_rate(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("self_service_session"):
        if row["is_automated_dialog"]:
            told = (row["confirmed_solved"], row["task_done"])
            kind = "solved" if True in told else "gave_up" if False in told else "unknown"
            meant = row["escalated_contact_id"] is None and options["part"] in ("all", kind)
            yield Part(row=row, at=row["started_at"], x=meant, n=1)


def false_containment(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("self_service_session"):
        if row["is_automated_dialog"] and row["escalated_contact_id"] is None and row["customer_id"]:
            yield Part(row=row, at=row["started_at"], x=asked_afterwards(world, row, options), n=1)


def procedure_ack(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("procedure_ack"):
        if row["required_by"] <= world.watermark:
            kept = row["acked_at"] is not None and row["acked_at"] <= row["required_by"]
            yield Part(row=row, at=row["required_by"], x=kept, n=1)


def comprehension_rate(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("procedure_ack"):
        key = {name: row[name] for name in ("agent_id", "procedure_id", "version")}
        first = world.find("quiz_attempt", **key, attempt_no=1, is_retention=False)
        if first or row["required_by"] <= world.watermark:
            yield Part(row=row, at=row["required_by"], x=bool(first.get("passed")), n=1)


def retention_quiz_rate(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("quiz_attempt"):
        if row["is_retention"]:
            yield Part(row=row, at=row["started_at"], x=row["passed"], n=1)


def procedure_adherence(world: World, options: Options) -> Iterator[Part]:
    for item, row in items(world):
        if item["procedure_id"] and item["applicable"] and item["met"] is not None:
            w = weight(world, row, options)
            yield Part(row=row, at=row["evaluated_at"], x=w * item["met"], n=w)


def deviation_cause_share(world: World, options: Options) -> Iterator[Part]:
    for item, row in items(world):
        if item["procedure_id"] and item["applicable"] and item["met"] is False and item["deviation_cause"]:
            w = weight(world, row, options)
            yield Part(row=row, at=row["evaluated_at"], x=w * (item["deviation_cause"] == options["cause"]), n=w)


def procedure_issue_rate(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("procedure_issue"):
        meant = options["which"] == "all" or row["outcome"] == "accepted"
        yield Part(row={**row, "agent_id": row["raised_by"]}, at=row["raised_at"], x=meant)
    for row in world.rows("procedure_use"):
        yield Part(row=row, at=row["at"], n=1)


def procedure_issue_time(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("procedure_issue"):
        done = row["answered_at"] is not None and row["answered_at"] <= world.watermark
        lasted = (row["answered_at"] if done else world.watermark) - row["raised_at"]
        if lasted >= timedelta():
            row = {**row, "agent_id": row["raised_by"]}
            yield Part(row=row, at=row["raised_at"], value=lasted / DAY, happened=done)


def procedure_issues_accepted(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("procedure_issue"):
        if row["answered_at"]:
            whole = {**row, "agent_id": row["raised_by"]}
            yield Part(row=whole, at=row["answered_at"], x=row["outcome"] == "accepted", n=1)


def procedure_issues_open_age(world: World, _options: Options) -> Iterator[Part]:
    moment = world.until or world.watermark
    for row in world.rows("procedure_issue"):
        if row["raised_at"] < moment and (row["answered_at"] is None or row["answered_at"] >= moment):
            yield Part(row=row, at=moment - timedelta(microseconds=1), value=(moment - row["raised_at"]) / DAY)


def suggestion_time(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("suggestion"):
        done = row["answered_at"] is not None and row["answered_at"] <= world.watermark
        lasted = (row["answered_at"] if done else world.watermark) - row["raised_at"]
        if lasted >= timedelta():
            whole = {**row, "agent_id": row["raised_by"]}
            yield Part(row=whole, at=row["raised_at"], value=lasted / DAY, happened=done)


def suggestion_participation(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("suggestion"):
        if row["raised_by"]:
            whole = {"agent_id": row["raised_by"]}
            yield Part(row=whole, at=row["raised_at"], key=row["raised_by"], happened=True)
    for row in world.rows("paid_time"):
        noon = datetime.combine(row["local_date"], time(12), UTC)
        yield Part(row={"agent_id": row["agent_id"]}, at=noon, key=row["agent_id"])


def suggestion_adoption(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("suggestion"):
        if row["answered_at"]:
            adopted = row["outcome"] == "adopted" and (not options["implemented"] or row["implemented_at"] is not None)
            yield Part(row={**row, "agent_id": row["raised_by"]}, at=row["answered_at"], x=adopted, n=1)


TWINS: dict[str, Twin] = {
    "knowledge_findability": Twin(parts=knowledge_findability),
    "time_to_find": Twin(parts=time_to_find, finish=lambda _options: median_until),
    "zero_result_rate": Twin(parts=zero_result_rate),
    "no_click_rate": Twin(parts=no_click_rate),
    "link_rate": Twin(parts=link_rate),
    "article_helpfulness": Twin(parts=article_helpfulness),
    "article_voting_share": Twin(parts=voting_share),
    "article_freshness": Twin(parts=article_freshness),
    "fresh_article_share": Twin(parts=fresh_article_share),
    "self_service_resolution": Twin(parts=self_service_resolution),
    "self_service_deflection": Twin(parts=self_service_deflection),
    "containment_rate": Twin(parts=containment_rate),
    "false_containment": Twin(parts=false_containment),
    "procedure_ack": Twin(parts=procedure_ack),
    "comprehension_rate": Twin(parts=comprehension_rate),
    "retention_quiz_rate": Twin(parts=retention_quiz_rate),
    "procedure_adherence": Twin(parts=procedure_adherence),
    "deviation_cause_share": Twin(parts=deviation_cause_share),
    "procedure_issue_rate": Twin(parts=procedure_issue_rate, finish=lambda _options: scaled(1000)),
    "procedure_issue_time": Twin(parts=procedure_issue_time, finish=lambda _options: median_until),
    "suggestion_participation": Twin(parts=suggestion_participation, finish=lambda _options: keys_with),
    "suggestion_adoption": Twin(parts=suggestion_adoption),
    "suggestion_time": Twin(parts=suggestion_time, finish=lambda _options: median_until),
    "procedure_issues_accepted": Twin(parts=procedure_issues_accepted),
    "procedure_issues_open_age": Twin(parts=procedure_issues_open_age, finish=lambda _options: quantile(0.5)),
}
