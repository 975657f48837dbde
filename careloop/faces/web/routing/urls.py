"""Addresses of presence, offers, the floor, queues and skills."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.routing.views import (
    chats,
    floor,
    hands,
    messages,
    offers,
    presence,
    queues,
    rules,
    skills,
    standings,
)

_workspace: list[URLPattern | URLResolver] = [
    path("seat", presence.seat, name="seat"),
    path("seat/state", presence.seat_state, name="seat_state"),
    path("seat/wrap", presence.seat_wrap, name="seat_wrap"),
    path("hand", hands.own_hand, name="own_hand"),
    path("hands/<int:hand_id>/helper", hands.hand_helper, name="hand_helper"),
    path("hands/<int:hand_id>/end", hands.hand_end, name="hand_end"),
    path("team-messages/", messages.team_messages, name="team_messages"),
    path("team-messages/<int:message_id>/reading", messages.message_reading, name="message_reading"),
    path("floor/messages", messages.floor_messages, name="floor_messages"),
    path("floor/messages/new", messages.floor_message, name="floor_message"),
    path("offers/", offers.offer_list, name="offer_list"),
    path("offers/<int:offer_id>/acceptance", offers.offer_acceptance, name="offer_acceptance"),
    path("offers/<int:offer_id>/refusal", offers.offer_refusal, name="offer_refusal"),
    path("floor/", floor.floor, name="floor"),
    path("floor/queues/", standings.floor_queues, name="floor_queues"),
    path("floor/queues/<int:queue_id>", standings.floor_queue, name="floor_queue"),
    path("floor/news", floor.floor_news, name="floor_news"),
    path("floor/chats/<int:chat_id>", chats.floor_chat, name="floor_chat"),
    path("floor/chats/<int:chat_id>/person", chats.floor_chat_person, name="floor_chat_person"),
    path("floor/chats/<int:chat_id>/waiting", chats.floor_chat_waiting, name="floor_chat_waiting"),
    path("floor/hands", hands.floor_hands, name="floor_hands"),
    path("floor/waiting/<int:waiting_id>", floor.floor_waiting, name="floor_waiting"),
    path("floor/waiting/<int:waiting_id>/queue", floor.floor_move, name="floor_move"),
    path("floor/waiting/<int:waiting_id>/person", floor.floor_hand, name="floor_hand"),
    path("floor/people/<int:user_id>/state", floor.floor_state, name="floor_state"),
]

_admin: list[URLPattern | URLResolver] = [
    path("queues/", queues.queue_list, name="admin_queues"),
    path("queues/new", queues.queue_new, name="admin_queue_new"),
    path("queues/<int:queue_id>", queues.queue_form, name="admin_queue"),
    path("queues/<int:queue_id>/retirement", queues.queue_retirement, name="admin_queue_retirement"),
    path("queues/rules/new", rules.rule_new, name="admin_queue_rule_new"),
    path("queues/rules/<int:rule_id>", rules.rule_form, name="admin_queue_rule"),
    path("queues/rules/<int:rule_id>/place", rules.rule_place, name="admin_queue_rule_place"),
    path("queues/rules/<int:rule_id>/removal", rules.rule_removal, name="admin_queue_rule_removal"),
    path("skills/", skills.skill_list, name="admin_skills"),
    path("skills/<int:skill_id>/name", skills.skill_name, name="admin_skill_name"),
    path("skills/<int:skill_id>/retirement", skills.skill_retirement, name="admin_skill_retirement"),
    path("skills/people/<int:user_id>", skills.profile, name="admin_profile"),
    path("skills/share", skills.share, name="admin_share"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/", include(_workspace)),
    path("w/<slug:workspace>/admin/", include(_admin)),
]
