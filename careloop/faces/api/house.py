"""The API as a whole: its rooms, its one error shape, and its contract as an OpenAPI document."""

from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from careloop.faces.api.parsing import CarefulParser
from careloop.faces.api.problems import answer_to
from careloop.faces.api.rooms import (
    acts,
    boards,
    callbacks,
    calls,
    case_tasks,
    cases,
    chats,
    contacts,
    conversations,
    customers,
    drafts,
    events,
    exports,
    files,
    flags,
    invitations,
    invoices,
    mailboxes,
    marks,
    me,
    messages,
    messenger_trials,
    messengers,
    notices,
    numbers,
    organizations,
    outgoing_calls,
    people,
    phone_trials,
    phones,
    policy,
    presence,
    procedures,
    promises,
    protection,
    quarantine,
    queues,
    replies,
    reports,
    rules,
    searching,
    stories,
    supervision,
    teams,
    tokens,
    trials,
    views,
    walls,
    web_forms,
    webhooks,
    workforce,
    workspace,
)

__all__ = ["OUTWARD", "PREFIX", "api", "contract"]

PREFIX: Final = "/api/v1"
_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Sent again within a day with the same request, the act is not done twice and the first answer comes back.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_DOWNLOADS: Final = ("/content", "/source")
_BYTES: Final = {"type": "string", "format": "binary"}
_LEFT: Final = {
    "RateLimit-Limit": "Requests a minute.",
    "RateLimit-Remaining": "Requests left in this minute.",
    "RateLimit-Reset": "Seconds until the next minute.",
}


class House(NinjaAPI):
    """Every failure has one translator."""

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """Return what a machine reads for anything that went wrong."""
        return answer_to(request, exc)


api = House(
    title="Careloop",
    version="1",
    description="Everything that people do in Careloop, for machines. See docs/reference/api.md.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=CarefulParser(),
)
for room, tag in (
    (me.room, "Me"),
    (tokens.room, "Tokens"),
    (cases.room, "Cases"),
    (acts.room, "Cases"),
    (callbacks.room, "Cases"),
    (marks.room, "Cases"),
    (stories.room, "Cases"),
    (drafts.room, "Drafts"),
    (presence.room, "Cases"),
    (conversations.room, "Conversations"),
    (messages.room, "Conversations"),
    (chats.room, "Chats"),
    (contacts.room, "Contacts"),
    (calls.room, "Calls"),
    (outgoing_calls.room, "Calls"),
    (customers.room, "Customers"),
    (organizations.room, "Organizations"),
    (searching.room, "Search"),
    (files.room, "Files"),
    (replies.room, "Saved replies"),
    (views.room, "Views"),
    (walls.room, "Wall"),
    (policy.room, "Statuses, types and reasons"),
    (promises.room, "Promises and opening hours"),
    (rules.room, "Rules and macros"),
    (procedures.room, "Procedures and approvals"),
    (case_tasks.room, "Tasks"),
    (queues.room, "Queues and what waits"),
    (workforce.room, "People at work"),
    (supervision.room, "Supervision"),
    (protection.room, "Supervision"),
    (people.room, "People and teams"),
    (invitations.room, "People and teams"),
    (teams.room, "People and teams"),
    (mailboxes.room, "Mailboxes, web forms and quarantine"),
    (trials.room, "Mailboxes, web forms and quarantine"),
    (web_forms.room, "Mailboxes, web forms and quarantine"),
    (quarantine.room, "Mailboxes, web forms and quarantine"),
    (webhooks.room, "Webhooks"),
    (phones.room, "Telephone systems"),
    (phone_trials.room, "Telephone systems"),
    (messengers.room, "Numbers for text messages"),
    (messenger_trials.room, "Numbers for text messages"),
    (boards.room, "Boards and numbers"),
    (numbers.room, "Boards and numbers"),
    (flags.room, "Doubted numbers"),
    (exports.room, "Boards and numbers"),
    (reports.room, "Reports"),
    (invoices.room, "Invoices"),
    (notices.room, "Notices"),
    (workspace.room, "Workspace"),
    (events.room, "Audit log"),
):
    api.add_router("", room, tags=[tag])
OUTWARD: Final = frozenset(
    operation.view_func.__name__
    for outward in (
        trials.room,
        phone_trials.room,
        messenger_trials.room,
        outgoing_calls.room,
        numbers.room,
        invoices.room,
    )
    for path in outward.path_operations.values()
    for operation in path.operations
)
"""Names of the endpoints that call the world, or take their time over facts."""


@cache
def contract() -> dict[str, Any]:
    """Return the OpenAPI document: what ninja knows, the idempotency key of every POST, and the headers of every answer."""
    found: dict[str, Any] = dict(OpenAPISchema(api, PREFIX.strip("/") + "/"))
    parts = found["components"]
    parts["parameters"] = {"IdempotencyKey": _KEY}
    parts["headers"] = {name: {"description": says, "schema": {"type": "integer"}} for name, says in _LEFT.items()}
    left = {name: {"$ref": f"#/components/headers/{name}"} for name in _LEFT}
    parts["responses"] = {}
    for path in found["paths"].values():
        for method, operation in path.items():
            if method == "post":
                operation["parameters"] = [*operation["parameters"], {"$ref": "#/components/parameters/IdempotencyKey"}]
            for status, answer in operation["responses"].items():
                if status != 401:
                    answer["headers"] = left
                if status >= 400:
                    parts["responses"][f"Problem{status}"] = answer
            operation["responses"] = {
                str(status): answer if status < 400 else {"$ref": f"#/components/responses/Problem{status}"}
                for status, answer in operation["responses"].items()
            }
    for address, path in found["paths"].items():
        if address.endswith(_DOWNLOADS):
            path["get"]["responses"]["200"]["content"] = {"application/octet-stream": {"schema": _BYTES}}
    return found
