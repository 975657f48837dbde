"""Every page of our people and of customers: where it is, who looks at it, and what can be opened on it."""

from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

from tests.pages.town import Town

__all__ = ["CUSTOMER", "NO_PAGE", "PLACES", "STRANGER", "Place", "routes"]

Step = Callable[[Page], None]

STRANGER: Final = ""
CUSTOMER: Final = "minseo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One page in one state.

    route: its name in the URLconf; empty for an address that leads nowhere.
    path: with places from Town. who: a first name of the cast, CUSTOMER or STRANGER.
    state: what is different from the page as it first appears. steps: how it comes to that.
    """

    route: str
    path: str
    who: str
    state: str = ""
    steps: tuple[Step, ...] = ()

    def address(self, town: Town) -> str:
        """Return the address without host."""
        names = [field.name for field in fields(town)]
        return self.path.format_map(dict(zip(names, astuple(town), strict=True)))

    def __str__(self) -> str:
        return f"{self.route or self.path} {self.state}".strip()


def click(selector: str) -> Step:
    """Press the first visible of what the selector finds."""
    return lambda page: page.locator(selector).locator("visible=true").first.click()


def press(keys: str) -> Step:
    return lambda page: page.keyboard.press(keys)


def write(selector: str, text: str) -> Step:
    def step(page: Page) -> None:
        page.locator(selector).click()
        page.keyboard.type(text)

    return step


def fill(name: str, text: str) -> Step:
    """Put a text in the place of what stands in a field."""
    return lambda page: page.locator(f"[name='{name}']").fill(text)


def see(selector: str) -> Step:
    """Wait until there is what the selector finds."""
    return lambda page: page.locator(selector).first.wait_for()


def top(page: Page) -> None:
    """Go back to the top of the page, where its fixed head covers nothing."""
    page.evaluate("scrollTo(0, 0)")


def send(selector: str, **values: str) -> Step:
    """Send a form as it is, past the browser's own checks: so one meets what the house says about it."""

    def step(page: Page) -> None:
        form = page.locator(selector).first
        for name, value in values.items():
            form.locator(f"[name={name}]").fill(value)
        with page.expect_navigation():
            form.evaluate(
                "form => { form.noValidate = true; (form.querySelector('[type=submit]') || form).click?.(); }"
            )

    return step


POSTED: Final = "takes a POST and shows no page of its own"
PART: Final = "a part of a page, seen there"
DATA: Final = "data for a script of a page"
FILE: Final = "a file to be saved or a picture"
ONWARD: Final = "leads on to another page"

