"""A workspace in which everything that the API can name is there once."""

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from careloop.domains.automation.services import make_rule, save_macro
from careloop.domains.automation.states import ActionKind, When
from careloop.domains.automation.types import Action, MacroSettings, RuleSettings
from careloop.domains.boards import services as boards
from careloop.domains.boards.types import TileContent, TileKind
from careloop.domains.calendars.services import create_calendar, set_day
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.domains.calls.services import write_up_call
from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.services.policy import Branch
from careloop.domains.channels import services as channels
from careloop.domains.channels.services import MessengerSettings, add_messenger, quarantine_hook, store_hook
from careloop.domains.channels.types import HookKind
from careloop.domains.chats import services as chats
from careloop.domains.chats.queries import widget_in_use
from careloop.domains.chats.types import WidgetSettings
from careloop.domains.commitments.services import make_policy
from careloop.domains.commitments.states import Measure
from careloop.domains.commitments.types import PolicySettings
from careloop.domains.contacts.queries import contacts_of_conversations
from careloop.domains.conversations import services as conversations
from careloop.domains.customers import services as customers
from careloop.domains.customers.queries import card
from careloop.domains.exports import services as exports
from careloop.domains.exports.types import ExportAsked
from careloop.domains.files.services import attach_loose, keep_file
from careloop.domains.integrity.queries import flags
from careloop.domains.integrity.services import take_findings
from careloop.domains.integrity.types import About, Examination, FlagFilter
from careloop.domains.invoices import services as invoices
from careloop.domains.invoices.types import Amounts
from careloop.domains.people.services import create_team, invite, make_token
from careloop.domains.people.types import Scope
from careloop.domains.procedures.services import begin_procedure, make_procedure, skip_procedure
from careloop.domains.queues.queries import open_offer_of
from careloop.domains.queues.services import enter
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import NewWaiting, QueueSettings
from careloop.domains.queues.types import RuleSettings as QueueRuleSettings
from careloop.domains.reports.schedule import Frequency, Schedule
from careloop.domains.reports.services import make_report
from careloop.domains.reports.types import ReportContent
from careloop.domains.supervision.services import raise_hand, send_message
from careloop.domains.supervision.states import AbuseKind
from careloop.domains.tasks.services import ask_task, withdraw_task
from careloop.domains.tasks.types import NewTask
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.queries import seats
from careloop.domains.telephony.services import PbxSettings
from careloop.domains.wallboards import services as walls
from careloop.domains.wallboards.queries import open_alarms
from careloop.domains.wallboards.types import Direction, Figure, NewThreshold
from careloop.domains.webhooks.services import add_webhook
from careloop.domains.workforce.services import make_skill
from careloop.domains.workforce.states import State
from careloop.domains.workspaces.services import add_host
from careloop.insight.invoices import write
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE, Actor, Role
from careloop.kernel.blobs import store_blob
from careloop.kernel.hours import Span
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import forward, receive_request, reply
from careloop.processes.answering.types import Words
from careloop.processes.chatting import Beginning, start_chat
from careloop.processes.protecting import note_abuse
from careloop.processes.routing import keeping
from careloop.processes.routing.presence import change_state
from careloop.processes.routing.searching import find_person
from careloop.processes.webhooks import send_test
from tests.calling import talked
from tests.cast import House
from tests.domains.integrity.found import finding
from tests.mailing import receive
from tests.procedures import REFUND

__all__ = ["ASIDE", "SECRET", "Seeded", "let_go", "seed"]

