"""`careloop demo`: two workspaces with a week of life in them, and who can sign in."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.people.types import ROLE_LABELS
from careloop.faces.cli.answers import AnsweringCommand
from careloop.kernel import clock
from careloop.processes.demo import Logins, seed

MOST_DAYS = 365


class Command(AnsweringCommand):
    purpose = lazily("Seed a demo of two workspaces, once, and say who can sign in. Nothing in it can be sent.")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--days", type=int, default=7, help=_("How many days of life to seed; by default 7."))

    def handle(self, *, days: int, as_json: bool, **_options: Any) -> None:
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(_("Choose from 1 to %(most)d days.") % {"most": MOST_DAYS})
        found = seed(days=days, until=clock.now())
        self.answer(as_json=as_json, words=_words(found), facts=found)


def _words(found: Logins) -> str:
    lines = [_("The demo is seeded.") if found.is_new else _("The demo is there already; nothing was added."), ""]
    for key, people in groupby(found.people, key=lambda login: login.workspace):
        lines.append(f"{settings.PUBLIC_URL}/w/{key}/")
        lines += [f"  {ROLE_LABELS[login.role]!s:<18} {login.email:<30} {login.name}" for login in people]
        portal = f"{settings.PUBLIC_URL}/help/{key}/"
        lines += [
            "",
            "  " + _("Customers: %(portal)s, with the address of any customer and no password") % {"portal": portal},
            "",
        ]
    lines.append(
        _("Everybody signs in at %(address)s with this password: %(password)s")
        % {"address": f"{settings.PUBLIC_URL}/account/sign-in", "password": found.password}
    )
    return "\n".join(lines)