NO_PAGE: Final = {
    "home": ONWARD,
    "workspace_home": ONWARD,
    "admin_home": ONWARD,
    "brand_css": FILE,
    "set_language": POSTED,
    "account_set_password": "leads everybody who has a password to changing it, and everybody has one",
    "mfa_download_recovery_codes": FILE,
    "session_end": POSTED,
    "other_sessions_end": POSTED,
    "admin_role": POSTED,
    "admin_membership_end": POSTED,
    "admin_revocation": POSTED,
    "admin_team_name": POSTED,
    "admin_team_retirement": POSTED,
    "admin_team_members": POSTED,
    "admin_team_removal": POSTED,
    "admin_token_revocation": POSTED,
    "admin_hosts": POSTED,
    "admin_host_removal": POSTED,
    "admin_audit_export": FILE,
    "admin_calendar_days": POSTED,
    "admin_calendar_day_removal": POSTED,
    "admin_calendar_use": POSTED,
    "admin_calendar_retirement": POSTED,
    "admin_rule_place": POSTED,
    "admin_rule_pause": POSTED,
    "admin_rule_resumption": POSTED,
    "admin_rule_retirement": POSTED,
    "admin_rule_run_export": FILE,
    "macro_removal": POSTED,
    "admin_procedure_retirement": POSTED,
    "case_procedures": PART,
    "case_tasks": PART,
    "case_task_new": POSTED,
    "case_task_withdrawal": POSTED,
    "case_status_without_tasks": POSTED,
    "task_acceptance": POSTED,
    "task_answer": POSTED,
    "task_refusal": POSTED,
    "task_export": FILE,
    "case_procedure_begin": POSTED,
    "case_procedure_skip": POSTED,
    "step_check": POSTED,
    "step_check_end": POSTED,
    "step_confirmation": POSTED,
    "step_answers": POSTED,
    "step_request": POSTED,
    "step_approval": POSTED,
    "step_refusal": POSTED,
    "absence": POSTED,
    "absence_end": POSTED,
    "case_macro": POSTED,
    "admin_queue_retirement": POSTED,
    "admin_queue_rule_place": POSTED,
    "admin_queue_rule_removal": POSTED,
    "admin_skill_name": POSTED,
    "admin_skill_retirement": POSTED,
    "admin_share": POSTED,
    "seat": PART,
    "seat_state": POSTED,
    "seat_wrap": POSTED,
    "case_protection_record": POSTED,
    "case_protection_warning": POSTED,
    "case_protection_ending": POSTED,
    "case_protection_rest": POSTED,
    "own_hand": POSTED,
    "hand_helper": POSTED,
    "hand_end": POSTED,
    "floor_hands": PART,
    "message_reading": POSTED,
    "floor_message": POSTED,
    "floor_messages": PART,
    "floor_chat": PART,
    "floor_chat_person": POSTED,
    "floor_chat_waiting": POSTED,
    "offer_acceptance": POSTED,
    "offer_refusal": POSTED,
    "floor_news": PART,
    "floor_queues": PART,
    "floor_waiting": PART,
    "floor_move": POSTED,
    "floor_hand": POSTED,
    "floor_state": POSTED,
    "admin_webhook_secret": POSTED,
    "admin_webhook_test": POSTED,
    "admin_webhook_pause": POSTED,
    "admin_webhook_resumption": POSTED,
    "admin_webhook_retirement": POSTED,
    "admin_webhook_resending": POSTED,
    "admin_phone_checks": POSTED,
    "admin_phone_opening": POSTED,
    "admin_phone_pause": POSTED,
    "admin_phone_people": POSTED,
    "admin_text_checks": POSTED,
    "admin_text_opening": POSTED,
    "admin_text_pause": POSTED,
    "admin_text_retry": POSTED,
    "admin_text_discarding": POSTED,
    "inbound_call_hooks": POSTED,
    "inbound_texts": POSTED,
    "inbound_text_statuses": POSTED,
    "admin_mailbox_opening": POSTED,
    "admin_mailbox_pause": POSTED,
    "admin_mailbox_checks": POSTED,
    "admin_mailbox_rehearsals": POSTED,
    "admin_mailbox_test_mails": POSTED,
    "quarantine_retries": POSTED,
    "quarantine_source": FILE,
    "quarantine_retry": POSTED,
    "quarantine_discard": POSTED,
    "view_counts": PART,
    "case_changes": POSTED,
    "case_export": FILE,
    "view_content": POSTED,
    "view_removal": POSTED,
    "view_place": POSTED,
    "mail_draft": POSTED,
    "mail_phrases": DATA,
    "customer_options": DATA,
    "customer_notes": POSTED,
    "customer_identities": POSTED,
    "customer_identity_removal": POSTED,
    "notice_bell": PART,
    "notice_reading": POSTED,
    "reply_removal": POSTED,
    "admin_status_name": POSTED,
    "admin_status_retirement": POSTED,
    "admin_type_retirement": POSTED,
    "case_promises": PART,
    "case_side": PART,
    "case_words": POSTED,
    "case_draft": POSTED,
    "case_phrases": DATA,
    "case_people": DATA,
    "case_status": POSTED,
    "case_assignment": POSTED,
    "case_priority": POSTED,
    "case_type": POSTED,
    "case_reason": POSTED,
    "case_subject": POSTED,
    "case_tags": POSTED,
    "case_following": POSTED,
    "case_following_end": POSTED,
    "case_followers": POSTED,
    "case_follower_end": POSTED,
    "case_participants": POSTED,
    "case_participant_end": POSTED,
    "case_spam": POSTED,
    "case_spam_end": POSTED,
    "case_reopening": POSTED,
    "case_closing": POSTED,
    "case_callback": POSTED,
    "case_callback_move": POSTED,
    "call_callback": POSTED,
    "case_callback_attempt": POSTED,
    "case_callback_completion": POSTED,
    "case_callback_cancellation": POSTED,
    "message_recall": POSTED,
    "message_sending": POSTED,
    "message_original": "the customer's own HTML, shown apart from everything of ours",
    "message_source": FILE,
    "file_upload": POSTED,
    "file_download": FILE,
    "file_sound": FILE,
    "file_picture": FILE,
    "file_preview": FILE,
    "board_tile": PART,
    "board_tiles": PART,
    "board_copies": POSTED,
    "board_removal": POSTED,
    "tile_place": POSTED,
    "tile_removal": POSTED,
    "number_contacts": PART,
    "tile_file": FILE,
    "number_file": FILE,
    "change_file": FILE,
    "contacts_file": FILE,
    "export_list": PART,
    "export_file": FILE,
    "export_removal": POSTED,
    "report_file": FILE,
    "report_sending": POSTED,
    "report_pause": POSTED,
    "report_resumption": POSTED,
    "report_removal": POSTED,
    "flag_contacts": PART,
    "flag_answer": POSTED,
    "flag_doubt": POSTED,
    "invoice_issue": POSTED,
    "invoice_file": FILE,
    "call_slot": PART,
    "call_caller": POSTED,
    "call_outgoing": POSTED,
    "call_ending": POSTED,
    "call_intervention": POSTED,
    "admin_tester_call": POSTED,
    "admin_tester_answer": POSTED,
    "admin_tester_ending": POSTED,
    "call_transfer": POSTED,
    "call_consent": POSTED,
    "call_recording_pause": POSTED,
    "call_recording_resumption": POSTED,
    "call_recording_opening": POSTED,
    "floor_calls": PART,
    "call_back": POSTED,
    "calls_refusal": POSTED,
    "calls_permission": POSTED,
    "call_case": POSTED,
    "call_write_up": POSTED,
    "chat_rows": PART,
    "chat_side": PART,
    "chat_live": "a stream of events",
    "chat_taking": POSTED,
    "chat_words": POSTED,
    "chat_typing": POSTED,
    "chat_reading": POSTED,
    "chat_whispers": POSTED,
    "chat_helpers": POSTED,
    "chat_handover": POSTED,
    "chat_ending": POSTED,
    "admin_widget_secret": POSTED,
    "portal_chat_script": FILE,
    "portal_chat_config": DATA,
    "portal_chat_invitation": DATA,
    "portal_callback": POSTED,
    "portal_chat_beginnings": POSTED,
    "portal_chat_callback": POSTED,
    "portal_chat_resumption": POSTED,
    "portal_chat_stream": "a stream of events",
    "portal_chat_messages": POSTED,
    "portal_chat_files": POSTED,
    "portal_chat_file": FILE,
    "portal_chat_preview": FILE,
    "portal_chat_typing": POSTED,
    "portal_chat_reading": POSTED,
    "portal_chat_ending": POSTED,
    "portal_chat_requests": POSTED,
    "live": "a stream of events",
    "wall_live": "a stream of events",
    "walls_live": "a stream of events",
    "wall_figures": PART,
    "walls_figures": PART,
    "wall_acknowledgment": POSTED,
    "wall_threshold_removal": POSTED,
    "wall_targets": POSTED,
    "case_presence": POSTED,
    "portal_language": POSTED,
    "portal_sign_out": POSTED,
    "portal_sign_out_everywhere": POSTED,
    "portal_conversation": PART,
    "portal_reply": POSTED,
    "portal_solution": POSTED,
    "portal_reopening": POSTED,
    "portal_file": FILE,
    "portal_file_preview": FILE,
}

