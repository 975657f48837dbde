"""Integrity checks against a contact center that is honest, and one in which everybody games (metrics.md §7.8)."""

import pytest

from careloop.insight import kpis
from careloop.insight.kpis.checks import CHECKS
from careloop.insight.kpis.results import Severity
from tests.insight.kpis.gaming.honest import END, START
from tests.insight.kpis.gaming.playing import GAMES, GUARDED, LOTS, facts_of, flags, made, played, world

SEED = 1
# Needs a list of reasons that are left out, which is an option and no fact.
BY_OPTION = {"net_list_share"}


class TestChecks:
    def test_are_each_played_against_or_say_what_they_lack(self) -> None:
        assert set(made()) - BY_OPTION == set(GAMES)
        assert all(check.lacks is not None for check in CHECKS.values() if check.measure is None)

    def test_each_guard_a_metric(self) -> None:
        assert set(CHECKS) == set(GUARDED)

    @pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
    def test_speak_four_languages(self, check: kpis.Check) -> None:
        for phrase in (check.name, check.sentence):
            said = {phrase.en, phrase.ko, phrase.zh_hans, phrase.vi}
            assert all(text.strip() for text in said)
            assert len(said) == 4, said

    def test_stay_silent_in_an_honest_world(self) -> None:
        # Of 163 checks at a false alarm rate of at most 5 %, metrics.md §7.8; what is measured is far below.
        assert len(flags(world(SEED), made())) <= 0.01 * len(made())

    @pytest.mark.parametrize("lot", LOTS, ids=("first", "second", "third", "fourth"))
    def test_see_the_games_that_they_look_for(self, lot: tuple[str, ...]) -> None:
        found = flags(played(SEED, lot), lot)

        assert set(lot) - set(found) == set()


class TestFlags:
    def test_bring_evidence_as_plain_data_and_the_rows_behind(self) -> None:
        tables = played(SEED, ["short_talk_by_agent"])
        facts = facts_of(tables, {"contact_segment", "contact", "agent_team", "case"})

        result = kpis.measure(facts, "answer_rate", since=START, until=END, with_checks=True)
        (flag,) = (flag for flag in result.flags if flag.check == "short_talk_by_agent")

        assert flag.severity is Severity.SEVERE
        assert flag.evidence["method"] == "peers"
        assert {one["group"] for one in flag.evidence["out"]} == {"a0", "a1", "a2", "a3"}
        rows = kpis.behind(facts, "answer_rate", check="short_talk_by_agent", since=START, until=END).to_pylist()
        dropped = [row for row in rows if row["agent_id"] == "a0" and row["numerator"]]
        assert len(dropped) == flag.evidence["out"][0]["observed"] or len(dropped) > 30

    def test_name_the_checks_that_could_not_be_made(self) -> None:
        facts = facts_of(world(SEED), {"contact", "contact_segment", "case", "agent_team"})

        result = kpis.measure(facts, "service_level", since=START, until=END, with_checks=True)

        # Nobody brought states of agents, nor what carriers counted.
        assert {"early_hold_share", "lost_share"} <= set(result.unmade)

    def test_refuse_a_check_of_another_metric(self) -> None:
        facts = facts_of(world(SEED), {"contact"})

        with pytest.raises(kpis.BadQuestion, match="has no check “reading_time”"):
            kpis.behind(facts, "answer_rate", check="reading_time")

    def test_show_no_single_answer_of_the_pulse(self) -> None:
        facts = facts_of(world(SEED), {"pulse_answer", "pulse_wave", "contact"})

        with pytest.raises(kpis.BadQuestion, match="Single answers are shown to nobody"):
            kpis.behind(facts, "esat", check="pulse_identical")

    def test_wait_for_a_list_before_they_doubt_it(self) -> None:
        facts = facts_of(world(SEED), {"contact", "contact_segment", "case", "agent_team"})

        honest, gamed = (
            kpis.measure(facts, "fcr_issue", options={"net": net}, since=START, until=END, with_checks=True)
            for net in ("r5", "r0,r1")
        )

        assert "net_list_share" not in {flag.check for flag in honest.flags}
        assert "net_list_share" in {flag.check for flag in gamed.flags}
