"""A report leaves once, by real SMTP, with numbers that can be checked; what cannot be known is said."""

import csv
import io
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from careloop.domains.people.queries import own_account
from careloop.domains.people.services import change_personal_settings, change_role, end_membership
from careloop.domains.reports.queries import report, runs_of
from careloop.domains.reports.services import begin_sending, pause_report
from careloop.domains.reports.states import RunState, Why
from careloop.domains.reports.types import RunRow
from careloop.faces.web.jobs import mail_report
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.scope import workspace_scope
from careloop.kernel.timers import ring_due
from careloop.processes.subscriptions import RINGS
from tests.cast import NOW, House
from tests.processes.reporting.conftest import Make
from tests.servers.smtp import Cut, ScriptedSmtp

pytestmark = pytest.mark.database

# Eight in the morning in Seoul, after NOW.
DUE = datetime.fromisoformat("2026-11-16T23:00:00+00:00")


def ring(house: House, at: datetime = DUE) -> list[int]:
    """Let what is due begin, and return the runs whose jobs wait."""
    ring_due(house.north, rings=RINGS, at=at)
    waiting = ProcrastinateJob.objects.filter(task_name="web.mail_report").order_by("id")
    return [job.args["run_id"] for job in waiting]


def work(house: House, run_id: int) -> None:
    mail_report(workspace_id=house.north, run_id=run_id)


def runs(house: House, report_id: int) -> list[RunRow]:
    with workspace_scope(house.north):
        return runs_of(report_id=report_id, viewer=house.actor("grace"))


def letters(server: ScriptedSmtp) -> list[EmailMessage]:
    return [message_from_bytes(mail.raw, policy=default) for mail in server.received]


def attached(letter: EmailMessage, ending: str) -> bytes:
    (found,) = [part for part in letter.iter_attachments() if (part.get_filename() or "").endswith(ending)]
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def body(letter: EmailMessage, kind: str) -> str:
    found = letter.get_body((kind,))
    assert found is not None
    return str(found.get_content())


class TestOneMail:
    def test_goes_to_its_reader_with_text_tables_charts_and_files(
        self, measured: House, make: Make, server: ScriptedSmtp
    ) -> None:
        report_id = make("grace")

        (run_id,) = ring(measured)
        work(measured, run_id)

        (letter,) = letters(server)
        assert server.received[0].recipients == ("grace@example.com",)
        assert letter["Subject"].startswith("Morning numbers · ")
        assert letter["Auto-Submitted"] == "auto-generated"
        html = body(letter, "html")
        text = body(letter, "plain")
        assert "해외 배송" in html
        assert "해외 배송" in text
        assert "likely between" in text
        assert "n = 168" in text
        assert "/w/north/numbers/service_level?board=operations&tile=0&since=" in text
        pictures = [part for part in letter.walk() if part.get_content_type() == "image/png"]
        assert {f"cid:{part['Content-ID'].strip('<>')}" for part in pictures} <= {
            word.partition('"')[0] for word in html.split('src="')[1:]
        }
        assert pictures
        assert attached(letter, ".pdf").startswith(b"%PDF")
        assert [one.state for one in runs(measured, report_id)] == [RunState.SENT]

    def test_says_in_its_file_what_the_page_says(self, measured: House, make: Make, server: ScriptedSmtp) -> None:
        make("grace")

        work(measured, ring(measured)[0])

        rows = list(csv.DictReader(io.StringIO(attached(letters(server)[0], ".csv").decode("utf-8-sig"))))
        (level,) = [row for row in rows if row["metric"] == "service_level" and row["of"] == ""][:1]
        # Of 24 calls a day on 7 days 3 are given up; of the 21 answered 4 waited 45 s.
        assert (float(level["numerator"]), float(level["denominator"]), level["n"]) == (119.0, 168.0, "168")
        assert float(level["value"]) == pytest.approx(119 / 168)
        assert float(level["low"]) < float(level["value"]) < float(level["high"])
        assert level["data_complete_until"]
        assert level["card"].endswith("since=2026-11-09&until=2026-11-15")

    def test_speaks_the_readers_language(self, measured: House, make: Make, server: ScriptedSmtp) -> None:
        speak(measured, "grace", "ko")
        make("grace")

        work(measured, ring(measured)[0])

        (letter,) = letters(server)
        assert '<html lang="ko">' in body(letter, "html")
        assert "서비스레벨" in body(letter, "plain").replace(" ", "")
        # The board, too, which every workspace has.
        assert "운영" in body(letter, "plain")

    def test_goes_without_pictures_where_nothing_draws_and_says_so(
        self, measured: House, make: Make, server: ScriptedSmtp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "vl_convert", None)
        monkeypatch.setitem(sys.modules, "fpdf", None)
        make("grace")

        work(measured, ring(measured)[0])

        (letter,) = letters(server)
        assert "the extra “charts” is not installed" in body(letter, "plain")
        assert [str(part.get_filename()).rpartition(".")[2] for part in letter.iter_attachments()] == ["csv"]