_CASE = "/w/north/cases/{number}"
_COMPOSER = see(".composer-text")

ACCOUNT: Final = (
    Place(route="account_login", path="/account/sign-in", who=STRANGER),
    Place(
        route="account_login",
        path="/account/sign-in",
        who=STRANGER,
        state="refused",
        steps=(send("main form", login="nobody@example.com", password="wrong"),),
    ),
    Place(route="account_logout", path="/account/sign-out", who="ada"),
    Place(route="account_signup", path="/account/sign-up", who=STRANGER),
    Place(route="account_inactive", path="/account/inactive", who=STRANGER),
    Place(route="account_reauthenticate", path="/account/confirmation", who="ada"),
    Place(route="account_change_password", path="/account/password", who="ada"),
    Place(
        route="account_change_password",
        path="/account/password",
        who="ada",
        state="refused",
        steps=(send("main form", oldpassword="a", password1="b"),),
    ),
    Place(route="account_reset_password", path="/account/password/reset", who=STRANGER),
    Place(route="account_reset_password_done", path="/account/password/reset/sent", who=STRANGER),
    Place(route="account_reset_password_from_key", path="/account/password/reset/1-x", who=STRANGER, state="stale"),
    Place(route="account_reset_password_from_key_done", path="/account/password/reset/done", who=STRANGER),
    Place(route="mfa_index", path="/account/second-factor", who="ada"),
    Place(route="mfa_index", path="/account/second-factor", who="olga", state="on"),
    Place(
        route="mfa_authenticate",
        path="/account/sign-in",
        who=STRANGER,
        steps=(send("main form", login="olga@example.com", password="rain on the tin roof"),),
    ),
    Place(route="mfa_reauthenticate", path="/account/second-factor/confirmation", who="olga"),
    Place(route="mfa_activate_totp", path="/account/second-factor/app", who="ada"),
    Place(
        route="mfa_activate_totp",
        path="/account/second-factor/app",
        who="ada",
        state="refused",
        steps=(send("main form", code="1"),),
    ),
    Place(route="mfa_deactivate_totp", path="/account/second-factor/app/removal", who="olga"),
    Place(route="mfa_view_recovery_codes", path="/account/second-factor/recovery-codes", who="olga"),
    Place(route="mfa_generate_recovery_codes", path="/account/second-factor/recovery-codes/new", who="olga"),
    Place(route="personal_settings", path="/account/settings", who="ada"),
    Place(route="usersessions_list", path="/account/sessions", who="ada"),
    Place(route="invitation", path="/account/invitations/{invitation}", who=STRANGER),
    Place(
        route="invitation",
        path="/account/invitations/{invitation}",
        who=STRANGER,
        state="refused",
        steps=(send("main form", password="a"),),
    ),
    Place(route="invitation", path="/account/invitations/x", who=STRANGER, state="unknown"),
)

CASES: Final = (
    Place(route="case_list", path="/w/north/cases/", who="ada"),
    Place(route="case_list", path="/w/south/cases/", who="ines", state="empty"),
    Place(route="case_view", path="/w/north/views/all", who="ada"),
    Place(route="case_view", path="/w/north/views/all", who="vera", state="read only"),
    Place(
        route="case_view", path="/w/north/views/due?column=subject&column=due&column=promises", who="ada", state="due"
    ),
    Place(route="case_view", path="/w/north/views/all", who="ada", state="menu", steps=(click("#list .menu summary"),)),
    Place(route="case_view", path="/w/north/views/all", who="ada", state="ticked", steps=(press("j"), press("x"))),
    Place(
        route="case_view",
        path="/w/north/views/all",
        who="ada",
        state="own menu",
        steps=(click(".staff-top-end pop-menu:last-of-type summary"),),
    ),
    Place(
        route="case_view",
        path="/w/north/views/all",
        who="ada",
        state="shortcuts",
        steps=(press("?"), see("dialog[open]")),
    ),
    Place(route="case_view", path="/w/north/views/{view}", who="ada", state="own"),
    Place(
        route="case_view",
        path="/w/north/views/all?filter=" + '{{"field": "words", "operator": "contains_words", "value": "없음"}}',
        who="ada",
        state="nothing found",
    ),
    Place(route="case_filter", path="/w/north/views/{view}/conditions", who="ada"),
    Place(
        route="case_filter",
        path="/w/north/views/all/conditions",
        who="ada",
        state="another",
        steps=(click("button[value=add]"), see(".filter-row")),
    ),
    Place(route="view_list", path="/w/north/views/", who="ada"),
    Place(route="view_form", path="/w/north/views/all/form", who="ada"),
    Place(route="view_form", path="/w/north/views/all/form", who="ada", state="refused", steps=(send("main form"),)),
    Place(route="case", path=_CASE, who="ada", steps=(_COMPOSER,)),
    Place(route="case", path=_CASE, who="cole", state="colleague", steps=(_COMPOSER,)),
    Place(route="case", path=_CASE, who="vera", state="client"),
    Place(
        route="case",
        path=_CASE,
        who="ada",
        state="note",
        steps=(_COMPOSER, press("n"), write(".composer-text", "물어보기 @"), see(".suggestions, [role=listbox]")),
    ),
    Place(
        route="case",
        path=_CASE,
        who="ada",
        state="saved replies",
        steps=(_COMPOSER, press("r"), write(".composer-text", " /"), see("[role=listbox]")),
    ),
    Place(
        route="case",
        path=_CASE + "?forward={message}",
        who="ada",
        state="forward",
        steps=(_COMPOSER,),
    ),
    Place(
        route="case",
        path=_CASE,
        who="ada",
        state="recipients",
        steps=(_COMPOSER, press("r"), click(".recipients summary")),
    ),
    Place(
        route="case",
        path=_CASE,
        who="ada",
        state="unfilled place",
        steps=(
            _COMPOSER,
            press("r"),
            write(".composer-text", "Dear {{ customer.name }}"),
            # Where no script asks, the server does.
            lambda page: page.locator("confirm-dialog").evaluate("asker => asker.remove()"),
            press("Control+Enter"),
            see("[name=left_open]"),
            # It lies over the page for the seconds in which an answer can be taken back.
            lambda page: page.locator("undo-toast").evaluate_all("toasts => toasts.forEach((toast) => toast.remove())"),
        ),
    ),
    Place(route="case", path=_CASE, who="ada", state="head menu", steps=(_COMPOSER, click("#case-head .menu summary"))),
    Place(
        route="case",
        path=_CASE,
        who="ada",
        state="mail",
        steps=(_COMPOSER, click(".moment .menu summary"), click("[data-opens^=mail-]"), see("dialog[open]")),
    ),
    Place(
        route="case",
        path=_CASE,
        who="ada",
        state="original",
        steps=(_COMPOSER, click(".moment .menu summary"), click("[data-opens^=original-]"), see("dialog[open]")),
    ),
    Place(
        route="case",
        path=_CASE,
        who="ada",
        state="question",
        steps=(_COMPOSER, click("form[data-confirm] button"), see("dialog[open]")),
    ),
    Place(route="case", path="/w/north/cases/{closed}", who="ada", state="closed", steps=(_COMPOSER,)),
    Place(route="case_story", path=_CASE + "/story?since=0", who="ada"),
    Place(route="case_new", path="/w/north/cases/new", who="ada"),
    Place(route="case_new", path="/w/north/cases/new", who="ada", state="refused", steps=(send("main form"),)),
    Place(route="mail_new", path="/w/north/mails/new", who="ada"),
    Place(route="mail_new", path="/w/north/mails/new", who="ada", state="refused", steps=(send("main form"),)),
    Place(route="search", path="/w/north/search?q=창고", who="ada"),
    Place(route="search", path="/w/north/search?q=없음없음", who="ada", state="nothing found"),
    Place(route="search", path="/w/north/search", who="ada", state="empty"),
    Place(route="notice_list", path="/w/north/notices/", who="ada"),
    Place(route="notice_list", path="/w/north/notices/", who="vera", state="empty"),
)

