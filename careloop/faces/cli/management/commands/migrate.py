"""`careloop migrate`: tables as the owner, then the serving role and the walls."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections, transaction

from careloop.gateways.postgres import Cluster
from careloop.kernel.walls import ensure_serving_role, raise_walls
from careloop.processes.upkeep.preflight import refuse_unsafe_upgrade


class Command(migrate.Command):
    help = "Bring the database up to this version: tables, the serving role, and the walls between workspaces."

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        # The serving role may not exist yet, or have another password: only the owner is asked.
        return {**super().get_check_kwargs(options), "databases": ["owner"]}

    def handle(self, *args: Any, **options: Any) -> None:
        private = Cluster(settings.CARELOOP_HOME).place.data if settings.HAS_PRIVATE_DATABASE else None
        refuse_unsafe_upgrade(connections["owner"], database_folder=private)
        options["database"] = "owner"
        serving = settings.DATABASES["default"]
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            if not settings.HAS_OWN_SERVING_ROLE:
                ensure_serving_role(cursor, name=serving["USER"], password=serving["PASSWORD"])
        super().handle(*args, **options)
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            raise_walls(cursor, serving_role=serving["USER"])
