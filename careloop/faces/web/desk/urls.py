"""Addresses of the desk, all within a workspace."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.desk.views import cases, customers, exports, filters, saved_views

_desk: list[URLPattern | URLResolver] = [
    path("cases/", cases.case_list, name="case_list"),
    path("views/", saved_views.view_list, name="view_list"),
    path("views/counts", cases.view_counts, name="view_counts"),
    path("views/<slug:key>", cases.case_view, name="case_view"),
    path("views/<slug:key>/conditions", filters.case_filter, name="case_filter"),
    path("views/<slug:key>/form", saved_views.view_form, name="view_form"),
    path("views/<slug:key>/content", saved_views.view_content, name="view_content"),
    path("views/<int:key>/removal", saved_views.view_removal, name="view_removal"),
    path("views/<slug:key>/cases.csv", exports.case_export, name="case_export"),
    path("customers/options", customers.customer_options, name="customer_options"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("w/<slug:workspace>/", include(_desk))]