DESK: Final = (
    Place(route="customer_list", path="/w/north/customers/", who="ada"),
    Place(route="customer_list", path="/w/south/customers/", who="ines", state="empty"),
    Place(route="customer_new", path="/w/north/customers/new", who="ada"),
    Place(route="customer_new", path="/w/north/customers/new", who="ada", state="refused", steps=(send("main form"),)),
    Place(route="customer", path="/w/north/customers/{customer}", who="ada"),
    Place(route="customer", path="/w/north/customers/{stranger}", who="anh", state="read only"),
    Place(route="customer_form", path="/w/north/customers/{customer}/form", who="ada"),
    Place(route="customer_text", path="/w/north/customers/{customer}/text", who="ada"),
    Place(route="customer_text", path="/w/north/customers/{stranger}/text", who="ada", state="no number"),
    Place(route="organization_list", path="/w/north/organizations/", who="ada"),
    Place(route="organization_list", path="/w/south/organizations/", who="ines", state="empty"),
    Place(route="organization", path="/w/north/organizations/{organization}", who="ada"),
    Place(route="organization_form", path="/w/north/organizations/{organization}/form", who="ada"),
    Place(route="reply_list", path="/w/north/replies/", who="ada"),
    Place(route="reply_list", path="/w/south/replies/", who="ines", state="empty"),
    Place(route="reply_new", path="/w/north/replies/new", who="ada", steps=(_COMPOSER,)),
    Place(route="reply_form", path="/w/north/replies/{reply}", who="mina", steps=(_COMPOSER,)),
    Place(route="quarantine", path="/w/north/quarantine/", who="grace"),
    Place(route="quarantine", path="/w/south/quarantine/", who="ines", state="empty"),
)


def _measured(selector: str) -> Step:
    """Wait for what has to be measured first, which takes longest where nothing was measured before."""
    return lambda page: page.locator(selector).first.wait_for(timeout=60_000)


_TILES = _measured(".tile svg.sparkline")
_CHARTS = _measured("chart-view[data-drawn]")

NUMBERS: Final = (
    Place(route="board_list", path="/w/north/boards/", who="grace"),
    Place(route="board_list", path="/w/north/boards/", who="vera", state="client"),
    Place(route="board", path="/w/north/boards/{board}?period=last_28_days", who="grace", steps=(_TILES, _CHARTS)),
    Place(
        route="board",
        path="/w/north/boards/{board}?period=last_28_days",
        who="grace",
        state="card",
        steps=(_TILES, click(".tile-number h2 a"), _measured("dialog[open]")),
    ),
    Place(route="board", path="/w/north/boards/promises", who="grace", state="promises"),
    Place(
        route="board",
        path="/w/south/boards/operations",
        who="ines",
        state="no facts",
        steps=(_measured(".tile-unmeasured"),),
    ),
    Place(route="board_new", path="/w/north/boards/new", who="grace"),
    Place(route="board_new", path="/w/north/boards/new", who="grace", state="refused", steps=(send("main form"),)),
    Place(route="board_form", path="/w/north/boards/{board}/form", who="grace"),
    Place(route="tile_new", path="/w/north/boards/{board}/tiles/new", who="grace"),
    Place(
        route="tile_form",
        path="/w/north/boards/{board}/tiles/{tile}/form",
        who="grace",
        state="another condition",
        steps=(click("button[value=add]"), see(".filter-row")),
    ),
    Place(route="number_list", path="/w/north/numbers/", who="ada"),
    Place(
        route="number",
        path="/w/north/numbers/service_level?period=last_28_days&by=queue",
        who="grace",
        steps=(_measured(".number-grid .table-dense"),),
    ),
    Place(route="table_exports", path="/w/north/facts/", who="grace"),
    Place(
        route="table_exports",
        path="/w/north/facts/",
        who="grace",
        state="asked for",
        steps=(click("button[name=file]"), see(".export-files progress")),
    ),
    Place(route="table_exports", path="/w/south/facts/", who="ines", state="no facts"),
)