SECRET = "Between us: he shouts."
"""Said among colleagues."""
ASIDE = "Our customer shouts. Where is it?"
"""Said to a third party."""
TAGGING = Action(kind=ActionKind.TAG, value="parcel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """Primary keys, named as in the API's addresses."""

    number: int
    case_id: int
    customer_id: int
    identity_id: int
    organization_id: int
    message_id: int
    contact_id: int
    file_id: int
    note_file_id: int
    reply_id: int
    key: str
    board_key: str
    tile_id: int
    status_id: int
    type_id: int
    person_id: int
    mailbox_id: int
    phone_id: int
    seat_id: int
    messenger_id: int
    hook_id: int
    call_id: int
    form_id: int
    mail_id: int
    host: str
    team_id: int
    invitation_id: int
    token_id: int
    threshold_id: int
    alarm_id: int
    report_id: int
    export_id: int
    month: str
    flag_id: int
    calendar_id: int
    day: str
    policy_id: int
    rule_id: int
    macro_id: int
    webhook_id: int
    delivery_id: int
    procedure_id: int
    task_id: int
    run_id: int
    step: str
    queue_id: int
    queue_rule_id: int
    skill_id: int
    waiting_id: int
    offer_id: int
    hand_id: int
    abuse_id: int
    team_message_id: int
    widget_id: int
    chat_id: int


def let_go(house: House, seeded: Seeded) -> None:
    """Let the case be solved and closed without the rest of its procedure and without its task."""
    with workspace_scope(house.north):
        withdraw_task(task_id=seeded.task_id, actor=house.actor("olga"), at=clock.now())
        skip_procedure(run_id=seeded.run_id, reason="Paid by hand.", actor=house.actor("olga"), at=clock.now())


def seed(house: House) -> Seeded:
    """Fill the workspace north and return what is there."""
    at = clock.now() - timedelta(hours=1)
    with workspace_scope(house.north):
        olga, ada = house.actor("olga"), house.actor("ada")
        file_id, note_file_id = (
            keep_file(name=name, declared_type="text/plain", content=b"words", is_loose=True, actor=ada, at=at)
            for name in ("bill.txt", "inner.txt")
        )
        case_id = receive_request(
            channel="api",
            address="omar@customer.example",
            name="Omar",
            language="en",
            subject_line="My parcel",
            words=Words(text="Where is it?", html="<p>Where is it?</p>", file_ids=[file_id]),
            actor=ada,
            at=at,
        )
        attach_loose(file_ids=[note_file_id], actor=ada)
        cases.add_note(
            case_id=case_id, html=SECRET, text=SECRET, mentions=[], file_ids=[note_file_id], actor=ada, at=at
        )
        message_id = reply(case_id=case_id, words=Words(text="Soon.", html="<p>Soon.</p>"), actor=ada, at=at)
        forward(
            case_id=case_id,
            to="carrier@elsewhere.example",
            words=Words(text=ASIDE, html=ASIDE),
            actor=ada,
            at=at,
        )
        detail = cases_queries.case_detail(case_id=case_id, viewer=olga)
        cases.publish_reasons(branches=[Branch(name="Parcels", branches=(Branch(name="Late"),))], actor=olga, at=at)
        organization_id = customers.create_organization(name="Omar Ltd", domains=frozenset(), actor=olga, at=at)
        form_id = channels.add_web_form(
            key="contact",
            name="Contact",
            language="en",
            team_id=None,
            mailbox_id=None,
            allowed_origins=[],
            actor=olga,
            at=at,
        )
        broken = receive(b"\x00" * 40, at=at)
        add_host(host="help.north.example", actor=olga, at=at)
        board_id = boards.make_board(name="Parcels of Omar", period="today", is_shared=True, actor=olga, at=at)
        watched = NewThreshold(
            figure=Figure.UNASSIGNED, direction=Direction.ABOVE, warning=0, alarm=None, hold_seconds=0
        )
        threshold_id = walls.add_threshold(watched, actor=olga, at=at)
        walls.check_thresholds(zone=ZoneInfo("Asia/Seoul"), actor=HOUSE, at=at)
        procedure_id = make_procedure(settings=REFUND, actor=olga, at=at)
        run_id = begin_procedure(procedure_id=procedure_id, case_id=case_id, actor=ada, at=at)
        task = NewTask(title="Look why Omar shouts", words=SECRET, person_id=house.ids["grace"])
        task_id = ask_task(case_id=case_id, task=task, actor=ada, at=at)
        queue_id, queue_rule_id, skill_id, waiting_id, offer_id = _queue(house, case_id=case_id, at=at)
        widget_id, chat_id = _chat(actor=olga, at=at)
        return Seeded(
            team_message_id=send_message(text="Omar shouts", team_id=None, user_ids=[ada.id], actor=olga, at=at),
            abuse_id=note_abuse(case_id=case_id, kind=AbuseKind.INSULT, actor=ada, at=at),
            hand_id=raise_hand(about="Omar shouts", case_id=case_id, actor=ada, at=at),
            procedure_id=procedure_id,
            task_id=task_id,
            run_id=run_id,
            step="form",
            widget_id=widget_id,
            chat_id=chat_id,
            queue_id=queue_id,
            queue_rule_id=queue_rule_id,
            skill_id=skill_id,
            waiting_id=waiting_id,
            offer_id=offer_id,
            number=detail.row.number,
            case_id=case_id,
            customer_id=detail.row.requester_id,
            identity_id=card(customer_id=detail.row.requester_id, viewer=olga).identities[0].id,
            organization_id=organization_id,
            message_id=message_id,
            contact_id=contacts_of_conversations([detail.conversations[0].conversation_id])[0].id,
            file_id=file_id,
            note_file_id=note_file_id,
            reply_id=conversations.save_reply(
                reply_id=None, name="Hello", language="en", html="Hello", is_shared=True, actor=olga, at=at
            ),
            key=str(
                cases.save_view(
                    view_id=None,
                    name="Everything",
                    conditions={},
                    columns=["number"],
                    order="-activity_at",
                    is_shared=True,
                    actor=olga,
                    at=at,
                )
            ),
            board_key=str(board_id),
            tile_id=boards.add_tile(
                board_id=board_id,
                content=TileContent(kind=TileKind.NUMBER, metric="service_level"),
                actor=olga,
                at=at,
            ),
            status_id=cases.add_status(name="Parked", category="waiting", actor=olga, at=at),
            type_id=cases.add_case_type(name="Claim", actor=olga, at=at),
            person_id=house.ids["ada"],
            mailbox_id=broken.mailbox_id,
            phone_id=(phone_id := _phone(actor=olga, at=at)),
            seat_id=seats(phone_id)[0].id,
            messenger_id=(messenger_id := _messenger(actor=olga, at=at)),
            hook_id=_unread_text(messenger_id, at=at),
            call_id=_call(phone_id, person_id=house.ids["ada"], at=at),
            form_id=form_id,
            mail_id=broken.id,
            host="help.north.example",
            team_id=create_team(name="Parcels of Omar", actor=olga, at=at),
            invitation_id=invite(
                email="newcomer@north.example", role=Role.AGENT, link="/{token}", actor=olga, at=at
            ).id,
            threshold_id=threshold_id,
            alarm_id=open_alarms(viewer=olga)[0].id,
            token_id=make_token(
                name="Ada's program", scopes=[Scope.CASES_READ], expires_at=at + timedelta(days=1), actor=ada, at=at
            ).id,
            report_id=make_report(
                content=ReportContent(
                    name="Parcels of Omar",
                    board_key="client",
                    schedule=Schedule(frequency=Frequency.DAILY, at=time(8, 0)),
                ),
                reader_ids=[house.ids["ada"]],
                actor=olga,
                at=at,
            ),
            export_id=_write_export(actor=olga, at=at),
            month=f"{_issue_quiet_month(actor=olga, at=at):%Y-%m}",
            flag_id=_doubt(at=at, user_id=house.ids["ada"]),
            calendar_id=(calendar_id := _calendar(actor=olga, at=at)),
            day="2026-12-24",
            policy_id=make_policy(
                settings=PolicySettings(
                    name="Parcels", targets={Measure.RESOLUTION: {2: 3600}}, calendar_id=calendar_id
                ),
                actor=olga,
                at=at,
            ),
            rule_id=make_rule(
                settings=RuleSettings(name="Parcels", when=(When.OPENED,), actions=(TAGGING,)), actor=olga, at=at
            ),
            webhook_id=(webhook_id := _webhook(actor=olga, at=at)),
            delivery_id=send_test(webhook_id=webhook_id, actor=olga, at=at),
            macro_id=save_macro(
                macro_id=None, settings=MacroSettings(name="Parcels", actions=(TAGGING,)), actor=olga, at=at
            ),
        )


def _queue(house: House, *, case_id: int, at: datetime) -> tuple[int, int, int, int, int]:
    """Let the case wait in a queue and be offered to Ada; return the queue, a rule, a skill, the wait and the offer."""
    olga, ada = house.actor("olga"), house.actor("ada")
    skill_id = make_skill(name="claims", actor=olga, at=at)
    queue_id = keeping.make_queue(settings=QueueSettings(name="Parcels of Omar", offer_s=3600), actor=olga, at=at)
    queue_rule_id = keeping.make_rule(settings=QueueRuleSettings(queue_id=queue_id), actor=olga, at=at)
    change_state(user_id=ada.id, state=State.AVAILABLE, actor=ada, at=at)
    waiting_id = enter(NewWaiting(queue_id=queue_id, kind=Kind.CASE, subject_id=case_id, at=at), actor=olga, at=at)
    find_person(waiting_id, at=clock.now())
    offer = open_offer_of(ada.id)
    assert offer is not None
    return queue_id, queue_rule_id, skill_id, waiting_id, offer.id


def _chat(*, actor: Actor, at: datetime) -> tuple[int, int]:
    """Let a visitor wait in a chat; return the widget and the chat."""
    settings = WidgetSettings(name="Parcels of Omar", language="en", most_wait_s=0)
    widget_id = chats.add_widget(key="parcels", settings=settings, actor=actor, at=at)
    beginning = Beginning(
        secret="s" * 36,
        mark="0" * 36,
        address="oona@customer.example",
        name="Oona",
        proved=None,
        language="en",
        page="https://north.example/parcels",
        text="Where is it?",
    )
    return widget_id, start_chat(beginning, widget=widget_in_use("parcels"), at=at).id


def _webhook(*, actor: Actor, at: datetime) -> int:
    url = "https://parcels.example/told"
    return add_webhook(name="Parcels", url=url, may_reach_inside=False, actor=actor, at=at)


def _phone(*, actor: Actor, at: datetime) -> int:
    """Add a telephone system that nobody can reach, with one agent, and return it."""
    settings = PbxSettings(name="Parcels of Omar", host="127.0.0.1", port=9, user="careloop", secret="x")
    phone_id = telephony.add_pbx(settings=settings, actor=actor, at=at)
    telephony.note_names(pbx_id=phone_id, names=["Ada Parcels"], actor=actor, at=at)
    return phone_id


def _messenger(*, actor: Actor, at: datetime) -> int:
    """Add a number for text messages at a provider that nobody can reach, and return it."""
    settings = MessengerSettings(
        name="Parcels of Omar", number="+15017122661", account="AC1", token="x", api_base="http://127.0.0.1:9"
    )
    return add_messenger(settings=settings, actor=actor, at=at)


def _unread_text(messenger_id: int, *, at: datetime) -> int:
    """Put a text message into quarantine and return it."""
    body = b"MessageSid=SM1&From=PRIZES&Body=" + SECRET.replace(" ", "+").encode()
    hook_id = store_hook(
        messenger_id=messenger_id, kind=HookKind.MESSAGE, provider_id="SM1", body=body, actor=HOUSE, at=at
    )
    assert hook_id is not None
    quarantine_hook(hook_id=hook_id, reason="no_sender", detail="", actor=HOUSE, at=at)
    return hook_id


def _call(phone_id: int, *, person_id: int, at: datetime) -> int:
    """Let somebody call and be answered, and write down what was said; return the call."""
    call_id = talked(phone_id, seat="Ada Parcels", people={"Ada Parcels": person_id}, at=at)
    reason = next((one.id for one in cases_queries.reasons()), None)
    write_up_call(call_id=call_id, reason_id=reason, note=SECRET, actor=HOUSE, at=at)
    return call_id


def _calendar(*, actor: Actor, at: datetime) -> int:
    """Make a calendar that is open around the clock but for one date, and return it."""
    always = (Span(opens=time(0), closes=time(0)),)
    settings = CalendarSettings(name="Parcels", zone="Asia/Seoul", weekly=(always,) * 7)
    calendar_id = create_calendar(settings=settings, actor=actor, at=at)
    set_day(calendar_id=calendar_id, day=DayRow(date=date(2026, 12, 24), name="Outing"), actor=actor, at=at)
    return calendar_id


def _doubt(*, at: datetime, user_id: int) -> int:
    """Let a check find something in somebody's work, and return the flag."""
    found = finding(about=About.AGENT, key=f"user:{user_id:012}", user_id=user_id)
    take_findings([found], looked={(found.check, found.month)}, examination=Examination(at=at, lake="1-1"), actor=HOUSE)
    return flags(viewer=HOUSE, wanted=FlagFilter()).items[0].id


def _write_export(*, actor: Actor, at: datetime) -> int:
    """Have a file of facts written, and return its id."""
    asked = ExportAsked(table="contact", file_format="csv", since=at - timedelta(days=1), until=at, zone="UTC")
    export_id = exports.ask(asked=asked, actor=actor, at=at)
    exports.begin(export_id=export_id)
    sha256, size = store_blob(b"contact_id\r\n")
    exports.finish(export_id=export_id, sha256=sha256, size=size, row_count=0, at=at)
    return export_id


def _issue_quiet_month(*, actor: Actor, at: datetime) -> date:
    """Issue a month without rows, and return its first day."""
    month = (at.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    nothing = Amounts(contacts=0, unmeasured=0, handled_seconds=0.0, kept=0, made=0)
    file = io.BytesIO()
    write([], file)
    file.seek(0)
    invoices.issue(
        month=month,
        zone="Asia/Seoul",
        own=nothing,
        corrections=nothing,
        correction_count=0,
        row_count=0,
        sha256=store_blob(file)[0],
        complete_until=at,
        newest_known=None,
        actor=actor,
        at=at,
    )
    return month
