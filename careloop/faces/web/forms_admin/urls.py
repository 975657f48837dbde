"""Addresses of web forms: `/w/<workspace>/admin/forms/…`."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.forms_admin import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/admin/forms/", views.form_list, name="admin_forms"),
    path("w/<slug:workspace>/admin/forms/<int:form_id>", views.form_page, name="admin_form"),
]