WALL: Final = (
    Place(route="chat_list", path="/w/north/chats/", who="ada"),
    Place(route="chat_list", path="/w/south/chats/", who="ines", state="empty"),
    Place(route="chat", path="/w/north/chats/{chat}", who="ada"),
    Place(route="chat", path="/w/north/chats/{chat}", who="grace", state="called in"),
    Place(route="chat", path="/w/north/chats/{waiting}", who="ada", state="waiting"),
    Place(
        route="chat",
        path="/w/north/chats/{chat}",
        who="ada",
        state="refused",
        steps=(send("form[action$='/whispers']", text=""),),
    ),
    Place(route="call_list", path="/w/north/calls/", who="ada"),
    Place(route="call_list", path="/w/north/calls/", who="olga", state="did not get rid of it"),
    Place(route="call_list", path="/w/south/calls/", who="ines", state="empty"),
    Place(route="call", path="/w/north/calls/{call}/", who="mina"),
    Place(route="call", path="/w/north/calls/{ringing}/", who="ada", state="several may be it"),
    Place(route="call", path="/w/north/calls/{call}/", who="anh", state="read only"),
    Place(route="call", path="/w/north/calls/{talking}/", who="olga", state="to pass on"),
    Place(
        route="call",
        path="/w/north/calls/{talking}/",
        who="olga",
        state="not passed on",
        steps=(send("form[action$='/transfer']"),),
    ),
    Place(
        route="call",
        path="/w/north/calls/{call}/",
        who="mina",
        state="refused",
        steps=(send("form[action$='/caller']"),),
    ),
    Place(route="wall", path="/w/north/wall/", who="ada"),
    Place(route="wall", path="/w/north/wall/", who="vera", state="client"),
    Place(route="wall", path="/w/south/wall/", who="ines", state="empty"),
    Place(route="wall_screen", path="/w/north/wall/screen", who="ada"),
    Place(route="wall_alarms", path="/w/north/wall/alarms", who="grace"),
    Place(route="wall_alarms", path="/w/south/wall/alarms", who="ines", state="empty"),
    Place(route="wall_thresholds", path="/w/north/wall/thresholds", who="grace"),
    Place(route="wall_thresholds", path="/w/north/wall/thresholds", who="ada", state="read only"),
    Place(
        route="wall_thresholds",
        path="/w/north/wall/thresholds",
        who="grace",
        state="refused",
        steps=(send("main form:has([name=figure])"),),
    ),
    Place(route="wall_threshold", path="/w/north/wall/thresholds/{threshold}", who="grace"),
    Place(route="walls", path="/wall/", who="mina"),
    Place(route="walls", path="/wall/", who="ada", state="empty"),
)

FLOOR: Final = (
    Place(route="case_list", path="/w/north/cases/", who="ada", state="seat", steps=(click(".seat summary"),)),
    Place(route="case_list", path="/w/north/cases/", who="olga", state="offer", steps=(see(".offer-slot .offer"),)),
    Place(route="case_protection", path="/w/north/cases/{abused}/protection", who="grace"),
    Place(route="case_protection", path="/w/north/cases/{number}/protection", who="anh", state="empty"),
    Place(
        route="case_protection",
        path="/w/north/cases/{number}/protection",
        who="ada",
        state="refused",
        steps=(send("main form:has(#ending_kind)"),),
    ),
    Place(route="offer_list", path="/w/north/offers/", who="olga"),
    Place(route="offer_list", path="/w/north/offers/", who="grace", state="empty"),
    Place(route="team_messages", path="/w/north/team-messages/", who="grace", state="empty"),
    Place(route="floor", path="/w/north/floor/", who="grace"),
    Place(route="floor", path="/w/north/floor/", who="anh", state="read only"),
    Place(route="floor", path="/w/north/floor/", who="grace", state="acts", steps=(click(".floor-acts summary"),)),
    Place(route="floor", path="/w/south/floor/", who="ines", state="empty"),
    Place(route="floor_queue", path="/w/north/floor/queues/{queue}", who="grace"),
    Place(route="floor_queue", path="/w/north/floor/queues/{queue}", who="anh", state="read only"),
    Place(
        route="floor_queue",
        path="/w/north/floor/queues/{queue}",
        who="grace",
        state="refused",
        steps=(send("main form[novalidate]", warning="", alarm=""),),
    ),
    Place(route="admin_queues", path="/w/north/admin/queues/", who="mina"),
    Place(route="admin_queues", path="/w/north/admin/queues/", who="grace", state="read only"),
    Place(route="admin_queues", path="/w/south/admin/queues/", who="ines", state="empty"),
    Place(route="admin_queue_new", path="/w/north/admin/queues/new", who="mina"),
    Place(
        route="admin_queue_new",
        path="/w/north/admin/queues/new",
        who="mina",
        state="refused",
        steps=(send("#queue-form"),),
    ),
    Place(route="admin_queue", path="/w/north/admin/queues/{queue}", who="mina"),
    Place(route="admin_queue", path="/w/north/admin/queues/{queue}", who="grace", state="read only"),
    Place(
        route="admin_queue_rule_new",
        path="/w/north/admin/queues/rules/new",
        who="mina",
        state="refused",
        steps=(click("#rule-editor .btn[value=keep]"), see("#rule-editor .notice")),
    ),
    Place(route="admin_queue_rule", path="/w/north/admin/queues/rules/{queue_rule}", who="mina"),
    Place(route="admin_skills", path="/w/north/admin/skills/", who="mina"),
    Place(route="admin_skills", path="/w/north/admin/skills/", who="grace", state="read only"),
    Place(route="admin_profile", path="/w/north/admin/skills/people/{server}", who="mina"),
)

