"""A workspace in which something stands on every page.

Everything that its people wrote is Korean or Chinese, so that a Latin word on a page is one of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from PIL import Image

from careloop.domains.automation.services import make_rule, pause_rule, save_macro
from careloop.domains.automation.states import ActionKind, When
from careloop.domains.automation.types import Action, MacroSettings, RuleSettings
from careloop.domains.boards import services as boards
from careloop.domains.boards.types import Comparison, TileContent, TileKind, Width
from careloop.domains.calendars import services as calendars
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.domains.calls import services as calls
from careloop.domains.calls.types import Receiver
from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.channels import services as channels
from careloop.domains.channels.queries import mailboxes
from careloop.domains.channels.types import HookKind
from careloop.domains.chats import services as chats
from careloop.domains.chats.queries import widget_in_use
from careloop.domains.chats.types import InvitationRule, WidgetSettings
from careloop.domains.commitments.services import make_policy, promise_callback, try_callback
from careloop.domains.commitments.states import About, Measure, NotReached, Way
from careloop.domains.commitments.types import PolicySettings
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.customers import queries as customers_queries
from careloop.domains.customers import services as customers
from careloop.domains.integrity import queries as integrity
from careloop.domains.integrity.services import answer
from careloop.domains.integrity.types import FlagFilter, Part
from careloop.domains.people import services as people
from careloop.domains.people.models import User
from careloop.domains.people.queries import teams_of
from careloop.domains.people.services import add_to_team, create_team
from careloop.domains.people.types import Scope
from careloop.domains.procedures.services import (
    ask_approval,
    begin_absence,
    begin_procedure,
    fill_form,
    make_procedure,
)
from careloop.domains.procedures.states import Begins, FieldKind, StepKind, Whom
from careloop.domains.procedures.types import Field, ProcedureSettings, Rung, Stage, Step
from careloop.domains.queues.services import enter
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import NewWaiting, QueueSettings
from careloop.domains.queues.types import RuleSettings as QueueRuleSettings
from careloop.domains.reports.schedule import Frequency, Schedule
from careloop.domains.reports.services import make_report
from careloop.domains.reports.types import ReportContent
from careloop.domains.sign_ins.services import issue_link
from careloop.domains.supervision.services import raise_hand, take_up_hand
from careloop.domains.supervision.states import AbuseKind
from careloop.domains.tasks import services as tasks
from careloop.domains.tasks.states import Share
from careloop.domains.tasks.types import NewTask
from careloop.domains.telephony import queries as telephony_queries
from careloop.domains.telephony import services as telephony
from careloop.domains.wallboards import services as walls
from careloop.domains.wallboards.types import Direction, Figure, NewThreshold
from careloop.domains.webhooks import services as webhooks
from careloop.domains.webhooks.states import Trouble
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.states import State
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.domains.workspaces.services import add_host
from careloop.faces.portal.tokens import sealed_number
from careloop.insight.kpis.checks import CHECKS
from careloop.insight.kpis.words import LANGUAGES
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE, Actor, Role
from careloop.kernel.hours import Span
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import forward, note, receive_request, reply, upload
from careloop.processes.answering.types import Words
from careloop.processes.calling import play_call, write_up
from careloop.processes.chatting import Beginning, agent_says, pick, start_chat, whisper, wrap_up
from careloop.processes.invoicing import issuable_months, issue_month
from careloop.processes.lake.keys import ours
from careloop.processes.measuring.lakes import lake_root
from careloop.processes.playing import play_text
from careloop.processes.protecting import note_abuse
from careloop.processes.routing import keeping, presence
from careloop.processes.routing.searching import find_person
from careloop.processes.webhooks import send_test
from careloop.processes.working import drain
from tests.calling import ringing, talked, talking, waiting
from tests.cast import House, open_house
from tests.domains.integrity.found import finding, look
from tests.lakes import fill_lake
from tests.mailing import receive, written
from tests.processes.conftest import ready

__all__ = ["MINSEO", "SECOND_FACTOR", "Town", "build"]

MINSEO = "minseo@customer.example"
TEXTER = "+821055550199"
SECOND_FACTOR = "JBSWY3DPEHPK3PXP"
ASKS = "안녕하세요. 어제 받기로 한 소포가 아직 오지 않았습니다. 언제 오는지 알려 주세요."
LONG = "주문번호 7731의 배송이 세 번이나 미뤄졌는데 이유를 알고 싶고 가능하면 이번 주 안에 꼭 받고 싶습니다"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What addresses are made of; every number is a primary key, except `number` and `closed`, which are cases' own."""

    house: House
    number: int
    closed: int
    request: int
    message: int
    customer: int
    stranger: int
    organization: int
    view: int
    board: int
    tile: int
    report: int
    reply: int
    mailbox: int
    failing: int
    webhook: int
    delivery: int
    phone: int
    deaf: int
    told: int
    texts: int
    mute: int
    texted: int
    call: int
    talking: int
    ringing: int
    form: int
    threshold: int
    link: str
    invitation: str
    sent: str
    form_sent: str
    month: str
    flag: int
    answered: int
    calendar: int
    policy: int
    rule: int
    macro: int
    procedure: int
    task: int
    answered_task: int
    refused_task: int
    queue: int
    queue_rule: int
    server: int
    widget: int
    chat: int
    abused: int
    waiting: int


