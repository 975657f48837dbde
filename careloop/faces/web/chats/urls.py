"""Addresses of chats and of the widgets that bring them, all within a workspace."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.chats import acts, admin, inviting, pages, streams

_chats: list[URLPattern | URLResolver] = [
    path("", pages.chat_list, name="chat_list"),
    path("live", streams.chat_live, name="chat_live"),
    path("rows", pages.chat_rows, name="chat_rows"),
    path("<int:chat_id>", pages.chat, name="chat"),
    path("<int:chat_id>/side", pages.chat_side, name="chat_side"),
    path("<int:chat_id>/taking", acts.taking, name="chat_taking"),
    path("<int:chat_id>/words", acts.words, name="chat_words"),
    path("<int:chat_id>/typing", acts.typing, name="chat_typing"),
    path("<int:chat_id>/reading", acts.reading, name="chat_reading"),
    path("<int:chat_id>/whispers", acts.whispers, name="chat_whispers"),
    path("<int:chat_id>/helpers", acts.helpers, name="chat_helpers"),
    path("<int:chat_id>/handover", acts.handover, name="chat_handover"),
    path("<int:chat_id>/ending", acts.ending, name="chat_ending"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/chats/", include(_chats)),
    path("w/<slug:workspace>/admin/widgets/", admin.widget_list, name="admin_widgets"),
    path("w/<slug:workspace>/admin/widgets/<int:widget_id>", admin.widget_page, name="admin_widget"),
    path(
        "w/<slug:workspace>/admin/widgets/<int:widget_id>/invitations",
        inviting.widget_invitations,
        name="admin_widget_invitations",
    ),
    path("w/<slug:workspace>/admin/widgets/<int:widget_id>/secret", admin.widget_secret, name="admin_widget_secret"),
]