ADMIN: Final = (
    Place(route="admin_people", path="/w/north/admin/people", who="mina"),
    Place(route="admin_people", path="/w/north/admin/people", who="cole", state="read only"),
    Place(route="admin_invitations", path="/w/north/admin/invitations", who="mina"),
    Place(
        route="admin_invitations",
        path="/w/north/admin/invitations",
        who="mina",
        state="refused",
        steps=(send("main form:has([name=email])"),),
    ),
    Place(route="admin_teams", path="/w/north/admin/teams", who="mina"),
    Place(route="admin_teams", path="/w/south/admin/teams", who="ines", state="empty"),
    Place(route="admin_tokens", path="/w/north/admin/tokens", who="mina"),
    Place(route="admin_tokens", path="/w/south/admin/tokens", who="ines", state="empty"),
    Place(route="admin_settings", path="/w/north/admin/settings", who="mina"),
    Place(route="admin_audit", path="/w/north/admin/audit", who="mina"),
    Place(route="admin_statuses", path="/w/north/admin/statuses", who="mina"),
    Place(route="admin_types", path="/w/north/admin/types", who="mina"),
    Place(route="admin_reasons", path="/w/north/admin/reasons", who="mina"),
    Place(route="admin_calendars", path="/w/north/admin/hours/", who="mina"),
    Place(route="admin_calendar_new", path="/w/north/admin/hours/new", who="mina"),
    Place(
        route="admin_calendar_new",
        path="/w/north/admin/hours/new",
        who="mina",
        state="refused",
        steps=(send("#calendar-settings form", day_0="x"),),
    ),
    Place(route="admin_calendar", path="/w/north/admin/hours/{calendar}", who="mina"),
    Place(
        route="admin_calendar",
        path="/w/north/admin/hours/{calendar}",
        who="mina",
        state="moving",
        steps=(
            send("#calendar-settings form", **{f"day_{day}": "00:00-24:00" for day in range(7)}),
            see("#moves"),
        ),
    ),
    Place(route="admin_policy_place", path="/w/north/admin/promises/{policy}/place?place=0", who="mina"),
    Place(route="admin_policy_retirement", path="/w/north/admin/promises/{policy}/retirement", who="mina"),
    Place(route="admin_policies", path="/w/north/admin/promises/", who="mina"),
    Place(route="admin_policies", path="/w/south/admin/promises/", who="ines", state="empty"),
    Place(route="admin_policy_new", path="/w/north/admin/promises/new", who="mina"),
    Place(route="admin_policy_new", path="/w/north/admin/promises/new?about=calls", who="mina", state="of calls"),
    Place(
        route="admin_policy_new",
        path="/w/north/admin/promises/new",
        who="mina",
        state="refused",
        steps=(click(".btn[value=try]"), see("#policy-editor .notice")),
    ),
    Place(
        route="admin_policy",
        path="/w/north/admin/promises/{policy}",
        who="mina",
        state="tried",
        # Lengths of time are read in the languages of the house, and nobody's is none of them.
        steps=(
            fill("time-first_response-2", "2 h"),
            fill("time-first_response-3", "1 h"),
            fill("time-resolution-2", "24 h"),
            fill("time-wait-2", "90 s"),
            fill("time-wait-3", "45 s"),
            click(".btn[value=try]"),
            see("#trial"),
        ),
    ),
    Place(route="admin_procedures", path="/w/north/admin/procedures/", who="mina"),
    Place(route="admin_procedures", path="/w/south/admin/procedures/", who="ines", state="empty"),
    Place(route="admin_procedure", path="/w/north/admin/procedures/{procedure}", who="mina"),
    Place(
        route="admin_procedure",
        path="/w/north/admin/procedures/{procedure}",
        who="mina",
        state="tried",
        steps=(click(".btn[value=try]"), see("#trial"), top),
    ),
    Place(route="admin_procedure", path="/w/north/admin/procedures/{procedure}", who="grace", state="seen by a lead"),
    Place(route="admin_procedure_new", path="/w/north/admin/procedures/new", who="mina"),
    Place(
        route="admin_procedure_new",
        path="/w/north/admin/procedures/new",
        who="mina",
        state="refused",
        steps=(click(".btn[value=try]"), see("#procedure-editor .notice")),
    ),
    Place(route="approval_list", path="/w/north/approvals", who="grace"),
    Place(route="approval_list", path="/w/north/approvals", who="anh", state="away"),
    Place(route="approval_list", path="/w/south/approvals", who="ines", state="empty"),
    Place(route="task_list", path="/w/north/tasks", who="cole"),
    Place(route="task_list", path="/w/north/tasks?show=past", who="cole", state="past"),
    Place(route="task_list", path="/w/north/tasks?show=mine", who="ada", state="asked"),
    Place(route="task_list", path="/w/south/tasks", who="ines", state="empty"),
    Place(route="task_list", path="/w/south/tasks?show=mine", who="ines", state="asked nobody"),
    Place(route="task_list", path="/w/south/tasks?show=past", who="ines", state="nothing over"),
    Place(
        route="task",
        path="/w/north/tasks/{task}",
        who="cole",
        steps=(click("form[action$='/answer'] .btn"), see(".notice"), click("details summary"), top),
    ),
    Place(route="task", path="/w/north/tasks/{answered_task}", who="ada", state="answered"),
    Place(route="task", path="/w/north/tasks/{refused_task}", who="cole", state="refused"),
    Place(
        route="case",
        path="/w/north/cases/{request}",
        who="ada",
        state="tasks",
        steps=(
            # On a phone it lies behind the button for details.
            lambda page: page.locator("#case-tasks details").last.evaluate("form => { form.open = true; }"),
            click("[data-shortcut=e]"),
            see("form[action$='/status/without-tasks']"),
            top,
        ),
    ),
    Place(route="admin_rules", path="/w/north/admin/rules/", who="mina"),
    Place(route="admin_rules", path="/w/north/admin/rules/", who="grace", state="seen by a lead"),
    Place(route="admin_rules", path="/w/south/admin/rules/", who="ines", state="empty"),
    Place(route="admin_rule_gallery", path="/w/north/admin/rules/templates", who="mina"),
    Place(route="admin_rule_new", path="/w/north/admin/rules/new?template=missed-call", who="mina"),
    Place(
        route="admin_rule_new",
        path="/w/north/admin/rules/new",
        who="mina",
        state="refused",
        steps=(click(".btn[value=try]"), see("#rule-editor .notice")),
    ),
    Place(
        route="admin_rule",
        path="/w/north/admin/rules/{rule}",
        who="mina",
        state="tried",
        steps=(click(".btn[value=try]"), see("#trial"), top),
    ),
    Place(route="admin_rule", path="/w/north/admin/rules/{rule}", who="grace", state="seen by a lead"),
    Place(route="admin_rule_runs", path="/w/north/admin/rules/runs", who="grace"),
    Place(route="admin_rule_runs", path="/w/south/admin/rules/runs", who="ines", state="empty"),
    Place(route="macro_list", path="/w/north/macros/", who="grace"),
    Place(route="macro_list", path="/w/south/macros/", who="ines", state="empty"),
    Place(
        route="macro_new",
        path="/w/north/macros/new",
        who="ada",
        state="refused",
        steps=(click(".btn[value=keep]"), see("#macro-editor .notice")),
    ),
    Place(route="macro_form", path="/w/north/macros/{macro}", who="grace"),
    Place(route="case_macros", path="/w/north/cases/{number}/macros", who="ada"),
    Place(route="admin_forms", path="/w/north/admin/forms/", who="mina"),
    Place(route="admin_forms", path="/w/south/admin/forms/", who="ines", state="empty"),
    Place(route="admin_form", path="/w/north/admin/forms/{form}", who="mina"),
    Place(route="admin_widgets", path="/w/north/admin/widgets/", who="mina"),
    Place(route="admin_widgets", path="/w/south/admin/widgets/", who="ines", state="empty"),
    Place(
        route="admin_widgets",
        path="/w/north/admin/widgets/",
        who="mina",
        state="refused",
        steps=(send("form:has([name=key])", key="Shop!", name="상담"),),
    ),
    Place(route="admin_widget", path="/w/north/admin/widgets/{widget}", who="mina"),
    Place(route="admin_widget_invitations", path="/w/north/admin/widgets/{widget}/invitations", who="mina"),
    Place(route="admin_mailboxes", path="/w/north/admin/mailboxes/", who="mina"),
    Place(route="admin_mailbox_new", path="/w/north/admin/mailboxes/new", who="mina"),
    Place(
        route="admin_mailbox_new",
        path="/w/north/admin/mailboxes/new?address=help@gmail.com",
        who="mina",
        state="second step",
    ),
    Place(route="admin_mailbox", path="/w/north/admin/mailboxes/{mailbox}", who="mina"),
    Place(route="admin_mailbox", path="/w/north/admin/mailboxes/{failing}", who="mina", state="failing"),
    Place(route="admin_mailbox_settings", path="/w/north/admin/mailboxes/{failing}/settings", who="mina"),
    Place(route="admin_webhooks", path="/w/north/admin/webhooks/", who="mina"),
    Place(route="admin_webhooks", path="/w/south/admin/webhooks/", who="ines", state="empty"),
    Place(
        route="admin_webhook_new",
        path="/w/north/admin/webhooks/new",
        who="mina",
        state="refused",
        steps=(click("main form .btn[type=submit]"), see(".field-error")),
    ),
    Place(route="admin_webhook", path="/w/north/admin/webhooks/{webhook}/", who="mina"),
    Place(route="admin_webhook_settings", path="/w/north/admin/webhooks/{webhook}/settings", who="mina"),
    Place(route="admin_webhook_delivery", path="/w/north/admin/webhooks/{webhook}/deliveries/{delivery}", who="mina"),
    Place(route="admin_phones", path="/w/north/admin/phones/", who="mina"),
    Place(route="admin_phones", path="/w/south/admin/phones/", who="ines", state="empty"),
    Place(route="admin_phone_new", path="/w/north/admin/phones/new", who="mina"),
    Place(route="admin_phone_new_told", path="/w/north/admin/phones/new-by-api", who="mina"),
    Place(route="admin_phone", path="/w/north/admin/phones/{phone}/", who="mina"),
    Place(route="admin_phone", path="/w/north/admin/phones/{deaf}/", who="mina", state="not heard"),
    Place(route="admin_phone", path="/w/north/admin/phones/{told}/", who="mina", state="tells"),
    Place(route="admin_phone_provider", path="/w/north/admin/phones/{told}/provider", who="mina"),
    Place(route="admin_phone_settings", path="/w/north/admin/phones/{phone}/settings", who="mina"),
    Place(route="admin_tester", path="/w/north/admin/tester/", who="mina"),
    Place(route="admin_tester", path="/w/south/admin/tester/", who="ines", state="empty"),
    Place(route="admin_tester", path="/w/north/admin/tester/", who="olga", state="a call is played"),
    Place(route="admin_texts", path="/w/north/admin/texts/", who="mina"),
    Place(route="admin_texts", path="/w/south/admin/texts/", who="ines", state="empty"),
    Place(route="admin_text_new", path="/w/north/admin/texts/new", who="mina"),
    Place(route="admin_text", path="/w/north/admin/texts/{texts}/", who="mina"),
    Place(route="admin_text", path="/w/north/admin/texts/{mute}/", who="mina", state="not let in"),
    Place(route="admin_text_settings", path="/w/north/admin/texts/{texts}/settings", who="mina"),
    Place(route="case", path="/w/north/cases/{texted}", who="ada", state="text message"),
)

