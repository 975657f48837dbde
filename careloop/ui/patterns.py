"""The pattern page: every component in every state, for people who build pages and for the tests."""

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from careloop.ui.shell import Language, NavItem, PublicShell, StaffShell, ViewLink, WorkspaceChoice

__all__ = ["patterns", "public_patterns"]

STAFF = StaffShell(
    workspaces=(
        WorkspaceChoice(name="한빛텔레콤 고객센터", href="#hanbit", is_current=True),
        WorkspaceChoice(name="Sông Xanh Bank", href="#song-xanh"),
    ),
    navigation=(
        NavItem(label="Inbox", href="#inbox", icon="inbox", count="12", shortcut="g i", is_current=True),
        NavItem(label="Cases", href="#cases", icon="layers", count="1,000+", shortcut="g a"),
        NavItem(label="Customers", href="#customers", icon="users", shortcut="g u"),
        NavItem(label="Knowledge", href="#knowledge", icon="book-open", shortcut="g k"),
        NavItem(label="Quality", href="#quality", icon="clipboard-check", shortcut="g q"),
        NavItem(label="Reports", href="#reports", icon="chart-no-axes-column", shortcut="g r"),
    ),
    views=(
        ViewLink(label="Mine, open", href="#mine", count="12"),
        ViewLink(label="Nobody's yet", href="#unassigned", count="37"),
        ViewLink(label="Due today", href="#due", count="5", tone="due-soon"),
        ViewLink(label="Missed", href="#missed", count="2", tone="missed"),
        ViewLink(label="요금제 변경 문의", href="#plans", count="1,000+"),
    ),
    views_url="#views",
    person_name="김민서",
    person_email="minseo.kim@hanbit.example",
    search_url="#search",
    settings_url="#settings",
    sign_out_url="#sign-out",
    new_url="#new",
    notifications_url="#notices",
    notification_count="3",
)

PUBLIC = PublicShell(
    brand_name="Sông Xanh Bank",
    home_url="#home",
    languages=(
        Language(code="en", name="English"),
        Language(code="ko", name="한국어"),
        Language(code="zh-hans", name="简体中文"),
        Language(code="vi", name="Tiếng Việt"),
    ),
    language_url="#language",
    requests_url="#requests",
    sign_out_url="#sign-out",
    person_name="Nguyễn Thị Mai",
    footer_text="Sông Xanh Bank answers within one working day.",
)

CASES: tuple[dict[str, Any], ...] = (
    {"number": 48213, "subject": "Roaming charge after returning from Da Nang", "person": "이서연", "status": "new",
     "word": "New", "priority": "urgent", "due": "missed", "due_word": "18 min late", "minutes": -42, "unread": True},
    {"number": 48207, "subject": "인터넷 설치 일정을 다음 주로 바꾸고 싶습니다", "person": "박지훈", "status": "open",
     "word": "Open", "priority": "high", "due": "due-soon", "due_word": "25 min left", "minutes": -95, "unread": True},
    {"number": 48199, "subject": "Không nhận được mã OTP khi chuyển khoản", "person": "Trần Minh Đức", "status": "open",
     "word": "With billing", "priority": "normal", "due": "", "due_word": "4 h left", "minutes": -260, "unread": False},
    {"number": 48190, "subject": "信用卡账单地址更改后没有收到确认", "person": "王小明", "status": "waiting",
     "word": "Waiting for customer", "priority": "normal", "due": "", "due_word": "Paused", "minutes": -1500,
     "unread": False},
    {"number": 48102, "subject": "Second SIM does not register on the network", "person": "Grace Hopper",
     "status": "solved", "word": "Solved", "priority": "low", "due": "", "due_word": "", "minutes": -4300,
     "unread": False},
    {"number": 47988, "subject": "Please delete my old account", "person": "Ada Lovelace", "status": "closed",
     "word": "Closed", "priority": "low", "due": "", "due_word": "", "minutes": -30000, "unread": False},
)  # fmt: skip

CHART = {
    "width": "container",
    "height": 120,
    "data": {"values": [{"day": "2 March", "value": 80}, {"day": "3 March", "value": 84}]},
    "mark": {"type": "line", "style": "line"},
    "encoding": {"x": {"field": "day", "type": "ordinal"}, "y": {"field": "value", "type": "quantitative"}},
}

TONES = ("neutral", "accent", "new", "open", "waiting", "due-soon", "missed", "solved", "closed", "machine", "internal")
PLANS = (("basic", "Basic 20"), ("family", "Family 45"), ("roam", "Roam 60"), ("senior", "시니어 요금제"))


class SampleForm(forms.Form):
    """A Django form, whose fields the kit prints whatever their widgets."""

    address = forms.EmailField(label="Mail", help_text="Where the answer goes.")
    channel = forms.ChoiceField(
        label="Channel", choices=[("mail", "Mail"), ("phone", "Phone")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="The customer agrees", help_text="Ask before you write to another address.")

    def clean(self) -> dict[str, Any]:
        """Refuse, so that the page shows what a refusal looks like."""
        raise forms.ValidationError("Another case already has this address. Open that one, or choose another address.")


def patterns(request: HttpRequest) -> HttpResponse:
    """Show every staff component in every state.

    request: `?theme=light|dark` and `?density=expert|everyday` choose the look.
    """
    now = timezone.now()
    context = {
        "shell": STAFF,
        "cases": [case | {"at": now + timedelta(minutes=case["minutes"])} for case in CASES],
        "tones": TONES,
        "plans": PLANS,
        "channels": (("mail", "Mail", "Answers go by mail."), ("phone", "Phone", "We call back."), ("chat", "Chat")),
        "form": SampleForm({"address": "seoyeon@", "channel": "mail"}),
        "now": now,
        "hour_ago": now - timedelta(minutes=64),
        "yesterday": now - timedelta(hours=27),
        "last_week": now - timedelta(days=9),
        "in_an_hour": now + timedelta(minutes=61),
        "in_ten_minutes": now + timedelta(minutes=10),
        "sparkline": ["0,20 20,16 40,18 60,9 80,11 100,5"],
        "sparkline_end": ("100", "5"),
        "chart": json.dumps(CHART),
    }
    return render(request, "ui/patterns.html", context | _look(request))


def public_patterns(request: HttpRequest) -> HttpResponse:
    """Show the customers' shell with a form, a list of requests and a conversation.

    request: as for `patterns`.
    """
    now = timezone.now()
    context = {"shell": PUBLIC, "plans": PLANS, "now": now, "yesterday": now - timedelta(hours=27)}
    return render(request, "ui/patterns_public.html", context | _look(request))


def _look(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("theme", "density") if name in request.GET}
