"""What was typed for an import, understood; or refused with a sentence."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from careloop.faces.cli.imports.refusals import ImportMakesNoSense
from careloop.insight.facts.tables.vocabulary import AgentState
from careloop.insight.imports.calls import Settings
from careloop.insight.imports.events import Custom

__all__ = ["custom_meanings", "file_there", "pause_states", "settings", "zone_there"]


def file_there(path: Path) -> Path:
    """Return a file that is there. Raises ImportMakesNoSense."""
    if not path.is_file():
        raise ImportMakesNoSense(_("There is no file “%(path)s”.") % {"path": path})
    return path


def zone_there(name: str) -> str:
    """Return a time zone that exists. Raises ImportMakesNoSense."""
    if name not in available_timezones():
        raise ImportMakesNoSense(_("“%(name)s” is no time zone; write one such as Asia/Seoul.") % {"name": name})
    return name


def custom_meanings(typed: Sequence[str]) -> dict[str, Custom]:
    """Read --custom NAME=MEANING. Raises ImportMakesNoSense."""
    found = {}
    for text in typed:
        name, _sign, meaning = text.partition("=")
        if not name or meaning not in list(Custom):
            raise ImportMakesNoSense(
                _("--custom is “%(text)s”; write the name of a verb or user event, = and one of %(words)s.")
                % {"text": text, "words": ", ".join(Custom)}
            )
        found[name.removeprefix("UserEvent ")] = Custom(meaning)
    return found


def pause_states(typed: Sequence[str]) -> dict[str, AgentState]:
    """Read --pause REASON=STATE. Raises ImportMakesNoSense."""
    found = {}
    for text in typed:
        reason, _sign, state = text.rpartition("=")
        if not reason or state not in list(AgentState):
            raise ImportMakesNoSense(
                _("--pause is “%(text)s”; write the reason of a pause, = and one of %(words)s.")
                % {"text": text, "words": ", ".join(AgentState)}
            )
        found[reason.casefold().strip()] = AgentState(state)
    return found


def settings(
    *,
    source: str,
    contact_key: bytes,
    people: Mapping[str, str],
    custom: Sequence[str],
    pause: Sequence[str],
    inbound: Sequence[str],
) -> Settings:
    """Return how to read a telephone system. Raises ImportMakesNoSense."""
    return Settings(
        source=source,
        contact_key=contact_key,
        custom=custom_meanings(custom),
        pauses=pause_states(pause),
        inbound=tuple(inbound),
        people=people,
    )
