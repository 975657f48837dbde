"""Runs inside the peer's environment: does the tasks it is asked for, one a line, and answers each with a line of JSON."""

import json
import sys
from collections.abc import Callable
from typing import Any

import django


def main() -> None:
    """Answer until standard input ends."""
    django.setup()
    from bench.peer import intake, pages

    tasks: dict[str, Callable[..., Any]] = {
        "open_queues": intake.open_queues,
        "take_in": intake.take_in,
        "note_answers": intake.note_answers,
        "counts": intake.counts,
        "list_rows": pages.list_rows,
        "ticket_pages": pages.ticket_pages,
        "replies": pages.replies,
    }
    for line in sys.stdin:
        asked = json.loads(line)
        answer = tasks[asked.pop("task")](**asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