class TestOnce:
    def test_a_timer_that_rings_twice_begins_one_run(self, measured: House, make: Make) -> None:
        report_id = make("grace")
        with workspace_scope(measured.north):
            (reader,) = report(report_id=report_id, viewer=measured.actor("grace")).readers
        assert reader.next_at == DUE

        ring(measured)
        ring(measured)

        assert len(runs(measured, report_id)) == 1
        with workspace_scope(measured.north):
            (reader,) = report(report_id=report_id, viewer=measured.actor("grace")).readers
            assert reader.next_at == DUE + timedelta(days=1)

    def test_a_second_worker_sends_nothing(self, measured: House, make: Make, server: ScriptedSmtp) -> None:
        make("grace")
        (run_id,) = ring(measured)

        work(measured, run_id)
        work(measured, run_id)

        assert len(server.received) == 1

    def test_who_dies_on_the_wire_leaves_an_uncertain_mail_that_is_never_sent_again(
        self, measured: House, make: Make, server: ScriptedSmtp
    ) -> None:
        report_id = make("grace")
        (run_id,) = ring(measured)
        with workspace_scope(measured.north):
            assert begin_sending(run_id=run_id, actor=HOUSE, at=DUE)

        work(measured, run_id)
        work(measured, run_id)

        assert server.received == []
        (run,) = runs(measured, report_id)
        assert (run.state, run.why) == (RunState.UNCERTAIN, Why.CUT_OFF)

    def test_a_connection_lost_behind_the_dot_is_uncertain(
        self, measured: House, make: Make, server: ScriptedSmtp
    ) -> None:
        report_id = make("grace")
        server.cut = Cut.AFTER_DOT

        work(measured, ring(measured)[0])

        assert [one.state for one in runs(measured, report_id)] == [RunState.UNCERTAIN]

    def test_a_server_that_is_away_is_tried_again(self, measured: House, make: Make, server: ScriptedSmtp) -> None:
        report_id = make("grace")
        (run_id,) = ring(measured)
        server.cut = Cut.AT_GREETING
        work(measured, run_id)
        assert [(one.state, one.why) for one in runs(measured, report_id)] == [(RunState.WAITING, Why.UNREACHABLE)]

        server.cut = None
        assert ring(measured, clock.now() + timedelta(minutes=2)).count(run_id) == 2
        work(measured, run_id)

        assert len(server.received) == 1
        assert [one.state for one in runs(measured, report_id) if one.id == run_id] == [RunState.SENT]

    def test_a_refused_address_is_a_failure_with_the_servers_words(
        self, measured: House, make: Make, server: ScriptedSmtp
    ) -> None:
        report_id = make("grace")
        server.replies["RCPT grace@example.com"] = "550 no such person"

        work(measured, ring(measured)[0])

        (run,) = runs(measured, report_id)
        assert (run.state, run.why) == (RunState.FAILED, Why.REFUSED)
        assert "no such person" in run.detail

    def test_times_missed_are_made_up_for_by_one(self, measured: House, make: Make) -> None:
        report_id = make("grace")

        ring(measured, DUE + timedelta(days=3, hours=1))

        assert [one.due_at for one in runs(measured, report_id)] == [DUE + timedelta(days=3)]


class TestNotSent:
    def test_to_whoever_has_left(self, measured: House, make: Make, server: ScriptedSmtp) -> None:
        report_id = make("ada")
        (run_id,) = ring(measured)
        with workspace_scope(measured.north):
            end_membership(user_id=measured.ids["ada"], actor=measured.actor("olga"), at=DUE)

        work(measured, run_id)

        assert [(one.state, one.why) for one in runs(measured, report_id)] == [(RunState.SKIPPED, Why.LEFT)]
        assert server.received == []

    def test_of_a_board_that_the_reader_may_not_see_any_more(
        self, measured: House, make: Make, server: ScriptedSmtp
    ) -> None:
        report_id = make("ada")
        (run_id,) = ring(measured)
        with workspace_scope(measured.north):
            change_role(user_id=measured.ids["ada"], role=Role.CLIENT_VIEWER, actor=measured.actor("olga"), at=DUE)

        work(measured, run_id)

        assert [(one.state, one.why) for one in runs(measured, report_id)] == [(RunState.SKIPPED, Why.NO_BOARD)]
        assert server.received == []

    def test_while_it_rests(self, measured: House, make: Make, server: ScriptedSmtp) -> None:
        report_id = make("grace")
        (run_id,) = ring(measured)
        with workspace_scope(measured.north):
            pause_report(report_id=report_id, actor=measured.actor("grace"), at=DUE)

        work(measured, run_id)

        assert [(one.state, one.why) for one in runs(measured, report_id)] == [(RunState.SKIPPED, Why.PAUSED)]
        with workspace_scope(measured.north):
            (reader,) = report(report_id=report_id, viewer=measured.actor("grace")).readers
            assert reader.next_at is None
        assert server.received == []


def speak(house: House, name: str, language: str) -> None:
    with workspace_scope(house.north):
        mine = own_account(house.ids[name]).settings
        change_personal_settings(settings=replace(mine, language=language), actor=house.actor(name), at=NOW)
