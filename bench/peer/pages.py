"""The peer's pages, asked for through Django's test client."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from helpdesk.models import Ticket
from helpdesk.query import query_to_base64
from helpdesk.update_ticket import update_ticket


def list_rows(rounds: int, only_status: int | None = None, search: str = "") -> dict[str, float]:
    """Time the rows of the ticket list as its page asks for them, with the page's own default query."""
    query = {
        "filtering": {"status__in": [1, 2] if only_status is None else [only_status]},
        "filtering_null": {},
        "sorting": "created",
        "sortreverse": True,
        "search_string": search,
    }
    browser = _browser()
    path = f"/datatables_ticket_list/{query_to_base64(query)}?draw=1&start=0&length=25&order[0][column]=0&order[0][dir]=desc"
    return _timed(lambda _step: _get(browser, path), rounds)


def ticket_pages(numbers: list[int]) -> dict[str, float]:
    """Time the pages of tickets."""
    browser = _browser()
    return _timed(lambda step: _get(browser, f"/tickets/{numbers[step]}/"), len(numbers))


def replies(numbers: list[int]) -> dict[str, float]:
    """Time public answers, given through the function behind the form of the ticket page."""
    agent = get_user_model().objects.get(username="ada")

    def answer(step: int) -> None:
        update_ticket(agent, Ticket.objects.get(pk=numbers[step]), comment="Done.", public=True)

    return _timed(answer, len(numbers))


def _browser() -> Client:
    agent, _made = get_user_model().objects.get_or_create(
        username="ada", defaults={"email": "ada@bench.example", "is_staff": True, "is_superuser": True}
    )
    browser = Client()
    browser.force_login(agent)
    return browser


def _get(browser: Client, path: str) -> None:
    answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")


def _timed(act: Callable[[int], Any], rounds: int) -> dict[str, float]:
    act(0)
    taken = []
    for step in range(rounds):
        started = time.perf_counter()
        act(step)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return {"p50": taken[len(taken) // 2], "p95": taken[min(len(taken) - 1, int(len(taken) * 0.95))]}
