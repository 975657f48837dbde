"""Addresses of the desk, all within a workspace."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.desk.views import (
    bulk,
    cases,
    customers,
    exports,
    filters,
    notices,
    openings,
    organizations,
    policy,
    replies,
    saved_views,
    search,
    texts,
)

_views: list[URLPattern | URLResolver] = [
    path("", saved_views.view_list, name="view_list"),
    path("counts", cases.view_counts, name="view_counts"),
    path("<slug:key>", cases.case_view, name="case_view"),
    path("<slug:key>/changes", bulk.case_changes, name="case_changes"),
    path("<slug:key>/cases.csv", exports.case_export, name="case_export"),
    path("<slug:key>/conditions", filters.case_filter, name="case_filter"),
    path("<slug:key>/form", saved_views.view_form, name="view_form"),
    path("<slug:key>/content", saved_views.view_content, name="view_content"),
    path("<int:key>/place", saved_views.view_place, name="view_place"),
    path("<int:key>/removal", saved_views.view_removal, name="view_removal"),
]

_customers: list[URLPattern | URLResolver] = [
    path("", customers.customer_list, name="customer_list"),
    path("new", customers.customer_new, name="customer_new"),
    path("options", customers.customer_options, name="customer_options"),
    path("<int:customer_id>", customers.customer, name="customer"),
    path("<int:customer_id>/form", customers.customer_form, name="customer_form"),
    path("<int:customer_id>/text", texts.customer_text, name="customer_text"),
    path("<int:customer_id>/notes", customers.customer_notes, name="customer_notes"),
    path("<int:customer_id>/identities", customers.customer_identities, name="customer_identities"),
    path(
        "<int:customer_id>/identities/<int:identity_id>/removal",
        customers.customer_identity_removal,
        name="customer_identity_removal",
    ),
]

_replies: list[URLPattern | URLResolver] = [
    path("", replies.reply_list, name="reply_list"),
    path("new", replies.reply_new, name="reply_new"),
    path("<int:reply_id>", replies.reply_form, name="reply_form"),
    path("<int:reply_id>/removal", replies.reply_removal, name="reply_removal"),
]

_admin: list[URLPattern | URLResolver] = [
    path("statuses", policy.statuses, name="admin_statuses"),
    path("statuses/<int:status_id>/name", policy.status_name, name="admin_status_name"),
    path("statuses/<int:status_id>/retirement", policy.status_retirement, name="admin_status_retirement"),
    path("types", policy.types, name="admin_types"),
    path("types/<int:type_id>/retirement", policy.type_retirement, name="admin_type_retirement"),
    path("reasons", policy.reasons, name="admin_reasons"),
]

_desk: list[URLPattern | URLResolver] = [
    path("cases/", cases.case_list, name="case_list"),
    path("cases/new", openings.case_new, name="case_new"),
    path("mails/new", openings.mail_new, name="mail_new"),
    path("mails/new/draft", openings.mail_draft, name="mail_draft"),
    path("mails/new/phrases", openings.mail_phrases, name="mail_phrases"),
    path("views/", include(_views)),
    path("search", search.search_page, name="search"),
    path("customers/", include(_customers)),
    path("organizations/", organizations.organization_list, name="organization_list"),
    path("organizations/<int:organization_id>", organizations.organization, name="organization"),
    path("organizations/<int:organization_id>/form", organizations.organization_form, name="organization_form"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/bell", notices.notice_bell, name="notice_bell"),
    path("notices/reading", notices.notice_reading, name="notice_reading"),
    path("replies/", include(_replies)),
    path("admin/", include(_admin)),
]

urlpatterns: list[URLPattern | URLResolver] = [path("w/<slug:workspace>/", include(_desk))]
