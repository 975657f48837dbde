"""Addresses of accounts (`/account/…`) and of a workspace's administration (`/w/<workspace>/admin/…`).

allauth's views keep the names that allauth itself looks them up by; only those we want are reachable.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter
from django.views.i18n import set_language

from careloop.faces.web.access.account_forms import with_form_status
from careloop.faces.web.access.views import (
    audit,
    brand,
    home,
    invitation,
    people,
    personal,
    sessions,
    teams,
    tokens,
    workspace,
)


class Base36Converter(StringConverter):
    """A number as allauth writes it in reset links, which ends at the first hyphen."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36Converter, "base36")

_account: list[URLPattern | URLResolver] = [
    path("language", set_language, name="set_language"),
    path("sign-in", with_form_status(account.login), name="account_login"),
    path("sign-out", account.logout, name="account_logout"),
    path("sign-up", account.signup, name="account_signup"),
    path("inactive", account.account_inactive, name="account_inactive"),
    path("confirmation", with_form_status(account.reauthenticate), name="account_reauthenticate"),
    path("password", with_form_status(account.password_change), name="account_change_password"),
    path("password/first", with_form_status(account.password_set), name="account_set_password"),
    path("password/reset", with_form_status(account.password_reset), name="account_reset_password"),
    path("password/reset/sent", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/<base36:uidb36>-<str:key>",
        with_form_status(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("password/reset/done", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("second-factor", mfa.index, name="mfa_index"),
    path("second-factor/code", with_form_status(mfa.authenticate), name="mfa_authenticate"),
    path("second-factor/confirmation", with_form_status(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/app", with_form_status(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/removal", with_form_status(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery-codes/new",
        with_form_status(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("second-factor/recovery-codes.txt", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("settings", personal.personal_settings, name="personal_settings"),
    path("sessions", sessions.session_list, name="usersessions_list"),
    path("sessions/<int:session_id>/end", sessions.session_end, name="session_end"),
    path("sessions/others/end", sessions.other_sessions_end, name="other_sessions_end"),
    path("invitations/<str:token>", invitation.invitation, name="invitation"),
]

_admin: list[URLPattern | URLResolver] = [
    path("", people.admin_home, name="admin_home"),
    path("people", people.people_list, name="admin_people"),
    path("people/<int:user_id>/role", people.role, name="admin_role"),
    path("people/<int:user_id>/membership-end", people.membership_end, name="admin_membership_end"),
    path("invitations", people.invitations, name="admin_invitations"),
    path("invitations/<int:invitation_id>/revocation", people.invitation_revocation, name="admin_revocation"),
    path("teams", teams.team_list, name="admin_teams"),
    path("teams/<int:team_id>/name", teams.team_name, name="admin_team_name"),
    path("teams/<int:team_id>/retirement", teams.team_retirement, name="admin_team_retirement"),
    path("teams/<int:team_id>/members", teams.team_members, name="admin_team_members"),
    path("teams/<int:team_id>/members/<int:user_id>/removal", teams.team_removal, name="admin_team_removal"),
    path("tokens", tokens.token_list, name="admin_tokens"),
    path("tokens/<int:token_id>/revocation", tokens.token_revocation, name="admin_token_revocation"),
    path("settings", workspace.settings_page, name="admin_settings"),
    path("settings/hosts", workspace.hosts, name="admin_hosts"),
    path("settings/hosts/removal", workspace.host_removal, name="admin_host_removal"),
    path("audit", audit.audit_page, name="admin_audit"),
    path("audit.csv", audit.audit_export, name="admin_audit_export"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("brand/<slug:color>.css", brand.brand, name="brand_css"),
    path("account/", include(_account)),
    path("w/<slug:workspace>/", home.workspace_home, name="workspace_home"),
    path("w/<slug:workspace>/admin/", include(_admin)),
]
