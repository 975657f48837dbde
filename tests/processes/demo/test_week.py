"""A week of demo life is believable, keeps every promise of the house, and sends nothing."""

from collections import Counter
from contextlib import suppress

import pytest

from careloop.domains.conversations.queries import message_row
from careloop.domains.people.queries import actor_for
from careloop.kernel.actors import Role
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import send_again
from careloop.processes.demo import DEMO_PASSWORD, logins, seed
from careloop.processes.demo.library import house_of
from careloop.processes.intake.language import language_of
from tests.processes.demo.conftest import UNTIL, Ask

pytestmark = pytest.mark.database


class Undone(Exception):
    """Raised to leave the week as it was."""


SAID = "SELECT text FROM conversations_message UNION ALL SELECT text FROM cases_note"


class TestWeek:
    def test_has_cases_in_every_stage_and_through_every_channel(self, week: Ask) -> None:
        stages = week(
            "SELECT w.key, c.category, count(*) FROM cases_case c JOIN workspaces_workspace w "
            "ON w.id = c.workspace_id GROUP BY 1, 2"
        )
        channels = week(
            "SELECT DISTINCT w.key, c.channel FROM cases_case c JOIN workspaces_workspace w ON w.id = c.workspace_id"
        )

        assert 140 <= sum(count for _key, _stage, count in stages) <= 250
        assert {(key, stage) for key, stage, _count in stages} == {
            (key, stage) for key in ("hanbit", "mekong") for stage in ("new", "open", "waiting", "solved", "closed")
        }
        assert {channel for key, channel in channels if key == "hanbit"} >= {
            "email",
            "portal",
            "web_form",
            "voice",
            "letter",
        }

    def test_says_nothing_twice(self, week: Ask) -> None:
        said = Counter(text for (text,) in week(SAID))

        assert [text for text, count in said.items() if count > 1] == []

    def test_speaks_the_languages_of_each_program(self, week: Ask) -> None:
        messages = week(
            "SELECT w.key, m.text FROM conversations_message m JOIN workspaces_workspace w "
            "ON w.id = m.workspace_id WHERE NOT m.is_auto"
        )

        spoken = Counter((key, language_of(text)) for key, text in messages)

        assert {language for key, language in spoken if key == "hanbit"} == {"ko"}
        assert {language for key, language in spoken if key == "mekong"} == {"vi", "en", "zh-hans"}
        assert all(spoken["mekong", language] >= 20 for language in ("vi", "en", "zh-hans"))

    def test_counts_the_saved_replies_its_answers_begin_with(self, week: Ask) -> None:
        counted = week(
            "SELECT w.key, sum(r.used_count) FROM conversations_savedreply r JOIN workspaces_workspace w"
            " ON w.id = r.workspace_id GROUP BY 1"
        )
        written = week(
            "SELECT w.key, count(*) FROM conversations_message m JOIN workspaces_workspace w ON w.id = m.workspace_id"
            " WHERE m.author = 'agent' AND m.text ~ '(đọc mã số này tại quầy lễ tân|境内交易一般在 15|남은 약정 기간과 그동안"
            "|방문 30분 전에 기사님이 먼저|앱 자동 업데이트만으로도)' GROUP BY 1"
        )

        assert {key for key, count in counted if count} == {"hanbit", "mekong"}
        assert sorted(counted) == sorted(written)

    def test_leaves_no_fact_unfilled(self, week: Ask) -> None:
        assert [text for (text,) in week(SAID) if "{" in text or "}" in text] == []

    def test_threads_mails_reopens_cases_and_asks_third_parties(self, week: Ask) -> None:
        ((longest,),) = week(
            "SELECT max(n) FROM (SELECT count(*) n FROM conversations_message GROUP BY conversation_id) t"
        )
        ((reopened,),) = week("SELECT count(*) FROM cases_case WHERE reopen_count > 0")
        ((asked,),) = week("SELECT count(*) FROM conversations_message WHERE author = 'third_party'")
        ((spam,),) = week("SELECT count(*) FROM cases_case WHERE is_spam")
        ((strangers,),) = week("SELECT count(*) FROM conversations_message WHERE 'stranger_quotes_us' = ANY(warnings)")

        assert longest >= 6
        assert reopened >= 5
        assert asked >= 5
        assert spam >= 2
        assert strangers == 0

    def test_reads_every_mail_but_one_that_came_twice_and_one_that_cannot_be_read(self, week: Ask) -> None:
        found = week(
            "SELECT w.key, r.state, r.reason, count(*) FROM channels_rawmail r JOIN workspaces_workspace w "
            "ON w.id = r.workspace_id WHERE r.state <> 'accepted' GROUP BY 1, 2, 3 ORDER BY 1, 2"
        )

        assert found == [
            (key, state, reason, 1)
            for key in ("hanbit", "mekong")
            for state, reason in (("duplicate", ""), ("quarantined", "too_deep"))
        ]

    def test_tells_the_writer_of_an_answer_that_came_back(self, week: Ask) -> None:
        came_back = week(
            "SELECT w.key, m.user_id, d.detail LIKE '%5.2.2%' FROM conversations_delivery d "
            "JOIN conversations_message m ON m.id = d.message_id "
            "JOIN workspaces_workspace w ON w.id = d.workspace_id WHERE d.state = 'bounced' ORDER BY 1"
        )
        told = week("SELECT user_id FROM notifications_notification WHERE kind = 'delivery_failed'")

        assert {key for key, _writer, _is_explained in came_back} == {"hanbit", "mekong"}
        assert all(is_explained for _key, _writer, is_explained in came_back)
        assert {writer for (writer,) in told} == {writer for _key, writer, _is_explained in came_back}

    def test_keeps_an_answer_that_is_sent_again(self, week: Ask) -> None:
        ((message_id, workspace_id, user_id), *_others) = week(
            "SELECT m.id, m.workspace_id, m.user_id FROM conversations_delivery d "
            "JOIN conversations_message m ON m.id = d.message_id WHERE d.state = 'bounced' ORDER BY 1"
        )

        became = None
        with suppress(Undone), workspace_scope(workspace_id):
            writer = actor_for(user_id, workspace_id)
            assert writer is not None
            send_again(message_id=message_id, actor=writer, at=UNTIL)
            row = message_row(message_id)
            became = row.delivery.state if row is not None and row.delivery is not None else None
            raise Undone

        assert became == "not_sent"

    def test_cannot_send(self, week: Ask) -> None:
        assert week("SELECT count(*) FROM workspaces_workspace WHERE may_send") == [(0,)]
        assert {state for (state,) in week("SELECT DISTINCT state FROM conversations_delivery")} == {
            "not_sent",
            "bounced",
        }
        assert (
            week("SELECT task_name FROM procrastinate_jobs WHERE task_name NOT IN ('preview_file', 'recount_hours')")
            == []
        )
        assert week("SELECT count(*) FROM channels_mailbox WHERE smtp_host <> '' OR imap_host <> ''") == [(0,)]

    def test_answers_automatically_and_tells_its_people(self, week: Ask) -> None:
        ((receipts,),) = week("SELECT count(*) FROM conversations_message WHERE is_auto AND author = 'house'")
        ((notices,),) = week("SELECT count(*) FROM notifications_notification")

        assert receipts > 50
        assert notices > 50

    def test_leaves_the_log_numbered_and_read(self, week: Ask) -> None:
        assert week("SELECT count(*) FROM kernel_event WHERE position IS NULL") == [(0,)]
        assert week(
            "SELECT count(*) FROM kernel_log_head h JOIN kernel_reader_cursor c USING (workspace_id) "
            "WHERE c.position <> h.position"
        ) == [(0,)]
        assert week("SELECT count(*) FROM kernel_failedreaction") == [(0,)]
        assert week("SELECT count(*) FROM kernel_timer WHERE attempts > 0") == [(0,)]

    def test_happens_in_the_past_only(self, week: Ask) -> None:
        ((latest,),) = week("SELECT max(at) FROM kernel_event")

        assert latest <= UNTIL

    def test_has_somebody_in_every_role_and_work_for_every_agent(self, week: Ask) -> None:
        found = logins(is_new=False)
        idle = []
        for person in found.people:
            ((workspace_id,),) = week(f"SELECT id FROM workspaces_workspace WHERE key = '{person.workspace}'")
            ((user_id,),) = week(f"SELECT id FROM people_user WHERE email = '{person.email}'")
            with workspace_scope(workspace_id):
                actor = actor_for(user_id, workspace_id)
            assert actor is not None
            assert actor.role is person.role
            ((mine,),) = week(
                f"SELECT count(*) FROM cases_case WHERE workspace_id = {workspace_id} AND assignee_id = {user_id} "
                "AND category IN ('new', 'open') AND NOT is_spam"
            )
            if person.role is Role.AGENT and mine == 0:
                idle.append(person.email)

        for key in ("hanbit", "mekong"):
            assert {person.role for person in found.people if person.workspace == key} == set(Role)
        assert idle == []

    def test_names_its_statuses_and_reasons_in_its_own_language(self, week: Ask) -> None:
        names = week("SELECT w.key, s.name FROM cases_status s JOIN workspaces_workspace w ON w.id = s.workspace_id")
        trees = week("SELECT workspace_id, max(version) FROM cases_reasontree GROUP BY 1")

        for key in ("hanbit", "mekong"):
            house = house_of(key)
            own = {status["name"] for status in house["own_statuses"]} | set(house["statuses"].values())
            assert {name for found, name in names if found == key} == own
        assert [version for _workspace, version in trees] == [2, 2]

    def test_shows_a_floor_on_which_something_goes_on(self, week: Ask) -> None:
        chats = week(
            "SELECT w.key, c.state, count(*) FROM chats_chat c JOIN workspaces_workspace w ON w.id = c.workspace_id GROUP BY 1, 2"
        )
        calls = week(
            "SELECT w.key, c.state, count(*) FROM calls_call c JOIN workspaces_workspace w ON w.id = c.workspace_id GROUP BY 1, 2"
        )
        waiting = week(
            "SELECT w.key, count(*) FROM queues_waiting q JOIN workspaces_workspace w ON w.id = q.workspace_id "
            "WHERE q.kind = 'chat' AND q.stage = 'waiting' GROUP BY 1"
        )
        others = week(
            "SELECT (SELECT count(*) FROM supervision_hand), (SELECT count(*) FROM supervision_teammessage), "
            "(SELECT count(*) FROM supervision_abuse WHERE warned_at IS NOT NULL), "
            "(SELECT count(*) FROM wallboards_alarm WHERE cleared_at IS NULL AND level = 1)"
        )

        for key in ("hanbit", "mekong"):
            assert {(state, count) for found, state, count in chats if found == key} == {
                ("waiting", 2),
                ("active", 1),
                ("ended", 2),
            }
            assert {(state, count) for found, state, count in calls if found == key} == {
                ("waiting", 1),
                ("talking", 1),
                ("ended", 5),
            }
        assert sorted(waiting) == [("hanbit", 2), ("mekong", 2)]
        assert others == [(2, 2, 2, 2)]
        assert week("SELECT count(*) FROM telephony_pbx WHERE state = 'live'") == [(0,)]

    def test_is_not_seeded_again(self, week: Ask) -> None:
        counts = "SELECT (SELECT count(*) FROM kernel_event), (SELECT count(*) FROM cases_case), (SELECT count(*) FROM people_user)"
        before = week(counts)

        found = seed(days=60, until=UNTIL)

        assert not found.is_new
        assert found.password == DEMO_PASSWORD
        assert week(counts) == before
