"""Addresses of what is billed: `/w/<workspace>/invoices/…`."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.invoices import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/invoices/", views.invoice_list, name="invoice_list"),
    path("w/<slug:workspace>/invoices/<slug:month>", views.invoice, name="invoice"),
    path("w/<slug:workspace>/invoices/<slug:month>/issue", views.invoice_issue, name="invoice_issue"),
    path("w/<slug:workspace>/invoices/<slug:month>/rows.<slug:file_format>", views.invoice_file, name="invoice_file"),
]
