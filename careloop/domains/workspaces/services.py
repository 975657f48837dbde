"""Acts on the operation and its workspaces."""

import re
from dataclasses import asdict
from datetime import datetime
from typing import Final
from zoneinfo import available_timezones

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.workspaces import rules
from careloop.domains.workspaces.errors import (
    BadHost,
    BadKey,
    BadSettings,
    HostTaken,
    KeyTaken,
    MayNotChangeSettings,
    MayNotManageWorkspaces,
    NoOperation,
    NothingChanged,
    OperationExists,
    WorkspaceNotFound,
)
from careloop.domains.workspaces.events import (
    OperationCreated,
    WorkspaceCreated,
    WorkspaceHostAdded,
    WorkspaceHostRemoved,
    WorkspaceSettingsChanged,
)
from careloop.domains.workspaces.models import Host, Operation, Workspace
from careloop.domains.workspaces.queries import operation_id, settings_of
from careloop.domains.workspaces.types import Language, WorkspaceSettings
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.scope import current_workspace

__all__ = [
    "add_host",
    "change_workspace_settings",
    "create_operation",
    "create_workspace",
    "remove_host",
]

_KEY: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_DAY_BEGINS: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[03]0")
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_HOST: Final = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
UNDO_SEND_SECONDS_MOST: Final = 120
CONTACT_QUIET_HOURS_MOST: Final = 90 * 24


@act
def create_operation(*, name: str, actor: Actor, at: datetime) -> int:
    """Make the operation that runs this installation and return its primary key.

    name: of the service organization, 1 to 120 characters.
    actor: the house.

    Called inside `operation_scope()`. Raises MayNotManageWorkspaces, BadSettings, OperationExists.
    Records OperationCreated.
    """
    if not rules.may_manage_workspaces(actor):
        raise MayNotManageWorkspaces(_("Only whoever runs this installation can set up the operation."))
    if problem := _name_problem(name):
        raise BadSettings(problem, fields={"name": problem})
    if operation_id() is not None:
        raise OperationExists(_("This installation has its operation already."))
    made = Operation.objects.create(name=name.strip())
    record(OperationCreated(subject=subject("operation", made.pk), actor=str(actor), at=at))
    return made.pk


@act
def create_workspace(
    *,
    key: str,
    name: str,
    language: str,
    time_zone: str,
    accent_color: str,
    may_send: bool,
    actor: Actor,
    at: datetime,
) -> int:
    """Make a workspace, a program of the operation behind its own wall, and return its primary key.

    key: stands in every address of the workspace: 1 to 40 small letters, digits and hyphens.
    name, language, time_zone, accent_color: see WorkspaceSettings.
    may_send: False for a demo, whose mail must not reach the world.
    actor: the house.

    Called inside `operation_scope()`. Raises MayNotManageWorkspaces, BadKey, BadSettings, NoOperation, KeyTaken.
    Records WorkspaceCreated.
    """
    if not rules.may_manage_workspaces(actor):
        raise MayNotManageWorkspaces(_("Only whoever runs this installation can make a workspace."))
    if not _KEY.fullmatch(key):
        problem = _("Write a key of at most 40 small letters a to z, digits and hyphens, such as “north-bank”.")
        raise BadKey(problem, fields={"key": problem})
    operation = operation_id()
    if operation is None:
        raise NoOperation(_("Set up the operation before its workspaces."))
    made = Workspace(
        operation_id=operation,
        key=key,
        name=name.strip(),
        language=language,
        time_zone=time_zone,
        accent_color=accent_color.lower(),
        may_send=may_send,
    )
    _check(settings_of(made))
    try:
        with attempt():
            made.save()
    except IntegrityError:
        problem = _("Another workspace has this key. Choose a different one.")
        raise KeyTaken(problem, fields={"key": problem}) from None
    record(WorkspaceCreated(subject=subject("workspace", made.pk), actor=str(actor), at=at, key=key, may_send=may_send))
    return made.pk


