"""Addresses of the portal: `/help/<workspace>/…`. Their keyword is `portal`; `workspace` stands for our own people's pages."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from careloop.faces.portal.chat import speaking, streams
from careloop.faces.portal.chat import views as chat
from careloop.faces.portal.door import portal_page
from careloop.faces.portal.views import home, requests, sign_in, story, web_form

_chat: list[URLPattern | URLResolver] = [
    path("widget.js", chat.script, name="portal_chat_script"),
    path("config", chat.config, name="portal_chat_config"),
    path("invitation", chat.invitation, name="portal_chat_invitation"),
    path("beginnings", chat.beginnings, name="portal_chat_beginnings"),
    path("resumption", chat.resumption, name="portal_chat_resumption"),
    path("stream", streams.stream, name="portal_chat_stream"),
    path("callback", chat.callback, name="portal_chat_callback"),
    path("messages", speaking.messages, name="portal_chat_messages"),
    path("files", chat.files, name="portal_chat_files"),
    path("files/<int:file_id>", chat.file, name="portal_chat_file"),
    path("files/<int:file_id>/preview", chat.preview, name="portal_chat_preview"),
    path("typing", chat.typing, name="portal_chat_typing"),
    path("reading", chat.reading, name="portal_chat_reading"),
    path("ending", chat.ending, name="portal_chat_ending"),
    path("requests", chat.requests, name="portal_chat_requests"),
]

_pages: list[URLPattern | URLResolver] = [
    path("", home.home, name="portal_home"),
    path("language", require_POST(portal_page()(set_language)), name="portal_language"),
    path("sign-in", sign_in.sign_in, name="portal_sign_in"),
    path("sign-in/sent", sign_in.link_sent, name="portal_link_sent"),
    path("sign-in/links/<str:token>", sign_in.sign_in_link, name="portal_sign_in_link"),
    path("sign-out", sign_in.sign_out, name="portal_sign_out"),
    path("sign-out/everywhere", sign_in.sign_out_everywhere, name="portal_sign_out_everywhere"),
    path("requests", requests.request_list, name="portal_requests"),
    path("requests/new", requests.new_request, name="portal_new_request"),
    path("requests/sent/<str:sealed>", requests.request_sent, name="portal_request_sent"),
    path("requests/<int:number>", story.request_page, name="portal_request"),
    path("requests/<int:number>/conversation", story.conversation, name="portal_conversation"),
    path("requests/<int:number>/replies", story.reply, name="portal_reply"),
    path("requests/<int:number>/callback", story.callback, name="portal_callback"),
    path("requests/<int:number>/solution", story.solution, name="portal_solution"),
    path("requests/<int:number>/reopening", story.reopening, name="portal_reopening"),
    path("requests/<int:number>/files/<int:file_id>", story.file, name="portal_file"),
    path("requests/<int:number>/files/<int:file_id>/preview", story.file_preview, name="portal_file_preview"),
    path("chat/<slug:widget_key>/", include(_chat)),
    path("forms/<slug:form_key>", web_form.site_form, name="portal_site_form"),
    path("forms/<slug:form_key>/sent/<str:sealed>", web_form.site_form_sent, name="portal_site_form_sent"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("help/<slug:portal>/", include(_pages))]
