"""How long newcomers take to work as well as their colleagues (B19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import ibis.expr.types as ir
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, text, whole
from careloop.insight.kpis.asking.sources import Facts, complete_until, segments
from careloop.insight.kpis.asking.zones import local_time
from careloop.insight.kpis.catalogue.episode_options import OPTIONS as FCR_OPTIONS
from careloop.insight.kpis.catalogue.episodes import DAY_US, episodes
from careloop.insight.kpis.catalogue.quality.evaluations import JUDGE, drawn
from careloop.insight.kpis.measures.kinds import Finished, Inner, Layer, Layered, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Number, Options, chosen
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.comparison import shrunken_shares
from careloop.insight.stats.survival import kaplan_meier

__all__ = ["TIME_TO_PROFICIENCY"]

DAY = 86_400
WEEK, WINDOW = 7, 28
# Contacts are judged solved a week after they ended.
JUDGED_DAYS = 7


def time_to_proficiency(facts: Facts, options: Options) -> Layered:
    """Days from the first contact of newcomers to the first four weeks in which they work within the band of colleagues."""
    solved = episodes(facts, chosen(FCR_OPTIONS, {}))
    judged = drawn(facts, chosen((JUDGE,), {}))
    newcomers = _newcomers(facts)
    per = ("agent", "day")
    complete = complete_until(facts, ("contact", "evaluation"))
    last = None if complete is None else _local_day(complete, facts.zone) - JUDGED_DAYS

    def finish(inner: Mapping[str, Inner]) -> Finished:
        return _finished(inner, options, last)

    return Layered(
        layers={
            "newcomers": Layer(
                sums={"n": Sum(rows=newcomers, value=newcomers.agent_id.notnull(), at="first_contact")}, per=per
            ),
            "solved": Layer(
                sums={
                    "x": Sum(rows=solved, value=solved.is_matured & ~solved.is_followed, at="arrived_at"),
                    "n": Sum(rows=solved, value=solved.is_matured, at="arrived_at"),
                },
                per=per,
                is_of_all_time=True,
            ),
            "passed": Layer(
                sums={
                    "x": Sum(rows=judged.rows, value=judged.counts & is_true(judged.rows.passed), at="evaluated_at"),
                    "n": Sum(rows=judged.rows, value=judged.counts, at="evaluated_at"),
                },
                per=per,
                is_of_all_time=True,
            ),
        },
        finish=finish,
        method="G",
    )


def _newcomers(facts: Facts) -> ir.Table:
    """Return who was hired since the data begin, with the instant of the first contact answered."""
    legs, staff = segments(facts), facts["agent"]
    legs = legs.filter(is_true(text(legs, "exit") == "answered"), legs.agent_id.notnull())
    first = legs.group_by("agent_id").aggregate(
        first_contact_us=legs.queued_at_us.min(), first_contact_slot=legs.queued_at_slot.min()
    )
    begin = facts["contact_segment"].queued_at_us.min().as_scalar()
    hired = staff.hire_date.epoch_days().cast("int64") * DAY_US
    new = staff.filter(hired >= begin - begin % DAY_US).select("agent_id", "hire_date")
    met = first.inner_join(new, "agent_id")
    return met.filter(whole(met, "first_contact_us") >= met.hire_date.epoch_days().cast("int64") * DAY_US - DAY_US)


def _local_day(moment: datetime, zone: str) -> int:
    """Number the local day that a moment lies in; what is before it is whole."""
    day = local_time(zone).date_at(moment)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) // DAY


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Work:
    """What agents did until the end of each day. x, n: (agents, days + 1) running sums; first: the day of the second column."""

    agents: Mapping[object, int]
    x: Floats
    n: Floats
    first: int

    def within(self, day: int) -> tuple[Floats, Floats]:
        """Return x and n of the window that begins on a day: (agents,) each."""
        low, high = (min(max(0, at - self.first), self.x.shape[1] - 1) for at in (day, day + WINDOW))
        return self.x[:, high] - self.x[:, low], self.n[:, high] - self.n[:, low]


def _work(inner: Inner, agents: Mapping[object, int]) -> _Work:
    days = np.array([int(day) // DAY for day in inner.keys["day"]], dtype=np.int64)  # type: ignore[call-overload]
    first, last = (int(days.min()), int(days.max())) if len(days) else (0, 0)
    rows = np.array([agents[agent] for agent in inner.keys["agent"]], dtype=np.int64)
    sums = {}
    for name in ("x", "n"):
        table = np.zeros((len(agents), last - first + 2))
        np.add.at(table, (rows, days - first + 1), inner.sums[name])
        sums[name] = table.cumsum(axis=1)
    return _Work(agents=agents, first=first, **sums)


def _finished(inner: Mapping[str, Inner], options: Options, last: int | None) -> Finished:
    names = {agent for name in ("newcomers", "solved", "passed") for agent in inner[name].keys["agent"]}
    agents = {agent: place for place, agent in enumerate(sorted(names, key=str))}
    newcomers = inner["newcomers"]
    begins = {
        agent: int(day) // DAY  # type: ignore[call-overload]
        for agent, day, n in zip(newcomers.keys["agent"], newcomers.keys["day"], newcomers.sums["n"], strict=True)
        if n > 0
    }
    solved, passed = _work(inner["solved"], agents), _work(inner["passed"], agents)
    if last is None:
        last = min(work.first + work.x.shape[1] - 1 for work in (solved, passed))
    durations: list[int] = []
    happened: list[bool] = []
    for agent, begin in sorted(begins.items(), key=str):
        found = None
        reached = -1
        for start in range(begin, last - WINDOW + 1, WEEK):
            reached = start - begin
            # Whoever began long enough before counts as a colleague to be measured by.
            peers = np.array(
                [
                    other != agent and begins.get(other, -(10**9)) + options.number("experienced_days") <= start
                    for other in agents
                ]
            )
            fewest = options.number("fewest_contacts"), options.number("fewest_evaluations")
            if all(
                _is_within_band(*work.within(start), agents[agent], peers, least, options.number("band"))
                for work, least in zip((solved, passed), fewest, strict=True)
            ):
                found = reached
                break
        if reached >= 0:
            durations.append(reached)
            happened.append(found is not None)
    return _median(durations, happened)


def _is_within_band(
    x: Floats, n: Floats, place: int, peers: "np.typing.NDArray[np.bool_]", fewest: float, band: float
) -> bool:
    """Say whether an agent's shrunken share reaches the lower edge of the band of colleagues. x, n: (agents,)."""
    if n[place] < fewest or not (known := peers & (n > 0)).any():
        return False
    with_work = n > 0
    theta = np.full(len(n), np.nan)
    theta[with_work] = shrunken_shares(successes=x[with_work], trials=n[with_work])
    edge = np.quantile(theta[known], band, method="inverted_cdf")
    return bool(theta[place] >= edge - 1e-12)


