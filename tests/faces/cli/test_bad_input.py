"""What is wrong with what people bring in: each kind is told in a sentence, in each of the four languages, and is in no number."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from careloop.faces.cli.imports.facts import import_facts, import_queue_log
from careloop.faces.cli.imports.refusals import ImportMakesNoSense
from careloop.faces.cli.imports.words import in_words
from careloop.insight.facts import read
from careloop.insight.kpis import measure

VIETNAMESE = "àáãăâèéêđìíòóõôơùúưýạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
SCRIPTS = {"ko": "[가-힣]", "zh-hans": r"[\u4e00-\u9fff]", "vi": f"[{VIETNAMESE}]"}
START = 1_700_000_000
CALL = f"""\
{START}|c1|billing|NONE|ENTERQUEUE||5550101|1
{START + 4}|c1|billing|Ada|CONNECT|4|c1a|2
{START + 64}|c1|billing|Ada|COMPLETECALLER|4|60|1
"""
CALLS_MAP = """\
mapping: 1
source: bad
zone: America/New_York
values:
  queued: {column: queued, as: time}
  talked: {column: talked, as: seconds}
tables:
  - table: contact_segment
    row:
      segment_id: id
      contact_id: id
      seq: 1
      channel: {is: voice}
      queued_at: queued
      answered_at: queued
      exit: {is: answered}
      talk_s: talked
"""
STATES_MAP = """\
mapping: 1
source: bad
tables:
  - table: agent_state
    row:
      agent_state_id: id
      agent_id: agent
      state: state
      started_at: {column: from, as: time}
      ended_at: {column: until, as: time}
