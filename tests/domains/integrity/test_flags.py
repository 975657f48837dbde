"""Flags: found, answered, doubted, found again; who may, and who must not know."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from careloop.domains.integrity import queries
from careloop.domains.integrity.errors import (
    AlreadyAnswered,
    AnswerUnclear,
    FlagIsOver,
    FlagNotFound,
    MayNotAnswerFlags,
    MayNotSeeFlags,
    NotAnswered,
)
from careloop.domains.integrity.services import answer, doubt
from careloop.domains.integrity.states import Reason, Said, State, Step
from careloop.domains.integrity.types import About, FlagFilter, FlagRow, Part, Severity
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.domains.integrity.found import MONTH, finding, later, look

pytestmark = pytest.mark.database
WHY = "The callback test line was switched on for two days."


def the_flags(house: House, who: str = "mina", **wanted: Any) -> list[FlagRow]:
    workspace = house.south if who == "ines" else house.north
    with workspace_scope(workspace):
        return list(queries.flags(viewer=house.actor(who), wanted=FlagFilter(**wanted)).items)


def the_flag(house: House, who: str = "mina") -> FlagRow:
    (found,) = the_flags(house, who)
    return found


def say(house: House, flag_id: int, *, who: str = "mina", said: str = "explained", words: str = WHY) -> None:
    with workspace_scope(house.south if who == "ines" else house.north):
        answer(flag_id=flag_id, said=said, words=words, actor=house.actor(who), at=later(hours=1))


def events_of(house: House) -> list[str]:
    with workspace_scope(house.north):
        return [
            one.name for one in trail(limit=50, names=["flag.opened", "flag.answered", "flag.reopened", "flag.gone"])
        ]


class TestFound:
    def test_opens_one_flag_however_often_it_is_found(self, house: House) -> None:
        assert look(house.north, [finding()]) == 1
        assert look(house.north, [finding(value=0.21, count=21.0)], at=later(hours=1)) == 0

        flag = the_flag(house)
        assert (flag.state, flag.count, flag.value) == (State.OPEN, 21.0, 0.21)
        assert (flag.opened_at, flag.last_seen_at) == (NOW, later(hours=1))
        assert events_of(house) == ["flag.opened"]
        with workspace_scope(house.north):
            assert len(queries.steps_of(flag_id=flag.id, viewer=house.actor("mina"))) == 1

    def test_chance_opens_nothing(self, house: House) -> None:
        assert look(house.north, [finding(is_sure=False)]) == 0
        assert the_flags(house) == []

    def test_another_month_is_another_flag(self, house: House) -> None:
        look(house.north, [finding()])
        look(house.north, [finding(), finding(month=date(2026, 12, 1))], at=later(days=20))

        assert [row.month.month for row in the_flags(house)] == [12, 11]

    def test_is_over_when_it_is_not_found_any_more(self, house: House) -> None:
        look(house.north, [finding()])
        look(house.north, [], at=later(hours=2), looked={("short_talk_share", MONTH)})

        assert the_flag(house).state is State.GONE
        assert events_of(house)[0] == "flag.gone"

    def test_a_check_that_was_not_made_ends_nothing(self, house: House) -> None:
        look(house.north, [finding()])
        look(house.north, [], at=later(hours=2), looked={("wait_heaping", MONTH)})

        assert the_flag(house).state is State.OPEN

    def test_a_part_has_a_flag_only_where_the_whole_is_in_order(self, house: House) -> None:
        agent = finding(about=About.AGENT, key="user:1", count=9.0)
        look(house.north, [finding(), agent])
        assert [row.about for row in the_flags(house)] == [About.WHOLE]

        look(house.south, [finding(is_sure=False, is_above=False, count=2.0), agent])
        assert [row.about for row in the_flags(house, "ines")] == [About.AGENT]

    def test_many_parts_flood_nobody(self, house: House) -> None:
        look(house.north, [finding(about=About.AGENT, key=f"a{n}", count=float(n)) for n in range(60)])

        found = the_flags(house)
        assert len(found) == 20
        assert {row.count for row in found} == {float(n) for n in range(40, 60)}


class TestAnswer:
    def test_keeps_what_was_said_and_by_whom(self, house: House) -> None:
        look(house.north, [finding()])
        say(house, the_flag(house).id, words=f"  {WHY} ")

        flag = the_flag(house)
        assert (flag.state, flag.said, flag.words) == (State.ANSWERED, Said.EXPLAINED, WHY)
        assert (flag.answered_by, flag.answered_at) == (house.ids["mina"], later(hours=1))
        assert not flag.is_doubtful
        assert events_of(house)[0] == "flag.answered"

    def test_gaming_that_is_known_leaves_the_number_in_doubt(self, house: House) -> None:
        look(house.north, [finding()])
        say(house, the_flag(house).id, said="gaming")
        assert the_flag(house).is_doubtful

    @pytest.mark.parametrize(
        ("said", "words", "field"),
        [
            ("", WHY, "said"),
            ("maybe", WHY, "said"),
            ("explained", " ok ", "words"),
            ("gaming", "x" * 4001, "words"),
        ],
    )
    def test_refuses_what_says_nothing(self, house: House, said: str, words: str, field: str) -> None:
        look(house.north, [finding()])
        with pytest.raises(AnswerUnclear) as refused:
            say(house, the_flag(house).id, said=said, words=words)
        assert set(refused.value.fields) == {field}
        assert the_flag(house).state is State.OPEN

    def test_refuses_the_second_answer_and_says_whose_the_first_is(self, house: House) -> None:
        look(house.north, [finding()])
        say(house, the_flag(house).id)
        with pytest.raises(AlreadyAnswered, match="Mina"):
            say(house, the_flag(house).id, who="olga", said="gaming")
        assert the_flag(house).said is Said.EXPLAINED

    def test_refuses_when_it_is_over(self, house: House) -> None:
        look(house.north, [finding()])
        look(house.north, [], looked={("short_talk_share", MONTH)})
        with pytest.raises(FlagIsOver):
            say(house, the_flag(house).id)

    @pytest.mark.parametrize("who", ["grace", "ada"])
    def test_is_for_those_who_answer_for_numbers(self, house: House, who: str) -> None:
        look(house.north, [finding()])
        with pytest.raises(MayNotAnswerFlags):
            say(house, the_flag(house).id, who=who)
        assert the_flag(house).state is State.OPEN

    @pytest.mark.parametrize("who", ["olga", "anh"])
    def test_may_be_given_by_owners_and_analysts(self, house: House, who: str) -> None:
        look(house.north, [finding()])
        say(house, the_flag(house).id, who=who)
        assert the_flag(house).answered_by == house.ids[who]

    def test_nobody_answers_about_their_own_work(self, house: House) -> None:
        mina = house.ids["mina"]
        look(house.north, [finding(about=About.AGENT, key=f"user:{mina:012}", user_id=mina)])
        with pytest.raises(MayNotAnswerFlags, match="your own work"):
            say(house, the_flag(house).id)


class TestDoubt:
    def test_opens_an_answered_flag_again(self, house: House) -> None:
        look(house.north, [finding()])
        flag = the_flag(house)
        say(house, flag.id)
        with workspace_scope(house.north):
            doubt(flag_id=flag.id, words="The line was off on both days.", actor=house.actor("olga"), at=later(hours=2))
            steps = queries.steps_of(flag_id=flag.id, viewer=house.actor("olga"))

        now = the_flag(house)
        assert (now.state, now.said, now.words) == (State.OPEN, None, "")
        assert [step.step for step in steps] == [Step.REOPENED, Step.ANSWERED, Step.OPENED]
        assert (steps[0].reason, steps[1].words) == (Reason.DOUBTED, WHY)

    def test_refuses_without_an_answer(self, house: House) -> None:
        look(house.north, [finding()])
        with workspace_scope(house.north), pytest.raises(NotAnswered):
            doubt(flag_id=the_id(house), words=WHY, actor=house.actor("mina"), at=NOW)


def the_id(house: House) -> int:
    return queries.flags(viewer=house.actor("mina"), wanted=FlagFilter()).items[0].id


class TestFoundAgain:
    def test_an_answer_holds_until_a_quarter_more_is_found(self, house: House) -> None:
        look(house.north, [finding()])
        say(house, the_flag(house).id)

        look(house.north, [finding(count=24.0)], at=later(days=3))
        assert the_flag(house).state is State.ANSWERED

        look(house.north, [finding(count=25.0)], at=later(days=4))
        flag = the_flag(house)
        assert (flag.state, flag.said) == (State.OPEN, None)
        assert events_of(house)[0] == "flag.reopened"

    def test_data_said_to_be_corrected_have_a_day_to_prove_it(self, house: House) -> None:
        look(house.north, [finding()])
        say(house, the_flag(house).id, said="corrected")

        look(house.north, [finding()], at=later(hours=20))
        assert the_flag(house).state is State.ANSWERED
        look(house.north, [finding()], at=later(days=2))
        assert the_flag(house).state is State.OPEN

    def test_what_comes_back_as_it_was_keeps_its_answer(self, house: House) -> None:
        look(house.north, [finding()])
        say(house, the_flag(house).id)
        look(house.north, [], at=later(days=1), looked={("short_talk_share", MONTH)})
        look(house.north, [finding()], at=later(days=2))

        flag = the_flag(house)
        assert (flag.state, flag.words) == (State.ANSWERED, WHY)


class TestSeen:
    def test_peers_do_not_learn_of_a_flag_about_somebody(self, house: House) -> None:
        ada, grace = house.ids["ada"], house.ids["grace"]
        look(house.north, [finding(about=About.AGENT, key=f"user:{grace:012}", user_id=grace)])
        (flag,) = the_flags(house)
        assert the_flags(house, "ada") == []
        with workspace_scope(house.north), pytest.raises(FlagNotFound):
            queries.flag(flag_id=flag.id, viewer=house.actor("ada"))
        with pytest.raises(FlagNotFound):
            say(house, flag.id, who="ada")

        look(house.north, [finding(about=About.AGENT, key=f"user:{ada:012}", user_id=ada, check="wait_heaping")])
        assert [row.user_id for row in the_flags(house, "ada")] == [ada]

    def test_peers_do_not_learn_whose_part_is_largest(self, house: House) -> None:
        parts = (
            Part(of="agent", key="user:7", value=0.5, count=9.0, of_count=18.0),
            Part(of="queue", key="billing", value=0.4, count=8.0, of_count=20.0),
        )
        look(house.north, [finding(parts=parts)])

        assert the_flag(house, "grace").parts == parts
        assert the_flag(house, "ada").parts == parts[1:]

    @pytest.mark.parametrize("who", ["cole", "vera"])
    def test_who_asks_no_numbers_sees_no_flags(self, house: House, who: str) -> None:
        with pytest.raises(MayNotSeeFlags):
            the_flags(house, who)

    def test_another_workspace_sees_nothing(self, house: House) -> None:
        look(house.north, [finding()])
        flag = the_flag(house)
        assert the_flags(house, "ines") == []
        with workspace_scope(house.south), pytest.raises(FlagNotFound):
            queries.flag(flag_id=flag.id, viewer=house.actor("ines"))
        with pytest.raises(FlagNotFound):
            say(house, flag.id, who="ines")

    def test_lists_what_is_asked_for(self, house: House) -> None:
        look(
            house.north,
            [finding(), finding(check="unidentified_share", severity=Severity.WARNING, metrics=("fcr_issue",))],
        )
        assert [row.check for row in the_flags(house, severity=Severity.WARNING)] == ["unidentified_share"]
        assert [row.check for row in the_flags(house, metric="asa")] == ["short_talk_share"]
        assert len(the_flags(house, state=State.OPEN)) == 2
        assert the_flags(house, state=State.GONE) == []
        assert the_flags(house, about=About.AGENT) == []

    def test_stands_beside_numbers_of_its_month_and_its_part(self, house: House) -> None:
        look(house.north, [finding(is_sure=False, is_above=False), finding(about=About.QUEUE, key="billing")])
        with workspace_scope(house.north):
            rows = queries.standing(since=NOW, until=NOW + timedelta(days=1))
            assert queries.standing(since=NOW - timedelta(days=60), until=NOW - timedelta(days=30)) == []

        def beside(metric: str, **narrowed: set[str]) -> list[FlagRow]:
            period = {"since": NOW, "until": NOW + timedelta(days=1)}
            return queries.touching(rows, metrics=[metric], narrowed=narrowed, **period)

        assert beside("service_level", queue={"billing"}) == rows
        assert beside("service_level", queue={"repairs"}) == beside("service_level") == beside("fcr_issue") == []


class TestTwoExaminers:
    def test_a_second_one_finds_the_first_ones_flags(self, house: House) -> None:
        look(house.north, [finding()])
        with workspace_scope(house.north):
            from careloop.domains.integrity.models import Flag  # the wall of the house: tests may look behind it

            copied = Flag.objects.get()
            copied.pk = None
            with pytest.raises(IntegrityError):
                copied.save(force_insert=True)
