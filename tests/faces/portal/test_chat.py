"""The widget's door: its own sites only, each browser its own chat, and a visitor is only who the site has signed."""

import json
from datetime import time, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from careloop.domains.calendars.services import create_calendar
from careloop.domains.calendars.types import CalendarSettings
from careloop.domains.cases.models import Case
from careloop.domains.chats.events import ChatNoticeAgreed
from careloop.domains.chats.models import Chat
from careloop.domains.chats.queries import chat_row, widget_in_use, widget_secret
from careloop.domains.chats.states import Invited
from careloop.domains.chats.types import InvitationRule
from careloop.domains.files.services import draw_preview
from careloop.domains.people.attendance import note_here
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.hours import Span
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting.identity import signed_identity
from tests.cast import NOW, House
from tests.chatting import OMAR, SHOP, mark, put_on_site
from tests.routing import Floor

pytestmark = pytest.mark.database

CHAT = "/help/north/chat/shop/"
SECRET = "a" * 64
THIEF = "https://thief.example"


@pytest.fixture(autouse=True)
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is nine o'clock on a Monday, in UTC."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def on_site(house: House) -> House:
    """A widget on the shop's site, and another one in the south under the same address."""
    for workspace_id in (house.south, house.north):
        with workspace_scope(workspace_id):
            put_on_site()
    return house


def ask(path: str, said: dict[str, Any] | None = None, *, secret: str = SECRET, origin: str = SHOP, **more: Any) -> Any:
    """Ask as the widget does. said: what is posted; nothing asks for a page."""
    headers = {**({"Origin": origin} if origin else {}), **({"Authorization": f"Bearer {secret}"} if secret else {})}
    browser = Client(enforce_csrf_checks=True)
    if said is None:
        return browser.get(path, headers=headers, **more)
    return browser.post(path, json.dumps(said), content_type="application/json", headers=headers, **more)


def begin(text: str = "Where is my parcel?", *, base: str = CHAT, secret: str = SECRET, **more: Any) -> Any:
    said = {"mark": mark(), "address": OMAR, "name": "Omar", "page": f"{SHOP}/parcels", "text": text, **more}
    return ask(f"{base}beginnings", said, secret=secret)


def chats_of(workspace_id: int) -> list[int]:
    with workspace_scope(workspace_id):
        return list(Chat.objects.values_list("pk", flat=True))


def token(house: House, *, seconds: float = 600, secret: str = "") -> str:
    with workspace_scope(house.north):
        widget_id = widget_in_use("shop").id
        secret = secret or widget_secret(widget_id=widget_id, viewer=HOUSE)
    return signed_identity(address=OMAR, name="Omar", secret=secret, until=NOW + timedelta(seconds=seconds))


class TestItsSites:
    def test_are_answered_without_cookies(self, on_site: House) -> None:
        shown, begun = ask(f"{CHAT}config", secret=""), begin()

        assert (shown.status_code, begun.status_code) == (200, 201)
        for answer in (shown, begun):
            assert answer["Access-Control-Allow-Origin"] == SHOP
            assert "Access-Control-Allow-Credentials" not in answer
            assert "Origin" in answer["Vary"]
            assert answer["Cache-Control"] == "no-store"
            assert answer.cookies == {}

    @pytest.mark.parametrize("origin", [THIEF, "http://www.shop.example", f"{SHOP}.thief.example", "null"])
    def test_are_the_only_ones(self, on_site: House, origin: str) -> None:
        said = {"mark": mark(), "address": OMAR, "name": "Omar", "text": "Hello"}

        answers = [
            ask(f"{CHAT}config", origin=origin),
            ask(f"{CHAT}beginnings", said, origin=origin),
            ask(f"{CHAT}requests", said, origin=origin),
        ]

        assert [answer.status_code for answer in answers] == [403] * 3
        assert "may not show the chat" in answers[0].json()["error"]["message"]
        assert not any("Access-Control-Allow-Origin" in answer for answer in answers)
        assert chats_of(on_site.north) == []
        with workspace_scope(on_site.north):
            assert not Case.objects.exists()

    @pytest.mark.parametrize(("origin", "allowed"), [(SHOP, SHOP), (THIEF, None)])
    def test_are_told_beforehand_whether_they_may_ask(self, on_site: House, origin: str, allowed: str | None) -> None:
        answer = Client().options(f"{CHAT}messages", headers={"Origin": origin})

        assert answer.status_code == 204
        assert answer.get("Access-Control-Allow-Origin") == allowed

    def test_are_those_of_the_widgets_own_workspace(self, on_site: House) -> None:
        assert ask("/help/nowhere/chat/shop/config").status_code == 404
        assert ask("/help/north/chat/other/config").status_code == 404


