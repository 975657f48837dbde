"""Addresses of rules (`/w/<workspace>/admin/rules/…`) and of macros (`/w/<workspace>/macros/…`, and on a case)."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.rules.views import applying, macros, rules, runs

_rules: list[URLPattern | URLResolver] = [
    path("", rules.rule_list, name="admin_rules"),
    path("new", rules.rule_new, name="admin_rule_new"),
    path("templates", rules.rule_gallery, name="admin_rule_gallery"),
    path("runs", runs.run_list, name="admin_rule_runs"),
    path("runs.csv", runs.run_export, name="admin_rule_run_export"),
    path("<int:rule_id>", rules.rule_form, name="admin_rule"),
    path("<int:rule_id>/place", rules.rule_place, name="admin_rule_place"),
    path("<int:rule_id>/pause", rules.rule_pause, name="admin_rule_pause"),
    path("<int:rule_id>/resumption", rules.rule_resumption, name="admin_rule_resumption"),
    path("<int:rule_id>/retirement", rules.rule_retirement, name="admin_rule_retirement"),
]

_macros: list[URLPattern | URLResolver] = [
    path("", macros.macro_list, name="macro_list"),
    path("new", macros.macro_new, name="macro_new"),
    path("<int:macro_id>", macros.macro_form, name="macro_form"),
    path("<int:macro_id>/removal", macros.macro_removal, name="macro_removal"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/admin/rules/", include(_rules)),
    path("w/<slug:workspace>/macros/", include(_macros)),
    path("w/<slug:workspace>/cases/<int:number>/macros", applying.case_macros, name="case_macros"),
    path("w/<slug:workspace>/cases/<int:number>/macros/<int:macro_id>", applying.case_macro, name="case_macro"),
]