def build() -> Town:
    """Open the house, and let its people and customers do a little of everything."""
    house = open_house()
    ready(house)
    at = clock.now() - timedelta(hours=3)
    with workspace_scope(house.north):
        keys = {
            **_policy(house),
            **_promises(house),
            **_rules(house),
            "procedure": _procedure(house),
            **_contacts(house),
            **_channels(house),
            **_boards(house),
        }
        keys |= _chats(house)
        keys |= _calls(house, keys["phone"])
    olga = User.objects.get(pk=house.ids["olga"])
    TOTP.activate(olga, SECOND_FACTOR)
    RecoveryCodes.activate(olga)
    drain()
    with workspace_scope(house.north):
        keys["threshold"] = _wall(house)
        keys["texted"] = _texted(house)
    drain()  # what is watched is looked at
    month = _invoices(house)
    flag, answered = _doubts(house)
    with workspace_scope(house.north):
        minseo = customers_queries.customer_of_address(MINSEO)
        assert minseo is not None
        invitation = people.invite(
            email="soyeon@example.com", role=Role.AGENT, link="{token}", actor=house.actor("olga"), at=at
        )
        link = issue_link(customer_id=minseo, address=MINSEO, next_path="", actor=HOUSE, at=clock.now())
        keys |= _queues(house)
        _begin(house, keys)
        keys |= _tasks(house, keys)
    return Town(
        house=house,
        customer=minseo,
        invitation=invitation.token,
        link=link,
        sent=sealed_number(keys["number"], purpose="north"),
        month=month,
        flag=flag,
        answered=answered,
        form_sent=sealed_number(keys["number"], purpose="form:north:contact"),
        **keys,
    )


def _queues(house: House) -> dict[str, int]:
    """Let cases wait: one is offered to Olga, for another there is nobody; Ada and Grace do something else."""
    mina, at = house.actor("mina"), clock.now()
    skill = workforce.make_skill(name="배송 조회", actor=mina, at=at)
    workforce.set_skills(user_id=house.ids["ada"], levels={skill: 3}, actor=mina, at=at)
    workforce.set_languages(user_id=house.ids["ada"], languages=["ko", "vi"], actor=mina, at=at)
    settings = QueueSettings(
        name="배송 문의",
        kinds=(Kind.CASE, Kind.CALLBACK),
        team_ids=(min(house.actor("ada").team_ids),),
        needs={skill: 2},
        priority=2,
    )
    asked = keeping.make_queue(settings=settings, actor=mina, at=at)
    usual = QueueSettings(
        name="일반 문의", kinds=(Kind.CASE, Kind.CALLBACK), offer_s=3600, overflow_id=asked, overflow_after_s=7200
    )
    queue = keeping.make_queue(settings=usual, actor=mina, at=at)
    conditions = {"field": "is_spam", "operator": "is", "value": False}
    rule = keeping.make_rule(
        settings=QueueRuleSettings(queue_id=asked, conditions=conditions, tier=1, needs={skill: 3}), actor=mina, at=at
    )
    keeping.make_rule(settings=QueueRuleSettings(queue_id=queue), actor=mina, at=at)
    for name, state, reason in (("ada", "break", "meal"), ("grace", "meeting", ""), ("olga", "available", "")):
        actor = house.actor(name)
        presence.change_state(user_id=actor.id, state=State(state), reason=reason, actor=actor, at=at)
    case_id = cases_queries.find_cases(text="소포", viewer=HOUSE)[0].id
    raise_hand(about="고객이 화를 내십니다", case_id=case_id, actor=house.actor("ada"), at=at)
    taken = raise_hand(actor=house.actor("olga"), at=at)
    take_up_hand(hand_id=taken, actor=mina, at=at)
    first, second = (
        enter(
            NewWaiting(
                queue_id=place, kind=Kind.CASE, subject_id=row.id, at=at - timedelta(minutes=minutes), language=language
            ),
            actor=HOUSE,
            at=at,
        )
        for place, row, minutes, language in (
            (queue, cases_queries.find_cases(text="소포", viewer=HOUSE)[0], 3, ""),
            (asked, cases_queries.find_cases(text="요금", viewer=HOUSE)[0], 9, "ko"),
        )
    )
    assert second
    assert find_person(first, at=at)
    for figure, warning, alarm in ((Figure.QUEUE_WAITING, 1, None), (Figure.QUEUE_LONGEST_WAIT, 60, 120)):
        watched = NewThreshold(
            figure=figure, direction=Direction.ABOVE, queue_id=queue, warning=warning, alarm=alarm, hold_seconds=0
        )
        walls.add_threshold(watched, actor=house.actor("grace"), at=at)
    calls_watched = NewThreshold(
        figure=Figure.LONGEST_CALL, direction=Direction.ABOVE, warning=60, alarm=600, hold_seconds=0
    )
    walls.add_threshold(calls_watched, actor=house.actor("grace"), at=at)
    walls.check_thresholds(zone=ZoneInfo("Asia/Seoul"), actor=HOUSE, at=at)
    return {"queue": queue, "queue_rule": rule, "server": house.ids["ada"]}