"""
OVERLAPPING = """\
id,agent,state,from,until
1,ada,break,2026-11-02 09:00,2026-11-02 10:00
2,ada,available,2026-11-02 09:30,2026-11-02 11:00
"""


Run = Callable[[Path], Callable[[], str]]
"""Brings something in, and returns what says in the language of the moment what became of it."""


def queue_log(*texts: str) -> Run:
    """Return what imports a log as it grows; what is said is said of the last time."""

    def run(folder: Path) -> Callable[[], str]:
        for text in texts:
            (folder / "queue_log").write_text(text)
            report, loaded = import_queue_log(
                path=folder / "queue_log",
                facts=folder / "lake",
                source="pbx",
                cdr=None,
                cel=None,
                agents=None,
                custom=(),
                pause=(),
                inbound=(),
                zone="UTC",
                is_live=False,
                as_json=True,
            )
        return lambda: in_words(report, loaded)

    return run


def table(mapping: str, text: str) -> Run:
    def run(folder: Path) -> Callable[[], str]:
        (folder / "map.yaml").write_text(mapping)
        (folder / "table.csv").write_text(text)
        report, loaded = import_facts(
            path=folder / "table.csv", mapping=folder / "map.yaml", facts=folder / "lake", as_json=True
        )
        return lambda: in_words(report, loaded)

    return run


BAD: dict[str, tuple[Run, str]] = {
    "overlapping agent states": (
        table(STATES_MAP, OVERLAPPING),
        "The agent was already doing something else: break (1).",
    ),
    "a negative call": (
        table(CALLS_MAP, "id,queued,talked\n1,2026-11-02 09:00,-4\n"),
        "set aside: 1. talk_s is -4.0, and cannot be below zero.",
    ),
    "a call of 30 hours": (
        table(CALLS_MAP, "id,queued,talked\n1,2026-11-02 09:00,108000\n"),
        "set aside: 1. A call of more than 24 hours: 108000.0 seconds.",
    ),
    "a clock that jumps back": (
        queue_log(CALL.replace("17000", "17001") + CALL.replace("c1", "c2")),
        "The clock of the log went back by more than a minute, so often: 1.",
    ),
    "a clock that jumps ahead": (
        queue_log(
            "".join(CALL.replace("c1", f"c{number}") for number in range(5))
            + "1731536000|x|q|NONE|ENTERQUEUE||1|1\n"
            + "".join(CALL.replace("c1", f"d{number}") for number in range(5))
        ),
        "its time lies more than a day ahead of the lines around it: 1",
    ),
    "a time in the future": (
        table(CALLS_MAP, "id,queued,talked\n1,2096-11-02 09:00,\n"),
        "before 1990, or after the row arrived. Was a clock wrong, or a time zone?",
    ),
    "an hour that clocks skipped": (
        table(CALLS_MAP, "id,queued,talked\n1,2026-03-08 02:30,\n"),
        "Rejected, a time that no clock showed, when clocks went forward: 1",
    ),
    "an hour that came twice": (
        table(CALLS_MAP, "id,queued,talked\n1,2025-11-02 01:30,\n"),
        "On 2025-11-02 an hour came twice in America/New_York",
    ),
    "lines that come twice": (queue_log(CALL + CALL), "Lines that were there before, word for word: 3"),
    "half a line at the end": (
        queue_log(CALL + f"{START + 70}|c2|bil"),
        "The file ends within a line, which waits for its other half",
    ),
    "nothing but half a line": (
        queue_log(CALL, CALL + f"{START + 70}|c2|bil"),
        "The file ends within a line, which waits for its other half",
    ),
    "a verb nobody knows": (
        queue_log(CALL + f"{START + 70}|c2|billing|NONE|XFULL|\n"),
        "“XFULL” came 1 times and is not known; say what it means with --custom.",
    ),
    "a line that is none": (queue_log(CALL + "rotated\n"), "Rejected, not enough fields for a line of this log: 1"),
    "a zone that is none, among two in one file": (
        table(
            CALLS_MAP.replace("{column: queued, as: time}", "{column: queued, as: time, zone: {column: zone}}"),
            "id,queued,talked,zone\n1,2026-11-02 09:00,,Asia/Seoul\n2,2026-11-02 09:00,,Asia/Soul\n",
        ),
        "Rejected, no such time zone: 1",
    ),
}
REFUSED: dict[str, tuple[Run, str]] = {
    "a column that is not there": (
        table(CALLS_MAP.replace("column: talked", "column: talkd"), "id,queued,talked\n1,2026-11-02 09:00,60\n"),
        "Line 6, values.talked: the file has no column “talkd”. Close to it: talked.",
    ),
    "a log that shrank": (queue_log(CALL * 99, CALL * 60), "“queue_log” is shorter than when it was last read"),
}


@pytest.mark.parametrize("kind", BAD)
def test_is_told_in_a_sentence(kind: str, tmp_path: Path) -> None:
    run, sentence = BAD[kind]
    say = run(tmp_path)

    in_four_languages(say, sentence)


@pytest.mark.parametrize("kind", REFUSED)
def test_is_refused_in_a_sentence(kind: str, tmp_path: Path) -> None:
    run, sentence = REFUSED[kind]

    def say() -> str:
        with pytest.raises(ImportMakesNoSense) as refused:
            run(tmp_path)
        return str(refused.value)

    in_four_languages(say, sentence)


def in_four_languages(say: Callable[[], str], sentence: str) -> None:
    with translation.override("en"):
        english = say().splitlines()
    assert any(sentence in line for line in english)
    for language, script in SCRIPTS.items():
        with translation.override(language):
            told = say().splitlines()
        assert len(told) == len(english)
        assert all(re.search(script, line, re.IGNORECASE) for line in told if not line.startswith("  "))
        assert not any(sentence in line for line in told)


def test_reordered_lines_are_the_same_facts(tmp_path: Path) -> None:
    lines = CALL.splitlines(keepends=True)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert (
        queue_log("".join(lines))(tmp_path / "a")()
        == queue_log("".join([lines[1], lines[0], lines[2]]))(tmp_path / "b")()
    )


def test_nothing_to_divide_by_is_neither_none_nor_all(tmp_path: Path) -> None:
    queue_log(CALL.replace("COMPLETECALLER", "PENALTY"))(tmp_path)

    answer = measure(read(tmp_path / "lake"), "abandonment_rate", since=datetime(2030, 1, 1, tzinfo=UTC))

    assert [(row.value, row.denominator) for row in answer.rows] in ([], [(None, 0.0)])
