"""Addresses of reports, all within a workspace."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.reports.views import keeping, previews, reports

_reports: list[URLPattern | URLResolver] = [
    path("", reports.report_list, name="report_list"),
    path("new", keeping.report_new, name="report_new"),
    path("<int:report_id>", reports.report_page, name="report"),
    path("<int:report_id>/form", keeping.report_form, name="report_form"),
    path("<int:report_id>/preview", previews.report_preview, name="report_preview"),
    path("<int:report_id>/preview.<slug:file_format>", previews.report_file, name="report_file"),
    path("<int:report_id>/sending", reports.report_sending, name="report_sending"),
    path("<int:report_id>/pause", reports.report_pause, name="report_pause"),
    path("<int:report_id>/resumption", reports.report_resumption, name="report_resumption"),
    path("<int:report_id>/removal", reports.report_removal, name="report_removal"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("w/<slug:workspace>/reports/", include(_reports))]
