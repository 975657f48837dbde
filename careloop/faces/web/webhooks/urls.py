"""Addresses of a workspace's webhooks: `/w/<workspace>/admin/webhooks/…`."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.webhooks import views

_all = "w/<slug:workspace>/admin/webhooks/"
_one = f"{_all}<int:webhook_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_all, views.webhook_list, name="admin_webhooks"),
    path(f"{_all}new", views.webhook_new, name="admin_webhook_new"),
    path(_one, views.webhook_page, name="admin_webhook"),
    path(f"{_one}settings", views.webhook_settings, name="admin_webhook_settings"),
    path(f"{_one}secret", views.webhook_secret, name="admin_webhook_secret"),
    path(f"{_one}test", views.webhook_test, name="admin_webhook_test"),
    path(f"{_one}pause", views.webhook_pause, name="admin_webhook_pause"),
    path(f"{_one}resumption", views.webhook_resumption, name="admin_webhook_resumption"),
    path(f"{_one}retirement", views.webhook_retirement, name="admin_webhook_retirement"),
    path(f"{_one}deliveries/<int:delivery_id>", views.delivery_page, name="admin_webhook_delivery"),
    path(f"{_one}deliveries/<int:delivery_id>/resending", views.delivery_resending, name="admin_webhook_resending"),
]
