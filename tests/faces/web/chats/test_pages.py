"""Who may open the pages of chats and widgets, who may act there, and who must not learn that they exist."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.cases.queries import notes_of, reasons, statuses
from careloop.domains.chats.models import Widget
from careloop.domains.chats.queries import chat_row, widget_in_use, widget_secret
from careloop.domains.chats.states import State
from careloop.domains.chats.types import ChatRow, WidgetRow
from careloop.domains.conversations.queries import replies_known_to
from careloop.domains.conversations.services import save_reply
from careloop.domains.notifications.queries import unread_count
from careloop.domains.workforce.states import State as Doing
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import pick, words_of
from careloop.processes.working import follow_log
from tests.cast import House
from tests.chatting import answer, begin, mark, put_on_site, say
from tests.faces.portal.conftest import customer_browser
from tests.flooring import put_into

__all__ = ["customer_browser"]

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]
CHATS = "/w/north/chats/"
WIDGETS = "/w/north/admin/widgets/"
ACTS = ("taking", "words", "typing", "reading", "whispers", "helpers", "handover", "ending")
SETTINGS = {
    "name": "Shop chat",
    "language": "en",
    "allowed_origins": "https://www.shop.example",
    "visitor_silence_s": "600",
    "agent_silence_s": "300",
    "mail_after_s": "120",
    "most_wait_s": "900",
    "most_waiting": "0",
    "greeting_ko": "무엇을 도와드릴까요?",
    "is_active": "on",
}


@pytest.fixture
def widget(house: House) -> WidgetRow:
    with workspace_scope(house.north):
        return put_on_site()


@pytest.fixture
def waiting(house: House, widget: WidgetRow) -> ChatRow:
    with workspace_scope(house.north):
        return begin(widget, at=clock.now())


@pytest.fixture
def talking(house: House, waiting: ChatRow) -> ChatRow:
    with workspace_scope(house.north):
        pick(chat_id=waiting.id, actor=house.actor("ada"), at=clock.now())
    return now(house, waiting)


def now(house: House, chat: ChatRow) -> ChatRow:
    with workspace_scope(house.north):
        return chat_row(chat.id)


class TestReading:
    @pytest.mark.parametrize("who", ["olga", "mina", "grace", "ada", "anh"])
    def test_is_for_those_who_answer_and_analysts(
        self, house: House, waiting: ChatRow, signed_in: SignedIn, who: str
    ) -> None:
        browser = signed_in(who)

        pages = [browser.get(f"{CHATS}{path}") for path in ("", "rows", waiting.id, f"{waiting.id}/side")]

        assert [page.status_code for page in pages] == [200] * 4
        assert "Where is my parcel?" in pages[2].content.decode()
        assert ("Take this chat" in pages[2].content.decode()) == (who != "anh")

    @pytest.mark.parametrize("who", ["cole", "vera"])
    def test_is_not_for_others(self, house: House, waiting: ChatRow, signed_in: SignedIn, who: str) -> None:
        browser = signed_in(who)

        assert [browser.get(f"{CHATS}{path}").status_code for path in ("", "rows")] == [403, 403]
        assert [browser.get(f"{CHATS}{path}").status_code for path in (waiting.id, f"{waiting.id}/side")] == [404, 404]

    def test_is_not_for_another_house(self, house: House, waiting: ChatRow, signed_in: SignedIn) -> None:
        ines = signed_in("ines")

        assert [ines.get(f"{CHATS}{path}").status_code for path in ("", waiting.id)] == [404, 404]
        assert ines.get(f"/w/south/chats/{waiting.id}").status_code == 404
        assert ines.post(f"/w/south/chats/{waiting.id}/taking").status_code == 404
        assert now(house, waiting).state == State.WAITING

    def test_is_not_for_customers_nor_strangers(
        self, house: House, waiting: ChatRow, client: Client, customer_browser: Callable[[str], Client]
    ) -> None:
        for browser in (client, customer_browser("omar@customer.example")):
            for path in (CHATS, f"{CHATS}{waiting.id}", WIDGETS):
                answer = browser.get(path)
                assert answer.status_code == 302
                assert "/account/sign-in" in answer["Location"]

    def test_shows_nothing_new_in_the_chat_that_is_open(
        self, house: House, talking: ChatRow, signed_in: SignedIn
    ) -> None:
        ada = signed_in("ada")

        shown = [ada.get(f"{CHATS}{path}").content.decode() for path in ("", talking.id, f"rows?chat={talking.id}")]

        assert ["1 new" in text for text in shown] == [True, False, False]
        assert [f'chats/{talking.id}" aria-current="page"' in text for text in shown] == [False, True, True]


class TestActing:
    @pytest.mark.parametrize("who", ["anh", "cole", "vera"])
    def test_is_for_those_who_answer(self, house: House, waiting: ChatRow, signed_in: SignedIn, who: str) -> None:
        browser = signed_in(who)
        with workspace_scope(house.north):
            status, reason = statuses()[0].id, [one.id for one in reasons()][:1]
        said = {
            "text": "Hello",
            "mark": mark(),
            "read": "1",
            "to": "team:",
            "about": "Parcel",
            "user_id": house.ids["grace"],
            "status_id": status,
            "reason_id": reason,
        }

        # An analyst reads along, and may say so among colleagues as in any case.
        answers = {
            act: browser.post(f"{CHATS}{waiting.id}/{act}", said) for act in ACTS if (who, act) != ("anh", "whispers")
        }

        left = {act for act, answer in answers.items() if answer.status_code not in {403, 404}}
        assert left == ({"typing", "reading"} if who == "anh" else set())
        with workspace_scope(house.north):
            assert chat_row(waiting.id) == waiting
            assert len(words_of(waiting.id)) == 1
            assert notes_of(case_id=waiting.case_id, viewer=HOUSE, limit=5) == []

    def test_is_in_the_list_with_whose_turn_it_is_and_beside_it_what_else_the_customer_has(
        self, house: House, widget: WidgetRow, talking: ChatRow, signed_in: SignedIn
    ) -> None:
        with workspace_scope(house.north):
            other = begin(widget, "Another parcel", at=clock.now())
            say(talking, "Are you there?", at=clock.now())
        ada = signed_in("ada")

        asked = ada.get(f"{CHATS}rows").content.decode()
        beside = ada.get(f"{CHATS}{talking.id}/side").content.decode()
        with workspace_scope(house.north):
            answer(house, talking, "Here I am.", at=clock.now())
        answered = ada.get(f"{CHATS}rows").content.decode()

        assert ("Your turn" in asked, "Are you there?" in asked) == (True, True)
        assert ("Your turn" in answered, "Here I am." in answered) == (False, True)
        assert f'/w/north/cases/{other.case_number}"' in beside

    def test_is_where_the_bell_leads_and_reading_it_reads_the_notice(
        self, house: House, talking: ChatRow, signed_in: SignedIn
    ) -> None:
        with workspace_scope(house.north):
            word = say(talking, "Are you there?", at=clock.now())
        while follow_log():
            pass
        ada = signed_in("ada")

        notices = ada.get("/w/north/notices/").content.decode()
        ada.post(f"{CHATS}{talking.id}/reading", {"read": str(word)})

        assert f'href="{CHATS}{talking.id}"' in notices
        with workspace_scope(house.north):
            assert unread_count(viewer=house.actor("ada")) == 0

    def test_finds_saved_replies_and_counts_their_use(
        self, house: House, talking: ChatRow, signed_in: SignedIn
    ) -> None:
        with workspace_scope(house.north):
            ada = house.actor("ada")
            kept = [
                save_reply(
                    reply_id=None,
                    name=name,
                    language="en",
                    html=f"<p>{name}.</p>",
                    is_shared=False,
                    actor=ada,
                    at=clock.now(),
                )
                for name in ("Apology", "Thanks")
            ]
        browser = signed_in("ada")

        page = browser.get(f"{CHATS}{talking.id}").content.decode()
        browser.post(f"{CHATS}{talking.id}/words", {"mark": mark(), "text": "Thanks.", "reply_ids": [str(kept[1])]})

        assert f'<option value="Apology" data-id="{kept[0]}" data-text="Apology.' in page
        with workspace_scope(house.north):
            assert [row.name for row in replies_known_to(viewer=ada, limit=1)] == ["Thanks"]

    def test_names_colleagues_with_what_they_do(self, house: House, talking: ChatRow, signed_in: SignedIn) -> None:
        put_into(house, "grace", Doing.AVAILABLE, at=clock.now())

        beside = signed_in("ada").get(f"{CHATS}{talking.id}/side").content.decode()

        assert beside.index("Grace (Available)") < beside.index("Olga")

    def test_links_the_addresses_in_words_and_nothing_else(
        self, house: House, talking: ChatRow, signed_in: SignedIn
    ) -> None:
        with workspace_scope(house.north):
            say(talking, "<b>https://shop.example/a</b>", at=clock.now())

        page = signed_in("ada").get(f"{CHATS}{talking.id}").content.decode()

        assert (
            '<p>&lt;b&gt;<a href="https://shop.example/a" rel="nofollow">https://shop.example/a</a>&lt;/b&gt;</p>'
            in page
        )

    def test_takes_answers_whispers_and_wraps_up(self, house: House, waiting: ChatRow, signed_in: SignedIn) -> None:
        ada, base = signed_in("ada"), f"{CHATS}{waiting.id}"
        word = {"text": "It comes tomorrow.", "mark": mark()}

        taken = ada.post(f"{base}/taking")
        said = [ada.post(f"{base}/words", word, headers={"Accept": "application/json"}) for _ in range(2)]
        whispered = ada.post(f"{base}/whispers", {"text": "She is kind."})
        with workspace_scope(house.north):
            solved = next(status.id for status in statuses() if status.category == "solved")
            reason = [one.id for one in reasons()][:1]
        ended = ada.post(f"{base}/ending", {"status_id": solved, **({"reason_id": reason[0]} if reason else {})})

        assert [answer.status_code for answer in (taken, *said, whispered, ended)] == [302, 200, 200, 302, 302]
        assert said[0].json() == said[1].json()
        with workspace_scope(house.north):
            assert [line.text for line in words_of(waiting.id)] == ["Where is my parcel?", "It comes tomorrow."]
        assert now(house, waiting).state == State.ENDED

    def test_of_somebody_who_has_not_the_chat_is_refused_in_words(
        self, house: House, talking: ChatRow, signed_in: SignedIn
    ) -> None:
        grace, base = signed_in("grace"), f"{CHATS}{talking.id}"

        refused = grace.post(f"{base}/words", {"text": "Me!", "mark": mark()}, headers={"Accept": "application/json"})
        handed = grace.post(f"{base}/handover", {"to": f"user:{house.ids['grace']}", "about": "Parcel"})

        assert (refused.status_code, handed.status_code) == (403, 403)
        assert "A colleague has this chat" in refused.json()["message"]
        assert "A colleague has this chat" in handed.content.decode()
        assert now(house, talking) == talking


class TestWidgets:
    def test_are_made_shown_and_changed_by_managers(self, house: House, signed_in: SignedIn) -> None:
        mina = signed_in("mina")

        made = mina.post(WIDGETS, {**SETTINGS, "key": "shop"})
        page = mina.get(made["Location"]).content.decode()
        changed = mina.post(made["Location"], {**SETTINGS, "name": "Bazaar chat"})
        wrong = mina.post(made["Location"], {**SETTINGS, "allowed_origins": "https://shop.example/path"})
        hasty = mina.post(made["Location"], {**SETTINGS, "most_wait_s": "5"})

        assert (made.status_code, changed.status_code, wrong.status_code) == (302, 302, 422)
        assert "/help/north/chat/shop/widget.js" in page
        assert "without anything behind it" in wrong.content.decode()
        assert "or 0 for no end" in hasty.content.decode()
        with workspace_scope(house.north):
            assert Widget.objects.get().name == "Bazaar chat"

    def test_invite_by_rules_in_their_order(self, house: House, widget: WidgetRow, signed_in: SignedIn) -> None:
        mina, page = signed_in("mina"), f"{WIDGETS}{widget.id}/invitations"
        rule = {"to": "everybody", "after_s": "30", "pause_h": "24"}

        def posted(*rules: dict[str, str]) -> dict[str, str]:
            places = [{**rule, "place": str(number), **said} for number, said in enumerate(rules, start=1)]
            numbered = enumerate(places, start=1)
            return {f"rule-{number}-{name}": value for number, said in numbered for name, value in said.items()}

        wrong = mina.post(page, posted({"text_en": "Help?", "path": "pricing"}))
        korean = {"text_ko": "도와드릴까요?", "languages": "ko", "place": "2"}
        saved = mina.post(page, posted(korean, {"text_en": "Choosing?", "path": "/plans", "place": "1"}, {}))
        named = mina.post(f"{WIDGETS}{widget.id}", {**SETTINGS, "name": "Bazaar chat"})
        shown = mina.get(page).content.decode()
        with workspace_scope(house.north):
            kept = widget_in_use("shop").settings
        emptied = mina.post(page, posted({}, {"text_en": "Choosing?"}))

        assert (wrong.status_code, saved.status_code, named.status_code, emptied.status_code) == (422, 302, 302, 302)
        assert "such as /pricing" in wrong.content.decode()
        assert [(dict(one.texts), one.path, one.languages) for one in kept.invitations] == [
            ({"en": "Choosing?"}, "/plans", ()),
            ({"ko": "도와드릴까요?"}, "", ("ko",)),
        ]
        assert (kept.name, kept.greetings) == ("Bazaar chat", {"ko": "무엇을 도와드릴까요?"})
        assert shown.index("Choosing?") < shown.index("도와드릴까요?")
        with workspace_scope(house.north):
            assert [dict(one.texts) for one in widget_in_use("shop").settings.invitations] == [{"en": "Choosing?"}]

    def test_get_another_secret(self, house: House, widget: WidgetRow, signed_in: SignedIn) -> None:
        def secret() -> str:
            with workspace_scope(house.north):
                return widget_secret(widget_id=widget.id, viewer=HOUSE)

        before = secret()

        answer = signed_in("mina").post(f"{WIDGETS}{widget.id}/secret")

        assert answer.status_code == 302
        assert secret() != before

    @pytest.mark.parametrize("who", ["anh", "grace", "ada", "cole", "vera"])
    def test_are_nobody_elses(self, house: House, widget: WidgetRow, signed_in: SignedIn, who: str) -> None:
        browser, page = signed_in(who), f"{WIDGETS}{widget.id}"

        answers = [
            browser.get(WIDGETS),
            browser.get(page),
            browser.post(WIDGETS, {**SETTINGS, "key": "mine"}),
            browser.post(page, {**SETTINGS, "name": "Mine"}),
            browser.post(f"{page}/secret"),
            browser.get(f"{page}/invitations"),
            browser.post(f"{page}/invitations", {"rule-1-text_en": "Mine"}),
        ]

        assert [answer.status_code for answer in answers] == [403] * 7
        with workspace_scope(house.north):
            assert [row.name for row in Widget.objects.all()] == ["Shop chat"]

    def test_of_another_house_are_not_there(self, house: House, widget: WidgetRow, signed_in: SignedIn) -> None:
        ines = signed_in("ines")

        answers = [
            ines.get(f"/w/south/admin/widgets/{widget.id}"),
            ines.post(f"/w/south/admin/widgets/{widget.id}/secret"),
            ines.get(f"/w/south/admin/widgets/{widget.id}/invitations"),
        ]

        assert [answer.status_code for answer in answers] == [404, 404, 404]