class TestAChat:
    def test_is_its_browsers_alone(self, on_site: House) -> None:
        begin()
        word = {"mark": mark(), "text": "Me too"}

        strangers = [
            ask(f"{CHAT}messages", word, secret=""),
            ask(f"{CHAT}messages", word, secret="b" * 64),
            ask("/help/south/chat/shop/messages", word),
        ]
        own = ask(f"{CHAT}messages", word)

        assert [answer.status_code for answer in strangers] == [404] * 3
        assert len({answer.content for answer in strangers}) == 1
        assert own.status_code == 201
        assert chats_of(on_site.south) == []

    def test_of_one_widget_is_not_there_for_another(self, on_site: House) -> None:
        with workspace_scope(on_site.north):
            put_on_site("bazaar")
        begin()

        answer = ask("/help/north/chat/bazaar/ending", {})

        assert answer.status_code == 404
        with workspace_scope(on_site.north):
            assert Chat.objects.get().ended_at is None

    def test_gives_its_files_to_its_browser_alone_and_never_to_be_run(self, on_site: House) -> None:
        begin()
        begin(secret="b" * 64, address="ina@customer.example")
        upload = SimpleUploadedFile("page.html", b"<script>alert(1)</script>", content_type="text/html")
        headers = {"Origin": SHOP, "Authorization": f"Bearer {SECRET}"}
        kept = Client(enforce_csrf_checks=True).post(f"{CHAT}files", {"file": upload}, headers=headers)
        file_id = kept.json()["id"]
        stolen = ask(f"{CHAT}messages", {"mark": mark(), "text": "Mine", "files": [file_id]}, secret="b" * 64)
        ask(f"{CHAT}messages", {"mark": mark(), "text": "See", "files": [file_id]})

        own, others = (ask(f"{CHAT}files/{file_id}", secret=secret) for secret in (SECRET, "b" * 64))

        assert (kept.status_code, own.status_code) == (201, 200)
        assert (stolen.status_code, others.status_code) == (404, 404)
        assert own["Content-Disposition"].startswith("attachment")
        assert own["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert own["X-Content-Type-Options"] == "nosniff"

    def test_shows_a_small_picture_to_its_browser_alone_once_it_is_drawn(self, on_site: House) -> None:
        begin()
        begin(secret="b" * 64, address="ina@customer.example")
        content = BytesIO()
        Image.new("RGB", (40, 30), "red").save(content, "PNG")
        upload = SimpleUploadedFile("parcel.png", content.getvalue(), content_type="image/png")
        headers = {"Origin": SHOP, "Authorization": f"Bearer {SECRET}"}
        kept = Client(enforce_csrf_checks=True).post(f"{CHAT}files", {"file": upload}, headers=headers).json()
        ask(f"{CHAT}messages", {"mark": mark(), "text": "See", "files": [kept["id"]]})
        address = f"{CHAT}files/{kept['id']}/preview"

        early = ask(address)
        with workspace_scope(on_site.north):
            draw_preview(file_id=kept["id"])
        own, others = (ask(address, secret=secret) for secret in (SECRET, "b" * 64))

        assert kept["is_picture"] is True
        assert (early.status_code, own.status_code, others.status_code) == (404, 200, 404)
        assert (own["Content-Type"], own["Content-Security-Policy"]) == ("image/webp", "default-src 'none'; sandbox")

    @pytest.mark.parametrize(
        "wrong", [{"mark": ""}, {"mark": "x"}, {"address": "nobody"}, {"text": " "}, {"text": ["no text"]}]
    )
    def test_that_cannot_begin_says_why_and_leaves_nothing(self, on_site: House, wrong: dict[str, Any]) -> None:
        answer = begin(**wrong)

        assert 400 <= answer.status_code < 500
        assert answer.json()["error"]["message"]
        assert chats_of(on_site.north) == []


class TestAnIdentity:
    def test_that_the_site_has_signed_needs_no_name(self, on_site: House) -> None:
        answer = begin(identity=token(on_site), address="", name="")

        assert answer.status_code == 201
        with workspace_scope(on_site.north):
            row = chat_row(Chat.objects.get().pk)
        assert (row.is_proved, row.customer) == (True, "Omar")

    @pytest.mark.parametrize(
        ("seconds", "secret", "sentence"),
        [
            (600, "another secret", "could not check who you are"),
            (-1, "", "too old for the chat"),
            (2 * 86_400, "", "too old for the chat"),
        ],
    )
    def test_that_is_forged_or_over_is_refused(
        self, on_site: House, seconds: float, secret: str, sentence: str
    ) -> None:
        said = {"identity": token(on_site, seconds=seconds, secret=secret)}

        answers = [begin(**said), ask(f"{CHAT}resumption", said), ask(f"{CHAT}requests", {**said, "mark": mark()})]

        assert [answer.status_code for answer in answers] == [403] * 3
        assert sentence in answers[0].json()["error"]["message"]
        assert chats_of(on_site.north) == []

    def test_cannot_be_passed_on_with_another_body_or_method(self, on_site: House) -> None:
        head, body, seal = token(on_site).split(".")
        other = signed_identity(address="ina@customer.example", name="", secret="x", until=NOW + timedelta(hours=1))
        unsigned = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}

        for forged in (
            f"{head}.{other.split('.')[1]}.{seal}",
            f"{unsigned}.{body}.",
            f"{unsigned}.{body}.{seal}",
            "x.y",
        ):
            assert begin(identity=forged).status_code == 403
        assert chats_of(on_site.north) == []

    def test_finds_the_open_chat_on_another_device(self, on_site: House) -> None:
        begin(identity=token(on_site))
        other = "c" * 64

        found = ask(f"{CHAT}resumption", {"identity": token(on_site)}, secret=other)
        unproved = ask(f"{CHAT}resumption", {}, secret="d" * 64)

        assert (found.status_code, unproved.status_code) == (200, 404)
        assert ask(f"{CHAT}messages", {"mark": mark(), "text": "From my phone"}, secret=other).status_code == 201


