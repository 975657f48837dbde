"""Refuse to serve as a role that could see through the walls."""

from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import gettext as _

from careloop.kernel.walls import why_unfit_to_serve

__all__ = ["refuse_unfit_role"]


def refuse_unfit_role() -> None:
    """Raise CommandError when the connected role is a superuser, bypasses row-level security, or owns the tables."""
    with connection.cursor() as cursor:
        problem = why_unfit_to_serve(cursor)
    if problem is not None:
        raise CommandError(
            _(
                "This installation will not serve. %(problem)s Let “careloop migrate” make the serving role, "
                "or name another one in SERVING_DATABASE_URL."
            )
            % {"problem": problem}
        )
