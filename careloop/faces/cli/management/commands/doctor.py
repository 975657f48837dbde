"""`careloop doctor`: what is wrong, and how to mend it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily
from django.utils.translation import ngettext

import careloop.ui
from careloop.faces.cli.answers import AnsweringCommand
from careloop.faces.cli.extras import LAKE_PACKAGES, has_packages
from careloop.gateways.postgres import Cluster, DatabaseTrouble
from careloop.kernel import clock
from careloop.processes.upkeep.checks import (
    Finding,
    Installation,
    State,
    examine_database,
    examine_machine,
    failed,
)

MARKS = {State.FINE: "✓", State.WORRYING: "!", State.FAILED: "✗"}


class Command(AnsweringCommand):
    purpose = lazily("Check the installation and say how to mend what is wrong. The exit code is 1 when something is.")

    def handle(self, *, as_json: bool, **_options: Any) -> None:
        house = _installation()
        findings = [*examine_machine(house), *_database_findings(house)]
        broken = [finding for finding in findings if finding.state is State.FAILED]
        lines = [_line(finding) for finding in findings]
        if broken:
            count = len(broken)
            lines.append(
                ngettext("%(count)s thing needs mending.", "%(count)s things need mending.", count) % {"count": count}
            )
        else:
            lines.append(_("Careloop is well."))
        facts = {"is_well": not broken, "findings": findings}
        self.answer(as_json=as_json, words="\n".join(lines), facts=facts)
        if broken:
            raise SystemExit(1)


def _line(finding: Finding) -> str:
    words = f"{MARKS[finding.state]} {finding.message}"
    return f"{words}\n  → {finding.remedy}" if finding.remedy else words


def _database_findings(house: Installation) -> list[Finding]:
    try:
        with _private_database():
            return examine_database(house, owner=connections["owner"], serving=connections["default"], now=clock.now())
    except DatabaseTrouble as trouble:
        return [failed("database", str(trouble), _("See the log folder of the database for more."))]


@contextmanager
def _private_database() -> Iterator[None]:
    if not settings.HAS_PRIVATE_DATABASE:
        yield
        return
    with Cluster(settings.CARELOOP_HOME).running():
        yield


def _installation() -> Installation:
    folders = [settings.CARELOOP_HOME]
    if settings.HAS_PRIVATE_DATABASE:
        data = Cluster(settings.CARELOOP_HOME).place.data
        if not data.is_relative_to(settings.CARELOOP_HOME):
            folders.append(data)
    return Installation(
        home=settings.CARELOOP_HOME,
        folders=folders,
        blob_root=Path(settings.BLOB_ROOT),
        lake_root=Path(settings.LAKE_ROOT),
        has_analytics=has_packages(LAKE_PACKAGES),
        manifest=Path(careloop.ui.__file__).parent / "static" / "built" / "manifest.json",
        locale_folders=[Path(folder) for folder in settings.LOCALE_PATHS],
        secret=settings.SECRET_KEY,
        is_debugging=settings.DEBUG,
        is_production=settings.IS_PRODUCTION,
    )
