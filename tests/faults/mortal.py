"""The house's own work in a process that dies where it is told to: `python -m tests.faults.mortal DEATH ACT [ARGUMENT…]`.

DEATH: "never", or "module:name:before" / "module:name:after": SIGKILL to itself around the first call of that function. With
"server" for the last word, the database server is killed instead, after the call. ACT: a function below.
"""

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cast import House

__all__ = ["fetch", "letters", "open_mail_house", "prepare", "put_on_wire", "summary"]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_server() -> None:
    from django.conf import settings

    from careloop.gateways.postgres import Cluster

    pid = (Cluster(Path(settings.CARELOOP_HOME)).place.data / "postmaster.pid").read_text().split()[0]
    # With its children, or the one that serves us might still commit what we say last.
    for process in [pid, *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]:
        os.kill(int(process), signal.SIGKILL)


def prepare(death: str) -> None:
    """Make one function deadly."""
    if death == "never":
        return
    module_name, path, moment = death.split(":")
    owner: Any = importlib.import_module(module_name)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    living: Callable[..., Any] = getattr(owner, name)

    @wraps(living)
    def deadly(*args: Any, **kwargs: Any) -> Any:
        if moment == "before":
            die()
        result = living(*args, **kwargs)
        if moment == "server":
            kill_server()
        else:
            die()
        return result

    setattr(owner, name, deadly)


@contextmanager
def deadly_for_server(function: str) -> Iterator[None]:
    """Have the database server killed after one function, "module:name", and take nothing of it over into later steps."""
    module_name, path = function.split(":")
    owner: Any = importlib.import_module(module_name)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    living = getattr(owner, name)
    prepare(f"{function}:server")
    try:
        yield
    finally:
        setattr(owner, name, living)


def letters(batch: str = "") -> list[bytes]:
    """Two customers' mails. batch: tells them from those of other batches."""
    from tests.cast import NOW
    from tests.mailing import written

    return [
        written(
            text=f"Question {number}",
            subject=f"Question {number}",
            sender=f"c{number}{batch}@customer.example",
            message_id=f"<q{number}{batch}@customer.example>",
            at=NOW,
        )
        for number in (1, 2)
    ]


def open_mail_house() -> tuple["House", int]:
    """Open the house with a live mailbox and return both."""
    from careloop.domains.channels.services import MailboxSettings, add_mailbox, go_live
    from careloop.kernel.actors import HOUSE
    from careloop.kernel.scope import workspace_scope
    from careloop.processes.founding import equip_workspace
    from tests.cast import NOW, open_house

    house = open_house()
    with workspace_scope(house.north):
        equip_workspace(actor=HOUSE, at=NOW)
        mailbox_id = add_mailbox(
            settings=MailboxSettings(
                name="Help", address="help@north.example", sender_name="North", imap_host="imap.north.example"
            ),
            actor=HOUSE,
            at=NOW,
        )
        go_live(mailbox_id=mailbox_id, accepts_since=NOW - timedelta(days=1), actor=HOUSE, at=NOW)
    return house, mailbox_id


def found() -> None:
    """Open the house and print where."""
    house, mailbox_id = open_mail_house()
    sys.stdout.write(json.dumps({"workspace_id": house.north, "mailbox_id": mailbox_id, "ada_id": house.ids["ada"]}))


def fetch(workspace_id: str, mailbox_id: str, *batches: str) -> None:
    """Fetch both letters from a server that still has them, and settle them as a worker does."""
    from careloop.faces.inbound.fetching import fetch_once
    from careloop.gateways.imap.fake import FakeMailbox
    from careloop.kernel import clock
    from careloop.processes.intake import settle_waiting
    from tests.cast import NOW

    folder = FakeMailbox()
    for batch in batches or ("",):
        for raw in letters(batch):
            folder.arrive(raw, at=NOW)
    fetch_once(workspace_id=int(workspace_id), mailbox_id=int(mailbox_id), folder=folder)
    settle_waiting(at=clock.now())