def _invoices(house: House) -> str:
    """Issue what the client is billed for in the month before this one, and return the month."""
    with workspace_scope(house.north):
        workspace, mina = workspace_of_id(house.north), house.actor("mina")
    assert workspace is not None
    month = issuable_months(oldest=date(2020, 1, 1), newest=None, now=clock.now(), zone=ZoneInfo(workspace.time_zone))[
        0
    ]
    issue_month(month=month, workspace=workspace, actor=mina, at=clock.now())
    return f"{month:%Y-%m}"


def _doubts(house: House) -> tuple[int, int]:
    """Let a check find dropped calls in two months, answer for the earlier one, and return both flags, the newer first."""
    at, known = clock.now(), CHECKS["short_talk_share"]
    month = at.astimezone(ZoneInfo("Asia/Seoul")).date().replace(day=1)
    months = [month, (month - timedelta(days=1)).replace(day=1)]
    agent = ours("user", house.ids["ada"])
    findings = [
        finding(
            sentence={language: known.sentence.spoken(language) for language in LANGUAGES},
            month=month,
            since=at - timedelta(days=age + 30),
            until=at - timedelta(days=age - 1),
            parts=(Part(of="agent", key=agent, value=0.4, count=18.0, of_count=45.0),),
        )
        for age, month in zip((0, 31), months, strict=True)
    ]
    look(house.north, findings, at=at)
    with workspace_scope(house.north):
        mina = house.actor("mina")
        rows = {row.month: row.id for row in integrity.flags(viewer=mina, wanted=FlagFilter()).items}
        answer(
            flag_id=rows[months[1]], said="explained", words="교환기가 고장 나서 통화가 끊겼습니다.", actor=mina, at=at
        )
    return rows[months[0]], rows[months[1]]


def _boards(house: House) -> dict[str, int]:
    """Let a call center's facts come in, and a team lead watch them."""
    grace, at = house.actor("grace"), clock.now()
    queues = [ours("team", team.id) for team in teams_of(grace)]
    agents = [ours("user", house.ids[name]) for name in ("ada", "grace")]
    fill_lake(lake_root(house.north), until=at, queues=queues, agents=agents)
    board_id = boards.make_board(name="아침 현황", period="last_28_days", is_shared=True, actor=grace, at=at)
    shown = (
        TileContent(kind=TileKind.NUMBER, metric="service_level"),
        TileContent(kind=TileKind.NUMBER, metric="asa", comparison=Comparison.TARGET, target=20.0),
        TileContent(kind=TileKind.NUMBER, metric="blocked_rate"),
        TileContent(kind=TileKind.SERIES, metric="service_level", comparison=Comparison.NONE, width=Width.HALF),
        TileContent(kind=TileKind.HEAT_MAP, metric="contact_volume", comparison=Comparison.NONE, width=Width.HALF),
        TileContent(kind=TileKind.DISTRIBUTION, metric="avg_queue_time", comparison=Comparison.NONE, width=Width.HALF),
        TileContent(
            kind=TileKind.TABLE, metric="service_level", by="queue", comparison=Comparison.NONE, width=Width.WHOLE
        ),
    )
    tiles = [boards.add_tile(board_id=board_id, content=content, actor=grace, at=at) for content in shown]
    report_id = make_report(
        content=ReportContent(
            name="아침 보고",
            board_key=str(board_id),
            schedule=Schedule(frequency=Frequency.DAILY, at=time(8, 0)),
        ),
        reader_ids=[house.ids["grace"], house.ids["ada"]],
        actor=grace,
        at=at,
    )
    return {"board": board_id, "tile": tiles[0], "report": report_id}


def _wall(house: House) -> int:
    """Promise something, watch two figures that are bad at once, and return one of the thresholds."""
    grace, at = house.actor("grace"), clock.now()
    team_id = min(house.actor("ada").team_ids)
    walls.set_target(team_id=team_id, channel="", seconds=3600, actor=grace, at=at)
    bad: list[tuple[Figure, Direction, float | None, float | None]] = [
        (Figure.UNASSIGNED, Direction.ABOVE, 0, None),
        (Figure.HERE, Direction.BELOW, None, 5),
    ]
    made = [
        walls.add_threshold(
            NewThreshold(figure=figure, direction=direction, warning=warning, alarm=alarm, hold_seconds=0),
            actor=grace,
            at=at,
        )
        for figure, direction, warning, alarm in bad
    ]
    return made[0]


