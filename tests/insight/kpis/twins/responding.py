"""Answers weighed for who was asked and who answered, one person after the other.

Worlds are too small to tell who is likely to answer, so all are equally likely: that part is tested in
tests/insight/stats/test_nonresponse.py.
"""

from collections.abc import Iterator, Mapping
from statistics import median

from tests.insight.kpis.twins.base import Part
from tests.insight.kpis.worlds import Fact, World

__all__ = ["is_drawn", "might_be_asked", "weighed"]

MARGINS = ("channel", "queue", "reason")


def might_be_asked(world: World) -> list[Fact]:
    rows = world.counted("survey_invite")
    return [row for row in rows if row["eligible"] and world.is_within(row["decided_at"])]


def is_drawn(row: Fact) -> bool:
    return bool(row["inclusion_prob"]) and bool(
        row["sent_at"] or row.get("suppressed_reason") not in (None, "not_drawn")
    )


def trait(world: World, row: Fact, name: str) -> object:
    contact = world.find("contact", contact_id=row["contact_id"]) if row.get("contact_id") else {}
    if name == "queue":
        legs = [leg for leg in world.rows("contact_segment") if leg["contact_id"] == row.get("contact_id")]
        answered = sorted((leg for leg in legs if leg["exit"] == "answered"), key=lambda leg: leg["seq"])
        return answered[-1]["queue_id"] if answered else None
    return contact.get({"reason": "reason_group"}.get(name, name))


def weighed(world: World, values: Mapping[str, float]) -> Iterator[Part]:
    """values: of the answers that count, by invitation."""
    everybody = might_be_asked(world)
    drawn = [row for row in everybody if is_drawn(row)]
    told = [row for row in drawn if row["invite_id"] in values]
    if not told:
        return
    silence = sum(1 / row["inclusion_prob"] for row in drawn) / sum(1 / row["inclusion_prob"] for row in told)
    weights = [silence / row["inclusion_prob"] for row in told]
    most = 10 * median(weights)
    weights = [min(most, weight) for weight in weights]
    for _round in range(100):
        for name in MARGINS:
            mine = [trait(world, row, name) for row in told]
            # What fewer than five answered for counts as one.
            large = {one for one in mine if mine.count(one) >= 5}
            places = [one if one in large else "rest" for one in mine]
            due: dict[object, float] = dict.fromkeys(places, 0.0)
            for row in everybody:
                one = trait(world, row, name)
                place = one if one in large else "rest"
                due[place] = due.get(place, 0.0) + 1
            unspoken = due.pop("rest") if "rest" in due and "rest" not in places else 0.0
            grown = (sum(due.values()) + unspoken) / sum(due.values())
            has = {
                place: sum(w for w, p in zip(weights, places, strict=True) if p == place)
                for place in dict.fromkeys(places)
            }
            weights = [w * due[p] * grown / has[p] for w, p in zip(weights, places, strict=True)]
    for row, weight in zip(told, weights, strict=True):
        yield Part(row=row, at=row["decided_at"], x=weight * values[row["invite_id"]], n=weight)