def work() -> None:
    """Do what a worker does until nothing is left, without sending."""
    from careloop.processes.working import drain

    drain()


def put_on_wire(workspace_id: str, message_id: str) -> None:
    """Send a message as a job does."""
    from careloop.processes.sending import send

    send(workspace_id=int(workspace_id), message_id=int(message_id))


def summary(workspace_id: int) -> dict[str, Any]:
    """Tell what is there: who said what in each case, what the cases are called, and whether mail still waits."""
    from careloop.domains.cases.conditions import as_tree
    from careloop.domains.cases.queries import SYSTEM_VIEWS, case_detail, cases
    from careloop.domains.channels.queries import workspaces_with_mail_waiting
    from careloop.domains.conversations.queries import messages
    from careloop.kernel.actors import HOUSE
    from careloop.kernel.scope import workspace_scope
    from tests.cast import NOW

    with workspace_scope(workspace_id):
        page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW)
        said = []
        for row in page.items:
            ranges = case_detail(case_id=row.id, viewer=HOUSE).conversations
            words = messages([(c.conversation_id, None, None) for c in ranges], limit=99, for_customer=False)
            said.append([word.author for word in words])
    return {
        "said": sorted(said),
        "subjects": sorted(row.subject for row in page.items),
        "waiting": workspaces_with_mail_waiting(),
    }


def restart_server() -> None:
    from django.conf import settings
    from django.db import connections

    from careloop.gateways.postgres import Cluster

    connections.close_all()
    Cluster(Path(settings.CARELOOP_HOME)).start()


def take_in_through_deaths(workspace_id: str, mailbox_id: str, *functions: str) -> None:
    """Take in two letters for each function, after which the server is killed, and print what was there in the end."""
    from django.db import DatabaseError

    told = {}
    for number, function in enumerate(functions):
        batches, has_noticed = [f"-{earlier}" for earlier in range(number + 1)], False
        with deadly_for_server(function):
            try:
                fetch(workspace_id, mailbox_id, *batches)
            except DatabaseError:
                has_noticed = True
        restart_server()
        fetch(workspace_id, mailbox_id, *batches)
        work()
        told[function] = {"has_noticed": has_noticed, **summary(int(workspace_id))}
    sys.stdout.write(json.dumps(told))


def send_through_deaths(workspace_id: str, ada_id: str, *functions: str) -> None:
    """Send an answer for each function, after which the server is killed, and print how often it left and what is shown."""
    from django.db import DatabaseError

    from careloop.gateways.smtp.fake import Outbox
    from careloop.processes.sending import send
    from tests.cast import House
    from tests.faults.test_crashes import queued_answer, state_of
    from tests.servers.smtp import scripted_smtp

    told = {}
    house = House(north=int(workspace_id), south=0, ids={"ada": int(ada_id)})
    for number, function in enumerate(functions):
        again, has_noticed = Outbox(), False
        with scripted_smtp() as server:
            message_id = queued_answer(house, server, f"-{number}")
            with deadly_for_server(function):
                try:
                    put_on_wire(workspace_id, str(message_id))
                except DatabaseError:
                    has_noticed = True
            restart_server()
            send(workspace_id=house.north, message_id=message_id, wire=again)
            send(workspace_id=house.north, message_id=message_id, wire=again)
        told[function] = {
            "has_noticed": has_noticed,
            "left": len(server.received) + len(again.sent),
            "state": state_of(house, message_id),
        }
    sys.stdout.write(json.dumps(told))


def report(workspace_id: str) -> None:
    """Print the summary."""
    sys.stdout.write(json.dumps(summary(int(workspace_id))))


ACTS: dict[str, Callable[..., None]] = {
    act.__name__: act for act in (found, report, take_in_through_deaths, send_through_deaths)
}

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careloop.config.settings")
    django.setup()
    prepare(sys.argv[1])
    ACTS[sys.argv[2]](*sys.argv[3:])