def _promises(house: House) -> dict[str, int]:
    """Say when the service is open, and what is promised."""
    mina, at = house.actor("mina"), clock.now() - timedelta(days=2)
    day = (Span(opens=time(9), closes=time(12)), Span(opens=time(13), closes=time(18)))
    week = CalendarSettings(name="상담 시간", zone="Asia/Seoul", weekly=(day,) * 5 + ((), ()), country="KR")
    calendar = calendars.create_calendar(settings=week, actor=mina, at=at)
    off = DayRow(date=(clock.now() + timedelta(days=40)).date(), name="야유회")
    calendars.set_day(calendar_id=calendar, day=off, actor=mina, at=at)
    policy = make_policy(
        settings=PolicySettings(
            name="모든 문의",
            targets={
                Measure.FIRST_RESPONSE: {2: 7200, 3: 3600},
                Measure.RESOLUTION: {2: 86_400},
                Measure.WAIT: {2: 90, 3: 45},
            },
            conditions={"field": "is_spam", "operator": "is", "value": False},
            calendar_id=calendar,
        ),
        actor=mina,
        at=at,
    )
    callers = PolicySettings(name="전화 대기", about=About.CALLS, targets={Measure.WAIT: {2: 60}}, steps=())
    make_policy(settings=callers, actor=mina, at=at)
    return {"calendar": calendar, "policy": policy}


def _rules(house: House) -> dict[str, int]:
    """Say what happens by itself to what is written from now on, and what people do in one go."""
    mina, grace, at = house.actor("mina"), house.actor("grace"), clock.now() - timedelta(days=2)
    waits = {"field": "waiting_since", "operator": "is_set"}
    tagging, telling = Action(kind=ActionKind.TAG, value="배송"), Action(kind=ActionKind.NOTIFY_ASSIGNEE)
    rule = make_rule(
        settings=RuleSettings(name="새 문의 표시", when=(When.OPENED,), conditions=waits, actions=(tagging, telling)),
        actor=mina,
        at=at,
    )
    paused = make_rule(
        settings=RuleSettings(name="오래된 문의", when=(When.ANSWERED,), delay_s=86_400, actions=(tagging,)),
        actor=mina,
        at=at,
    )
    pause_rule(rule_id=paused, actor=mina, at=at)
    greeting = conversations.save_reply(
        reply_id=None, name="감사 인사", language="ko", html="<p>감사합니다.</p>", is_shared=True, actor=grace, at=at
    )
    answering = Action(kind=ActionKind.REPLY, value=str(greeting))
    macro = save_macro(
        macro_id=None, settings=MacroSettings(name="감사하고 표시", actions=(answering, tagging)), actor=grace, at=at
    )
    return {"rule": rule, "macro": macro, **_webhooks(mina, at)}


def _webhooks(mina: Actor, at: datetime) -> dict[str, int]:
    """Connect another system that takes one message and hangs at the next."""
    url = "https://erp.north.example/careloop"
    webhook = webhooks.add_webhook(name="물류 시스템", url=url, may_reach_inside=False, actor=mina, at=at)
    delivery = 0
    for code, trouble in ((204, Trouble.NONE), (None, Trouble.TIMEOUT)):
        delivery = send_test(webhook_id=webhook, actor=mina, at=at)
        outgoing = webhooks.begin_attempt(delivery_id=delivery, may_send=True, actor=HOUSE, at=at)
        assert outgoing is not None
        webhooks.end_attempt(outgoing=outgoing, code=code, trouble=trouble, took_ms=412, actor=HOUSE, at=at)
    return {"webhook": webhook, "delivery": delivery}


def _procedure(house: House) -> int:
    """Say what must be done properly: by hand, and in cases with a tag."""
    mina, at = house.actor("mina"), clock.now() - timedelta(days=2)
    amount = Field(key="sum", kind=FieldKind.AMOUNT, label="환불 금액", currency="KRW", least=Decimal(0))
    why = Field(key="why", kind=FieldKind.CHOICE, label="사유", choices=("파손", "지연"), is_required=False)
    form = Step(key="form", kind=StepKind.FORM, title="환불 내용", fields=(amount, why))
    note = Step(key="law", kind=StepKind.NOTE, title="법적 기한", words="14일 안에 환불합니다.", is_mandatory=False)
    approval = Step(
        key="ok",
        kind=StepKind.APPROVAL,
        title="환불 승인",
        rungs=(
            Rung(whom=Whom.TEAM_LEAD, up_to=Decimal(100_000)),
            Rung(whom=Whom.PEOPLE, user_ids=(mina.id,), deputy_ids=(house.ids["anh"],)),
        ),
        amount="form.sum",
    )
    paid = Step(key="paid", kind=StepKind.CHECK, title="환불 처리")
    tagged = {"field": "tag", "operator": "any_of", "value": ["환불"]}
    return make_procedure(
        settings=ProcedureSettings(
            name="환불",
            words="상담사의 한도를 넘는 환불",
            begins=Begins.ITSELF,
            conditions=tagged,
            stages=(
                Stage(name="요청", steps=(form, note)),
                Stage(name="승인", steps=(approval,)),
                Stage(name="지급", steps=(paid,)),
            ),
        ),
        actor=mina,
        at=at,
    )


