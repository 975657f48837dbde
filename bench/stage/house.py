"""A fresh house to measure: its own CARELOOP_HOME, its own embedded PostgreSQL with fsync on, one workspace."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["FOLDER", "NOW", "FreshHouse", "fresh_house"]

FOLDER = Path(os.environ.get("CARELOOP_HOME", "var")).resolve() / "bench"
"""Where benchmarks work; what is slow to make, such as the peer's environment, stays there."""

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshHouse:
    """home: its CARELOOP_HOME. workspace_id: of its one workspace, whose key is "bench". agent_id: Ada's account.

    mailboxes: ids by address. server: the address of its PostgreSQL as the server's owner.
    """

    home: Path
    workspace_id: int
    agent_id: int
    mailboxes: dict[str, int]
    server: str


@contextmanager
def fresh_house(name: str, *, addresses: tuple[str, ...] = ("help@bench.example",)) -> Iterator[FreshHouse]:
    """Make and run a house, and delete it afterwards. May be entered once in a process: settings are read once.

    name: of its folder. addresses: of its mailboxes.
    """
    home = FOLDER / name
    os.environ["CARELOOP_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careloop.config.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")

    import django

    from careloop.gateways.postgres import Cluster

    cluster = Cluster(home)
    home.mkdir(parents=True, exist_ok=True)
    cluster.destroy()  # what an interrupted run left, which may lie outside of its home
    with cluster.running() as server:
        try:
            django.setup()
            yield _founded(home, server, addresses)
        finally:
            from django.db import connections

            connections.close_all()
    cluster.destroy()
    shutil.rmtree(home, ignore_errors=True)


def _founded(home: Path, server: str, addresses: tuple[str, ...]) -> FreshHouse:
    from django.core.management import call_command

    from careloop.domains.channels.services import MailboxSettings, add_mailbox
    from careloop.domains.people.services import add_member, create_user
    from careloop.domains.workspaces.services import create_operation, create_workspace
    from careloop.kernel.actors import HOUSE, Role
    from careloop.kernel.scope import operation_scope, workspace_scope
    from careloop.processes.founding import equip_workspace

    call_command("migrate", verbosity=0)
    with operation_scope():
        create_operation(name="Bench", actor=HOUSE, at=NOW)
        workspace_id = create_workspace(
            key="bench",
            name="Bench",
            language="en",
            time_zone="Asia/Seoul",
            accent_color="#2f6f5e",
            may_send=True,
            actor=HOUSE,
            at=NOW,
        )
        agent_id = create_user(
            email="ada@bench.example",
            name="Ada",
            password="rain on the tin roof",
            language="en",
            time_zone="UTC",
            actor=HOUSE,
            at=NOW,
        )
    with workspace_scope(workspace_id):
        add_member(user_id=agent_id, role=Role.AGENT, actor=HOUSE, at=NOW)
        equip_workspace(actor=HOUSE, at=NOW)
        mailboxes = {
            address: add_mailbox(
                settings=MailboxSettings(
                    name=address.partition("@")[0].title(),
                    address=address,
                    sender_name="Bench Help",
                    smtp_host="smtp.bench.example",
                ),
                actor=HOUSE,
                at=NOW,
            )
            for address in addresses
        }
    return FreshHouse(home=home, workspace_id=workspace_id, agent_id=agent_id, mailboxes=mailboxes, server=server)