@act
def change_workspace_settings(*, settings: WorkspaceSettings, actor: Actor, at: datetime) -> None:
    """Change the settings of the workspace in scope.

    settings: all of them, as they shall be.
    actor: an owner or a manager.

    Raises MayNotChangeSettings, BadSettings, NothingChanged. Records WorkspaceSettingsChanged.
    """
    if not rules.may_change_settings(actor):
        raise MayNotChangeSettings(_("Only an owner or a manager can change the settings of this workspace."))
    wanted = _tidied(settings)
    _check(wanted)
    row = _locked()
    was, shall = asdict(settings_of(row)), asdict(wanted)
    changed = [name for name, value in shall.items() if was[name] != value]
    if not changed:
        raise NothingChanged(_("Nothing was changed: these are the settings already."))
    for name in changed:
        setattr(row, name, shall[name])
    row.save(update_fields=changed)
    record(
        WorkspaceSettingsChanged(
            subject=subject("workspace", row.pk),
            actor=str(actor),
            at=at,
            before={name: was[name] for name in changed},
            after={name: shall[name] for name in changed},
        )
    )


@act
def add_host(*, host: str, actor: Actor, at: datetime) -> None:
    """Let a host name lead to the portal of the workspace in scope.

    host: a full name without port, such as "help.example.com".
    actor: an owner or a manager.

    Raises MayNotChangeSettings, BadHost, HostTaken. Records WorkspaceHostAdded.
    """
    if not rules.may_change_settings(actor):
        raise MayNotChangeSettings(_("Only an owner or a manager can change the settings of this workspace."))
    name = host.strip().lower()
    if not _HOST.fullmatch(name):
        problem = _("Write a full host name such as help.example.com, without https:// and without a port.")
        raise BadHost(problem, fields={"host": problem})
    workspace_id = current_workspace()
    try:
        with attempt():
            Host.objects.create(host=name, workspace_id=workspace_id)
    except IntegrityError:
        problem = _("This host name is in use already.")
        raise HostTaken(problem, fields={"host": problem}) from None
    record(WorkspaceHostAdded(subject=subject("workspace", workspace_id), actor=str(actor), at=at, host=name))


@act
def remove_host(*, host: str, actor: Actor, at: datetime) -> None:
    """Stop a host name from leading to the workspace in scope.

    actor: an owner or a manager.

    Raises MayNotChangeSettings, NothingChanged. Records WorkspaceHostRemoved.
    """
    if not rules.may_change_settings(actor):
        raise MayNotChangeSettings(_("Only an owner or a manager can change the settings of this workspace."))
    workspace_id = current_workspace()
    removed, _rows = Host.objects.filter(host=host.strip().lower(), workspace_id=workspace_id).delete()
    if not removed:
        raise NothingChanged(_("This host name does not lead here."))
    record(WorkspaceHostRemoved(subject=subject("workspace", workspace_id), actor=str(actor), at=at, host=host))


def _locked() -> Workspace:
    row = Workspace.objects.select_for_update().filter(pk=current_workspace()).first()
    if row is None:
        raise WorkspaceNotFound(_("There is no such workspace."))
    return row


def _tidied(settings: WorkspaceSettings) -> WorkspaceSettings:
    return WorkspaceSettings(
        name=settings.name.strip(),
        language=settings.language,
        time_zone=settings.time_zone,
        accent_color=settings.accent_color.lower(),
        undo_send_seconds=settings.undo_send_seconds,
        contact_quiet_hours=settings.contact_quiet_hours,
        day_begins=settings.day_begins,
    )


def _check(settings: WorkspaceSettings) -> None:
    problems: dict[str, str | Promise] = {}
    if problem := _name_problem(settings.name):
        problems["name"] = problem
    if settings.language not in set(Language):
        problems["language"] = _("Choose one of the languages in the list.")
    if settings.time_zone not in available_timezones():
        problems["time_zone"] = _("Choose a time zone such as Asia/Seoul.")
    if not _COLOR.fullmatch(settings.accent_color):
        problems["accent_color"] = _("Write the color as # and six digits or letters a to f, such as #2f6f5e.")
    if not 0 <= settings.undo_send_seconds <= UNDO_SEND_SECONDS_MOST:
        problems["undo_send_seconds"] = _("Write 0 to 120 seconds.")
    if not 1 <= settings.contact_quiet_hours <= CONTACT_QUIET_HOURS_MOST:
        problems["contact_quiet_hours"] = _("Write 1 to 2160 hours, which is up to 90 days.")
    if not _DAY_BEGINS.fullmatch(settings.day_begins):
        problems["day_begins"] = _("Write a time on the hour or the half hour, such as 05:00.")
    if problems:
        raise BadSettings(next(iter(problems.values())), fields=problems)


def _name_problem(name: str) -> str | Promise | None:
    if not 1 <= len(name.strip()) <= 120 or not name.isprintable():
        return _("Write a name of 1 to 120 characters.")
    return None
