"""A worker as `careloop work` runs it, without fetching and without SMTP: settles mail and follows the log until told to end."""

import sys
import threading

import django


def main() -> None:
    """Work until standard input ends."""
    django.setup()
    from careloop.faces.cli.management.commands.work import follow

    stopping = threading.Event()
    working = threading.Thread(target=follow, args=(stopping,))
    working.start()
    sys.stdin.read()
    stopping.set()
    working.join()


if __name__ == "__main__":
    main()
