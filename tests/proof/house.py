"""Open the house of the proof in a home of its own: `python -m tests.proof.house SETTINGS`, a JSON object of a mailbox."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path


def found_in(home: Path, servers: dict[str, object]) -> None:
    """Found the house in another process, in the private database of a home."""
    clean = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "PUBLIC_URL", "SECRET_KEY"}}
    subprocess.run(
        [sys.executable, "-m", "tests.proof.house", json.dumps(servers)],
        env={**clean, "CARELOOP_HOME": str(home)},
        check=True,
    )


def found(servers: dict[str, object]) -> None:
    """Make the cast and one live mailbox on these servers."""
    from careloop.domains.channels.services import MailboxSettings, add_mailbox, go_live
    from careloop.kernel import clock
    from careloop.kernel.actors import HOUSE
    from careloop.kernel.scope import workspace_scope
    from careloop.processes.founding import equip_workspace
    from tests.cast import open_house

    house, at = open_house(), clock.now()
    with workspace_scope(house.north):
        equip_workspace(actor=HOUSE, at=at)
        mailbox_id = add_mailbox(
            settings=MailboxSettings(name="Help", address="help@north.example", sender_name="North Help", **servers),  # type: ignore[arg-type]
            actor=HOUSE,
            at=at,
        )
        go_live(mailbox_id=mailbox_id, accepts_since=at - timedelta(days=1), actor=HOUSE, at=at)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careloop.config.settings")
    django.setup()
    found(json.loads(sys.argv[1]))