class TestManyAtOnce:
    def test_wait_and_are_told_how_long(self, on_site: House) -> None:
        answers = [ask(f"{CHAT}resumption", {}) for _ in range(21)]

        assert [answer.status_code for answer in answers] == [404] * 20 + [429]
        problem = answers[-1].json()["error"]
        assert "Please wait 60 minutes, then try again." in problem["message"]
        assert answers[-1]["Retry-After"] == "3600"


class TestWhatIsShown:
    @pytest.mark.parametrize(
        ("opens", "is_ada_here", "state"), [(8, True, "open"), (8, False, "away"), (10, True, "outside")]
    )
    def test_follows_the_hours_and_who_is_here(self, house: House, opens: int, is_ada_here: bool, state: str) -> None:
        with workspace_scope(house.north):
            week = ((Span(opens=time(opens), closes=time(18)),),) * 5 + ((), ())
            calendar_id = create_calendar(
                settings=CalendarSettings(name="Office", zone="UTC", weekly=week), actor=house.actor("mina"), at=NOW
            )
            put_on_site(calendar_id=calendar_id, invitations=(InvitationRule(texts={"en": "May we help?"}),))
            if is_ada_here:
                note_here(user_id=house.ids["ada"], at=NOW)

        shown = ask(f"{CHAT}config", secret="").json()

        assert shown["state"] == state
        assert shown["opens_at"] == ((NOW + timedelta(hours=1)).isoformat() if state == "outside" else None)
        assert [rule["text"] for rule in shown["invitations"]] == (["May we help?"] if state == "open" else [])

    def test_invites_only_while_somebody_is_free_for_its_queue(self, house: House) -> None:
        floor = Floor(house)
        queue = floor.queue(is_by_language=False)
        with workspace_scope(house.north):
            put_on_site(
                queue_id=queue, invitations=(InvitationRule(texts={"en": "May we help?"}, to=Invited.RETURNING),)
            )
            note_here(user_id=house.ids["ada"], at=NOW)

        shown, nobody = ask(f"{CHAT}config", secret="").json(), ask(f"{CHAT}invitation", secret="").json()
        floor.works("ada")
        somebody = ask(f"{CHAT}invitation", secret="").json()

        assert (shown["invitations"][0]["to"], nobody, somebody) == ("returning", {"may": False}, {"may": True})

    def test_is_in_the_language_of_the_page(self, house: House) -> None:
        with workspace_scope(house.north):
            rules = (
                InvitationRule(texts={"ko": "요금제를 고르고 계신가요?"}, path="/plans", languages=("ko",), pause_h=48),
                InvitationRule(texts={"en": "May we help?", "vi": "Quý khách cần giúp?"}),
            )
            put_on_site(greetings={"en": "Ask us.", "ko": "물어보세요."}, invitations=rules)
            note_here(user_id=house.ids["ada"], at=NOW)

        found = {}
        for language in ("en", "ko", "vi", "zh-CN"):
            shown = ask(f"{CHAT}config?language={language}", secret="").json()
            found[language] = (shown["greeting"], [rule["text"] for rule in shown["invitations"]])
        korean = ask(f"{CHAT}config?language=ko", secret="").json()["invitations"]

        assert found == {
            "en": ("Ask us.", ["May we help?"]),
            "ko": ("물어보세요.", ["요금제를 고르고 계신가요?", "May we help?"]),
            "vi": ("", ["Quý khách cần giúp?"]),
            "zh-CN": ("", ["May we help?"]),
        }
        assert (korean[0]["path"], korean[0]["pause"]) == ("/plans", 48)
        assert len({rule["mark"] for rule in korean}) == 2

    def test_follows_the_hours_of_its_queue(self, house: House) -> None:
        with workspace_scope(house.north):
            week = ((Span(opens=time(10), closes=time(18)),),) * 5 + ((), ())
            calendar_id = create_calendar(
                settings=CalendarSettings(name="Office", zone="UTC", weekly=week), actor=house.actor("mina"), at=NOW
            )
        queue = Floor(house).queue(calendar_id=calendar_id)
        with workspace_scope(house.north):
            put_on_site(queue_id=queue)
            note_here(user_id=house.ids["ada"], at=NOW)

        shown = ask(f"{CHAT}config", secret="").json()

        assert (shown["state"], shown["opens_at"]) == ("outside", (NOW + timedelta(hours=1)).isoformat())
        assert begin().status_code == 409

    def test_is_a_message_once_the_service_has_closed_and_never_a_wait(self, house: House) -> None:
        with workspace_scope(house.north):
            week = ((Span(opens=time(10), closes=time(18)),),) * 5 + ((), ())
            calendar_id = create_calendar(
                settings=CalendarSettings(name="Office", zone="UTC", weekly=week), actor=house.actor("mina"), at=NOW
            )
            put_on_site(calendar_id=calendar_id)

        late = begin()

        assert late.status_code == 409
        assert "Leave us a message" in late.json()["error"]["message"]
        assert chats_of(house.north) == []

    def test_is_a_message_while_as_many_wait_as_may_and_a_wait_again_afterwards(self, house: House) -> None:
        with workspace_scope(house.north):
            put_on_site(most_waiting=1)
            note_here(user_id=house.ids["ada"], at=NOW)

        answers = [begin(), begin(), begin(secret="b" * 64)]
        shown = ask(f"{CHAT}config", secret="").json()["state"]
        ask(f"{CHAT}ending", {"transcript": False})
        later = begin(secret="b" * 64)

        assert [answer.status_code for answer in answers] == [201, 201, 409]
        assert "Too many people wait" in answers[2].json()["error"]["message"]
        assert (shown, later.status_code) == ("full", 201)

    @pytest.mark.parametrize(
        ("language", "word"), [("ko-KR", "보내기"), ("zh-CN", "发送"), ("vi", "Gửi"), ("fr", "Send"), ("", "Send")]
    )
    def test_speaks_the_visitors_language(self, on_site: House, language: str, word: str) -> None:
        assert ask(f"{CHAT}config?language={language}").json()["words"]["send"] == word


