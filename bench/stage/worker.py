"""A worker as `careloop work` runs it, without fetching and without SMTP: settles mail and follows the log until told to end."""

import sys
import threading

import django


def main() -> None:
    """Work until standard input ends."""
    django.setup()
    from careloop.faces.cli.management.commands.work import follow

    stopping = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        stopping.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    follow(stopping)


if __name__ == "__main__":
    main()
