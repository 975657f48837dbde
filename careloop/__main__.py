"""`careloop`: every command of the house from a terminal."""

import os
import sys


def main() -> None:
    """Run the command that the arguments name, and exit with its code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careloop.config.settings")
    from careloop.faces.cli.entry import run  # the settings' name must stand before Django looks for it

    sys.exit(run(sys.argv))


if __name__ == "__main__":
    main()