def _begin(house: House, keys: Mapping[str, int]) -> None:
    """Let Ada ask for a refund in the case, and let the analyst be away."""
    ada, at = house.actor("ada"), clock.now()
    case_id = cases_queries.case_id_of_number(number=keys["number"], viewer=HOUSE)
    run_id = begin_procedure(procedure_id=keys["procedure"], case_id=case_id, actor=ada, at=at)
    fill_form(run_id=run_id, step="form", values={"sum": "250000", "why": "파손"}, actor=ada, at=at)
    ask_approval(run_id=run_id, step="ok", actor=ada, at=at)
    begin_absence(until=at + timedelta(days=2), deputy_id=house.ids["grace"], actor=house.actor("anh"), at=at)


def _tasks(house: House, keys: Mapping[str, int]) -> dict[str, int]:
    """Let Ada ask the department of Cole, who sees what she shares and is on one task, has answered one and refused another."""
    mina, ada, at = house.actor("mina"), house.actor("ada"), clock.now() - timedelta(hours=1)
    team_id = create_team(name="정산팀", actor=mina, at=at)
    add_to_team(team_id=team_id, user_id=house.ids["cole"], actor=mina, at=at)
    case_id = cases_queries.case_id_of_number(number=keys["request"], viewer=HOUSE)
    cases.add_note(case_id=case_id, html="<p>두 번째입니다.</p>", text="두 번째입니다.", mentions=[], actor=ada, at=at)

    def ask(title: str, **said: Any) -> int:
        return tasks.ask_task(case_id=case_id, task=NewTask(title=title, team_id=team_id, **said), actor=ada, at=at)

    first, taken = (
        ask("환불을 확인해 주세요"),
        ask("영수증을 다시 보내 주세요", due_at=clock.now() + timedelta(hours=2)),
    )
    shown = ask(LONG, words=ASKS, shares=frozenset(Share), due_at=clock.now() + timedelta(minutes=20))
    answered, refused = ask("이중 결제인가요?", words="5월 청구서"), ask("주소를 바꿔 주세요")
    cole = house.actor("cole")
    tasks.accept_task(task_id=taken, actor=cole, at=at)
    tasks.finish_task(task_id=answered, answer="네, 두 번 결제되었습니다.", actor=cole, at=at)
    tasks.refuse_task(task_id=refused, reason="물류팀에 물어봐 주세요.", actor=cole, at=at)
    tasks.withdraw_task(task_id=first, reason="찾았습니다.", actor=ada, at=at)
    return {"task": shown, "answered_task": answered, "refused_task": refused}


def _chats(house: House) -> dict[str, int]:
    """Let a visitor talk to Ada, with Grace reading along, another one wait, and a third be gone."""
    mina, ada, at = house.actor("mina"), house.actor("ada"), clock.now() - timedelta(minutes=20)
    site = WidgetSettings(
        name="상점 상담",
        language="ko",
        greetings={"ko": "안녕하세요."},
        invitations=(InvitationRule(texts={"ko": "도와드릴까요?"}, path="/가격"),),
        allowed_origins=("https://shop.example",),
        visitor_silence_s=86_400,
        agent_silence_s=86_400,
        most_wait_s=0,
    )
    widget_id = chats.add_widget(key="shop", settings=site, actor=mina, at=at)
    off = WidgetSettings(name="옛 상점", language="ko", is_active=False)
    chats.add_widget(key="old", settings=off, actor=mina, at=at)
    widget = widget_in_use("shop")
    begun = [
        start_chat(
            Beginning(
                secret=str(uuid4()),
                mark=str(uuid4()),
                address=f"{name}@shop.example",
                name=name,
                proved=None,
                language="ko",
                page="https://shop.example/소포",
                text=text,
            ),
            widget=widget,
            at=at,
        )
        for name, text in (("하나", "소포가 언제 오나요?"), ("두리", "반품하고 싶습니다."), ("세나", "고맙습니다."))
    ]
    talking, waiting, over = begun
    for chat in (talking, over):
        pick(chat_id=chat.id, actor=ada, at=at)
    answer = Words(text="내일 갑니다.", html="")
    agent_says(chat_id=talking.id, mark=str(uuid4()), previous="", words=answer, actor=ada, at=at)
    whisper(chat_id=talking.id, words=Words(text="단골입니다.", html="<p>단골입니다.</p>"), actor=ada, at=at)
    chats.call_in(chat_id=talking.id, user_id=house.ids["grace"], actor=ada, at=at)
    (solved,) = [status for status in cases_queries.statuses() if status.category == "solved"][:1]
    reason_id = cases_queries.reasons()[1].id
    wrap_up(chat_id=over.id, reason_id=reason_id, status_id=solved.id, actor=ada, at=at)
    note_abuse(case_id=talking.case_id, kind=AbuseKind.INSULT, actor=ada, at=at)
    return {"abused": talking.case_number, "widget": widget_id, "chat": talking.id, "waiting": waiting.id}


