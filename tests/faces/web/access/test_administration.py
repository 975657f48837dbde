"""Acts of administration through their forms, and what strangers and agents get instead."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from careloop.domains.people import queries, services
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.domains.workspaces.services import add_host
from careloop.faces.web.access.views import audit
from careloop.kernel import clock
from careloop.kernel.actors import Role
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House

Browsers = Callable[[str], Client]


def posts(house: House) -> dict[str, dict[str, str]]:
    """Every form of the administration, as somebody could send it."""
    with workspace_scope(house.north):
        olga = house.actor("olga")
        team = services.create_team(name="Billing", actor=olga, at=NOW)
        services.add_to_team(team_id=team, user_id=house.ids["cole"], actor=olga, at=NOW)
        token = services.make_token(
            name="Mine", scopes=["cases:read"], expires_at=NOW.replace(year=2027), actor=olga, at=NOW
        )
        invitation = services.invite(
            email="lan@example.com", role=Role.AGENT, link="{token}", actor=olga, at=clock.now()
        )
        add_host(host="help.example.com", actor=olga, at=NOW)
    return {
        f"people/{house.ids['cole']}/role": {"role": "agent"},
        f"people/{house.ids['vera']}/membership-end": {},
        "invitations": {"email": "minh@example.com", "role": "agent"},
        f"invitations/{invitation.id}/revocation": {},
        "teams": {"name": "Second level"},
        f"teams/{team}/name": {"name": "Accounts"},
        f"teams/{team}/members": {"user_id": str(house.ids["ada"])},
        f"teams/{team}/members/{house.ids['cole']}/removal": {},
        f"teams/{team}/retirement": {},
        f"tokens/{token.id}/revocation": {},
        "settings": {
            "name": "North",
            "language": "ko",
            "time_zone": "UTC",
            "accent_color": "#2f6f5e",
            "undo_send_seconds": "20",
            "contact_quiet_hours": "72",
            "day_begins": "05:00",
        },
        "settings/hosts": {"host": "care.example.com"},
        "settings/hosts/removal": {"host": "help.example.com"},
    }


def event_count(house: House) -> int:
    with workspace_scope(house.north):
        return len(trail(limit=500))


def test_lets_an_owner_do_everything(signed_in: Browsers, house: House) -> None:
    forms, browser = posts(house), signed_in("olga")
    before = event_count(house)

    for address, form in forms.items():
        answer = browser.post(f"/w/north/admin/{address}", form)

        assert answer.status_code == 302, (address, answer.content.decode())
        before += 1
        assert event_count(house) == before, address


@pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole", "vera"])
def test_refuses_everybody_else_and_changes_nothing(signed_in: Browsers, house: House, name: str) -> None:
    forms, browser = posts(house), signed_in(name)
    before = event_count(house)
    if name == "vera":  # whoever leaves needs no leave
        del forms[f"people/{house.ids['vera']}/membership-end"]

    for address, form in forms.items():
        answer = browser.post(f"/w/north/admin/{address}", form)

        assert answer.status_code in {403, 404}, address
    assert event_count(house) == before


def test_answers_a_stranger_as_if_there_were_nothing(signed_in: Browsers, house: House) -> None:
    forms, browser = posts(house), signed_in("ines")
    before = event_count(house)

    for address, form in forms.items():
        assert browser.post(f"/w/north/admin/{address}", form).status_code == 404, address
    assert event_count(house) == before


def test_finds_nothing_of_another_workspace_behind_ones_own(signed_in: Browsers, house: House) -> None:
    forms, browser = posts(house), signed_in("ines")
    before = event_count(house)

    for address, form in forms.items():
        if any(part.isdigit() for part in address.split("/")):
            assert browser.post(f"/w/south/admin/{address}", form).status_code == 404, address
    assert event_count(house) == before


def test_needs_a_csrf_token(house: House) -> None:
    browser = Client(enforce_csrf_checks=True)

    assert browser.post("/account/sign-in", {"login": "olga@example.com", "password": "x"}).status_code == 403


def test_ends_the_pages_of_whoever_is_taken_out(signed_in: Browsers, house: House) -> None:
    ada = signed_in("ada")
    assert ada.get("/w/north/admin/people").status_code == 200

    signed_in("olga").post(f"/w/north/admin/people/{house.ids['ada']}/membership-end")

    assert ada.get("/w/north/admin/people").status_code == 404


def test_shows_a_token_once(signed_in: Browsers, house: House) -> None:
    browser = signed_in("ada")

    made = browser.post("/w/north/admin/tokens", {"name": "Bot", "scopes": ["cases:read"], "days": "30"})

    raw = made.context["raw"]
    assert made["Cache-Control"] == "no-store"
    assert raw in made.content.decode()
    assert raw not in browser.get("/w/north/admin/tokens").content.decode()
    assert services.use_token(raw=raw, at=clock.now()).user_id == house.ids["ada"]


def test_hands_over_the_link_where_no_mail_may_leave(
    signed_in: Browsers, house: House, sql: Callable[..., object]
) -> None:
    sql("UPDATE workspaces_workspace SET may_send = false RETURNING id")

    made = signed_in("olga").post("/w/north/admin/invitations", {"email": "minh@example.com", "role": "agent"})

    assert made.status_code == 200
    assert Client().get(made.context["link"]).status_code == 200


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("invitations", {"email": "nonsense", "role": "agent"}),
        ("invitations", {"email": "minh@example.com", "role": "emperor"}),
        ("teams", {"name": ""}),
        ("tokens", {"name": "Bot", "days": "30"}),
        ("tokens", {"name": "Bot", "scopes": ["everything"], "days": "30"}),
        ("tokens", {"name": "Bot", "scopes": ["cases:read"], "days": "4000"}),
        ("settings", {"name": ""}),
        ("settings/hosts", {"host": "nonsense"}),
    ],
)
def test_answers_bad_input_with_a_sentence_and_changes_nothing(
    signed_in: Browsers, house: House, address: str, form: dict[str, str]
) -> None:
    browser, before = signed_in("olga"), event_count(house)

    answer = browser.post(f"/w/north/admin/{address}", form)

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert event_count(house) == before


def test_saves_settings(signed_in: Browsers, house: House) -> None:
    signed_in("mina").post("/w/north/admin/settings", posts(house)["settings"])

    found = workspace_of_id(house.north)
    assert found is not None
    assert (found.language, found.settings.undo_send_seconds) == ("ko", 20)


class TestAudit:
    def _rows(self, answer: Any) -> list[list[str]]:
        return list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))

    def test_tells_in_sentences_newest_first(self, signed_in: Browsers, house: House) -> None:
        posts(house)

        told = [row.sentence for row in signed_in("olga").get("/w/north/admin/audit").context["rows"]]

        assert "Olga invited lan@example.com as: Agent." in told
        assert "Olga put Cole into the team Billing." in told
        assert told[-1] == "Olga joined as: Owner."
        assert not any(":" in row.partition(" ")[0] for row in told)

    def test_filters_by_person_act_and_day(self, signed_in: Browsers, house: House) -> None:
        posts(house)
        browser = signed_in("olga")

        def count(query: str) -> int:
            return len(browser.get(f"/w/north/admin/audit?{query}").context["rows"])

        assert count(f"who=user:{house.ids['olga']}") == 5
        assert count(f"who=user:{house.ids['ada']}") == 0
        assert count("act=team.created") == 1
        assert count("act=team.created&since=2026-11-16&until=2026-11-16") == 1
        assert count("act=team.created&since=2026-11-17") == 0

    @pytest.mark.parametrize(
        "query", ["since=yesterday", "since=2026-02-31", "until=9999-12-31", "who=user:x", "who=%00", "act=no.such"]
    )
    def test_ignores_filters_that_make_no_sense(self, signed_in: Browsers, query: str) -> None:
        answer = signed_in("olga").get(f"/w/north/admin/audit?{query}")

        assert answer.status_code == 200
        assert len(answer.context["rows"]) == 7

    @pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", "MjAyNi0xMS0xNiAx", "é"])
    def test_refuses_a_broken_page_link(self, signed_in: Browsers, cursor: str) -> None:
        assert signed_in("olga").get("/w/north/admin/audit", {"cursor": cursor}).status_code == 400

    def test_visits_each_act_once(self, signed_in: Browsers, house: House) -> None:
        with workspace_scope(house.north):
            for number in range(120):
                services.create_team(name=f"Team {number}", actor=house.actor("olga"), at=NOW)
        browser, seen, address = signed_in("olga"), [], "/w/north/admin/audit"
        while address:
            page = browser.get(address).context
            seen += [row.id for row in page["rows"]]
            address = f"/w/north/admin/audit{page['older']}" if page["older"] else ""

        assert len(seen) == len(set(seen)) == 127
        assert seen == sorted(seen, reverse=True)

    def test_exports_what_no_spreadsheet_will_run(self, signed_in: Browsers, house: House) -> None:
        with workspace_scope(house.north):
            ada = house.actor("olga")
            services.create_team(name="=cmd|' /C calc'!A0", actor=ada, at=NOW)
        browser = signed_in("olga")
        settings = {"name": "=HYPERLINK(1)", "language": "en", "time_zone": "UTC", "theme": "auto"}
        assert browser.post("/account/settings", settings).status_code == 302

        head, *rows = self._rows(browser.get("/w/north/admin/audit.csv"))

        assert head[0] == "Time (UTC)"
        assert rows[0][1] == "'=HYPERLINK(1)"
        assert rows[0][3].startswith("'=HYPERLINK(1) made the team")
        assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)

    def test_exports_each_act_once_and_says_where_it_was_cut(
        self, signed_in: Browsers, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with workspace_scope(house.north):
            for number in range(4):
                services.create_team(name=f"Team {number}", actor=house.actor("olga"), at=NOW)
        browser = signed_in("olga")
        _head, *whole = self._rows(browser.get("/w/north/admin/audit.csv"))
        monkeypatch.setattr(audit, "BATCH", 2)
        monkeypatch.setattr(audit, "EXPORT_ROWS", 5)

        _head, *rows, note = self._rows(browser.get("/w/north/admin/audit.csv"))

        assert len(whole) == len({row[4] for row in whole}) == 11
        assert rows == whole[:5]
        assert note[3].startswith("Only the newest 50,000 acts are here.")

    def test_holds_nothing_of_another_workspace(self, signed_in: Browsers, house: House) -> None:
        posts(house)

        rows = self._rows(signed_in("ines").get("/w/south/admin/audit.csv"))

        assert [row[3] for row in rows[1:]] == ["Ines joined as: Owner."]


def test_words_every_event_of_people_and_workspaces() -> None:
    from careloop.faces.web.access.wordings import labels
    from careloop.kernel.events import known_events

    told = {name for name, _label in labels()}
    families = ("person.", "team.", "token.", "account.", "workspace.", "operation.")

    assert {name for name in known_events() if name.startswith(families)} <= told


def test_asks_the_same_number_of_questions_however_many_people(
    signed_in: Browsers, house: House, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    browser = signed_in("olga")

    # One of them is for the counters of what waits for the reader, in the navigation of every page.
    with django_assert_max_num_queries(29):  # type: ignore[attr-defined]
        browser.get("/w/north/admin/people")
    assert house.north in {place.workspace_id for place in queries.memberships_of(house.ids["olga"])}
