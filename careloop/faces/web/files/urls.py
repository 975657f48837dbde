"""Addresses of files (`/w/<workspace>/files…`)."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.files import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/files", views.file_upload, name="file_upload"),
    path("w/<slug:workspace>/files/<int:file_id>", views.file_download, name="file_download"),
    path("w/<slug:workspace>/files/<int:file_id>/picture", views.file_picture, name="file_picture"),
    path("w/<slug:workspace>/files/<int:file_id>/preview", views.file_preview, name="file_preview"),
    path("w/<slug:workspace>/files/<int:file_id>/sound", views.file_sound, name="file_sound"),
]