def _calls(house: House, pbx_id: int) -> dict[str, int]:
    """Let a customer talk to Mina, two customers share the number that rings at Olga's phone, and a third caller give up.

    Olga talks to a fourth, whom Mina did not take.
    """
    mina, at = house.actor("mina"), clock.now() - timedelta(minutes=40)
    people = {"김하나": house.ids["mina"], "박도윤": house.ids["olga"]}
    for place, seat in enumerate(telephony_queries.seats(pbx_id)):
        telephony.seat_person(
            pbx_id=pbx_id,
            seat_id=seat.id,
            user_id=people[seat.name],
            extension=f"10{place}",
            actor=mina,
            at=at,
        )
    for name, number in (("최서연", "+82 10 2222 3333"), ("정우진", "+84 10 2222 3333")):
        customers.create_customer(
            name=name, kind="phone", value=number, language="ko", source="by_hand", actor=mina, at=at
        )
    told = {"number": "01012345678", "queue": "배송"}
    call = talked(pbx_id, people=people, at=at, key="1.1", seat="김하나", **told)
    reason = cases_queries.reasons()[1].id
    write_up(call_id=call, reason_id=reason, note="주소를 다시 확인했습니다.", actor=mina, at=at)
    told = {"seat": "박도윤", "queue": "배송"}
    waiting(pbx_id, people=people, at=at + timedelta(minutes=10), key="2.2", number="", **told)
    rings = ringing(pbx_id, people=people, at=at + timedelta(minutes=39), key="3.3", number="01022223333", **told)
    told = {"seat": "박도윤", "queue": "배송", "number": "01044445555"}
    talks = talking(pbx_id, people=people, at=at + timedelta(minutes=38), key="4.4", **told)
    phones = telephony_queries.phones_of(pbx_id)
    transfer_id, _key = calls.ask_transfer(
        call_id=talks,
        receiver=Receiver(user_id=house.ids["mina"], seat="김하나", phone="PJSIP/100", extension="100"),
        phone=phones[house.ids["olga"]],
        kind="blind",
        note="배송지를 바꾸고 싶어 하십니다. 본인 확인은 끝났습니다.",
        actor=house.actor("olga"),
        at=at + timedelta(minutes=39),
    )
    calls.note_not_transferred(transfer_id=transfer_id, actor=house.actor("olga"), at=at + timedelta(minutes=39))
    calls.note_consent(call_id=talks, consent="given", actor=house.actor("olga"), at=at + timedelta(minutes=38))
    for who in ("olga", "mina"):
        pause_id, _key = calls.begin_pause(call_id=talks, actor=house.actor("olga"), at=at + timedelta(minutes=39))
        calls.note_pause_done(pause_id=pause_id, actor=house.actor("olga"), at=at + timedelta(minutes=39))
        calls.end_pause(call_id=talks, actor=house.actor(who), at=at + timedelta(minutes=40))
    (seat_id,) = [seat.id for seat in telephony_queries.seats(pbx_id) if seat.name == "박도윤"]
    play_call(pbx_id=pbx_id, seat_id=seat_id, queue="배송", actor=house.actor("olga"), at=clock.now())
    return {"call": call, "ringing": rings, "talking": talks}


def _policy(house: House) -> dict[str, int]:
    """Say what the workspace calls things, and keep what its people keep."""
    mina, ada, at = house.actor("mina"), house.actor("ada"), clock.now() - timedelta(days=2)
    cases.add_status(name="택배사 확인 중", category="waiting", actor=mina, at=at)
    cases.add_case_type(name="불만", actor=mina, at=at)
    cases.publish_reasons(
        branches=[cases.Branch(name="배송", branches=(cases.Branch(name="지연"), cases.Branch(name="파손")))],
        actor=mina,
        at=at,
    )
    for name, members in (("배송팀", ("ada", "cole")), ("결제팀", ())):
        team_id = people.create_team(name=name, actor=mina, at=at)
        for member in members:
            people.add_to_team(team_id=team_id, user_id=house.ids[member], actor=mina, at=at)
    people.make_token(
        name="창고", scopes=[Scope.CASES_READ], expires_at=clock.now() + timedelta(days=30), actor=mina, at=at
    )
    add_host(host="help.north.example", actor=mina, at=at)
    return {
        "view": cases.save_view(
            view_id=None,
            name="배송 지연",
            conditions={"field": "category", "operator": "any_of", "value": ["new", "open", "waiting"]},
            columns=["number", "subject", "requester", "status", "activity"],
            order="-activity_at",
            is_shared=False,
            actor=ada,
            at=at,
        ),
        "reply": conversations.save_reply(
            reply_id=None, name="사과", language="ko", html="<p>죄송합니다.</p>", is_shared=True, actor=mina, at=at
        ),
    }