PORTAL: Final = (
    Place(route="portal_home", path="/help/north/", who=STRANGER),
    Place(route="portal_home", path="/help/north/", who=CUSTOMER, state="signed in"),
    Place(route="portal_sign_in", path="/help/north/sign-in", who=STRANGER),
    Place(
        route="portal_sign_in",
        path="/help/north/sign-in",
        who=STRANGER,
        state="refused",
        steps=(send("main form", address="nobody"),),
    ),
    Place(route="portal_link_sent", path="/help/north/sign-in/sent", who=STRANGER),
    Place(route="portal_sign_in_link", path="/help/north/sign-in/links/{link}", who=STRANGER),
    Place(route="portal_sign_in_link", path="/help/north/sign-in/links/x", who=STRANGER, state="unknown"),
    Place(route="portal_requests", path="/help/north/requests", who=CUSTOMER),
    Place(route="portal_new_request", path="/help/north/requests/new", who=STRANGER),
    Place(route="portal_new_request", path="/help/north/requests/new", who=CUSTOMER, state="signed in"),
    Place(
        route="portal_new_request",
        path="/help/north/requests/new",
        who=STRANGER,
        state="refused",
        steps=(send("main form:has(textarea)"),),
    ),
    Place(route="portal_request_sent", path="/help/north/requests/sent/{sent}", who=STRANGER),
    Place(route="portal_request", path="/help/north/requests/{request}", who=CUSTOMER),
    Place(
        route="portal_request",
        path="/help/north/requests/{request}",
        who=CUSTOMER,
        state="no number",
        steps=(send("form[action*=callback]", phone="?"),),
    ),
    Place(route="portal_request", path="/help/north/requests/{number}", who=CUSTOMER, state="answered"),
    Place(route="portal_request", path="/help/north/requests/{closed}", who=CUSTOMER, state="closed"),
    Place(route="portal_request", path="/help/north/requests/999", who=CUSTOMER, state="unknown"),
    Place(route="portal_site_form", path="/help/north/forms/contact", who=STRANGER),
    Place(
        route="portal_site_form",
        path="/help/north/forms/contact",
        who=STRANGER,
        state="refused",
        steps=(send("form:has(textarea)"),),
    ),
    Place(route="portal_site_form_sent", path="/help/north/forms/contact/sent/{form_sent}", who=STRANGER),
)

