"""Addresses of one case (`/w/<workspace>/cases/<number>…`) and of its messages."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.casepage.views import callbacks, changes, messages, page, protection, writing

_case: list[URLPattern | URLResolver] = [
    path("", page.case, name="case"),
    path("/story", page.case_story, name="case_story"),
    path("/side", page.case_side, name="case_side"),
    path("/promises", page.case_promises, name="case_promises"),
    path("/words", writing.words, name="case_words"),
    path("/draft", writing.draft, name="case_draft"),
    path("/phrases", writing.phrases, name="case_phrases"),
    path("/people", writing.people, name="case_people"),
    path("/status", changes.status, name="case_status"),
    path("/status/without-tasks", changes.status_without_tasks, name="case_status_without_tasks"),
    path("/assignment", changes.assignment, name="case_assignment"),
    path("/priority", changes.priority, name="case_priority"),
    path("/type", changes.type_of_case, name="case_type"),
    path("/reason", changes.reason, name="case_reason"),
    path("/subject", changes.subject, name="case_subject"),
    path("/tags", changes.tags, name="case_tags"),
    path("/following", changes.following, name="case_following"),
    path("/following/end", changes.following_end, name="case_following_end"),
    path("/followers", changes.followers, name="case_followers"),
    path("/followers/<int:user_id>/end", changes.follower_end, name="case_follower_end"),
    path("/participants", changes.participants, name="case_participants"),
    path("/participants/<int:customer_id>/end", changes.participant_end, name="case_participant_end"),
    path("/spam", changes.spam, name="case_spam"),
    path("/spam/end", changes.spam_end, name="case_spam_end"),
    path("/reopening", changes.reopening, name="case_reopening"),
    path("/closing", changes.closing, name="case_closing"),
    path("/callback", callbacks.callback, name="case_callback"),
    path("/callback/move", callbacks.callback_move, name="case_callback_move"),
    path("/callback/completion", callbacks.callback_completion, name="case_callback_completion"),
    path("/protection", protection.protection, name="case_protection"),
    path("/protection/record", protection.protection_record, name="case_protection_record"),
    path("/protection/warning", protection.protection_warning, name="case_protection_warning"),
    path("/protection/ending", protection.protection_ending, name="case_protection_ending"),
    path("/protection/<int:abuse_id>/rest", protection.protection_rest, name="case_protection_rest"),
    path("/callback/cancellation", callbacks.callback_cancellation, name="case_callback_cancellation"),
]

_message: list[URLPattern | URLResolver] = [
    path("recall", messages.message_recall, name="message_recall"),
    path("sending", messages.message_sending, name="message_sending"),
    path("original", messages.message_original, name="message_original"),
    path("source", messages.message_source, name="message_source"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/cases/<int:number>", include(_case)),
    path("w/<slug:workspace>/messages/<int:message_id>/", include(_message)),
]