def _contacts(house: House) -> dict[str, int]:
    """Let customers write, and the people of the workspace do what can be done with a case."""
    ada, grace, cole = (house.actor(name) for name in ("ada", "grace", "cole"))
    at = clock.now() - timedelta(hours=2)
    receive(_with_files(), at=at)
    row = cases_queries.find_cases(text="소포", viewer=HOUSE)[0]
    customer_id = row.requester_id
    sent = reply(case_id=row.id, words=Words(text="알아보겠습니다.", html="<p>알아보겠습니다.</p>"), actor=ada, at=at)
    later = at + timedelta(minutes=5)
    for step in (conversations.release, conversations.begin_sending):
        step(message_id=sent, actor=HOUSE, at=later)
    conversations.move_delivery(message_id=sent, to=DeliveryState.FAILED, detail="550 5.1.1", actor=HOUSE, at=later)
    cases.assign(case_id=row.id, assignee_id=ada.id, team_id=min(ada.team_ids), actor=grace, at=later)
    cases.prioritize(case_id=row.id, priority=3, actor=ada, at=later)
    cases.tag(case_id=row.id, add=["배송", "긴급"], remove=[], actor=ada, at=later)
    cases.set_reason(case_id=row.id, reason_id=cases_queries.reasons()[1].id, actor=ada, at=later)
    note(
        case_id=row.id,
        words=Words(text="@Ada 창고에 물어봐 주세요.", html="<p>창고에 물어봐 주세요.</p>"),
        mentions=[ada.id, cole.id],
        actor=grace,
        at=later,
    )
    forward(case_id=row.id, to="depot@carrier.example", words=Words(text="어디 있나요?", html=""), actor=ada, at=later)
    promise_callback(
        case_id=row.id,
        due_at=later + timedelta(days=1),
        way=Way.CALL,
        note="환불 안내",
        from_at=later + timedelta(minutes=1),
        actor=ada,
        at=later,
    )
    try_callback(case_id=row.id, outcome=NotReached.BUSY, actor=ada, at=later + timedelta(minutes=2))
    upload(name="영수증.txt", declared_type="text/plain", content=b"1", actor=ada, at=later)
    reply(case_id=row.id, words=Words(text="내일 갑니다.", html="<p>내일 갑니다.</p>"), actor=ada, at=clock.now())

    receive(
        written(
            text="谢谢", sender="李明 <liming@partner.example>", subject="发票", message_id="<li@x.example>", at=at
        ),
        at=at,
    )
    spam = cases_queries.find_cases(text="发票", viewer=HOUSE)[0]
    cases.mark_spam(case_id=spam.id, actor=ada, at=later)
    closed = receive_request(
        channel="web_form",
        address=MINSEO,
        name="김민서",
        language="ko",
        subject_line="요금",
        words=Words(text="고맙습니다.", html=""),
        actor=HOUSE,
        at=at,
    )
    cases.close_solved(case_id=closed, actor=HOUSE, at=later)
    portal = receive_request(
        channel="portal",
        address=MINSEO,
        name="김민서",
        language="ko",
        subject_line=LONG,
        words=Words(text=f"{LONG}. {ASKS}", html=""),
        actor=HOUSE,
        at=later,
    )

    organization_id = customers.create_organization(
        name="한빛상사", domains=frozenset({"customer.example"}), actor=ada, at=at
    )
    customers.change_customer(
        customer_id=customer_id,
        name="김민서",
        language="ko",
        time_zone="Asia/Seoul",
        organization_id=organization_id,
        actor=ada,
        at=at,
    )
    customers.link_identity(
        customer_id=customer_id, kind="phone", value="+82 10 1234 5678", confidence=0.9, actor=ada, at=at
    )
    customers.add_note(customer_id=customer_id, text="오후에 전화 주세요.", actor=ada, at=at)
    customers.tag_customer(customer_id=customer_id, add=frozenset({"단골"}), remove=frozenset(), actor=ada, at=at)
    numbers = {
        case_id: cases_queries.case_detail(case_id=case_id, viewer=HOUSE).row.number for case_id in (closed, portal)
    }
    return {
        "number": row.number,
        "closed": numbers[closed],
        "request": numbers[portal],
        "message": sent,
        "stranger": spam.requester_id,
        "organization": organization_id,
    }


def _channels(house: House) -> dict[str, int]:
    """Put mail into quarantine, make a web form, and let a second mailbox fail."""
    mina, at = house.actor("mina"), clock.now() - timedelta(hours=1)
    receive(
        written(
            text="부재중",
            sender="minseo@customer.example",
            subject="자동 응답",
            message_id="<away@customer.example>",
            at=at,
            Auto_Submitted="auto-replied",
        ),
        at=at,
    )
    (box,) = mailboxes()
    failing = channels.add_mailbox(
        settings=channels.MailboxSettings(
            name="결제",
            address="billing@north.example",
            sender_name="결제팀",
            imap_host="imap.example.com",
            imap_user="billing",
            imap_password="x",
            smtp_host="smtp.example.com",
        ),
        actor=mina,
        at=at,
    )
    channels.go_live(mailbox_id=failing, accepts_since=at, actor=mina, at=at)
    channels.note_fetch_failure(mailbox_id=failing, reason="wrong_password", detail="", actor=HOUSE, at=at)
    form = channels.add_web_form(
        key="contact",
        name="문의",
        language="en",
        team_id=None,
        mailbox_id=None,
        allowed_origins=["https://shop.example"],
        actor=mina,
        at=at,
    )
    return {"mailbox": box.id, "failing": failing, "form": form, **_phones(mina, at), **_texts(mina, at)}


