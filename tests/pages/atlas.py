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


def see(selector: str) -> Step:
    """Wait until there is what the selector finds."""
    return lambda page: page.locator(selector).first.wait_for()


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
    "message_recall": POSTED,
    "message_sending": POSTED,
    "message_original": "the customer's own HTML, shown apart from everything of ours",
    "message_source": FILE,
    "file_upload": POSTED,
    "file_download": FILE,
    "file_picture": FILE,
    "file_preview": FILE,
    "live": "a stream of events",
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
    Place(route="admin_forms", path="/w/north/admin/forms/", who="mina"),
    Place(route="admin_forms", path="/w/south/admin/forms/", who="ines", state="empty"),
    Place(route="admin_form", path="/w/north/admin/forms/{form}", who="mina"),
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

PLACES: Final = (*ACCOUNT, *CASES, *DESK, *ADMIN, *PORTAL, *ERRORS)


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
