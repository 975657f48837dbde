"""Other systems are told by rules and macros: after commit, signed, tried again, and never silently lost or doubled."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from careloop.domains.automation.services import save_macro
from careloop.domains.automation.states import ActionKind, Result
from careloop.domains.automation.types import MacroSettings
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.domains.webhooks import queries, services
from careloop.domains.webhooks.errors import MayNotKeepWebhooks, WebhookNotFound, WebhookUnclear
from careloop.domains.webhooks.models import Delivery
from careloop.domains.webhooks.signing import signature
from careloop.domains.webhooks.states import PAUSES, DeliveryState, State, Trouble, Why
from careloop.domains.webhooks.types import DeliveryRow
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.models import Timer
from careloop.kernel.scope import workspace_scope
from careloop.processes.automation import apply_macro, what_it_would_have_touched
from careloop.processes.automation.running import run_rules
from careloop.processes.sweeping import sweep_deliveries
from careloop.processes.webhooks import send_test, send_webhook
from tests.cast import NOW, House
from tests.processes.automation.conftest import Desk, does
from tests.servers.hooks import Came, hooked

pytestmark = pytest.mark.database


@dataclass(slots=True, kw_only=True)
class Told:
    """A desk beside another system. scope: of north, which is left while a worker works."""

    desk: Desk
    scope: ExitStack

    def connects(self, url: str, name: str = "Parcels") -> int:
        return services.add_webhook(name=name, url=url, may_reach_inside=True, actor=self.desk.mina, at=NOW)

    def sent(self, webhook_id: int) -> list[DeliveryRow]:
        found = queries.deliveries_of(self.desk.mina, webhook_id=webhook_id).items
        return [
            queries.delivery_of(self.desk.mina, webhook_id=webhook_id, delivery_id=one.id) for one in reversed(found)
        ]

    def tries(self, delivery_id: int) -> None:
        """Let a worker try a message."""
        with self.outside():
            send_webhook(workspace_id=self.desk.house.north, delivery_id=delivery_id)

    @contextmanager
    def outside(self) -> Iterator[None]:
        self.scope.close()
        yield
        self.scope.enter_context(workspace_scope(self.desk.house.north))


@pytest.fixture
def told(house: House, settings: Any) -> Iterator[Told]:
    settings.ALLOW_PRIVATE_WEBHOOKS = True
    with ExitStack() as scope:
        scope.enter_context(workspace_scope(house.north))
        met = Met(address="omar@customer.example", name="Omar", language="en", at=NOW)
        omar = recognize([met], source="mail", actor=HOUSE)[met.address]
        yield Told(desk=Desk(house=house, omar=omar), scope=scope)


def due_at(delivery_id: int) -> datetime | None:
    return Timer.objects.filter(kind="webhook.due", subject_id=delivery_id).values_list("due_at", flat=True).first()


def is_signed(came: Came, secret: str) -> bool:
    headers = came.headers
    expected = signature(
        secret=secret, key=headers["webhook-id"], timestamp=int(headers["webhook-timestamp"]), body=came.body
    )
    return expected in headers["webhook-signature"].split(" ")


class TestRule:
    def test_tells_the_case_and_what_happened_once_and_signed(self, told: Told) -> None:
        desk = told.desk
        with hooked(200) as system:
            webhook = told.connects(system.url)
            desk.rule(actions=(does(ActionKind.TAG, "told"), does(ActionKind.WEBHOOK, webhook)))
            case_id = desk.opens(subject="소포가 없어요")
            events = desk.unread()
            run_rules(events)
            run_rules(events)
            assert system.came == []
            (message,) = told.sent(webhook)
            told.tries(message.id)
            told.tries(message.id)

        (came,) = system.came
        secret = queries.webhook_secret(desk.mina, webhook_id=webhook)
        said = json.loads(came.body)
        assert is_signed(came, secret)
        assert not is_signed(came, "whsec_" + "A" * 44)
        assert came.headers["webhook-id"] == message.key
        assert (said["type"], said["data"]["workspace"]) == ("case.opened", "north")
        assert said["data"]["event"]["subject"] == f"case:{case_id}"
        case = said["data"]["case"]
        assert (case["id"], case["subject"], case["tags"]) == (case_id, "소포가 없어요", ["told"])
        assert case["url"].endswith(f"/w/north/cases/{case['number']}")
        (message,) = told.sent(webhook)
        assert (message.state, message.code, message.attempt_count) == (DeliveryState.DELIVERED, 200, 1)
        assert [step.result for step in desk.runs()[0].steps] == [Result.DONE, Result.DONE]

    def test_an_undone_run_and_a_trial_send_nothing(self, told: Told) -> None:
        desk = told.desk
        webhook = told.connects("https://parcels.example/told")
        case_id = desk.opens()
        desk.unread()
        said = desk.said(actions=(does(ActionKind.WEBHOOK, webhook),))

        trial = what_it_would_have_touched(settings=said, viewer=desk.mina, at=NOW + timedelta(hours=1))

        assert [one.case_id for one in trial.touched] == [case_id]
        assert told.sent(webhook) == []

    def test_says_in_its_log_that_a_webhook_is_paused(self, told: Told) -> None:
        desk = told.desk
        webhook = told.connects("https://parcels.example/told")
        desk.rule(actions=(does(ActionKind.WEBHOOK, webhook), does(ActionKind.TAG, "seen")))
        services.pause_webhook(webhook_id=webhook, actor=desk.mina, at=NOW)
        desk.opens()
        desk.follow()

        (run,) = desk.runs()
        assert [(step.result, step.code) for step in run.steps] == [
            (Result.REFUSED, "webhook_gone"),
            (Result.DONE, ""),
        ]
        assert told.sent(webhook) == []

    def test_a_macro_tells_as_well(self, told: Told) -> None:
        desk = told.desk
        webhook = told.connects("https://parcels.example/told")
        settings = MacroSettings(name="Tell parcels", actions=(does(ActionKind.WEBHOOK, webhook),))
        macro = save_macro(macro_id=None, settings=settings, actor=desk.house.actor("grace"), at=NOW)
        case_id = desk.opens()

        (step,) = apply_macro(macro_id=macro, case_id=case_id, actor=desk.ada, at=NOW)

        (message,) = told.sent(webhook)
        said = json.loads(message.body)
        assert (step.result, said["type"], said["data"]["event"]) == (Result.DONE, "macro.applied", None)
        assert (said["data"]["person_id"], said["data"]["case"]["id"]) == (desk.house.ids["ada"], case_id)


class TestSending:
    def test_tries_again_after_growing_pauses_under_the_same_key(self, told: Told) -> None:
        desk = told.desk
        with hooked(500, 301, 200) as system:
            webhook = told.connects(system.url)
            message = send_test(webhook_id=webhook, actor=desk.mina, at=NOW)
            pauses = []
            for _try in range(2):
                Timer.objects.all().delete()  # it has rung
                before = clock.now()
                told.tries(message)
                due = due_at(message)
                assert due is not None
                pauses.append(due - before)
            failing = queries.webhook_of(desk.mina, webhook_id=webhook).failing_since
            told.tries(message)

        assert failing is not None
        for pause, asked in zip(pauses, PAUSES, strict=False):
            assert asked <= pause < asked + timedelta(seconds=30)
        assert len({came.headers["webhook-id"] for came in system.came}) == 1
        assert len({came.body for came in system.came}) == 1
        (row,) = told.sent(webhook)
        assert [(one.number, one.code, one.trouble) for one in row.attempts] == [
            (3, 200, Trouble.NONE),
            (2, 301, Trouble.REDIRECT),
            (1, 500, Trouble.REFUSED),
        ]
        assert (row.state, row.next_at) == (DeliveryState.DELIVERED, None)
        assert queries.webhook_of(desk.mina, webhook_id=webhook).failing_since is None

    def test_fails_after_the_last_pause_until_somebody_sends_it_again(self, told: Told) -> None:
        desk = told.desk
        with hooked(*[503] * (len(PAUSES) + 1), 200) as system:
            webhook = told.connects(system.url)
            message = send_test(webhook_id=webhook, actor=desk.mina, at=NOW)
            for _try in range(len(PAUSES) + 3):
                told.tries(message)
            (failed,) = told.sent(webhook)
            with pytest.raises(MayNotKeepWebhooks):
                services.send_again(webhook_id=webhook, delivery_id=message, actor=desk.ada, at=NOW)
            services.send_again(webhook_id=webhook, delivery_id=message, actor=desk.mina, at=NOW)
            assert due_at(message) == NOW
            told.tries(message)

        assert (failed.state, failed.code, failed.attempt_count) == (DeliveryState.FAILED, 503, len(PAUSES) + 1)
        (row,) = told.sent(webhook)
        assert (row.state, row.attempt_count) == (DeliveryState.DELIVERED, len(PAUSES) + 2)
        assert len({came.headers["webhook-id"] for came in system.came}) == 1

    def test_whoever_wants_to_hear_nothing_more_is_told_nothing_more(self, told: Told) -> None:
        desk = told.desk
        with hooked(410) as system:
            webhook = told.connects(system.url)
            first, second = (send_test(webhook_id=webhook, actor=desk.mina, at=NOW) for _message in range(2))
            told.tries(first)
            told.tries(second)

        assert len(system.came) == 1
        row = queries.webhook_of(desk.mina, webhook_id=webhook)
        assert (row.state, row.why) == (State.PAUSED, Why.GONE)
        assert [(one.state, one.trouble) for one in told.sent(webhook)] == [
            (DeliveryState.FAILED, Trouble.REFUSED),
            (DeliveryState.FAILED, Trouble.PAUSED),
        ]

    def test_a_worker_that_died_on_the_wire_leaves_a_try_and_the_next_tries_again(self, told: Told) -> None:
        desk = told.desk
        with hooked(200) as system:
            webhook = told.connects(system.url)
            message = send_test(webhook_id=webhook, actor=desk.mina, at=NOW)
            services.begin_attempt(delivery_id=message, may_send=True, actor=HOUSE, at=NOW)
            told.tries(message)

        (row,) = told.sent(webhook)
        assert [(one.code, one.trouble) for one in row.attempts] == [(200, Trouble.NONE), (None, Trouble.UNKNOWN)]
        assert (row.state, len(system.came)) == (DeliveryState.DELIVERED, 1)

    def test_a_demo_tells_nobody_outside(self, told: Told) -> None:
        desk = told.desk
        with hooked(200) as system:
            webhook = told.connects(system.url)
            message = send_test(webhook_id=webhook, actor=desk.mina, at=NOW)
            assert services.begin_attempt(delivery_id=message, may_send=False, actor=HOUSE, at=NOW) is None
            told.tries(message)

        (row,) = told.sent(webhook)
        assert (system.came, row.state, row.trouble) == ([], DeliveryState.FAILED, Trouble.DEMO)

    def test_old_messages_are_thrown_away(self, told: Told) -> None:
        desk = told.desk
        webhook = told.connects("https://parcels.example/told")
        for days in (0, 31):
            send_test(webhook_id=webhook, actor=desk.mina, at=NOW - timedelta(days=days))

        with told.outside():
            assert sweep_deliveries(at=NOW) == 1
        assert [one.at for one in told.sent(webhook)] == [NOW]


class TestKeeping:
    def test_the_secret_before_signs_as_well_for_a_day(self, told: Told) -> None:
        desk = told.desk
        with hooked(200) as system:
            webhook = told.connects(system.url)
            old = queries.webhook_secret(desk.mina, webhook_id=webhook)
            for days in (0, 2):
                at = clock.now() - timedelta(days=days)
                services.renew_secret(webhook_id=webhook, actor=desk.mina, at=at)
                told.tries(send_test(webhook_id=webhook, actor=desk.mina, at=NOW))
            between, new = old, queries.webhook_secret(desk.mina, webhook_id=webhook)

        fresh, late = system.came
        assert is_signed(fresh, between)
        assert len(fresh.headers["webhook-signature"].split(" ")) == 2
        assert is_signed(late, new)
        assert len(late.headers["webhook-signature"].split(" ")) == 1

    def test_another_address_gets_another_secret(self, told: Told) -> None:
        mina = told.desk.mina
        webhook = told.connects("https://parcels.example/told")
        secret = queries.webhook_secret(mina, webhook_id=webhook)
        kept: dict[str, Any] = {"webhook_id": webhook, "may_reach_inside": False, "actor": mina, "at": NOW}

        services.change_webhook(name="Parcels of ours", url="https://parcels.example/told", **kept)
        assert queries.webhook_secret(mina, webhook_id=webhook) == secret
        services.change_webhook(name="Parcels of ours", url="https://other.example/told", **kept)
        assert queries.webhook_secret(mina, webhook_id=webhook) != secret

    @pytest.mark.parametrize(
        "url",
        [
            "http://parcels.example/told",
            "https://127.0.0.1/told",
            "https://localhost/told",
            "https://[::1]/told",
            "https://10.0.0.7:8443/",
            "https://ada:secret@parcels.example/",
            "https://parcels.example/a b",
            "https://parcels.example/\r\nx: y",
            "https://",
            "ftp://parcels.example/",
            "https://parcels.example:99999/",
            "parcels",
        ],
    )
    def test_refuses_what_cannot_or_must_not_be_reached(self, desk: Desk, url: str) -> None:
        with pytest.raises(WebhookUnclear) as refused:
            services.add_webhook(name="Parcels", url=url, may_reach_inside=False, actor=desk.mina, at=NOW)

        assert set(refused.value.fields) == {"url"}
        assert queries.webhooks_of(desk.mina) == []

    def test_is_for_owners_and_managers_of_the_workspace(self, told: Told) -> None:
        desk = told.desk
        webhook = told.connects("https://parcels.example/told")
        for name in ("grace", "ada", "anh", "cole", "vera"):
            with pytest.raises(MayNotKeepWebhooks):
                queries.webhooks_of(desk.house.actor(name))
            with pytest.raises(MayNotKeepWebhooks):
                services.pause_webhook(webhook_id=webhook, actor=desk.house.actor(name), at=NOW)


def test_another_workspace_never_sees_it(house: House) -> None:
    with workspace_scope(house.north):
        webhook = services.add_webhook(
            name="Parcels", url="https://parcels.example/", may_reach_inside=False, actor=house.actor("mina"), at=NOW
        )
        message = send_test(webhook_id=webhook, actor=house.actor("mina"), at=NOW)
    with workspace_scope(house.south):
        ines = house.actor("ines")
        assert (queries.webhooks_of(ines), queries.webhook_choices()) == ([], [])
        with pytest.raises(WebhookNotFound):
            queries.deliveries_of(ines, webhook_id=webhook)
        assert not Delivery.objects.filter(pk=message).exists()
