"""Try a mailbox before it is trusted: does it let us in, and what would its mail become (docs/how-to/connect-a-mailbox.md)."""

from careloop.processes.mailbox_trial.trying import (
    Finding,
    Rehearsal,
    RehearsedMail,
    check_connection,
    rehearse,
    send_test_mail,
)

__all__ = ["Finding", "Rehearsal", "RehearsedMail", "check_connection", "rehearse", "send_test_mail"]