def _phones(mina: Actor, at: datetime) -> dict[str, int]:
    """Connect two telephone systems: one that is heard again after a gap, one that nobody can reach."""
    found = {}
    for key, name in (("phone", "서울 교환기"), ("deaf", "부산 교환기")):
        settings = telephony.PbxSettings(
            name=name,
            host=f"{key}.north.example",
            user="careloop",
            secret="x",
            inbound=["from-carrier"],
            offers=["call", "transfer", "recording", "end", "pause"],
            recording_url="https://pbx.north.example/{key}.wav",
            call_context="from-internal",
            queue_numbers={"배송": "600"},
        )
        found[key] = telephony.add_pbx(settings=settings, actor=mina, at=at)
        telephony.go_live(pbx_id=found[key], actor=mina, at=at)
    of_api = telephony.PbxSettings(name="대전 교환기", kind="told")
    found["told"] = telephony.add_pbx(settings=of_api, actor=mina, at=at)
    provider = telephony.ProviderSettings(account="AC123", token="x", queue="배송", numbers=["+82421234567"])
    telephony.connect_provider(pbx_id=found["told"], settings=provider, actor=mina, at=at)
    telephony.note_connected(pbx_id=found["phone"], actor=HOUSE, at=at)
    telephony.note_failure(pbx_id=found["phone"], reason="connection_lost", detail="", actor=HOUSE, at=at)
    telephony.note_connected(pbx_id=found["phone"], actor=HOUSE, at=at + timedelta(minutes=10))
    telephony.note_names(pbx_id=found["phone"], names=["김하나", "박도윤"], actor=HOUSE, at=at)
    telephony.note_pausing(pbx_id=found["phone"], is_refused=True, actor=HOUSE, at=at)
    telephony.note_failure(pbx_id=found["deaf"], reason="cannot_connect", detail="", actor=HOUSE, at=at)
    return found


def _texts(mina: Actor, at: datetime) -> dict[str, int]:
    """Connect two numbers for text messages: one that is live, with a customer's case, one whose provider refuses us."""
    found = {}
    for key, name, number in (("texts", "주문 문자", "+827012345678"), ("mute", "배송 문자", "+827012345679")):
        settings = channels.MessengerSettings(name=name, number=number, account="AC1", token="x")
        found[key] = channels.add_messenger(settings=settings, actor=mina, at=at)
    channels.open_messenger(messenger_id=found["texts"], actor=mina, at=at)
    channels.note_messenger_failure(messenger_id=found["mute"], reason="wrong_token", detail="", actor=HOUSE, at=at)
    for sid, sender, text in (("SM1", TEXTER, "소포가 어디 있나요?"), ("SM2", "이벤트", "당첨되셨습니다")):
        channels.store_hook(
            messenger_id=found["texts"],
            kind=HookKind.MESSAGE,
            provider_id=sid,
            body=urlencode({"MessageSid": sid, "From": sender, "Body": text}).encode(),
            actor=HOUSE,
            at=at,
        )
    play_text(messenger_id=found["texts"], text="시험 문자입니다.", actor=mina, at=at)
    return found


def _texted(house: House) -> int:
    """Answer a text message, and return the number of its case."""
    ada = house.actor("ada")
    (customer_id,) = customers_queries.customers_of_number(TEXTER)
    (case,) = cases_queries.cases_of_customer(customer_id=customer_id, viewer=ada)
    words = Words(text="오늘 도착합니다.", html="<p>오늘 도착합니다.</p>")
    reply(case_id=case.id, words=words, actor=ada, at=clock.now() - timedelta(hours=1))
    return case.number


def _with_files() -> bytes:
    """A mail with HTML, pictures from inside and outside, quoted text, and a file that could run."""
    raw = written(
        text=f"{ASKS}\n\n> 예전 글", sender=f"김민서 <{MINSEO}>", subject="소포가 오지 않았습니다", at=clock.now()
    )
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    mail.add_alternative(f'<p>{ASKS}</p><img src="cid:dot"><img src="https://cdn.example/x.gif">', subtype="html")
    body = mail.get_body(("html",))
    assert isinstance(body, EmailMessage)
    picture = BytesIO()
    Image.new("RGB", (40, 40), "teal").save(picture, "PNG")
    body.add_related(picture.getvalue(), maintype="image", subtype="png", cid="<dot>", filename="사진.png")
    mail.add_attachment(picture.getvalue(), maintype="image", subtype="png", filename="상자.png")
    mail.add_attachment(b"<script>alert(1)</script>", maintype="text", subtype="html", filename="문서.html")
    return mail.as_bytes()