def _median(durations: list[int], happened: list[bool]) -> Finished:
    """Read the Kaplan–Meier median, and where the bounds of the curve cross one half (Brookmeyer and Crowley 1982)."""
    curve = kaplan_meier(durations=durations, happened=happened)

    def first(bound: Floats) -> float | None:
        reached = np.flatnonzero(bound <= 0.5 + 1e-12)
        return float(curve.times[reached[0]]) if len(reached) else None

    # Where the curve has fallen to 0 there are no bounds; the lower one is at 0 with it.
    low = np.where(curve.survival > 0, curve.low, 0.0)
    return Finished(
        value=curve.time_until(0.5),
        low=first(low),
        high=first(curve.high),
        numerator=float(sum(happened)),
        n=len(durations),
    )


def _number(name: str, default: float, meaning: tuple[str, str, str, str], *, most: float = 1e6) -> Number:
    return Number(name=name, default=default, least=0, most=most, meaning=said(*meaning))


TIME_TO_PROFICIENCY = Metric(
    id="time_to_proficiency",
    code="B19",
    name=said("Time to proficiency", "숙련 도달 기간", "上岗熟练周期", "Thời gian đạt độ thành thạo"),
    numerator=said(
        "days from the first contact to the first four weeks in which shrunken quality and first-contact resolution lie within "
        "the band of experienced colleagues; not yet: censored",
        "첫 접촉부터, 축소추정한 품질과 최초 해결률이 숙련 동료의 범위에 든 첫 4주까지의 일수(미도달은 중도절단)",
        "从首次联络到收缩后的质量与一次解决率首次在四周内进入熟手区间的天数（未达到为删失）",
        "số ngày từ liên hệ đầu đến bốn tuần đầu tiên mà chất lượng và tỷ lệ giải quyết ngay (đã co) nằm trong dải của "
        "đồng nghiệp có kinh nghiệm; chưa đạt là kiểm duyệt",
    ),
    denominator=said(
        "people hired since the data begin, by their first contact",
        "데이터 시작 이후 입사한 인원(첫 접촉 기준)",
        "数据起始后入职的人员（按首次联络）",
        "người được tuyển từ khi có dữ liệu, theo liên hệ đầu",
    ),
    symbols="inf{t: Ŝ(t) ≤ ½}, θ = μ + B(r − μ)",
    unit=Unit.DAYS,
    direction=Direction.LOWER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    subject=Subject.PEOPLE,
    needs={
        "agent": ("hire_date",),
        "contact_segment": ("agent_id", "queued_at", "exit"),
        "contact": ("customer_id", "reason_group", "arrived_at", "ended_at", "outcome", "direction"),
        "evaluation": ("agent_id", "evaluated_at", "passed", "sample_kind", "inclusion_prob"),
    },
    measure=time_to_proficiency,
    options=(
        _number(
            "experienced_days",
            180,
            (
                "days since the first contact from which on colleagues set the band",
                "첫 접촉 후 이 일수가 지난 동료가 범위를 정함",
                "首次联络满此天数的同事构成区间",
                "đồng nghiệp đã qua số ngày này kể từ liên hệ đầu thì tạo thành dải",
            ),
        ),
        _number(
            "band",
            0.1,
            (
                "the share of experienced colleagues who may lie below",
                "범위 아래에 있어도 되는 숙련 동료의 비율",
                "可位于区间之下的熟手比例",
                "tỷ lệ đồng nghiệp có kinh nghiệm được phép nằm dưới",
            ),
            most=0.9,
        ),
        _number(
            "fewest_contacts",
            30,
            (
                "below so many judged contacts four weeks tell nothing",
                "판정된 접촉이 이보다 적으면 4주를 보지 않음",
                "已评判联络少于此数的四周不作数",
                "bốn tuần có ít liên hệ được xét hơn số này thì không kết luận",
            ),
        ),
        _number(
            "fewest_evaluations",
            3,
            (
                "below so many evaluations four weeks tell nothing",
                "평가가 이보다 적으면 4주를 보지 않음",
                "评定少于此数的四周不作数",
                "bốn tuần có ít đánh giá hơn số này thì không kết luận",
            ),
        ),
    ),
    gaming=said(
        "Route easy work to newcomers.",
        "신입에게 쉬운 업무만 배정하기.",
        "把简单工作派给新人。",
        "Chuyển việc dễ cho người mới.",
    ),
    pairs=("training_hours", "fcr_contact", "qa_pass_rate"),
    checks=("easy_work_by_agent",),
    source="S2 training; KS training clause; metrics.md §3.11, §3.12",
)
