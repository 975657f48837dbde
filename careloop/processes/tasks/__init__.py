"""Tasks between departments: who hears of them, and what of a case is shown with one."""

from careloop.processes.tasks.sharing import SharedCase, shared_case
from careloop.processes.tasks.telling import tell_about_task

__all__ = ["SharedCase", "shared_case", "tell_about_task"]