class TestAMessageWhileNobodyIsHere:
    def test_becomes_one_case_however_often_it_is_sent(self, on_site: House) -> None:
        said = {"mark": mark(), "address": OMAR, "name": "Omar", "text": "Is it red?"}

        answers = [ask(f"{CHAT}requests", said, secret="") for _ in range(2)]

        assert [(answer.status_code, answer.json()) for answer in answers] == [
            (201, {"number": 1, "callback": None})
        ] * 2
        assert chats_of(on_site.north) == []


class TestTheNotice:
    def test_is_agreed_to_before_anything_is_taken_in_and_it_stays_on_record(self, house: House) -> None:
        words, page = "We keep what you write for a year.", "https://www.shop.example/privacy"
        with workspace_scope(house.north):
            widget = put_on_site(notice=words, notice_url=page)
        left = {"mark": mark(), "address": OMAR, "name": "Omar", "text": "Is it red?"}

        refused = [begin(), ask(f"{CHAT}requests", left, secret="")]
        taken = [begin(agreed=True), ask(f"{CHAT}requests", {**left, "agreed": True}, secret="")]

        assert ask(f"{CHAT}config", secret="").json()["notice"] == {"text": words, "url": page}
        assert [list(answer.json()["error"]["fields"]) for answer in refused] == [["agreed"]] * 2
        assert [answer.status_code for answer in taken] == [201, 201]
        with workspace_scope(house.north):
            told = history([subject("chat_widget", widget.id)], limit=10)
        agreed = [one.event for one in told if isinstance(one.event, ChatNoticeAgreed)]
        assert sorted((one.case_number, one.notice) for one in agreed) == [(n, f"{words} {page}") for n in (1, 2)]


class TestLeaving:
    def test_ends_the_chat_and_nothing_more_is_taken(self, on_site: House) -> None:
        begin()

        left = [ask(f"{CHAT}ending", {"transcript": False}) for _ in range(2)]
        late = ask(f"{CHAT}messages", {"mark": mark(), "text": "One more thing"})

        assert [answer.status_code for answer in left] == [204, 204]
        assert late.status_code == 409
        assert "Begin a new one" in late.json()["error"]["message"]

    def test_the_wait_to_be_answered_by_mail(self, on_site: House) -> None:
        begin()

        asked = [ask(f"{CHAT}ending", {"by_mail": True}) for _ in range(2)]

        assert [answer.status_code for answer in asked] == [204, 204]
        (chat_id,) = chats_of(on_site.north)
        with workspace_scope(on_site.north):
            assert chat_row(chat_id).ended_by == "visitor"
