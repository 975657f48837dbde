"""One verified archive of a whole installation, and the way back from it."""

from careloop.processes.upkeep.backups.archive import Report
from careloop.processes.upkeep.backups.checking import may_rehearse
from careloop.processes.upkeep.backups.making import back_up
from careloop.processes.upkeep.backups.restoring import bring_back

__all__ = ["Report", "back_up", "bring_back", "may_rehearse"]