ERRORS: Final = (
    Place(route="", path="/nowhere", who=STRANGER),
    Place(route="", path="/w/south/cases/", who="ada"),
    Place(route="admin_audit", path="/w/north/admin/audit", who="ada", state="forbidden"),
    Place(route="case", path="/w/north/cases/999", who="ada", state="unknown"),
)

MAILED: Final = (
    Place(route="flag_list", path="/w/north/flags/", who="mina"),
    Place(route="flag_list", path="/w/north/flags/?state=all&metric=aht", who="mina", state="all"),
    Place(route="flag_list", path="/w/south/flags/", who="ines", state="empty"),
    Place(route="flag_list", path="/w/north/flags/?state=gone", who="grace", state="nothing like this"),
    Place(route="flag", path="/w/north/flags/{flag}", who="mina"),
    Place(
        route="flag",
        path="/w/north/flags/{flag}",
        who="mina",
        state="refused",
        steps=(send("main form:not(.filter-bar)", words="x"),),
    ),
    Place(route="flag", path="/w/north/flags/{flag}", who="ada", state="read only"),
    Place(route="flag", path="/w/north/flags/{answered}", who="mina", state="answered"),
    Place(route="report_list", path="/w/north/reports/", who="mina"),
    Place(route="report_list", path="/w/south/reports/", who="ines", state="empty"),
    Place(route="report_new", path="/w/north/reports/new?board={board}", who="grace"),
    Place(route="report_new", path="/w/north/reports/new", who="ada", state="for oneself"),
    Place(
        route="report_new", path="/w/north/reports/new", who="grace", state="refused", steps=(send("main form.fields"),)
    ),
    Place(route="report", path="/w/north/reports/{report}", who="grace"),
    Place(route="report_form", path="/w/north/reports/{report}/form", who="grace"),
    Place(route="report_preview", path="/w/north/reports/{report}/preview", who="grace", steps=(_CHARTS,)),
    Place(route="invoice_list", path="/w/north/invoices/", who="mina"),
    Place(route="invoice_list", path="/w/south/invoices/", who="ines", state="empty"),
    Place(route="invoice", path="/w/north/invoices/{month}", who="vera", state="issued"),
    Place(route="invoice", path="/w/north/invoices/{month}?rows=correction", who="mina", state="corrections"),
)

PLACES: Final = (*ACCOUNT, *CASES, *DESK, *NUMBERS, *MAILED, *WALL, *FLOOR, *ADMIN, *PORTAL, *ERRORS)


def routes() -> set[str]:
    """Return the name of every address that is not the API's."""
    return {
        name
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and not str(resolver.pattern).startswith("api/")
        for name in _names(resolver)
    }


def _names(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern)
        else:
            yield from _names(pattern)
