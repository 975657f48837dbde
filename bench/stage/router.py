"""What `careloop work` does to bring work and people together, and nothing else, until told to end."""

import sys
import threading

import django


def main() -> None:
    """Work until standard input ends."""
    django.setup()
    from careloop.faces.cli.management.commands.work import route_work

    stopping = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        stopping.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    route_work(stopping)


if __name__ == "__main__":
    main()
